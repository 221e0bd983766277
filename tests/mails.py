"""A mail server on loopback that keeps the mails, and the daily work run as a timer runs it."""

from __future__ import annotations

import asyncio
import email
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import click
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ckanext.heraultdata.cli import heraultdata


class Mailbox:
    """A mail server that keeps what it takes, and refuses the addresses it is told to refuse.

    Attributes:
        mails: those that it took.
        received: the same as they came.
        refused: the addresses that it refuses.
        delay: seconds that it takes for each.
    """

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.received: list[bytes] = []
        self.refused: set[str] = set()
        self.delay = 0.0

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(self.delay)
        if self.refused & set(envelope.rcpt_tos):
            return "550 no such mailbox"
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        self.received.append(content)
        return "250 OK"

    def recipients(self) -> list[str]:
        """To whom mails went, sorted."""
        return sorted(str(mail["To"].addresses[0].addr_spec) for mail in self.mails)


@pytest.fixture
def mailbox(ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """The mail server of the portal."""
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{port}")
    yield box
    controller.stop()


@pytest.fixture
def daily(app: Any, cli: Any, at: Callable[[str], None]) -> Callable[..., Any]:
    """Run `ckan heraultdata daily` on a day, with options."""

    @click.group()
    @click.pass_context
    def ckan(context: click.Context) -> None:
        # What CKAN's own command gives to its subcommands.
        context.meta["flask_app"] = app.flask_app

    ckan.add_command(heraultdata)

    def run(day: str, *options: str) -> Any:
        at(day)
        return cli.invoke(ckan, ["heraultdata", "daily", *options])

    return run


def text_of(mail: EmailMessage) -> str:
    """The plain text of a mail."""
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def html_of(mail: EmailMessage) -> str:
    """The HTML of a mail."""
    body = mail.get_body(("html",))
    assert body is not None
    return body.get_content()
