"""ckanext-dcat's actions give the documents of the addresses."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import call_action

from tests import factories
from tests.dcat.catalogue.catalogues import Catalogue
from tests.factories import sentence_of
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures(
    "with_plugins", "clean_db", "clean_index", "with_request_context"
)

EACH_FORM = pytest.mark.parametrize(
    ("name", "form"),
    [
        ("ttl", "ttl"),
        ("turtle", "ttl"),
        ("xml", "xml"),
        ("rdf", "rdf"),
        ("jsonld", "jsonld"),
        ("json-ld", "jsonld"),
        ("n3", "n3"),
        (None, "xml"),
    ],
)


@pytest.fixture
def readers(catalogue: Catalogue) -> list[str]:
    """The names of a visitor, an editor and a sysadmin."""
    people = factories.people(catalogue.partner["id"])
    return ["", people.partner_editor.name, people.sysadmin.name]


def act(reader: str, action: str, **arguments: Any) -> Any:
    """Call an action as a user of that name."""
    return call_action(action, context={"user": reader, "ignore_auth": False}, **arguments)


@EACH_FORM
def test_the_catalogue(
    catalogue: Catalogue, readers: list[str], name: str | None, form: str
) -> None:
    catalogue.publish()
    making.private_dataset(catalogue.partner, title="Secret")
    page = catalogue.ask(f"/catalog.{form}").text
    for reader in readers:
        for action in ("dcat_catalog_show", "dcat_catalog_search"):
            assert act(reader, action, format=name) == page


@EACH_FORM
def test_a_dataset(catalogue: Catalogue, readers: list[str], name: str | None, form: str) -> None:
    published = catalogue.publish(name="arbres-du-pic")
    told = catalogue.ask(f"/dataset/{published}.{form}").text
    for reader in readers:
        for dataset in (published, "arbres-du-pic"):
            assert act(reader, "dcat_dataset_show", id=dataset, format=name) == told


@pytest.mark.usefixtures("small_pages")
def test_the_parameters(catalogue: Catalogue) -> None:
    ids = [catalogue.publish(f"Jeu {rank}") for rank in range(3)]
    second = act("", "dcat_catalog_show", page=2, format="ttl")
    assert second == catalogue.ask("/catalog.ttl?page=2").text
    found = act("", "dcat_catalog_search", q="title:Jeu", format="ttl")
    assert found == catalogue.ask("/catalog.ttl?q=title:Jeu").text
    recent = act("", "dcat_catalog_show", modified_since="2020-01-01", format="ttl")
    assert recent == catalogue.ask("/catalog.ttl?modified_since=2020-01-01").text
    other = act("", "dcat_catalog_show", profiles=["euro_dcat_ap_3"], format="ttl")
    assert other == catalogue.ask("/catalog.ttl?profiles=euro_dcat_ap_3").text
    alone = act("", "dcat_dataset_show", id=ids[0], profiles="euro_dcat_ap_3", format="ttl")
    assert alone == catalogue.ask(f"/dataset/{ids[0]}.ttl?profiles=euro_dcat_ap_3").text


@pytest.mark.parametrize("dataset", ["private", "nowhere", "a\x00b", "\ud800"])
def test_what_is_not_public_is_not_found(
    catalogue: Catalogue, readers: list[str], dataset: str
) -> None:
    making.private_dataset(catalogue.partner, name="private")
    for reader in readers:
        with pytest.raises(tk.ObjectNotFound, match="no public dataset of this name"):
            act(reader, "dcat_dataset_show", id=dataset)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("page", 0, "page: give a whole number"),
        ("page", [1], "page: give a whole number"),
        ("modified_since", "hier", "modified_since: give a date"),
        ("q", {"a": 1}, "q: give a query as text"),
        ("profiles", 7, "profiles: give names of profiles"),
        ("profiles", "nowhere", "profiles: this portal has no profile of the name nowhere"),
        ("format", "csv", "Give one of ttl, xml, jsonld, rdf, n3."),
        ("format", ["ttl"], "Give one of ttl, xml, jsonld, rdf, n3."),
    ],
)
def test_what_is_refused_is_said(
    catalogue: Catalogue, field: str, value: object, sentence: str
) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        act("", "dcat_catalog_show", **{field: value})
    assert sentence_of(refusal, field).startswith(sentence)


def test_a_dataset_must_be_named(catalogue: Catalogue) -> None:
    with pytest.raises(tk.ValidationError):
        act("", "dcat_dataset_show")


def test_the_addresses_of_the_api(catalogue: Catalogue) -> None:
    catalogue.publish()
    answer = catalogue.ask("/api/3/action/dcat_catalog_show?format=ttl")
    assert answer.get_json()["result"] == catalogue.ask().text
