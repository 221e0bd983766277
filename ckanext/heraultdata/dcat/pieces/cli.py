"""The command `ckan heraultdata dcat`."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
import click

from ...mailing.service import reading_in
from . import refreshing


@click.group("dcat")
def dcat_commands() -> None:
    """The DCAT catalogue."""


@dcat_commands.command("rebuild")
@click.option("--stale", is_flag=True, help="Only what changed since it was serialised.")
@click.pass_context
def rebuild(context: click.Context, stale: bool) -> None:
    """Serialise all datasets of the catalogue anew; the catalogue answers meanwhile."""
    if not stale:
        refreshing.spoil()
    with reading_in(context.meta["flask_app"], tk.config["ckan.locale_default"]):
        number = refreshing.refresh(say=click.echo)
    click.echo(f"Datasets serialised: {number}.")
