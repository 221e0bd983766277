"""What the public sees: counts by standard; names of public datasets where a setting lets it."""

from __future__ import annotations

from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp

from tests import factories
from tests.conformance import board_site
from tests.conformance.board_site import BoardSite
from tests.reading import Reader, counted_queries, text_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_today")

NAMED = pytest.mark.ckan_config("heraultdata.public_conformance", True)
LIST = "heraultdata_conformance_list"


@pytest.fixture
def _today(at: Any) -> None:
    at(board_site.TODAY)


@pytest.fixture
def site(clean_db: None, _today: None) -> BoardSite:
    return board_site.make()


@pytest.mark.parametrize("role", ["visitor", None])
def test_counts_by_standard_without_names(
    app: CKANTestApp, site: BoardSite, role: str | None
) -> None:
    page = Reader.of(app, site.reader(role)).get("/conformance")
    [card] = page.select(".heraultdata-card")
    assert text_of(card) == "Arbres urbains ▲ Overdue 1 ✕ Missing 1 ○ To be done 1"
    assert not page.select(".heraultdata-lines, .heraultdata-filters")
    for name in ("Gignac", "Lodève", "Vallée"):
        assert name not in text_of(page)


def test_the_page_of_a_standard_counts_too(app: CKANTestApp, site: BoardSite) -> None:
    page = Reader(app).get("/standard/arbres")
    counts = page.select_one(".heraultdata-counts")
    assert counts is not None
    assert text_of(counts) == "▲ Overdue 1 ✕ Missing 1 ○ To be done 1"
    factories.standard(name="quais", title="Quais")
    assert not Reader(app).get("/standard/quais").select(".heraultdata-counts")


def test_it_says_so_where_there_is_nothing(app: CKANTestApp) -> None:
    assert "Nothing is expected of any partner yet" in text_of(Reader(app).get("/conformance"))


def test_it_speaks_french(app: CKANTestApp, site: BoardSite) -> None:
    page = Reader(app).get("/fr/conformance")
    assert page.select_one("html[lang=fr]")
    assert page.find("a", href="/fr/standard/arbres")


def test_members_of_several_partners_choose(app: CKANTestApp, site: BoardSite) -> None:
    factories.join(site.people.partner_admin, "gignac", "editor")
    page = Reader.of(app, site.people.partner_admin).get("/conformance")
    for name in ("gignac", "vallee"):
        assert page.find("a", href=f"/partner/{name}/conformance")


@NAMED
@pytest.mark.parametrize("role", ["visitor", None])
def test_a_setting_lets_the_public_see_public_datasets_by_name(
    app: CKANTestApp, site: BoardSite, role: str | None
) -> None:
    page = Reader.of(app, site.reader(role)).get("/conformance")
    assert [text_of(row) for row in page.select(".heraultdata-lines tbody th")] == ["Gignac"]
    for name in ("Lodève", "Vallée"):
        assert name not in text_of(page)
    assert not page.find("a", href="/conformance/explain/gignac/arbres")
    none = Reader.of(app, site.reader(role)).get("/conformance?status=missing")
    assert not none.select(".heraultdata-lines")
    assert Reader(app).get("/conformance?due_from=x", status=400)


@NAMED
@pytest.mark.parametrize("role", ["visitor", None, "other_partner_admin"])
def test_the_action_shows_the_same(site: BoardSite, role: str | None) -> None:
    who = site.reader(role)
    found = factories.act(who, LIST, organization_id="gignac")
    assert [row["package_id"] for row in found["results"]] == [site.public_dataset["id"]]
    for hidden in ("vallee", "lodeve"):
        assert factories.act(who, LIST, organization_id=hidden)["count"] == 0


@NAMED
def test_the_whole_list_of_the_public_holds_public_datasets_only(site: BoardSite) -> None:
    for who in (site.people.visitor, None):
        found = factories.act(who, LIST)
        assert [row["package_id"] for row in found["results"]] == [site.public_dataset["id"]]
    own = factories.act(site.people.partner_admin, LIST)
    assert [row["package_id"] for row in own["results"]] == [site.dataset["id"]]
    assert factories.act(site.people.department_admin, LIST)["count"] == 3


@NAMED
@pytest.mark.parametrize("role", ["visitor", None, "other_partner_admin"])
@pytest.mark.parametrize(
    "address", ["/partner/gignac/conformance", "/conformance/matrix", "/partner/gignac/calendar"]
)
def test_the_rest_stays_with_the_partner(
    app: CKANTestApp, site: BoardSite, role: str | None, address: str
) -> None:
    page = Reader.of(app, site.reader(role)).get(address, status=403)
    assert "Arbres urbains" not in text_of(page)


@NAMED
def test_queries_do_not_grow(app: CKANTestApp, site: BoardSite) -> None:
    reader = Reader(app)
    reader.get("/conformance")
    with counted_queries() as few:
        reader.get("/conformance")
    board_site.make_many(8)
    # Conventions are folded anew once an event was recorded.
    reader.get("/conformance")
    with counted_queries() as many:
        reader.get("/conformance")
    assert len(many) == len(few)


@pytest.mark.parametrize(
    ("key", "value"),
    [("due_from", "2026-13-01"), ("due_to", "01/02/2026")],
)
def test_bad_due_dates_are_told_by_the_action(key: str, value: str) -> None:
    admin = factories.user(sysadmin=True)
    with pytest.raises(factories.tk.ValidationError) as refusal:
        factories.act(admin, LIST, **{key: value})
    assert factories.sentence_of(refusal, key)


def test_due_dates_the_wrong_way_round_are_told() -> None:
    admin = factories.user(sysadmin=True)
    with pytest.raises(factories.tk.ValidationError) as refusal:
        factories.act(admin, LIST, due_from="2026-02-02", due_to="2026-02-01")
    assert "exchange" in factories.sentence_of(refusal, "due_to")
