"""The command `ckan heraultdata withdrawal from-email`, which a mail server pipes messages to."""

from __future__ import annotations

import os

import ckan.model as model
import click

from .. import clock
from . import incoming, telling


@click.command("from-email")
def from_email() -> None:
    """Keep a message that asks for a withdrawal (RFC 5322, on standard input).

    A message of a référent or of a partner's admin that names datasets or files of that partner by
    their addresses becomes a request, which waits for a person; any other goes to the tray of
    messages to be looked at. Nothing is suspended nor executed by itself.

    Exit status: 0 where the message is kept, 75 (EX_TEMPFAIL) where it could not be, so that the
    mail server tries again.
    """
    try:
        kept = incoming.keep(incoming.read_whole(click.get_binary_stream("stdin")), clock.now())
    except Exception as failure:
        # Whatever it is, the mail server still has the message and the portal has not.
        model.Session.rollback()
        click.secho(f"Not kept, try again: {failure!r}", fg="red", err=True)
        raise SystemExit(os.EX_TEMPFAIL) from failure
    if kept.reference:
        click.echo(f"Request {kept.reference}.")
    elif kept.why:
        telling.start_for_tray()
        click.echo(f"To be looked at: {kept.why}")
    else:
        click.echo("This message is kept already.")
