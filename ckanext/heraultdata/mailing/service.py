"""Sending a notice once, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.mailer import MailerException
from flask import Flask
from sqlalchemy.dialects.postgresql import insert

from .. import config
from .model import SentNotice


@dataclass(frozen=True)
class Recipient:
    """A person or an office, and its address."""

    name: str
    address: str


@dataclass(frozen=True)
class Notice:
    """A mail about one subject and one date.

    Attributes:
        kind: what it tells, such as `anniversary_six_weeks`.
        subject_id: what it is about, such as a convention's identifier.
        due_on: the date it is about; the same notice for another date is another notice.
        recipient: to whom.
        title: the mail's subject.
        body: its text.
    """

    kind: str
    subject_id: str
    due_on: date
    recipient: Recipient
    title: str
    body: str


class NotSentError(Exception):
    """The mail server did not take a notice; it will be tried again."""


def send_once(notice: Notice, now: datetime) -> bool:
    """Send a notice that has not gone yet.

    The line that says that it went is written first and committed after the server took the mail:
    a second run that meets it waits, and then leaves the notice alone.

    Args:
        notice: the notice.
        now: the moment, with a zone.

    Returns:
        Whether it went now; False where it had gone before.

    Raises:
        NotSentError: the mail server did not take it; nothing is written.
    """
    claimed = model.Session.execute(
        insert(SentNotice.__table__)
        .values(
            kind=notice.kind,
            subject_id=notice.subject_id,
            due_on=notice.due_on,
            address=notice.recipient.address,
            sent_at=now,
        )
        .on_conflict_do_nothing()
        .returning(SentNotice.kind)
    )
    if claimed.first() is None:
        model.Session.rollback()
        return False
    try:
        tk.mail_recipient(
            notice.recipient.name, notice.recipient.address, notice.title, notice.body
        )
    except (MailerException, OSError) as failure:
        model.Session.rollback()
        raise NotSentError(f"{notice.recipient.address}: {failure}") from failure
    model.Session.commit()
    return True


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


@contextmanager
def reading_in(application: Flask, locale: str) -> Iterator[None]:
    """Put texts and addresses into a language outside a page, as a periodic job does.

    Args:
        application: CKAN's Flask application.
        locale: one of CKAN's locales, such as `fr`.
    """
    environment = {"CKAN_LANG": locale, "CKAN_LANG_IS_DEFAULT": True}
    with application.test_request_context(
        base_url=tk.config["ckan.site_url"], environ_overrides=environment
    ):
        yield
