"""The Atom feed of the changes, as readers of feeds take it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ckanext.heraultdata.dcat.changes.views import ATOM_SIZE
from ckanext.heraultdata.dcat.model import CataloguePiece
from tests import factories
from tests.dcat.changes.making import CREATE, DELETE, SITE, UPDATE, tell, tell_all
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "from_one")

ADDRESS = "/catalog/changes.atom"
ATOM = {"a": "http://www.w3.org/2005/Atom"}


def read(app: CKANTestApp, address: str = ADDRESS) -> Any:
    """A page of the feed, checked for what RFC 4287 requires (sections 4.1.1 and 4.1.2)."""
    answer = app.get(address.removeprefix(SITE))
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.data)
    assert feed.tag == f"{{{ATOM['a']}}}feed"
    assert feed.findtext("a:author/a:name", namespaces=ATOM)
    for element in (feed, *feed.findall("a:entry", ATOM)):
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"a:{name}", ATOM)) == 1, name
            assert element.findtext(f"a:{name}", namespaces=ATOM)
        moment = datetime.fromisoformat(element.findtext("a:updated", namespaces=ATOM))
        assert moment.tzinfo is not None
        alternates = [
            link.get("type") for link in element.findall("a:link[@rel='alternate']", ATOM)
        ]
        assert "text/html" in alternates
        assert len(alternates) == len(set(alternates))
    identifiers = [each.text for each in feed.findall("a:entry/a:id", ATOM)]
    assert len(identifiers) == len(set(identifiers))
    return feed


def texts(feed: Any, name: str) -> list[str]:
    return [each.text for each in feed.findall(f"a:entry/a:{name}", ATOM)]


def link(feed: Any, rel: str) -> str | None:
    found = feed.find(f"a:link[@rel='{rel}']", ATOM)
    return None if found is None else found.get("href")


def walk(
    app: CKANTestApp, address: str = ADDRESS, meanwhile: Callable[[], object] = lambda: None
) -> list[str]:
    """The identifiers of all entries, from page to page."""
    found: list[str] = []
    following: str | None = address
    while following:
        feed = read(app, following)
        found += texts(feed, "id")
        following = link(feed, "next")
        meanwhile()
    return found


def test_the_newest_comes_first(app: CKANTestApp) -> None:
    numbers = tell_all([(CREATE, "a", 0), (CREATE, "b", 1), (UPDATE, "a", 2), (DELETE, "b", 3)])
    feed = read(app)
    assert texts(feed, "id") == [f"{SITE}/catalog/changes/{each}" for each in reversed(numbers)]
    assert texts(feed, "title") == ["Withdrawn dataset", "A", "Withdrawn dataset", "A"]
    assert texts(feed, "summary") == [
        "Dataset withdrawn",
        "Dataset updated",
        "Dataset published",
        "Dataset published",
    ]
    kinds = [each.get("term") for each in feed.findall("a:entry/a:category", ATOM)]
    assert kinds == ["delete", "update", "create", "create"]
    assert feed.findtext("a:updated", namespaces=ATOM) == "2026-11-20T08:03:00+00:00"
    assert link(feed, "self") == link(feed, "first") == SITE + ADDRESS
    assert link(feed, "next") is None


def test_what_lives_leads_to_its_descriptions_and_what_left_to_its_page(app: CKANTestApp) -> None:
    tell_all([(CREATE, "a", 0), (CREATE, "b", 1), (DELETE, "b", 2)])
    left, published, living = (
        {each.get("type"): each.get("href") for each in entry.findall("a:link", ATOM)}
        for entry in read(app).findall("a:entry", ATOM)
    )
    assert left == published == {"text/html": f"{SITE}/dataset/b"}
    assert living == {
        "text/html": f"{SITE}/dataset/a",
        "text/turtle": f"{SITE}/dataset/a.ttl",
        "application/rdf+xml": f"{SITE}/dataset/a.xml",
        "application/ld+json": f"{SITE}/dataset/a.jsonld",
    }


def test_titles_are_those_of_today(app: CKANTestApp) -> None:
    tell_all([(CREATE, "a", 0), (UPDATE, "a", 1)])
    first = app.get(ADDRESS).headers["ETag"]
    piece = model.Session.get(CataloguePiece, "a")
    assert piece is not None
    piece.title = "Arbres & <Bancs>\x0b"
    model.Session.commit()
    assert texts(read(app), "title") == ["Arbres & <Bancs>\ufffd"] * 2
    assert app.get(ADDRESS).headers["ETag"] != first


def test_long_feeds_have_pages(app: CKANTestApp) -> None:
    numbers = tell_all([(UPDATE, "a", rank) for rank in range(2 * ATOM_SIZE + 1)])
    feed = read(app)
    assert len(texts(feed, "id")) == ATOM_SIZE
    following = f"{SITE}{ADDRESS}?before={numbers[ATOM_SIZE + 1]}"
    assert link(feed, "next") == following
    second = read(app, following)
    assert link(second, "self") == following
    assert link(second, "first") == SITE + ADDRESS
    assert second.findtext("a:id", namespaces=ATOM) == feed.findtext("a:id", namespaces=ATOM)
    assert walk(app) == [f"{SITE}/catalog/changes/{each}" for each in reversed(numbers)]


def test_a_full_last_page_leads_nowhere(app: CKANTestApp) -> None:
    tell_all([(UPDATE, "a", rank) for rank in range(ATOM_SIZE)])
    assert link(read(app), "next") is None


def test_a_walk_meets_each_change_once_while_others_come(app: CKANTestApp) -> None:
    before = tell_all([(UPDATE, "a", rank) for rank in range(2 * ATOM_SIZE + 5)])
    came: list[int] = []
    met = walk(app, meanwhile=lambda: came.append(tell(CREATE, f"set-{len(came)}", 1000)))
    assert met == [f"{SITE}/catalog/changes/{each}" for each in reversed(before)]
    late = walk(app, f"{ADDRESS}?after={before[-1]}")
    assert late == [f"{SITE}/catalog/changes/{each}" for each in reversed(came)]


def test_it_is_complete_since_a_moment(app: CKANTestApp) -> None:
    numbers = tell_all([(UPDATE, "a", rank) for rank in range(3 * ATOM_SIZE)])
    since = "since=2026-11-20T10:00:00%2B01:00"
    feed = read(app, f"{ADDRESS}?{since}")
    assert link(feed, "first") == f"{SITE}{ADDRESS}?{since}"
    following = link(feed, "next")
    assert following is not None
    assert following.startswith(f"{SITE}{ADDRESS}?{since}&before=")
    met = walk(app, f"{ADDRESS}?{since}")
    assert met == [f"{SITE}/catalog/changes/{each}" for each in reversed(numbers[60:])]


def test_an_empty_feed_is_one_all_the_same(app: CKANTestApp) -> None:
    feed = read(app)
    assert texts(feed, "id") == []
    assert feed.findtext("a:updated", namespaces=ATOM) == "1970-01-01T00:00:00+00:00"


def test_a_bad_page_is_refused_in_a_sentence(app: CKANTestApp) -> None:
    answer = app.get(f"{ADDRESS}?before=last")
    assert answer.status_code == 400
    assert answer.text.startswith("before: last is not the number of a change")


def test_it_follows_what_people_do(app: CKANTestApp) -> None:
    partner = factories.partner(title="CC du Grand Pic")
    made = making.public_dataset(partner, title="Arbres")
    name = making.site_context()["user"]
    call_action("package_patch", {"user": name}, id=made["id"], title="Bancs")
    feed = read(app)
    assert texts(feed, "title") == ["Bancs"]
    making.executed(partner, made)
    feed = read(app)
    assert set(texts(feed, "title")) == {"Withdrawn dataset"}
    assert b"Bancs" not in etree.tostring(feed)
