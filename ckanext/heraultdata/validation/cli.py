"""The command `ckan validation` of ckanext-validation, with what does not work in it replaced."""

from __future__ import annotations

import click

from . import service, upstream


@click.command("init-db")
def init_db() -> None:
    """Make the table of the validation reports."""
    service.create_tables()
    click.echo("The table of the validation reports is there.")


def get_commands() -> list[click.Command]:
    """The command group `validation`."""
    (group,) = upstream.cli.get_commands()
    return [click.Group("validation", {**group.commands, "init-db": init_db}, help=group.help)]
