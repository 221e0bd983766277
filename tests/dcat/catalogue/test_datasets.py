"""The description of one dataset, at its own address and at that of its page."""

from __future__ import annotations

import pytest
from ckan.tests.helpers import call_action
from rdflib.compare import isomorphic

from tests import factories
from tests.dcat.catalogue.catalogues import (
    FORMS,
    Catalogue,
    datasets_of,
    graph_of,
    uri_of,
)
from tests.withdrawals import making

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.filterwarnings(r"ignore::DeprecationWarning:rdflib\..*"),
]

FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_by_its_name_and_its_identifier(catalogue: Catalogue) -> None:
    published = catalogue.publish(name="arbres-du-pic")
    turtle = graph_of(catalogue.ask(f"/dataset/{published}.ttl"))
    assert datasets_of(turtle) == [published]
    for form in FORMS:
        for name in (published, "arbres-du-pic"):
            graph = graph_of(catalogue.ask(f"/dataset/{name}.{form}"), form)
            assert isomorphic(graph, turtle)


def test_the_page_of_the_catalogue_says_the_same_of_it(catalogue: Catalogue) -> None:
    published = catalogue.publish()
    alone = graph_of(catalogue.ask(f"/dataset/{published}.ttl"))
    page = graph_of(catalogue.ask())
    uri = uri_of(alone)
    assert set(alone.triples((uri, None, None))) == set(page.triples((uri, None, None)))


def test_in_the_words_of_another_profile(catalogue: Catalogue) -> None:
    published = catalogue.publish()
    for form in FORMS:
        answer = catalogue.ask(f"/dataset/{published}.{form}?profiles=euro_dcat_ap_3")
        assert datasets_of(graph_of(answer, form)) == [published]
    own = catalogue.ask(f"/dataset/{published}.ttl?profiles=heraultdata_dcat_ap")
    assert own.data == catalogue.ask(f"/dataset/{published}.ttl").data
    refused = catalogue.ask(f"/dataset/{published}.ttl?profiles=nowhere", 400)
    assert refused.text.startswith("profiles: this portal has no profile of the name nowhere")


@pytest.mark.parametrize("form", FORMS)
def test_a_client_that_prefers_rdf_gets_it_at_the_page(catalogue: Catalogue, form: str) -> None:
    published = catalogue.publish(name="arbres-du-pic")
    media_type = FORMS[form][1]
    answer = catalogue.ask("/dataset/arbres-du-pic", Accept=f"{media_type}, text/html;q=0.5")
    assert answer.headers["Content-Type"] == f"{media_type}; charset=utf-8"
    assert answer.headers["Vary"] == "Accept, Accept-Encoding"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert datasets_of(graph_of(answer, form)) == [published]
    told = answer.headers["Content-Location"]
    assert told.startswith(f"http://test.ckan.net/dataset/{published}.")
    known = catalogue.ask(
        "/dataset/arbres-du-pic", 304, Accept=media_type, If_None_Match=answer.headers["ETag"]
    )
    assert known.headers["Vary"] == "Accept, Accept-Encoding"


def test_the_home_page_is_the_catalogue_too(catalogue: Catalogue) -> None:
    published = catalogue.publish()
    for form in ("ttl", "xml", "jsonld"):
        answer = catalogue.ask("/", Accept=FORMS[form][1])
        own = catalogue.ask(f"/catalog.{form}")
        assert answer.data == own.data
        assert answer.headers["Vary"] == "Accept, Accept-Encoding"
        assert datasets_of(graph_of(answer, form)) == [published]
        assert answer.headers["Content-Location"].startswith("http://test.ckan.net/catalog.")


@pytest.mark.parametrize("accept", [FIREFOX, "*/*", "text/html", "text/turtle, text/html"])
def test_people_get_the_page(catalogue: Catalogue, accept: str) -> None:
    catalogue.publish(name="arbres-du-pic")
    for address in ("/", "/dataset/arbres-du-pic", "/fr/dataset/arbres-du-pic"):
        answer = catalogue.ask(address, Accept=accept)
        assert answer.headers["Content-Type"].startswith("text/html")
        assert "Accept" in answer.vary


def test_other_pages_are_pages_whatever_is_preferred(catalogue: Catalogue) -> None:
    catalogue.publish()
    for address in ("/dataset/", "/organization/", "/about", "/standards"):
        answer = catalogue.ask(address, Accept="text/turtle")
        assert answer.headers["Content-Type"].startswith("text/html"), address


def test_what_is_not_public_is_not_there(catalogue: Catalogue) -> None:
    private = making.private_dataset(catalogue.partner, title="Secret")
    deleted = catalogue.publish("Supprimé")
    call_action("package_delete", context=making.site_context(), id=deleted)
    for name in (private["id"], private["name"], deleted, "nowhere", "a%00b"):
        for form in FORMS:
            answer = catalogue.ask(f"/dataset/{name}.{form}", 404)
            assert answer.text == "There is no public dataset at this address.\n"
    catalogue.ask(f"/dataset/{private['id']}", 404, Accept="text/turtle")


def test_what_is_withdrawn_is_gone(catalogue: Catalogue) -> None:
    made = making.public_dataset(catalogue.partner, title="Arbres")
    people = factories.people(catalogue.partner["id"])
    departments = [factories.token(people.of(role)) for role in ("sysadmin", "department_admin")]
    assert made["id"] in catalogue.ask().text
    making.executed(catalogue.partner, made)
    for form in FORMS:
        gone = catalogue.ask(f"/dataset/{made['name']}.{form}", 410)
        assert "WITHDRAWN" in gone.text
    catalogue.ask(f"/dataset/{made['name']}", 410, Accept="text/turtle")
    for address in ("/catalog.ttl", "/catalog/complete.ttl"):
        assert made["id"] not in catalogue.ask(address).text
        for token in departments:
            assert made["id"] not in catalogue.ask(address, Authorization=token).text
    for token in departments:
        answer = catalogue.app.get(f"/dataset/{made['name']}.ttl", headers={"Authorization": token})
        assert answer.status_code in (404, 410)
        assert "Arbres" not in answer.text or answer.status_code == 410
