"""The command `ckan heraultdata`: installation, the daily work, lists for the terminal."""

from __future__ import annotations

import json
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import click

from . import clock, config
from .conformance.cli import daily
from .conformance.report_cli import conformance_commands
from .dcat.pieces.cli import dcat_commands
from .standards import catalogue
from .standards.cli import standard_commands
from .validation import service as validation
from .validation.checks.cli import file_commands
from .withdrawals.cli import withdrawal_commands


def get_commands() -> list[click.Command]:
    """The commands that the plugin adds to `ckan`."""
    return [heraultdata]


@click.group()
def heraultdata() -> None:
    """Run the open data partnership convention."""


heraultdata.add_command(file_commands)
heraultdata.add_command(standard_commands)
heraultdata.add_command(daily)
heraultdata.add_command(conformance_commands)
heraultdata.add_command(withdrawal_commands)
heraultdata.add_command(dcat_commands)


@heraultdata.command()
def init() -> None:
    """Make what the extension needs beside its migrations; can be run again at any time."""
    validation.create_tables()
    click.echo("Table of ckanext-validation: ready.")
    _load_standards()
    name = config.department_organization()
    if not name:
        click.echo(
            "Set heraultdata.department_organization to the name of the département's "
            "organisation, then run this again."
        )
        return
    if model.Group.get(name) is None:
        tk.get_action("organization_create")(
            _as_portal(),
            {"name": name, "title": tk.config["ckan.site_title"], "partner_type": "department"},
        )
    click.echo(f"Organisation of the département, {name}: ready.")


def _load_standards() -> None:
    loaded = catalogue.load(clock.now())
    for name in (*loaded.standards, *loaded.versions):
        click.echo(f"Added: {name}")
    for name, reason in loaded.refused:
        click.secho(f"Not added: {name}: {reason}", fg="yellow", err=True)
    click.echo("Bundled standards: ready.")


@heraultdata.group()
def convention() -> None:
    """Conventions."""


@convention.command("list")
@click.option("--state", help="Only those in this state.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def convention_list(state: str | None, as_json: bool) -> None:
    """List the conventions and their state today."""
    arguments = {"state": state} if state else {}
    _print_list(
        "heraultdata_convention_list",
        arguments,
        ("id", "organization_id", "state", "effective_on", "term_ends_on", "ends_on"),
        as_json,
    )


@standard_commands.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def standard_list(as_json: bool) -> None:
    """List the standards, in the order of their titles."""
    _print_list(
        "heraultdata_standard_list", {}, ("name", "level", "scdl", "priority", "title"), as_json
    )


@withdrawal_commands.command("list")
@click.option("--organization", help="Only requests about this partner (identifier or name).")
@click.option("--state", help="Only those in this state.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def withdrawal_list(organization: str | None, state: str | None, as_json: bool) -> None:
    """List the withdrawal requests, those that wait first."""
    filters = {"organization_id": organization, "state": state}
    _print_list(
        "heraultdata_withdrawal_list",
        {name: value for name, value in filters.items() if value},
        ("reference", "state", "received_on", "due_on", "executed_on", "organization_title"),
        as_json,
    )


@heraultdata.group()
def journal() -> None:
    """The journal of who did what."""


@journal.command("list")
@click.option("--organization", help="Only lines about this organisation (identifier or name).")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def journal_list(organization: str | None, as_json: bool) -> None:
    """List the journal, the newest line first."""
    arguments = {"organization_id": organization} if organization else {}
    _print_list(
        "heraultdata_journal_list",
        arguments,
        ("recorded_at", "user_name", "action", "subject_type", "subject_id"),
        as_json,
    )


def _print_list(
    action: str, arguments: dict[str, Any], columns: tuple[str, ...], as_json: bool
) -> None:
    try:
        rows = _every_page(action, arguments)
    except tk.ValidationError as refusal:
        raise click.UsageError(f"{refusal.error_summary}") from refusal
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for row in rows:
        click.echo("\t".join(str(row[column] or "-") for column in columns))


def _every_page(action: str, arguments: dict[str, Any]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    while True:
        page = tk.get_action(action)(
            _as_portal(), {**arguments, "limit": 1000, "offset": len(rows)}
        )
        rows.extend(page["results"])
        if len(rows) >= page["count"] or not page["results"]:
            return rows


def _as_portal() -> Any:  # noqa: ANN401 - CKAN's Context is a TypedDict of many optional keys
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    return {"user": site_user["name"], "ignore_auth": True}
