"""The page of a reader of mails, who has no account: it stops the reminders, as one click does."""

from __future__ import annotations

import urllib.parse
import urllib.request

import pytest
from playwright.sync_api import expect

from ckanext.heraultdata.mailing import preferences
from ckanext.heraultdata.mailing.preferences import Wishes
from tests.e2e.processes import SECONDS_TO_ANSWER, Portal
from tests.e2e.test_accessibility import OpenPage, faults

READER = "secretaire@aniane.example"


@pytest.fixture
def address(empty_portal: Portal) -> str:
    """The address in a mail to the reader."""
    return f"/reminders/{preferences.token_of(READER)}"


def test_a_reader_without_an_account_stops_the_reminders(page_of: OpenPage, address: str) -> None:
    page = page_of(None)
    page.goto(address)
    expect(page.get_by_role("heading", name="Courriels du portail")).to_be_visible()
    assert faults(page) == []
    page.get_by_label("Courriels souhaités").select_option("yes")
    page.get_by_role("button", name="Enregistrer").click()
    expect(page.get_by_text("C’est enregistré")).to_be_visible()
    assert faults(page) == []
    assert preferences.of([READER]) == {READER: Wishes(stopped=True, language="fr")}


def test_a_mail_program_stops_them_by_one_click(empty_portal: Portal, address: str) -> None:
    """RFC 8058: a POST without a session, of one field."""
    body = urllib.parse.urlencode({"List-Unsubscribe": "One-Click"}).encode()
    address = empty_portal.url + address
    with urllib.request.urlopen(address, body, timeout=SECONDS_TO_ANSWER) as answer:  # noqa: S310
        assert answer.status == 200
    assert preferences.of([READER])[READER].stopped
