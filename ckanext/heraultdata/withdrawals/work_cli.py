"""The command `ckan heraultdata withdrawal work`, which does what the jobs could not."""

from __future__ import annotations

import click

from .. import clock
from . import erasing, work


@click.command("work")
def do_work() -> None:
    """Do what the index, the file store and the DataStore still have to follow.

    What has come due is erased too. It may run at any time, and beside other workers.

    Exit status: 0 where nothing is left, 1 where something is and will be tried again.
    """
    now = clock.now()
    work.run(now, click.echo)
    erasing.erase_due(now)
    left = work.run(now, click.echo)
    click.echo(f"{left} left to do.")
    if left:
        raise SystemExit(1)
