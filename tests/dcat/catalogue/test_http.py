"""How the catalogue speaks HTTP: validators, conditions, encodings, and the same to everyone."""

from __future__ import annotations

import gzip
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from flask.testing import FlaskClient
from werkzeug.http import http_date, parse_date

from ckanext.heraultdata.dcat.model import CatalogueChange, CataloguePiece
from tests import factories
from tests.dcat.catalogue.catalogues import FORMS, Catalogue
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

PASSWORD = "une longue phrase de passe"
LONG_AGO = datetime(2020, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def published(catalogue: Catalogue) -> str:
    """A dataset of the catalogue."""
    return catalogue.publish()


@pytest.fixture(params=["page", "dataset", "whole"])
def address(request: pytest.FixtureRequest, published: str) -> str:
    """An address of each kind of document."""
    return {
        "page": "/catalog.ttl",
        "dataset": f"/dataset/{published}.ttl",
        "whole": "/catalog/complete.ttl",
    }[request.param]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("kind", ["/catalog", "/dataset/{id}", "/catalog/complete"])
def test_what_an_answer_says_of_itself(
    catalogue: Catalogue, published: str, kind: str, form: str
) -> None:
    answer = catalogue.ask(f"{kind.format(id=published)}.{form}", Origin="https://else.example")
    headers = dict(answer.headers)
    assert headers["Content-Type"] == f"{FORMS[form][1]}; charset=utf-8"
    assert headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["Access-Control-Allow-Origin"] == "*"
    exposed = headers["Access-Control-Expose-Headers"].split(", ")
    assert {"ETag", "Last-Modified", "Link"} <= set(exposed)
    assert headers["ETag"].startswith('"')
    assert parse_date(headers["Last-Modified"]) is not None
    assert {"Set-Cookie", "Pragma", "Expires"}.isdisjoint(headers)
    answer.get_data().decode("utf-8")


def test_each_document_has_an_etag_of_its_own(catalogue: Catalogue, published: str) -> None:
    addresses = [
        f"{kind}.{form}"
        for kind in ("/catalog", f"/dataset/{published}", "/catalog/complete")
        for form in FORMS
    ]
    addresses += [
        "/catalog.ttl?page=2",
        "/catalog.ttl?q=Arbres",
        "/catalog.ttl?modified_since=2020",
    ]
    etags = {catalogue.ask(address).headers["ETag"] for address in addresses}
    assert len(etags) == len(addresses)


def test_who_knows_it_is_not_sent_it_again(catalogue: Catalogue, address: str) -> None:
    first = catalogue.ask(address)
    etag = first.headers["ETag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        again = catalogue.ask(address, 304, If_None_Match=known)
        assert again.data == b""
        assert again.headers["ETag"] == etag
        for name in ("Cache-Control", "Vary", "Access-Control-Allow-Origin", "Last-Modified"):
            assert again.headers[name] == first.headers[name]
        assert "Set-Cookie" not in again.headers
    catalogue.ask(address, 200, If_None_Match='"x"')


def test_since_when_it_is_known(catalogue: Catalogue, address: str) -> None:
    modified = catalogue.ask(address).headers["Last-Modified"]
    catalogue.ask(address, 304, If_Modified_Since=modified)
    earlier = http_date(parse_date(modified) - timedelta(seconds=1))  # type: ignore[operator]
    catalogue.ask(address, 200, If_Modified_Since=earlier)
    catalogue.ask(address, 200, If_Modified_Since="nonsense")
    # The ETag decides where both are given (RFC 9110, section 13.1.3).
    catalogue.ask(address, 200, If_Modified_Since=modified, If_None_Match='"x"')


def test_a_change_makes_another_version(catalogue: Catalogue, published: str, address: str) -> None:
    catalogue.ask(address)
    settle()
    before = catalogue.ask(address).headers
    call_action("package_patch", context=making.site_context(), id=published, title="Autre")
    after = catalogue.ask(address, If_None_Match=before["ETag"])
    assert after.headers["ETag"] != before["ETag"]
    assert "Autre" in after.text
    catalogue.ask(address, 200, If_Modified_Since=before["Last-Modified"])


@pytest.mark.parametrize("what", ["/catalog.ttl", "/catalog/complete.ttl"])
def test_publication_and_departure_are_changes(catalogue: Catalogue, what: str) -> None:
    first = catalogue.publish("Arbres")
    state = catalogue.ask(what).headers
    second = catalogue.publish("Bancs")
    state = catalogue.ask(what, If_None_Match=state["ETag"]).headers
    settle()
    state = catalogue.ask(what).headers
    call_action("package_patch", context=making.site_context(), id=second, private=True)
    left = catalogue.ask(what, 200, If_Modified_Since=state["Last-Modified"])
    assert left.headers["ETag"] != state["ETag"]
    assert first in left.text
    assert second not in left.text


def settle() -> None:
    """Let what changed have changed an hour ago."""
    hour = timedelta(hours=1)
    model.Session.execute(sa.update(CatalogueChange).values(at=CatalogueChange.at - hour))
    model.Session.execute(sa.update(CataloguePiece).values(modified=CataloguePiece.modified - hour))
    model.Session.commit()


def test_a_moment_long_ago_is_told_as_it_is(catalogue: Catalogue, published: str) -> None:
    catalogue.ask()
    say_modified(published, LONG_AGO)
    told = catalogue.ask(f"/dataset/{published}.ttl").headers["Last-Modified"]
    assert parse_date(told) == LONG_AGO


def say_modified(package_id: str, moment: datetime) -> None:
    """Let a dataset's description have changed at a moment."""
    piece = model.Session.get(CataloguePiece, package_id)
    assert piece is not None
    piece.modified = moment
    model.Session.commit()


def test_the_head_alone(catalogue: Catalogue, address: str) -> None:
    whole = catalogue.ask(address)
    client = catalogue.app.test_client()
    head = client.head(address)
    assert head.status_code == 200
    assert head.data == b""
    for name in ("ETag", "Last-Modified", "Content-Type", "Cache-Control", "Vary"):
        assert head.headers[name] == whole.headers[name]
    known = client.head(address, headers={"If-None-Match": whole.headers["ETag"]})
    assert known.status_code == 304


@pytest.mark.parametrize("accepted", ["gzip", "gzip, deflate, br", "gzip;q=0.5", "*"])
def test_gzip(catalogue: Catalogue, address: str, accepted: str) -> None:
    plain = catalogue.ask(address)
    packed = catalogue.ask(address, Accept_Encoding=accepted)
    assert packed.headers["Content-Encoding"] == "gzip"
    assert packed.headers["Vary"] == "Accept-Encoding"
    assert gzip.decompress(packed.data) == plain.data
    assert packed.headers["ETag"] != plain.headers["ETag"]
    assert packed.data == catalogue.ask(address, Accept_Encoding=accepted).data
    known = catalogue.ask(
        address, 304, Accept_Encoding=accepted, If_None_Match=packed.headers["ETag"]
    )
    assert known.headers["ETag"] == packed.headers["ETag"]
    catalogue.ask(address, 200, If_None_Match=packed.headers["ETag"])


@pytest.mark.parametrize("accepted", ["", "identity", "br", "gzip;q=0", "identity, gzip;q=0.5"])
def test_no_gzip(catalogue: Catalogue, address: str, accepted: str) -> None:
    assert "Content-Encoding" not in catalogue.ask(address, Accept_Encoding=accepted).headers


def test_pages_of_other_sites_may_ask(catalogue: Catalogue, published: str) -> None:
    client = catalogue.app.test_client()
    for asked in ("/catalog.ttl", f"/dataset/{published}.jsonld", "/catalog/complete.xml"):
        answer = client.options(
            asked,
            headers={
                "Origin": "https://else.example",
                "Access-Control-Request-Method": "GET",
                "Access-Control-Request-Headers": "if-none-match",
            },
        )
        assert answer.status_code == 204, asked
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "GET" in answer.headers["Access-Control-Allow-Methods"]
        assert "If-None-Match" in answer.headers["Access-Control-Allow-Headers"]


def test_nothing_is_written_there(catalogue: Catalogue, published: str) -> None:
    client = catalogue.app.test_client()
    for asked in ("/catalog.ttl", f"/dataset/{published}.ttl", "/catalog/complete.ttl"):
        assert client.post(asked).status_code == 405, asked


ROLES = ("partner_editor", "department_admin", "sysadmin", "visitor")


@pytest.mark.parametrize("secret", ["private", "draft"])
def test_the_same_bytes_whoever_asks(catalogue: Catalogue, published: str, secret: str) -> None:
    hidden = making.private_dataset(catalogue.partner, title="Secret")
    if secret == "draft":
        call_action("package_patch", context=making.site_context(), id=hidden["id"], state="draft")
    people = factories.people(catalogue.partner["id"])
    tokens = [factories.token(people.of(role)) for role in ROLES]
    addresses = [
        "/catalog.ttl",
        "/catalog.jsonld?q=Secret",
        "/catalog.xml?fq=title:Secret",
        "/catalog.ttl?profiles=euro_dcat_ap_3",
        "/catalog/complete.xml",
        f"/dataset/{published}.ttl",
        f"/dataset/{published}.ttl?profiles=euro_dcat_ap_3",
    ]
    for address in addresses:
        anonymous = catalogue.ask(address)
        assert "Secret" not in anonymous.text.replace("q=Secret", "").replace("title%3ASecret", "")
        for token in tokens:
            told = catalogue.ask(address, Authorization=token)
            assert told.data == anonymous.data
            assert told.headers == anonymous.headers
    for token in tokens:
        for name in (hidden["id"], hidden["name"]):
            assert catalogue.ask(f"/dataset/{name}.ttl", 404, Authorization=token).data == (
                catalogue.ask(f"/dataset/{name}.ttl", 404).data
            )


def logged_in(app: CKANTestApp, **fields: Any) -> FlaskClient:
    """A browser in which a user has logged in."""
    someone = factories.user(password=PASSWORD, **fields)
    client = app.test_client()
    client.post("/user/login", data={"login": someone.name, "password": PASSWORD})
    assert client.get("/user/edit").status_code == 200
    return client


def test_the_same_bytes_with_the_cookie_of_a_sysadmin(catalogue: Catalogue, address: str) -> None:
    making.private_dataset(catalogue.partner, title="Secret")
    anonymous = catalogue.ask(address)
    client = logged_in(catalogue.app, sysadmin=True)
    # On a page of the portal the cookie counts.
    assert "Cookie" in client.get("/dataset/").headers["Vary"]
    told = client.get(address)
    assert told.data == anonymous.data
    assert told.headers == anonymous.headers
    known = client.get(address, headers={"If-None-Match": told.headers["ETag"]})
    assert known.status_code == 304
    assert "Set-Cookie" not in known.headers
    assert known.headers["Vary"] == "Accept-Encoding"
    # And it is still good.
    assert client.get("/user/edit").status_code == 200


def test_a_refusal_is_the_same_to_everyone(catalogue: Catalogue) -> None:
    anonymous = catalogue.ask("/catalog.ttl?page=0", 400)
    told = logged_in(catalogue.app, sysadmin=True).get("/catalog.ttl?page=0")
    assert (told.data, told.headers) == (anonymous.data, anonymous.headers)
    assert "no-store" in told.headers["Cache-Control"]
    french = catalogue.ask("/fr/catalog.ttl?page=0", 400)
    assert french.text.startswith("page")
