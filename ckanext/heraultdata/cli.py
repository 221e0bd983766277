"""The command `ckan heraultdata`: installation, the daily work, lists for the terminal."""

from __future__ import annotations

import json
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import click

from . import clock, config
from .conventions import mails
from .mailing.service import NotSentError, reading_in, send_once
from .validation import service as validation


def get_commands() -> list[click.Command]:
    """The commands that the plugin adds to `ckan`."""
    return [heraultdata]


@click.group()
def heraultdata() -> None:
    """Run the open data partnership convention."""


@heraultdata.command()
def init() -> None:
    """Make what the extension needs beside its migrations; can be run again at any time."""
    validation.create_tables()
    click.echo("Table of ckanext-validation: ready.")
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


@heraultdata.command()
@click.pass_context
def daily(context: click.Context) -> None:
    """Send the notices that are due today; each goes once, however often this runs.

    Exit status: 0 where all went, 1 where the mail server refused one (tried again next time).
    """
    sent, refused = 0, 0
    with reading_in(context.meta["flask_app"], tk.config["ckan.locale_default"]):
        due = list(mails.notices(clock.today()))
        for notice in due:
            try:
                went = send_once(notice, clock.now())
            except NotSentError as failure:
                click.secho(f"Not sent: {failure}", fg="red", err=True)
                refused += 1
                continue
            if went:
                click.echo(f"Sent: {notice.title} -> {notice.recipient.address}")
                sent += 1
    click.echo(f"{len(due)} notices due, {sent} sent now, {refused} refused by the mail server.")
    if refused:
        raise SystemExit(1)


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
