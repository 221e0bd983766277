"""`ckan heraultdata daily`: who is written to, once, by a real mail server on loopback."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest

from tests import factories
from tests.mails import Mailbox, text_of

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db"),
    pytest.mark.ckan_config("heraultdata.department_email", "data@herault.example"),
]


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(
        title="Communauté de communes Vallée de l'Hérault", email="contact@vallee.example"
    )


def test_two_months_before_the_department_is_written_to(
    partner: dict[str, Any], mailbox: Mailbox, daily: Callable[[str], Any]
) -> None:
    factories.referent(partner["id"], email="camille@vallee.example")
    convention = factories.signed_convention(partner["id"])
    assert "0 mails sent" in daily("2027-01-11").output
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
