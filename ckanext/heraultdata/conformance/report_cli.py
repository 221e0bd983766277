"""The command `ckan heraultdata conformance report`: where partners stand, for the terminal."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

import ckan.plugins.toolkit as tk
import click

from .. import pages
from ..validators import MOST_RESULTS
from .export_words import names_of

_HEADINGS = ("PARTNER", "DATASET", "STANDARD", "STATUS", "VALID", "TARGET", "DUE ON", "DAYS")
_WIDEST = 40

Line = dict[str, Any]


@click.group("conformance")
def conformance_commands() -> None:
    """Where partners stand with standards."""


@conformance_commands.command()
@click.option("--on", metavar="DATE", help="The day to reckon for, YYYY-MM-DD; today if left out.")
@click.option("--organization", help="Only this partner (identifier or name).")
@click.option("--standard", help="Only this standard (name).")
@click.option("--status", help="Only this status, such as overdue.")
@click.option("--json", "as_json", is_flag=True, help="One JSON array.")
def report(
    on: str | None,
    organization: str | None,
    standard: str | None,
    status: str | None,
    as_json: bool,
) -> None:
    """Report where each dataset, and each partner without one, stands; what is late first.

    Exit status: 0, and 2 for wrong usage.
    """
    asked = {"on": on, "organization_id": organization, "standard": standard, "status": status}
    try:
        lines = _lines({name: value for name, value in asked.items() if value is not None})
    except tk.ValidationError as refusal:
        told = [
            f"{name.removesuffix('_id')}: {' '.join(sentences)}"
            for name, sentences in pages.flat_errors(refusal).items()
        ]
        raise click.UsageError(" ".join(told)) from refusal
    if as_json:
        click.echo(json.dumps(lines, ensure_ascii=False, indent=2))
        return
    for text in _table([_HEADINGS, *map(_cells, lines)]):
        click.echo(text)
    click.echo(f"Lines: {len(lines)}")


def _lines(asked: dict[str, str]) -> list[Line]:
    lines: list[Line] = []
    while True:
        page = tk.get_action("heraultdata_conformance_list")(
            {"ignore_auth": True}, {**asked, "limit": MOST_RESULTS, "offset": len(lines)}
        )
        lines += page["results"]
        if len(lines) >= page["count"] or not page["results"]:
            break
    names = names_of(lines)
    return [
        {
            **line,
            "organization": names.partners.get(line["organization_id"]),
            "dataset": names.datasets.get(line["package_id"]),
        }
        for line in lines
    ]


def _cells(line: Line) -> tuple[str, ...]:
    days = line["days_left"] if line["days_late"] is None else -line["days_late"]
    cells = (
        line["organization"],
        line["dataset"],
        line["standard"],
        line["status"],
        line["valid_version"],
        line["target_version"],
        line["due_on"],
        days,
    )
    return tuple("-" if cell is None else str(cell)[:_WIDEST] for cell in cells)


def _table(rows: Sequence[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(padded).rstrip()
