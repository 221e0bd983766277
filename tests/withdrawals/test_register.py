"""The public register: what stands in it, for whom, and in which forms."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from ckanext.heraultdata import clock
from ckanext.heraultdata.withdrawals.kinds import ItemState
from ckanext.heraultdata.withdrawals.model import WithdrawalItem
from tests import factories
from tests.factories import act, sentence_of
from tests.reading import counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "at_work")

DAY = "2026-11-20"
ATOM = {"a": "http://www.w3.org/2005/Atom"}
FORMS = ("/register", "/register.atom", "/register.json")


@pytest.fixture
def at_work(at: Callable[[str], None]) -> None:
    """The day of the withdrawals."""
    at(DAY)


@pytest.fixture
def partner(with_plugins: None, clean_db: None) -> dict[str, Any]:
    """A partner."""
    return factories.partner(name="grand-pic", title="CC du Grand Pic")


def restore(request: dict[str, Any], item_id: str) -> None:
    """Put an item back."""
    call_action(
        "heraultdata_withdrawal_restore",
        making.site_context(),
        id=request["id"],
        item_ids=[item_id],
    )


def listed(**asked: Any) -> list[dict[str, Any]]:
    """What a visitor finds in the register."""
    return act(None, "heraultdata_withdrawal_register", **asked)["results"]


def test_a_withdrawal_stands_in_the_register_in_every_form(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = making.public_dataset(partner, title="Arbres")
    request = making.executed(partner, made, reason="Les chiffres sont faux")
    (line,) = listed()
    assert line["title"] == "Arbres"
    assert line["reference"] == request["reference"]
    assert line["organization_title"] == "CC du Grand Pic"
    assert line["reason_class"] == "error"
    assert line["withdrawn_on"] == DAY
    assert line["resource_id"] is None
    assert line["url"].endswith(f"/dataset/{made['id']}")
    assert app.get("/register.json").json == {"count": 1, "results": [line]}
    for form in FORMS:
        body = app.get(form).text
        assert "Arbres" in body, form
        assert "Les chiffres" not in body, form


def test_the_title_is_withheld_where_the_reason_is_personal_data(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = making.public_dataset(
        partner, name="doleances-fabre", title="Doléances Fabre", files={"fabre.csv": b"n\n1\n"}
    )
    other = making.public_dataset(partner, title="Bancs", files={"fabre-2.csv": b"n\n1\n"})
    making.executed(partner, made, reason_class="personal_data")
    making.execute(
        making.ask_for_files(partner, other["resources"][0], reason_class="personal_data")
    )
    assert [(line["title"], line["resource_name"]) for line in listed()] == [(None, None)] * 2
    for form in FORMS:
        body = app.get(form).text
        assert "R-2026-0001" in body, form
        assert "fabre" not in body.lower(), form


def test_a_file_stands_there_with_its_dataset(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = making.public_dataset(partner, title="Arbres", files={"2024.csv": b"n\n1\n"})
    making.execute(making.ask_for_files(partner, made["resources"][0]))
    (line,) = listed()
    assert (line["title"], line["resource_name"]) == ("Arbres", "2024.csv")
    assert line["url"].endswith(f"/dataset/{made['id']}/resource/{made['resources'][0]['id']}")
    assert "2024.csv, a file of Arbres" in app.get("/register").text


def test_what_is_restored_leaves_it_and_what_is_erased_stays(partner: dict[str, Any]) -> None:
    made = [making.public_dataset(partner, title=title) for title in ("Arbres", "Bancs")]
    request = making.executed(partner, *made)
    trees, benches = (
        next(item["id"] for item in request["items"] if item["title"] == title)
        for title in ("Arbres", "Bancs")
    )
    restore(request, trees)
    assert [line["title"] for line in listed()] == ["Bancs"]
    model.Session.execute(
        sa.update(WithdrawalItem)
        .where(WithdrawalItem.id == benches)
        .values(state=ItemState.ERASED.value, erased_at=clock.now())
    )
    model.Session.commit()
    (line,) = listed()
    assert (line["title"], line["erased_on"]) == ("Bancs", DAY)


def test_what_is_suspended_stands_there_and_what_is_asked_for_does_not(
    partner: dict[str, Any],
) -> None:
    urgent = making.public_dataset(partner, title="Arbres")
    calm = making.public_dataset(partner, title="Bancs")
    making.ask(partner, urgent, urgent=True)
    making.ask(partner, calm)
    assert [line["title"] for line in listed()] == ["Arbres"]


def test_what_was_never_public_never_stands_there(partner: dict[str, Any]) -> None:
    making.public_dataset(partner, title="Arbres")
    making.private_dataset(partner, title="Brouillon")
    making.executed(partner)
    assert [line["title"] for line in listed()] == ["Arbres"]


@pytest.fixture
def three(partner: dict[str, Any], at: Callable[[str], None]) -> dict[str, Any]:
    """Three withdrawals of two partners, on three days; the other partner."""
    other = factories.partner(name="autre", title="Commune du Lac")
    for day, owner, title, reason_class in (
        ("2026-11-02", partner, "Arbres", "error"),
        ("2026-11-10", other, "Bancs", "replaced"),
        ("2026-11-20", partner, "Cimetières", "replaced"),
    ):
        at(day)
        made = making.public_dataset(owner, title=title)
        making.executed(owner, made, reason_class=reason_class, received_on=day)
    return other


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        ({}, ["Cimetières", "Bancs", "Arbres"]),
        ({"organization_id": "grand-pic"}, ["Cimetières", "Arbres"]),
        ({"reason_class": "replaced"}, ["Cimetières", "Bancs"]),
        ({"since": "2026-11-10"}, ["Cimetières", "Bancs"]),
        ({"since": "2026-11-11"}, ["Cimetières"]),
        ({"since": "0001-01-01"}, ["Cimetières", "Bancs", "Arbres"]),
        ({"since": "9999-12-31"}, []),
        ({"organization_id": "autre", "reason_class": "error"}, []),
        ({"limit": 1, "offset": 1}, ["Bancs"]),
        ({"offset": 9}, []),
    ],
)
def test_it_is_narrowed(
    app: CKANTestApp, three: dict[str, Any], asked: dict[str, Any], titles: list[str]
) -> None:
    found = act(None, "heraultdata_withdrawal_register", **asked)
    assert [line["title"] for line in found["results"]] == titles
    if "limit" in asked or "offset" in asked:
        assert found["count"] == 3
    assert app.get("/register.json", query_string=asked).json == found


def test_the_pages_and_the_feed_keep_the_filters(app: CKANTestApp, three: dict[str, Any]) -> None:
    page = app.get("/register?organization_id=autre").text
    assert "Bancs" in page
    assert "Arbres" not in page
    assert "/register.atom?organization_id=autre" in page
    assert "Commune du Lac" in page
    feed = app.get("/register.atom?organization_id=autre").text
    assert "Bancs" in feed
    assert "Arbres" not in feed


def test_it_outlives_the_organisation(partner: dict[str, Any]) -> None:
    making.executed(partner, making.public_dataset(partner, title="Arbres"))
    organization = model.Group.get(partner["id"])
    assert organization is not None
    organization.state = model.State.DELETED
    model.Session.commit()
    (line,) = listed(organization_id=partner["id"])
    assert line["organization_title"] == "CC du Grand Pic"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("organization_id", "nowhere"),
        ("organization_id", "\ud800"),
        ("reason_class", "curiosity"),
        ("since", "20/11/2026"),
        ("limit", "100000"),
        ("offset", "-1"),
        ("reason", "Camille"),
    ],
)
def test_bad_filters_are_refused_in_a_sentence(field: str, value: str) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        act(None, "heraultdata_withdrawal_register", **{field: value})
    assert sentence_of(refusal, field)


@pytest.mark.parametrize("form", FORMS)
def test_bad_filters_of_an_address_are_refused(app: CKANTestApp, form: str) -> None:
    answer = app.get(f"{form}?since=yesterday")
    assert answer.status_code == 400
    assert "yesterday is not a date" in answer.text


@pytest.mark.parametrize("form", FORMS)
def test_a_client_that_has_it_already_is_told_so(
    app: CKANTestApp, partner: dict[str, Any], form: str
) -> None:
    request = making.executed(partner, making.public_dataset(partner, title="Arbres"))
    first = app.get(form)
    known = {"If-None-Match": first.headers["ETag"]}
    again = app.get(form, headers=known)
    assert (again.status_code, again.text) == (304, "")
    restore(request, request["items"][0]["id"])
    changed = app.get(form, headers=known)
    assert changed.status_code == 200
    assert "Arbres" not in changed.text


def test_the_feed_is_an_atom_feed_with_lasting_identifiers(
    app: CKANTestApp, three: dict[str, Any]
) -> None:
    answer = app.get("/register.atom")
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = etree.fromstring(answer.text.encode())
    assert feed.findtext("a:updated", namespaces=ATOM) == "2026-11-20T10:00:00+00:00"
    lines = listed()
    entries = feed.findall("a:entry", ATOM)
    assert [entry.findtext("a:id", namespaces=ATOM) for entry in entries] == [
        f"urn:uuid:{line['id']}" for line in lines
    ]
    assert [entry.findtext("a:updated", namespaces=ATOM) for entry in entries] == [
        "2026-11-20T10:00:00+00:00",
        "2026-11-10T10:00:00+00:00",
        "2026-11-02T10:00:00+00:00",
    ]
    links = {link.get("rel"): link.get("href") for link in feed.findall("a:link", ATOM)}
    assert links["self"] is not None
    assert links["self"].endswith("/register.atom")
    french = etree.fromstring(app.get("/fr/register.atom").text.encode())
    assert [entry.findtext("a:id", namespaces=ATOM) for entry in french.findall("a:entry", ATOM)]


def test_an_empty_register_is_one_all_the_same(app: CKANTestApp) -> None:
    assert "Nothing has been withdrawn." in app.get("/register").text
    assert app.get("/register.json").json == {"count": 0, "results": []}
    feed = etree.fromstring(app.get("/register.atom").text.encode())
    assert feed.findall("a:entry", ATOM) == []


def test_it_makes_as_many_queries_for_many_lines_as_for_one(partner: dict[str, Any]) -> None:
    def asked() -> int:
        with counted_queries() as made:
            listed(limit=1000)
        return len(made)

    making.executed(partner, making.public_dataset(partner))
    for_one = asked()
    making.executed(partner, *(making.public_dataset(partner) for _ in range(3)))
    assert asked() == for_one


def test_long_registers_have_pages(app: CKANTestApp, partner: dict[str, Any]) -> None:
    request = making.executed(partner, making.public_dataset(partner, title="Arbres"))
    (item,) = model.Session.scalars(
        sa.select(WithdrawalItem).where(WithdrawalItem.withdrawal_id == request["id"])
    )
    kept = {"withdrawal_id", "title", "state", "was_state", "was_public", "closed_at"}
    copied = {name: getattr(item, name) for name in kept}
    model.Session.execute(
        sa.insert(WithdrawalItem).values(
            [
                {"id": f"line-{n}", "package_id": f"set-{n}", "name": f"set-{n}", **copied}
                for n in range(60)
            ]
        )
    )
    model.Session.commit()
    first, second = app.get("/register").text, app.get("/register?page=2").text
    assert "61 withdrawals" in first
    assert (first.count("R-2026-0001"), second.count("R-2026-0001")) == (50, 11)
    assert "page=2" in first


def test_every_page_leads_to_it(app: CKANTestApp) -> None:
    for address in ("/", "/about", "/dataset/"):
        assert 'href="/register"' in app.get(address).text, address
