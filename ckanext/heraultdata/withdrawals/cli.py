"""The command `ckan heraultdata withdrawal`."""

from __future__ import annotations

import click

from .message_cli import from_email
from .probe_cli import probe_copies
from .work_cli import do_work


@click.group("withdrawal")
def withdrawal_commands() -> None:
    """Withdrawal requests."""


withdrawal_commands.add_command(from_email)
withdrawal_commands.add_command(do_work)
withdrawal_commands.add_command(probe_copies)
