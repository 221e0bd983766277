"""The command `ckan heraultdata standard`: standards brought in from elsewhere, and listed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from .. import clock, config
from ..journal.service import PORTAL
from ..messages import N_, Message
from ..validation.engine.fetching import FetchError, fetched
from ..validation.engine.limits import MEBIBYTE, Limits
from ..validators import values_of
from .importing import State, Told, UnreachableError, bring_in, imports_at
from .names import VERSION, standard_name
from .rules import Level
from .sync import RegistryError, Report, synchronise

_LIMITS = Limits(bytes=20 * MEBIBYTE, seconds=60)


@click.group("standard")
def standard_commands() -> None:
    """Standards of the registry."""


def _number(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not VERSION.fullmatch(value):
        raise click.BadParameter("digits, letters, dots and hyphens, for example 2.1.0.")
    return value


def _name(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and standard_name(value) != value:
        raise click.BadParameter("lower-case letters, digits and hyphens, for example scdl-budget.")
    return value


@standard_commands.command("import")
@click.argument("place", metavar="PATH|URL")
@click.option("--name", callback=_name, help="Name of the standard, where its place does not tell.")
@click.option("--standard-version", "version", callback=_number, help="Number of the version.")
@click.option("--published-on", type=click.DateTime(["%Y-%m-%d"]), help="Day of its publication.")
@click.option(
    "--level",
    type=click.Choice(values_of(Level)),
    default=Level.NATIONAL.value,
    show_default=True,
    help="Level of the standard, where it is new.",
)
@click.option("--scdl", is_flag=True, help="The standard belongs to the SCDL.")
def import_standard(
    place: str,
    name: str | None,
    version: str | None,
    published_on: datetime | None,
    level: str,
    scdl: bool,
) -> None:
    """Add the version of a standard that stands at a path or an address of the web.

    Exit status: 0 where it is in the registry now, 1 where it is not.
    """
    if scdl and level != Level.NATIONAL.value:
        raise click.UsageError("The standards of the SCDL are national.")
    told = Told(
        name=name,
        version=version,
        published_on=published_on.date() if published_on else None,
        level=Level(level),
        scdl=scdl,
    )
    try:
        imports = imports_at(place, told, _read)
    except UnreachableError as failure:
        raise click.ClickException(str(failure)) from failure
    refused = False
    for outcome in bring_in(imports, PORTAL, clock.now()):
        day = f" (published on {outcome.published_on})" if outcome.published_on else ""
        click.echo(f"{outcome.standard} {outcome.version}: {outcome.state.value}{day}")
        for remark in outcome.remarks:
            click.secho(f"  {remark}", fg="yellow", err=True)
        refused = refused or outcome.state is State.REFUSED
    if refused:
        raise SystemExit(1)


@standard_commands.command("sync")
@click.option("--dry-run", is_flag=True, help="Only say what is new, without reading any schema.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def sync_standards(dry_run: bool, as_json: bool) -> None:
    """Add what is new in the list of the national registry; nothing is ever deleted.

    Exit status: 0 where all that is new was added, 1 where something could not be.
    """
    try:
        report = synchronise(
            config.standards_registry_url(), _read, PORTAL, clock.now(), dry_run, _show_progress
        )
    except RegistryError as failure:
        raise click.ClickException(str(failure)) from failure
    if as_json:
        click.echo(json.dumps(_report_dict(report, dry_run), ensure_ascii=False, indent=2))
    else:
        for line in _readable(report, dry_run):
            click.echo(line)
    if report.unreachable or report.refused:
        raise SystemExit(1)


def _show_progress(done: int, of: int) -> None:
    if done == of or done % 10 == 0:
        click.echo(f"Schemas read: {done} of {of}", err=True)


def _readable(report: Report, dry_run: bool) -> list[str]:
    added = "Would be added" if dry_run else "Added"
    lines = [f"{added}: the standard {name}" for name in report.new_standards]
    lines += [f"{added}: {each.standard} {each.version}" for each in report.added]
    lines += [
        f"Not reached: {each.listed.standard} {each.listed.version}, {each.listed.url}: "
        f"{each.reason}"
        for each in report.unreachable
    ]
    lines += [
        f"Refused: {outcome.standard} {outcome.version}: {' '.join(map(str, outcome.remarks))}"
        for outcome in report.refused
    ]
    lines += [
        f"Kept, though no longer in the list: {name} {version}" for name, version in report.absent
    ]
    lines += [
        f"Left out, a package whose tables have names of their own: {name}"
        for name in report.packages
    ]
    lines.append(
        f"{len(report.new_standards)} standards and {len(report.added)} versions "
        f"{added.lower()}, {report.unchanged} unchanged, {len(report.unreachable)} not reached, "
        f"{len(report.refused)} refused, {len(report.absent)} kept."
    )
    return lines


def _report_dict(report: Report, dry_run: bool) -> dict[str, Any]:
    return {
        "dry_run": dry_run,
        "standards_added": report.new_standards,
        "versions_added": [_named(each.standard, each.version) for each in report.added],
        "unchanged": report.unchanged,
        "unreachable": [
            _named(each.listed.standard, each.listed.version)
            | {"url": each.listed.url, "reason": str(each.reason)}
            for each in report.unreachable
        ],
        "refused": [
            _named(outcome.standard, outcome.version)
            | {"reason": " ".join(map(str, outcome.remarks))}
            for outcome in report.refused
        ],
        "kept": [_named(*each) for each in report.absent],
        "packages": report.packages,
    }


def _named(standard: str, version: str) -> dict[str, str]:
    return {"standard": standard, "version": version}


def _read(place: str) -> bytes:
    if place.lower().startswith(("http://", "https://")):
        try:
            with fetched(place, _LIMITS, config.fetch_private_addresses()) as file:
                return file.path.read_bytes()
        except FetchError as failure:
            raise UnreachableError(failure.message) from failure
    path = Path(place)
    try:
        if path.stat().st_size > _LIMITS.bytes:
            raise UnreachableError(_TOO_LARGE)
        return path.read_bytes()
    except (OSError, ValueError):
        raise UnreachableError(_NOT_THERE) from None


_NOT_THERE = Message(N_("There is no file to read there: check the path."))
_TOO_LARGE = Message(
    N_("The file is too large for a schema: the most is {most} MB."),
    {"most": _LIMITS.bytes // MEBIBYTE},
)
