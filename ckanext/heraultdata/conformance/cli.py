"""The command `ckan heraultdata daily`, which a timer of the server runs each morning."""

from __future__ import annotations

from functools import partial

import click

from .. import clock
from .daily import Run


@click.command()
@click.option("--dry-run", is_flag=True, help="Show each mail whole; send and write nothing.")
@click.pass_context
def daily(context: click.Context, dry_run: bool) -> None:
    """Do all that is done each day: files checked again, reminders, notices, weekly digest.

    And what withdrawals wait for: files and tables out of reach, copies elsewhere, erasures; and
    the datasets of the catalogue that changed and were not serialised since.

    It may run again at any time, and on several machines: each line goes once, and nobody has two
    mails on one day but for what cannot wait.

    Exit status: 0 where all is done, 1 where something failed and will be tried again next time,
    2 for wrong usage.
    """
    run = Run(
        application=context.meta["flask_app"],
        now=clock.now(),
        say=click.echo,
        complain=partial(click.secho, fg="red", err=True),
    )
    done = run.show() if dry_run else run.do()
    verb = "would be sent" if dry_run else "sent"
    click.echo(
        f"{done.files} files to check again, {done.mails} mails {verb} with {done.lines} lines, "
        f"{done.datasets} datasets to serialise, {done.failures} failures."
    )
    click.echo(f"{done.waiting}.")
    if done.failures:
        raise SystemExit(1)
