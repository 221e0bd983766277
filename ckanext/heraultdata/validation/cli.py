"""The command `ckan validation` of ckanext-validation, with what does not work in it replaced."""

from __future__ import annotations

import csv
import json
from typing import Any

import ckan.plugins.toolkit as tk
import click

from . import batch, service, upstream

COLUMNS = ["dataset", "resource_id", "format", "url", "status", "error_code", "error_message"]


@click.command("init-db")
def init_db() -> None:
    """Make the table of the validation reports."""
    service.create_tables()
    click.echo("The table of the validation reports is there.")


@click.command("run")
@click.option("-y", "--yes", is_flag=True, help="Do not ask for a confirmation.")
@click.option("-r", "--resource", multiple=True, help="A file, by its id; may be repeated.")
@click.option("-d", "--dataset", multiple=True, help="A dataset, by id or name; may be repeated.")
@click.option("-s", "--search", default="", help="Parameters of package_search, as JSON.")
def run(yes: bool, resource: tuple[str, ...], dataset: tuple[str, ...], search: str) -> None:
    """Queue the checks of files: of all those that can be, or of those named."""
    for resource_id in resource:
        try:
            tk.get_action("resource_validation_run")(
                {"ignore_auth": True}, {"resource_id": resource_id, "async": True}
            )
        except (tk.ValidationError, tk.ObjectNotFound) as error:
            raise click.ClickException(f"{resource_id}: {error}") from None
    if resource:
        click.echo(f"Done. {len(resource)} resources sent to the validation queue")
        return
    query = _search(search)
    if not yes:
        click.confirm("Queue the checks of all the files found?", abort=True)
    queued = batch.run(list(dataset), query)
    click.echo(f"Done. {queued} resources sent to the validation queue")


def _search(text: str) -> dict[str, Any]:
    try:
        search = json.loads(text or "{}")
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--search") from None
    if not isinstance(search, dict):
        raise click.BadParameter("a JSON object is expected", param_hint="--search")
    return search


@click.command("report-full")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, writable=True),
    default="validation_errors_report_full.csv",
    show_default=True,
    help="The CSV file to write.",
)
def report_full(output: str) -> None:
    """Write the errors of all the files to a CSV file, ten of a type for each."""
    with click.open_file(output, "w", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(batch.listed_errors())
    click.echo(f"CSV Report stored in {output}")


def get_commands() -> list[click.Command]:
    """The command group `validation`."""
    (group,) = upstream.cli.get_commands()
    mended = {"init-db": init_db, "run": run, "report-full": report_full}
    return [click.Group("validation", {**group.commands, **mended}, help=group.help)]
