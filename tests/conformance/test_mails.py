"""The mail itself: two parts, headers that stop it in one click, and the page behind them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import ckan.model as model
import pytest
from bs4 import BeautifulSoup
from ckan.tests.helpers import CKANTestApp

from ckanext.heraultdata.mailing import preferences
from ckanext.heraultdata.mailing.preferences import UnknownTokenError, Wishes
from tests import factories
from tests.conformance.test_actions import check, dataset
from tests.mails import Mailbox, html_of, text_of
from tests.reading import Reader
from tests.reading import text_of as words_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

READER = "camille.fabre-des-ormes@communaute-de-communes-vallee-herault.example"


@pytest.fixture
def mail(mailbox: Mailbox, daily: Callable[..., Any]) -> Any:
    """A mail with one line that can be stopped."""
    factories.standard(name="herault-arbres", level="territorial", priority=False)
    version = factories.version(standard="herault-arbres", published_on="2025-06-01")
    partner = factories.partner(name="vallee", title="Vallée de l'Hérault", email=READER)
    made = dataset(partner, "herault-arbres")
    check(made["resources"][0], version, date(2025, 6, 2), valid=False)
    package = model.Package.get(made["id"])
    assert package is not None
    package.title = "<b>Arbres</b> & bancs"
    model.Session.commit()
    daily("2026-05-25")
    [found] = [each for each in mailbox.mails if each["To"].addresses[0].addr_spec == READER]
    return found


def address_of(mail: Any) -> str:
    """The address of the page of wishes, as the header gives it."""
    return str(mail["List-Unsubscribe"]).removeprefix("<").removesuffix(">")


def test_it_has_a_text_and_the_same_in_html(mail: Any) -> None:
    assert mail.get_content_type() == "multipart/alternative"
    text, html = text_of(mail), html_of(mail)
    assert "<b>Arbres</b> & bancs" in text
    page = BeautifulSoup(html, "html.parser")
    assert page.find("b") is None
    assert "<b>Arbres</b> & bancs" in page.get_text()
    assert page.html is not None
    assert page.html["lang"] == "en"
    links = [str(link["href"]) for link in page.find_all("a")]
    assert all(link.startswith("http://test.ckan.net") for link in links)
    assert all(link in text for link in links)


def test_what_is_late_comes_first(mailbox: Mailbox, daily: Callable[..., Any]) -> None:
    partner = factories.partner(name="vallee", title="Vallée de l'Hérault", email=READER)
    for name, published_on in (("c", "2024-06-01"), ("a", "2025-03-01"), ("b", "2022-06-01")):
        factories.standard(name=name, title=name, level="territorial", priority=False)
        version = factories.version(standard=name, published_on=published_on)
        made = dataset(partner, name)
        check(made["resources"][0], version, date(2025, 6, 2), valid=False)
    daily("2026-01-15")
    [found] = [each for each in mailbox.mails if each["To"].addresses[0].addr_spec == READER]
    text = text_of(found)
    places = [text.index(f"standard: {name}") for name in ("b", "c", "a")]
    assert places == sorted(places)


def test_its_headers_reach_the_reader_whole(mail: Any, mailbox: Mailbox) -> None:
    address = address_of(mail)
    assert address.startswith("http://test.ckan.net/reminders/")
    assert len(address) > 100
    assert any(
        f"\nList-Unsubscribe: <{address}>\r\n".encode() in received for received in mailbox.received
    )
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail["Auto-Submitted"] == "auto-generated"
    token = address.rsplit("/", 1)[-1]
    assert preferences.address_of(token) == READER
    assert address in text_of(mail)


def test_to_read_the_page_changes_nothing(mail: Any, app: CKANTestApp) -> None:
    page = Reader.of(app, None).get(address_of(mail))
    assert READER in words_of(page)
    assert preferences.of([READER]) == {}


def test_one_click_stops_the_mails(
    mail: Any, app: CKANTestApp, mailbox: Mailbox, daily: Callable[..., Any]
) -> None:
    answer = app.post(address_of(mail), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert preferences.of([READER]) == {READER: Wishes(stopped=True)}
    daily("2026-06-01")
    assert READER not in mailbox.recipients()[1:]


def test_the_form_stops_resumes_and_keeps_the_language(mail: Any, app: CKANTestApp) -> None:
    for stopped, language in (("yes", "fr"), ("no", "en")):
        answer = app.post(address_of(mail), data={"stopped": stopped, "language": language})
        assert answer.status_code == 200
        assert preferences.of([READER]) == {READER: Wishes(stopped == "yes", language)}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Choose which mails you wish."),
        ({"stopped": "maybe", "language": "fr"}, "Choose which mails you wish."),
        ({"stopped": "no", "language": "tlh"}, "Choose one of the languages of the portal."),
    ],
)
def test_a_form_that_makes_no_sense_is_told(
    mail: Any, app: CKANTestApp, data: dict[str, str], sentence: str
) -> None:
    answer = app.post(address_of(mail), data=data, status=400)
    assert sentence in answer.text
    assert preferences.of([READER]) == {}


@pytest.mark.parametrize("token", ["x", "ImNhbWlsbGVAdmFsbGVlLmV4YW1wbGUi.Hk2Vx0mPqvT2yqL2vZ7W"])
def test_nobody_can_make_an_address(app: CKANTestApp, token: str) -> None:
    with pytest.raises(UnknownTokenError):
        preferences.address_of(token)
    for answer in (
        app.get(f"/reminders/{token}", status=404),
        app.post(f"/reminders/{token}", data={"List-Unsubscribe": "One-Click"}, status=404),
    ):
        assert "This address is not complete" in answer.text


def test_the_page_is_kept_by_nobody(mail: Any, app: CKANTestApp) -> None:
    headers = app.get(address_of(mail)).headers
    assert "no-store" in headers["Cache-Control"]
    assert "public" not in headers["Cache-Control"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"


@pytest.mark.ckan_config("WTF_CSRF_ENABLED", True)
def test_a_program_without_a_cookie_may_post(app: CKANTestApp) -> None:
    address = f"/reminders/{preferences.token_of(READER)}"
    assert app.post(address, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    assert preferences.of([READER]) == {READER: Wishes(stopped=True)}
