"""The département's dashboard: every role, both languages, nothing and a lot, bad filters."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.conformance.coming_months import coming_months
from ckanext.heraultdata.terms import add_years
from tests import factories
from tests.conformance import board_site
from tests.conformance.board_site import ALL_ROLES, DEPARTMENT, OWN, BoardSite
from tests.reading import Reader, counted_queries, text_of, value_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_today")

DAYS = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@pytest.fixture
def _today(at: Any) -> None:
    at(board_site.TODAY)


@pytest.fixture
def site(clean_db: None, _today: None) -> BoardSite:
    return board_site.make()


@pytest.fixture
def department(app: CKANTestApp, site: BoardSite) -> Reader:
    return Reader.of(app, site.people.department_admin)


@pytest.mark.parametrize("role", DEPARTMENT)
def test_the_departement_reads_all_what_is_late_first(
    app: CKANTestApp, site: BoardSite, role: str
) -> None:
    page = Reader.of(app, site.reader(role)).get("/conformance")
    rows = {
        text_of(row.select_one("th") or row): text_of(row)
        for row in page.select(".heraultdata-lines tbody tr")
    }
    assert list(rows)[-1] == "Vallée de l'Hérault"
    assert "days late" in rows["Gignac"]
    assert "Missing" in rows["Lodève"]
    assert "no dataset" in rows["Lodève"]
    assert "1.0.0 / 2.0.0" in rows["Vallée de l'Hérault"]
    figures = [text_of(figure) for figure in page.select(".heraultdata-figures li")]
    assert figures[0] == "1 ▲ Overdue"
    assert page.find("a", href="/conformance/explain/gignac/arbres")


@pytest.mark.parametrize("role", OWN)
def test_members_are_led_to_their_own_page(app: CKANTestApp, site: BoardSite, role: str) -> None:
    headers = Reader.of(app, site.reader(role)).headers
    answer = app.get("/conformance", headers=headers, follow_redirects=False, status=302)
    assert answer.headers["Location"].endswith("/partner/vallee/conformance")


def test_others_read_the_counts_only(app: CKANTestApp, site: BoardSite) -> None:
    for role in ("visitor", None):
        text = text_of(Reader.of(app, site.reader(role)).get("/conformance"))
        assert "Arbres urbains" in text
        assert "Gignac" not in text


def test_the_chart_says_its_numbers(department: Reader) -> None:
    page = department.get("/conformance")
    bars = [text_of(bar) for bar in page.select(".heraultdata-chart li")]
    assert len(bars) == 12
    assert bars[0] == "March 2026 none"
    assert bars[3].startswith("June 2026 1 deadline")
    link = page.select_one(".heraultdata-chart a")
    assert link is not None
    filtered = department.get(str(link["href"]))
    assert value_of(filtered, "filter-due-from") == "2026-06-01"
    assert [text_of(row) for row in filtered.select("tbody th")] == ["Vallée de l'Hérault"]


@pytest.mark.parametrize(
    ("query", "partners"),
    [
        ("organization_id=gignac", ["Gignac"]),
        ("standard=arbres", ["Gignac", "Lodève", "Vallée de l'Hérault"]),
        ("status=missing", ["Lodève"]),
        ("due_to=2025-12-31", ["Gignac", "Lodève"]),
        ("due_from=2026-06-01&status=pending", ["Vallée de l'Hérault"]),
        ("due_from=2026-06-02", []),
        ("status=conforming", []),
    ],
)
def test_filters(department: Reader, query: str, partners: list[str]) -> None:
    page = department.get(f"/conformance?{query}")
    assert sorted(text_of(row) for row in page.select("tbody th")) == partners
    if not partners:
        assert "Nothing is found with these filters" in text_of(page)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("due_from=2025-13-01", "2025-13-01 is not a day of the calendar"),
        ("due_from=2026-02-02&due_to=2026-02-01", "exchange the two"),
        ("status=late", "late is none of"),
        ("organization_id=nobody", "There is no organisation nobody"),
    ],
)
def test_bad_filters_are_told(department: Reader, query: str, says: str) -> None:
    assert says in text_of(department.get(f"/conformance?{query}", status=400))


def test_exports_keep_the_filters(department: Reader) -> None:
    page = department.get("/conformance?status=overdue&due_to=2026-01-01")
    [link] = [a for a in page.select("a[href*='/conformance/export/']") if "csv" in str(a["href"])]
    assert "status=overdue" in str(link["href"])
    sheet = text_of(department.get(str(link["href"])))
    assert "Gignac" in sheet
    assert "Lodève" not in sheet


def test_it_says_so_where_there_is_nothing(app: CKANTestApp) -> None:
    admin = factories.user(sysadmin=True)
    text = text_of(Reader.of(app, admin).get("/conformance"))
    assert "Nothing is expected of any partner yet" in text


def test_it_speaks_french(app: CKANTestApp, site: BoardSite) -> None:
    page = Reader.of(app, site.people.department_admin).get("/fr/conformance")
    assert page.select_one("html[lang=fr]")
    assert "juin 2026" in text_of(page)
    assert page.find("a", href="/fr/conformance/matrix")


def test_queries_do_not_grow_and_pages_turn(department: Reader) -> None:
    department.get("/conformance")
    with counted_queries() as few:
        department.get("/conformance")
    board_site.make_many(42)
    # Conventions are folded anew once an event was recorded.
    department.get("/conformance")
    with counted_queries() as many:
        page = department.get("/conformance")
    assert len(many) == len(few)
    assert len(page.select(".heraultdata-lines tbody tr")) == 30
    second = department.get("/conformance?page=2&standard=arbres")
    assert len(second.select(".heraultdata-lines tbody tr")) == 15


@given(DAYS, st.lists(DAYS, max_size=30))
def test_each_deadline_of_the_coming_months_is_in_one_bar(today: date, due_on: list[date]) -> None:
    months = coming_months(today, due_on)
    end = add_years(today.replace(day=1), 1)
    assert len(months) == 12
    assert months[0].first == today
    assert months[-1].last == end - timedelta(days=1)
    for before, after in pairwise(months):
        assert after.first == before.last + timedelta(days=1)
    for month in months:
        assert month.count == sum(month.first <= day <= month.last for day in due_on)
    assert sum(month.count for month in months) == sum(today <= day < end for day in due_on)
    shares = [month.share for month in months]
    assert max(shares) == (100 if any(month.count for month in months) else 0)


def test_every_role_gets_a_page(app: CKANTestApp, site: BoardSite) -> None:
    for role in ALL_ROLES:
        assert Reader.of(app, site.reader(role)).get("/conformance").find("h1")
