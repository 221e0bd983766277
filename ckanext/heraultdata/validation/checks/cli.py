"""The command `ckan heraultdata file`: files checked from a terminal, nothing kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from ... import clock
from ...messages import RuleError
from ..engine.check import check_file
from ..engine.limits import Limits
from ..engine.report import as_dict
from . import sent_files
from .sent_files import Wanted

_INVALID = 1


@click.group("file")
def file_commands() -> None:
    """Files against standards."""


@file_commands.command("check")
@click.option(
    "--schema",
    "schema_path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A Table Schema or a JSON Schema.",
)
@click.option("--standard", help="A standard of the portal instead.")
@click.option("--version", help="A version of that standard; the newest by default.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One report a line, as a JSON object.")
@click.argument("files", metavar="FILE…", nargs=-1, required=True)
def check(
    schema_path: Path | None,
    standard: str | None,
    version: str | None,
    lang: str,
    as_json: bool,
    files: tuple[str, ...],
) -> None:
    """Check files, each a path or an address of the web, in their order.

    Exit status: 0 where all are valid, 1 where some are not or cannot be read, 2 for wrong usage.
    """
    against = _wanted(schema_path, standard, version)
    all_valid = True
    for file in files:
        report = _report_of(file, against, lang)
        all_valid = all_valid and report["valid"]
        lines = [json.dumps(report, ensure_ascii=False)] if as_json else list(_readable(report))
        for line in lines:
            # A name that is not UTF-8 reaches us with halves of surrogate pairs in it.
            click.echo(line.encode("utf-8", "backslashreplace"))
    if not all_valid:
        raise SystemExit(_INVALID)


def _wanted(schema_path: Path | None, standard: str | None, version: str | None) -> Wanted:
    if schema_path is None and standard is None:
        raise click.UsageError("Give --schema or --standard.")
    try:
        schema = schema_path.read_bytes() if schema_path else None
        return sent_files.wanted(standard, version, schema, clock.today(), with_drafts=True)
    except OSError as failure:
        raise click.UsageError(f"--schema: {failure}") from failure
    except RuleError as refusal:
        raise click.UsageError(f"--{refusal.field}: {refusal.message}") from refusal


def _report_of(file: str, against: Wanted, lang: str) -> dict[str, Any]:
    is_address = file.lower().startswith(("http://", "https://"))
    source = file if is_address else Path(file)
    report = check_file(source, against.schema, name=file, limits=Limits())
    told = replace(report, file=file, standard=against.standard, version=against.version)
    return as_dict(told, lang)


def _readable(report: dict[str, Any]) -> Iterator[str]:
    verdict = "OK" if report["valid"] else f"{report['error_count']} ✗"
    yield f"{report['file']}: {verdict}"
    for found in (*report["errors"], *report["warnings"]):
        mark = "✗" if "row" in found else "!"
        place = ":".join(str(part) for part in (found.get("row"), found["column"]) if part)
        yield f"  {mark} {place + ' ' if place else ''}{found['message']}"
    hidden = report["error_count"] - len(report["errors"])
    if hidden > 0:
        yield f"  … +{hidden}"
