"""The command `ckan heraultdata withdrawal probe`, which looks for the copies that are due."""

from __future__ import annotations

import click

from .. import clock
from .probe_run import probe_due


@click.command("probe")
def probe_copies() -> None:
    """Ask other platforms for the copies that are due, as the daily work does too.

    Run each hour, it sees within the day what leaves them: the first times are an hour and six
    hours apart.
    """
    gone = probe_due(clock.now(), click.echo)
    click.echo(f"{gone} copies gone.")
