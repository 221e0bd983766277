"""`ckan heraultdata daily`: who is written to, once, by a real mail server on loopback."""

from __future__ import annotations

import email
import socket
from collections.abc import Callable, Iterator
from email.message import EmailMessage
from email.policy import default
from typing import Any

import ckan.plugins.toolkit as tk
import click
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from ckanext.heraultdata.cli import heraultdata
from tests import factories

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db"),
    pytest.mark.ckan_config("heraultdata.department_email", "data@herault.example"),
]


class Mailbox:
    """A mail server that keeps what it takes, and refuses the addresses it is told to refuse."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.refused: set[str] = set()

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.refused & set(envelope.rcpt_tos):
            return "550 no such mailbox"
        content = envelope.content
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=default)
        assert isinstance(message, EmailMessage)
        self.mails.append(message)
        return "250 OK"

    def recipients(self) -> list[str]:
        """To whom mails went, sorted."""
        return sorted(str(mail["To"].addresses[0].addr_spec) for mail in self.mails)


@pytest.fixture
def mailbox(ckan_config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    box = Mailbox()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    monkeypatch.setitem(ckan_config, "smtp.server", f"127.0.0.1:{port}")
    yield box
    controller.stop()


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(
        title="Communauté de communes Vallée de l'Hérault", email="contact@vallee.example"
    )


@pytest.fixture
def daily(app: Any, cli: Any, at: Callable[[str], None]) -> Callable[[str], Any]:
    @click.group()
    @click.pass_context
    def ckan(context: click.Context) -> None:
        # What CKAN's own command gives to its subcommands.
        context.meta["flask_app"] = app.flask_app

    ckan.add_command(heraultdata)

    def run(day: str) -> Any:
        at(day)
        return cli.invoke(ckan, ["heraultdata", "daily"])

    return run


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def test_two_months_before_the_department_is_written_to(
    partner: dict[str, Any], mailbox: Mailbox, daily: Callable[[str], Any]
) -> None:
    factories.referent(partner["id"], email="camille@vallee.example")
    convention = factories.signed_convention(partner["id"])
    assert daily("2027-01-11").output.startswith("0 notices due")
    outcome = daily("2027-01-12")
    assert outcome.exit_code == 0, outcome.output
    assert mailbox.recipients() == ["data@herault.example"]
    [mail] = mailbox.mails
    assert "Vallée de l'Hérault" in mail["Subject"]
    body = text_of(mail)
    assert "Communauté de communes Vallée de l'Hérault" in body
    assert "March 12, 2027" in body
    assert "February 12, 2027" in body
    assert f"http://test.ckan.net/convention/{convention['id']}" in body


def test_six_weeks_before_both_parties_are(
    partner: dict[str, Any], mailbox: Mailbox, daily: Callable[[str], Any]
) -> None:
    factories.referent(partner["id"], email="camille@vallee.example")
    factories.referent(partner["id"], email="sacha@vallee.example")
    factories.signed_convention(partner["id"])
    daily("2027-01-29")
    assert mailbox.recipients() == [
        "camille@vallee.example",
        "data@herault.example",
        "sacha@vallee.example",
    ]


def test_each_mail_goes_once(
    partner: dict[str, Any], mailbox: Mailbox, daily: Callable[[str], Any]
) -> None:
    factories.referent(partner["id"], email="camille@vallee.example")
    factories.signed_convention(partner["id"])
    for day in ("2027-01-12", "2027-01-12", "2027-01-13", "2027-01-29", "2027-02-10"):
        daily(day)
    assert mailbox.recipients() == [
        "camille@vallee.example",
        "data@herault.example",
        "data@herault.example",
    ]
    daily("2028-01-30")
    assert len(mailbox.mails) == 5


def test_a_refused_mail_is_told_and_tried_again(
    partner: dict[str, Any], mailbox: Mailbox, daily: Callable[[str], Any]
) -> None:
    factories.referent(partner["id"], email="camille@vallee.example")
    factories.signed_convention(partner["id"])
    mailbox.refused.add("camille@vallee.example")
    outcome = daily("2027-01-29")
    assert outcome.exit_code == 1
    assert "Not sent: camille@vallee.example" in outcome.output
    assert mailbox.recipients() == ["data@herault.example"]
    mailbox.refused.clear()
    assert daily("2027-01-30").exit_code == 0
    assert mailbox.recipients() == ["camille@vallee.example", "data@herault.example"]


def test_no_mail_server_at_all(
    partner: dict[str, Any],
    daily: Callable[[str], Any],
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    factories.signed_convention(partner["id"])
    monkeypatch.setitem(ckan_config, "smtp.server", "127.0.0.1:9")
    outcome = daily("2027-01-12")
    assert outcome.exit_code == 1
    assert "Not sent" in outcome.output


def test_a_partner_without_a_referent_is_written_to_each_month(
    partner: dict[str, Any], mailbox: Mailbox, daily: Callable[[str], Any]
) -> None:
    factories.signed_convention(partner["id"])
    for day in ("2026-11-24", "2026-11-25", "2026-12-11", "2026-12-12"):
        daily(day)
    assert mailbox.recipients() == ["contact@vallee.example"] * 2
    body = text_of(mailbox.mails[0])
    assert "article 5" in body
    assert f"http://test.ckan.net/partner/{partner['name']}/referents" in body
    factories.referent(partner["id"])
    daily("2027-01-12")
    assert mailbox.recipients().count("contact@vallee.example") == 2


def test_where_a_partner_has_no_address_its_admins_read(
    mailbox: Mailbox, daily: Callable[[str], Any]
) -> None:
    partner = factories.partner()
    people = factories.people(partner["id"])
    factories.signed_convention(partner["id"])
    daily("2026-11-24")
    assert mailbox.recipients() == [people.partner_admin.email]


def test_where_the_department_has_no_address_sysadmins_read(
    partner: dict[str, Any],
    mailbox: Mailbox,
    daily: Callable[[str], Any],
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ckan_config, "heraultdata.department_email", "")
    sysadmin = factories.user(sysadmin=True)
    factories.referent(partner["id"])
    factories.signed_convention(partner["id"])
    daily("2027-01-12")
    assert sysadmin.email in mailbox.recipients()


def test_mails_are_in_french_where_the_site_is(
    partner: dict[str, Any],
    mailbox: Mailbox,
    daily: Callable[[str], Any],
    ckan_config: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(ckan_config, "ckan.locale_default", "fr")
    factories.referent(partner["id"])
    factories.signed_convention(partner["id"])
    daily("2027-01-12")
    body = text_of(mailbox.mails[0])
    assert body.startswith("Bonjour")
    assert "12 mars 2027" in body


def test_nobody_is_written_to_about_what_is_no_partner(
    mailbox: Mailbox, daily: Callable[[str], Any]
) -> None:
    tk.get_action("get_site_user")({"ignore_auth": True}, {})
    factories.department()
    factories.organization(name="association", title="Association")
    assert daily("2026-11-24").exit_code == 0
    assert mailbox.mails == []
