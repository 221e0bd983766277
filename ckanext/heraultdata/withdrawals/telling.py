"""Writing to people once a step is written: at once by a job, else with the daily work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator

import ckan.model as model
import ckan.plugins.toolkit as tk

from .. import clock
from ..mailing.letters import Line
from ..mailing.service import NotSentError, application, letters_to_send, reading_in, send
from . import mails, queueing

log = logging.getLogger(__name__)

_SECONDS = 3600
"""A thousand followers take longer than the three minutes that a job has else."""


def start(withdrawal_id: str) -> None:
    """Queue a job that writes to those whom a request concerns; never raises.

    Args:
        withdrawal_id: the request.
    """
    title = f"Mails about the withdrawal {withdrawal_id}"
    queueing.queue(send_for, [withdrawal_id], title, _SECONDS)


def start_for_tray() -> None:
    """Queue a job that tells the département of a message in the tray; never raises."""
    title = "Mail about a message that asks for a withdrawal"
    queueing.queue(send_for_tray, [], title, _SECONDS)


def send_for(withdrawal_id: str) -> None:
    """Send what there is to tell about a request; what cannot go now goes with the daily work.

    Args:
        withdrawal_id: the request.
    """
    now = clock.now()
    _send(lambda: mails.lines_of(withdrawal_id, now))


def send_for_tray() -> None:
    """Send that a message waits in the tray."""
    today = clock.today()
    _send(lambda: mails.tray_lines(today))


def _send(lines: Callable[[], Iterator[Line]]) -> None:
    now = clock.now()
    today = clock.date_in_paris(now)
    site = application()
    with reading_in(site, tk.config["ckan.locale_default"]):
        letters = letters_to_send(lines(), today)
    for letter in letters:
        try:
            with reading_in(site, letter.wishes.locale):
                send(letter, today, now)
        except NotSentError as failure:
            log.warning("Left to the daily work: %s", failure)
        except Exception:
            model.Session.rollback()
            log.exception("Left to the daily work: a mail to %s", letter.recipient.address)
