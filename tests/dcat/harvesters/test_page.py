"""The page and the API of the harvesters seen."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import CKANTestApp

from tests import factories
from tests.dcat.harvesters.visiting import UDATA, moment, visit
from tests.factories import act, sentence_of
from tests.reading import Reader, counted_queries, text_of

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "nothing_seen")

ADDRESS = "/heraultdata/catalogue/harvesters"


@pytest.fixture
def people() -> factories.People:
    """The users of all roles around a partner."""
    return factories.people(factories.partner()["id"])


@pytest.fixture
def reader(app: CKANTestApp) -> Reader:
    """An administrator in front of the page."""
    return Reader.of(app, factories.user(sysadmin=True))


def listed(**asked: Any) -> dict[str, Any]:
    """What an administrator is answered."""
    return act(factories.user(sysadmin=True), "heraultdata_harvester_list", **asked)


def test_the_departement_alone_sees_them(app: CKANTestApp, people: factories.People) -> None:
    visit()
    for role in ("sysadmin", "department_admin"):
        user = people.of(role)
        assert act(user, "heraultdata_harvester_list")["count"] == 1
        assert UDATA in text_of(Reader.of(app, user).get(ADDRESS))
    for role in ("partner_admin", "partner_editor", "partner_member", "visitor"):
        user = people.of(role)
        with pytest.raises(tk.NotAuthorized):
            act(user, "heraultdata_harvester_list")
        page = text_of(Reader.of(app, user).get(ADDRESS, status=403))
        assert "is shown to the département only" in page
        assert UDATA not in page
    with pytest.raises(tk.NotAuthorized):
        act(None, "heraultdata_harvester_list")
    assert "please log in" in text_of(Reader(app).get(ADDRESS, status=403))


def test_the_api_tells_all_that_is_known() -> None:
    visit(1)
    visit(2, status=503, minutes=1)
    visit(2, is_last=True, minutes=2)
    visit(1, status=304, minutes=3)
    assert listed() == {
        "count": 1,
        "results": [
            {
                "agent": UDATA,
                "first_seen": moment(0).isoformat(),
                "last_request": moment(3).isoformat(),
                "last_walk": {
                    "began": moment(0).isoformat(),
                    "ended": moment(2).isoformat(),
                    "pages": 2,
                },
                "unfinished_walk": {"began": moment(3).isoformat(), "reached": 1},
                "requests": 4,
                "requests_today": 4,
                "requests_30_days": 4,
                "not_modified": 1,
                "client_errors": 0,
                "server_errors": 1,
                "last_error": {"status": 503, "at": moment(1).isoformat()},
            }
        ],
    }


def test_what_was_not_seen_is_null() -> None:
    visit(2)
    (known,) = listed()["results"]
    assert (known["last_walk"], known["unfinished_walk"], known["last_error"]) == (None,) * 3


@pytest.mark.parametrize(
    ("field", "value"),
    [("limit", "1001"), ("limit", "many"), ("offset", "-1"), ("agent", "udata")],
)
def test_bad_arguments_are_refused_in_a_sentence(field: str, value: str) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        listed(**{field: value})
    assert sentence_of(refusal, field)


def test_nobody_yet(reader: Reader) -> None:
    page = text_of(reader.get(ADDRESS))
    assert "No harvester has been seen yet" in page
    assert "http://test.ckan.net/catalog.ttl" in page


def test_in_words(reader: Reader) -> None:
    visit(1)
    visit(2, status=503, minutes=1)
    visit(2, status=404, minutes=2)
    visit(2, is_last=True, minutes=3)
    visit(1, status=304, minutes=60)
    page = text_of(reader.get(ADDRESS))
    assert "udata, the software of data.gouv.fr" in page
    assert UDATA in page
    assert "November 20, 2026 at 9:03 AM, 2 pages in 3 minutes." in page
    assert "Begun on November 20, 2026 at 10:00 AM, page 1 reached" in page
    assert "1 refusal, 1 failure of the portal. The last: 404, on November 20" in page
    assert "5 today, 5 in 30 days, 5 since the first; 20% answered “not modified”." in page


def test_in_french(reader: Reader) -> None:
    visit(1, is_last=True)
    page = text_of(reader.get(f"/fr{ADDRESS}"))
    assert "20 novembre 2026 à 09:00" in page
    assert "AM" not in page


def test_nothing_went_wrong_and_no_walk_was_whole(reader: Reader) -> None:
    visit(7, agent="")
    page = text_of(reader.get(ADDRESS))
    assert "A program that does not say its name" in page
    assert "None seen yet." in page
    assert "Errors None." in page


def test_programs_are_known_by_what_they_call_themselves(reader: Reader) -> None:
    for agent in ("python-requests/2.32.3", "Vert.x-WebClient/4.5.10", "curl/8.5.0"):
        visit(agent=agent)
    page = reader.get(ADDRESS)
    headings = sorted(text_of(heading) for heading in page.select(".heraultdata-card h2"))
    assert headings == [
        "A program in Java, perhaps that of data.europa.eu",
        "A program in Python, perhaps a harvester of CKAN",
        "curl/8.5.0",
    ]


def test_a_name_is_no_markup(reader: Reader) -> None:
    visit(agent="<script>alert(1)</script> \u202eevil")
    answer = reader.app.get(ADDRESS, headers=reader.headers).text
    assert "<script>alert(1)" not in answer
    assert "&lt;script&gt;alert(1)&lt;/script&gt; evil" in answer


def test_many_stand_on_pages(reader: Reader) -> None:
    for rank in range(45):
        visit(agent=f"agent-{rank:02d}", minutes=rank)
    first, last = reader.get(ADDRESS), reader.get(f"{ADDRESS}?page=3")
    assert "45 harvesters" in text_of(first)
    assert [len(page.select(".heraultdata-card")) for page in (first, last)] == [20, 5]
    assert "agent-44" in text_of(first)
    assert "agent-00" in text_of(last)


def test_they_cost_no_query_of_the_database() -> None:
    visit(agent="agent-0")

    def asked() -> int:
        user = factories.user(sysadmin=True)
        with counted_queries() as made:
            act(user, "heraultdata_harvester_list")
        return len(made)

    for_one = asked()
    for rank in range(30):
        visit(agent=f"agent-{rank}")
    assert asked() == for_one


def test_the_pages_of_the_catalogue_lead_to_one_another(reader: Reader) -> None:
    page = reader.get(ADDRESS)
    (here,) = page.select('a[aria-current="page"][href$="/harvesters"]')
    assert text_of(here) == "Harvesters"
    (there,) = page.select('nav[aria-label="Pages of the catalogue"] a[href$="/quality"]')
    quality = reader.get(str(there["href"]))
    assert quality.select(f'nav[aria-label="Pages of the catalogue"] a[href="{ADDRESS}"]')
