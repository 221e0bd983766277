"""What the pages tell search engines, in the words of schema.org."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import BeautifulSoup
from ckan import model
from ckan.lib.search import rebuild
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.dcat.schemaorg import datasets
from tests import factories
from tests.reading import Reader, counted_queries
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

SITE = "http://test.ckan.net"
EU = "http://publications.europa.eu/resource/authority"
FULL: dict[str, Any] = {
    "name": "arbres",
    "title": "Arbres d'Aniane",
    "notes": "Les *arbres* de la [commune](https://aniane.example), un par ligne & leur essence.",
    "license_id": "ETALAB_2_0",
    "tag_string": "arbre,parc",
    "theme": [f"{EU}/data-theme/ENVI"],
    "language": [f"{EU}/language/FRA", f"{EU}/language/OCI"],
    "spatial_coverage": [{"code": "34010"}],
    "temporal_coverage": [{"start": "2024-01-01", "end": "2024-12-31"}, {"start": "2026-01-01"}],
    "issued": "2024-02-01",
    "modified": "2026-03-04",
    "identifier": "aniane-arbres",
    "version": "1.2",
    "url": "https://aniane.example/arbres",
    "contact": [{"name": "Mairie", "email": "mairie@aniane.example"}],
    "creator": [{"name": "Bureau vert", "identifier": "213400104"}],
}


@pytest.fixture
def partner() -> dict[str, Any]:
    """A commune."""
    return factories.partner(
        name="aniane",
        title="Aniane",
        partner_type="commune",
        insee_code="34010",
        siren="213400104",
        email="secret@aniane.example",
    )


def told(page: BeautifulSoup) -> list[dict[str, Any]]:
    """What a page tells search engines."""
    scripts = page.find_all("script", type="application/ld+json")
    return [json.loads(script.get_text()) for script in scripts]


def of_dataset(app: CKANTestApp, name: str, language: str = "") -> dict[str, Any]:
    """What the page of a dataset tells."""
    (found,) = told(Reader(app).get(f"{language}/dataset/{name}"))
    return found


def test_a_dataset_tells_all_that_its_form_holds(app: CKANTestApp, partner: dict[str, Any]) -> None:
    made = making.public_dataset(partner, {"2024.csv": b"nom\nplatane\n"}, **FULL)
    (resource,) = made["resources"]
    found = of_dataset(app, "arbres")
    uri = f"{SITE}/dataset/{made['id']}"
    assert found["@context"] == "https://schema.org/"
    assert found["@type"] == "Dataset"
    assert found["@id"] == uri
    assert found["url"] == f"{SITE}/dataset/arbres"
    assert found["sameAs"] == "https://aniane.example/arbres"
    assert found["name"] == "Arbres d'Aniane"
    assert found["description"] == "Les arbres de la commune, un par ligne & leur essence."
    assert found["identifier"] == "aniane-arbres"
    assert found["version"] == "1.2"
    assert found["license"].endswith("ETALAB_2_0")
    assert found["isAccessibleForFree"] is True
    assert found["keywords"] == ["arbre", "parc", "Environment"]
    assert found["inLanguage"] == ["fr", "oc"]
    assert (found["datePublished"], found["dateModified"]) == ("2024-02-01", "2026-03-04")
    assert found["temporalCoverage"] == ["2024-01-01/2024-12-31", "2026-01-01/.."]
    assert found["publisher"]["name"] == "Aniane"
    assert found["publisher"]["@id"] == f"{SITE}/organization/{partner['id']}"
    assert found["creator"] == {
        "@type": "Organization",
        "name": "Bureau vert",
        "identifier": "213400104",
    }
    assert found["includedInDataCatalog"] == {
        "@type": "DataCatalog",
        "@id": SITE,
        "name": "Portal of the tests",
        "url": f"{SITE}/",
    }
    place = found["spatialCoverage"]
    assert (place["@type"], place["name"], place["identifier"]) == ("Place", "Aniane", "34010")
    assert place["@id"] == "http://id.insee.fr/geo/commune/34010"
    south, west, north, east = map(float, place["geo"]["box"].split())
    assert 43 < south < north < 44
    assert 3 < west < east < 4
    file = found["distribution"]
    assert file["@type"] == "DataDownload"
    assert file["@id"] == f"{uri}/resource/{resource['id']}"
    assert file["contentUrl"] == resource["url"]
    assert file["encodingFormat"] == "text/csv"
    assert file["contentSize"] == "12 B"
    assert file["name"] == "2024.csv"


def test_what_the_page_tells_holds_no_address_of_mail(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    making.public_dataset(partner, **FULL)
    assert "@aniane.example" not in json.dumps(of_dataset(app, "arbres"))


def test_a_dataset_with_the_fewest_fields_tells_what_is_required(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = making.public_dataset(partner, name="bancs", title="Bancs", notes="Les bancs.")
    found = of_dataset(app, "bancs")
    assert found["name"] == "Bancs"
    assert found["description"] == ("Les bancs. Dataset “Bancs” of Aniane, on Portal of the tests.")
    assert len(found["description"]) >= datasets.SHORTEST_DESCRIPTION
    assert found["identifier"] == made["id"]
    assert found["creator"]["name"] == "Aniane"
    assert found["license"]
    assert found["dateModified"].endswith("Z")
    assert None not in found.values()


def test_a_long_description_is_cut(app: CKANTestApp, partner: dict[str, Any]) -> None:
    making.public_dataset(partner, name="bancs", notes="un banc " * 1200)
    description = of_dataset(app, "bancs")["description"]
    assert len(description) <= datasets.LONGEST_DESCRIPTION
    assert description.startswith("un banc un banc")


def test_it_is_in_the_language_of_the_page(app: CKANTestApp, partner: dict[str, Any]) -> None:
    making.public_dataset(partner, **FULL)
    french = of_dataset(app, "arbres", "/fr")
    assert french["keywords"] == ["arbre", "parc", "Environnement"]
    assert french["url"] == f"{SITE}/dataset/arbres"
    assert french["publisher"] == of_dataset(app, "arbres")["publisher"]


def test_the_publisher_that_a_dataset_names_is_told(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    named = [{"name": "Hérault Énergies", "url": "https://he.example", "identifier": "243400694"}]
    making.public_dataset(partner, name="bancs", publisher=named)
    assert of_dataset(app, "bancs")["publisher"] == {
        "@type": "Organization",
        "name": "Hérault Énergies",
        "identifier": "243400694",
        "url": "https://he.example",
    }


def test_data_that_is_not_open_to_all_is_not_said_to_be(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    making.public_dataset(partner, name="bancs", access_rights=f"{EU}/access-right/RESTRICTED")
    assert "isAccessibleForFree" not in of_dataset(app, "bancs")


def test_no_title_breaks_out_of_the_script(app: CKANTestApp, partner: dict[str, Any]) -> None:
    evil = "</script><script>alert(1)</script><!-- \u2028 & ' \""
    made = making.public_dataset(partner, {"a.csv": b"n\n1\n"}, name="bancs")
    # Past the form, which refuses it: as a harvester may write it.
    package = model.Package.get(made["id"])
    assert package is not None
    package.title = package.notes = package.resources[0].name = evil
    model.Session.commit()
    rebuild(made["id"])
    text = app.get("/dataset/bancs").text
    assert "<script>alert(1)" not in text
    found = of_dataset(app, "bancs")
    assert found["name"] == evil
    assert found["distribution"]["name"] == evil


def test_a_dataset_that_is_not_public_tells_search_engines_nothing(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    making.private_dataset(partner, name="prive")
    administrator = factories.user(sysadmin=True)
    assert told(Reader.of(app, administrator).get("/dataset/prive")) == []
    assert told(Reader(app).get("/dataset/prive", status=404)) == []
    gone = making.public_dataset(partner, name="retire")
    making.executed(partner, gone)
    assert told(Reader(app).get("/dataset/retire", status=410)) == []


def test_a_type_of_dataset_without_a_form_is_no_failure(
    app: CKANTestApp, partner: dict[str, Any]
) -> None:
    made = making.public_dataset(partner, name="bancs")
    other = {
        **call_action("package_show", making.site_context(), id=made["id"]),
        "type": "of-another-extension",
        "temporal_coverage": "2024",
        "theme": "trees",
        "language": None,
        "spatial_coverage": ["Aniane", {"text": ""}],
        "publisher": {"name": "Aniane"},
        "notes": None,
        "organization": None,
    }
    with app.flask_app.test_request_context("/"):
        found = json.loads(tk.h.structured_data(other))
    assert found["name"] == made["title"]
    assert not {"temporalCoverage", "spatialCoverage", "inLanguage", "publisher"} & set(found)


@pytest.mark.ckan_config("ckanext.dcat.structured_data.profiles", "euro_dcat_ap_3")
def test_a_site_may_want_another_profile(app: CKANTestApp, partner: dict[str, Any]) -> None:
    making.public_dataset(partner, name="bancs")
    found = of_dataset(app, "bancs")
    assert any(each["@type"] == "dcat:Dataset" for each in found["@graph"])


def test_it_costs_no_query(app: CKANTestApp, partner: dict[str, Any]) -> None:
    making.public_dataset(partner, {"a.csv": b"n\n1\n"}, **FULL)
    shown = call_action("package_show", making.site_context(), id="arbres")
    with app.flask_app.test_request_context("/"), counted_queries() as made:
        datasets.described(shown)
    assert made == []


def test_it_is_the_same_at_each_view(app: CKANTestApp, partner: dict[str, Any]) -> None:
    making.public_dataset(partner, {"a.csv": b"n\n1\n", "b.csv": b"n\n1\n"}, **FULL)
    assert of_dataset(app, "arbres") == of_dataset(app, "arbres")


def test_the_home_page_tells_of_the_catalogue(app: CKANTestApp) -> None:
    (alone,) = told(Reader(app).get("/"))
    assert alone == {
        "@context": "https://schema.org/",
        "@type": "DataCatalog",
        "@id": SITE,
        "name": "Portal of the tests",
        "url": f"{SITE}/",
        "inLanguage": ["en", "fr"],
    }
    department = factories.department()
    (found,) = told(Reader(app).get("/"))
    assert found["publisher"] == {
        "@type": "Organization",
        "@id": f"{SITE}/organization/{department['id']}",
        "name": "Département de l'Hérault",
        "url": f"{SITE}/organization/departement-herault",
    }


@pytest.mark.ckan_config("ckan.site_title", "</script><script>alert(1)</script>")
def test_no_title_of_the_site_breaks_out_of_the_script(app: CKANTestApp) -> None:
    answer = app.get("/").text
    beginning = answer.index('type="application/ld+json"')
    assert "<script>alert(1)" not in answer[beginning : answer.index("</script>", beginning)]
