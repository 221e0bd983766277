"""One mail for each person and day, with all its lines; each line once, whatever runs twice.

What cannot wait (`Line.at_once`) goes by itself as soon as it is due.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime

import ckan.model as model
import ckan.plugins.toolkit as tk
import click
import sqlalchemy as sa
from ckan.lib.mailer import MailerException
from flask import Flask, current_app, has_app_context

from .. import config
from . import preferences
from .composing import compose
from .letters import Letter, Line, Recipient
from .model import SentNotice
from .preferences import Wishes

_DAY = "day"
"""Kind of the row that says that an address had its mail of a day."""
_CLAIM = sa.text(
    """
    INSERT INTO heraultdata_sent_notice (kind, subject_id, due_on, address, sent_at)
    SELECT line.*, :now FROM unnest(
        CAST(:kinds AS text[]), CAST(:subjects AS text[]),
        CAST(:days AS date[]), CAST(:addresses AS text[])
    ) AS line
    ON CONFLICT DO NOTHING
    RETURNING kind, subject_id, due_on, address
    """
)
"""One statement whatever the number of lines, which is read once for all the mails."""


class NotSentError(Exception):
    """The mail server did not take a mail; it will be tried again."""


def letters_to_send(lines: Iterable[Line], today: date) -> list[Letter]:
    """The mails to send now, in the order of the lines, in a constant number of queries.

    Args:
        lines: all that is due, sent already or not.
        today: the date in Paris.

    Returns:
        What has not gone yet, by what each wishes; to those who had their mail of the day, only
        what does not wait.
    """
    by_address: dict[str, list[Line]] = {}
    for line in lines:
        by_address.setdefault(line.recipient.key, []).append(line)
    wishes = preferences.of(by_address)
    gone = _gone({line.due_on for found in by_address.values() for line in found} | {today})
    letters = []
    for address, found in by_address.items():
        wished = wishes.get(address, Wishes())
        left = tuple(
            line
            for line in {line.key: line for line in found}.values()
            if line.key not in gone and (line.is_legal or not wished.stopped)
        )
        if (_DAY, "", today, address) in gone:
            left = tuple(line for line in left if line.at_once)
        if left:
            letters.append(Letter(left[0].recipient, left, wished))
    return letters


def send(letter: Letter, today: date, now: datetime) -> tuple[Line, ...]:
    """Send a mail, and write that its day and its lines went, in one transaction.

    The rows that say that they went are written first and committed after the server took the
    mail: a second run that meets them waits, and then leaves the person alone. Must run in the
    language of the reader (`reading_in`).

    Args:
        letter: the mail.
        today: the date in Paris.
        now: the moment, with a zone.

    Returns:
        The lines that went; none where another run was there first.

    Raises:
        NotSentError: the mail server did not take it; nothing is written.
    """
    try:
        day = (_DAY, "", today, letter.recipient.key)
        if letter.is_of_the_day and not _claim([day], now):
            return ()
        claimed = _claim([line.key for line in letter.lines], now)
        lines = tuple(line for line in letter.lines if line.key in claimed)
        if not lines:
            return ()
        mail = compose(replace(letter, lines=lines))
        tk.mail_recipient(
            letter.recipient.name,
            letter.recipient.address,
            mail.subject,
            mail.text,
            body_html=mail.html,
            headers=mail.headers,
        )
        model.Session.commit()
    except (MailerException, OSError) as failure:
        raise NotSentError(f"{letter.recipient.address}: {failure}") from failure
    finally:
        # Of what is not committed by now nothing stays.
        model.Session.rollback()
    return lines


def _gone(due_on: Iterable[date]) -> set[tuple[str, str, date, str]]:
    rows = model.Session.execute(
        sa.select(
            SentNotice.kind,
            SentNotice.subject_id,
            SentNotice.due_on,
            sa.func.lower(SentNotice.address),
        ).where(SentNotice.due_on.in_(list(due_on)))
    )
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def _claim(
    keys: Sequence[tuple[str, str, date, str]], now: datetime
) -> set[tuple[str, str, date, str]]:
    kinds, subjects, days, addresses = (list(column) for column in zip(*keys, strict=True))
    rows = model.Session.execute(
        _CLAIM,
        {"kinds": kinds, "subjects": subjects, "days": days, "addresses": addresses, "now": now},
    )
    return {(row[0], row[1], row[2], row[3]) for row in rows}


def department_recipients() -> list[Recipient]:
    """Who reads the mails to the département: the address of its setting, else the sysadmins."""
    address = config.department_email()
    if address:
        return [Recipient(tk._("Open data team of the département"), address)]
    sysadmins = model.Session.scalars(
        sa.select(model.User).where(
            model.User.sysadmin.is_(True),
            model.User.state == model.State.ACTIVE,
            model.User.email.isnot(None),
        )
    )
    return [Recipient(user.display_name, user.email) for user in sysadmins if user.email]


def organization_admin_recipients(organization_id: str) -> list[Recipient]:
    """The admins of an organisation that have an address."""
    admins = model.Session.scalars(
        sa.select(model.User)
        .join(model.Member, model.Member.table_id == model.User.id)
        .where(
            model.Member.table_name == "user",
            model.Member.group_id == organization_id,
            model.Member.capacity == "admin",
            model.Member.state == model.State.ACTIVE,
            model.User.state == model.State.ACTIVE,
        )
        .order_by(model.User.name)
    )
    return [Recipient(user.display_name, user.email) for user in admins if user.email]


def application() -> Flask:
    """CKAN's Flask application, in a worker too, which no request made."""
    if has_app_context():
        return current_app._get_current_object()  # pyright: ignore[reportAttributeAccessIssue]
    return click.get_current_context().meta["flask_app"]


@contextmanager
def reading_in(application: Flask, locale: str) -> Iterator[None]:
    """Put texts and addresses into a language outside a page, as a periodic job does.

    Args:
        application: CKAN's Flask application.
        locale: one of CKAN's locales, such as `fr`.
    """
    environment = {
        "CKAN_LANG": locale,
        "CKAN_LANG_IS_DEFAULT": locale == tk.config["ckan.locale_default"],
    }
    with application.test_request_context(
        base_url=tk.config["ckan.site_url"], environ_overrides=environment
    ):
        yield
