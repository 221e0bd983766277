"""Partners and datasets through the API: what is filled in, what is kept, what is refused."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model

from ckanext.heraultdata.datasets import defaults
from tests import factories
from tests.datasets.api import act, dataset

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

EU = "http://publications.europa.eu/resource/authority/"


def refused(organization: dict[str, Any], **fields: Any) -> dict[str, Any]:
    with pytest.raises(tk.ValidationError) as refusal:
        dataset(organization, **fields)
    assert model.Package.get("deliberations-aniane") is None
    return refusal.value.error_dict


def test_three_fields_are_enough_and_the_rest_comes_from_the_partner(
    commune: dict[str, Any],
) -> None:
    made = dataset(commune)
    assert made["license_id"] == "ETALAB_2_0"
    assert made["frequency"] == EU + "frequency/UNKNOWN"
    assert made["access_rights"] == EU + "access-right/PUBLIC"
    assert made["language"] == [EU + "language/FRA"]
    assert made["spatial_granularity"] == "communale"
    assert made["spatial_coverage"] == [
        {"code": "34010", "text": "Aniane", "uri": "http://id.insee.fr/geo/commune/34010"}
    ]
    assert made["publisher"] == [
        {
            "name": "Commune d’Aniane",
            "identifier": "213400104",
            "email": "contact@aniane.example",
            "url": "https://www.aniane.example",
            "type": defaults.LOCAL_AUTHORITY,
        }
    ]
    assert made["contact"] == [
        {
            "name": "Commune d’Aniane",
            "email": "contact@aniane.example",
            "url": "https://www.aniane.example",
        }
    ]


def test_what_is_given_is_not_filled_in(commune: dict[str, Any]) -> None:
    made = dataset(
        commune,
        contact=[{"name": "Service urbanisme", "email": "urbanisme@aniane.example"}],
        spatial_coverage=[{"code": "243400694"}],
        spatial_granularity="intercommunale",
    )
    assert made["contact"] == [{"name": "Service urbanisme", "email": "urbanisme@aniane.example"}]
    assert [place["code"] for place in made["spatial_coverage"]] == ["243400694"]
    assert "Vallée de l'Hérault" in made["spatial_coverage"][0]["text"]
    assert made["spatial_granularity"] == "intercommunale"


def test_what_was_cleared_is_not_filled_in_again(commune: dict[str, Any]) -> None:
    made = dataset(commune)
    changed = act("package_patch", id=made["id"], contact=[], spatial_granularity="")
    assert not changed.get("contact")
    assert not changed.get("spatial_granularity")


def test_organization_outside_the_convention_gives_its_name_alone() -> None:
    other = act("organization_create", name="archives", title="Archives")
    made = dataset(other)
    assert made["publisher"] == [{"name": "Archives"}]
    assert not made.get("contact")
    assert not made.get("spatial_coverage")


def test_draft_can_be_saved_without_a_description(commune: dict[str, Any]) -> None:
    made = dataset(commune, notes="", state="draft")
    assert made["state"] == "draft"
    with pytest.raises(tk.ValidationError) as refusal:
        act("package_patch", id=made["id"], state="active")
    assert list(refusal.value.error_dict) == ["notes"]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"notes": ""}, "notes", "compulsory"),
        ({"title": "x" * 300}, "title", "300 characters"),
        ({"title": "<b>Délibérations</b>"}, "title", "HTML"),
        ({"notes": "x <script>alert(1)</script>"}, "notes", "HTML"),
        ({"provenance": "<img src=x>"}, "provenance", "HTML"),
        ({"license_id": "ma-licence"}, "license_id", "ma-licence"),
        ({"frequency": "annuelle"}, "frequency", "annuelle"),
        ({"theme": [EU + "data-theme/XXXX"]}, "theme", "XXXX"),
        ({"spatial_granularity": "rue"}, "spatial_granularity", "rue"),
        ({"url": "www.aniane.example"}, "url", "web address"),
        ({"conforms_to": ["standard"]}, "conforms_to", "web address"),
        ({"issued": "26/02/2024"}, "issued", "2024-02-26"),
        ({"issued": "2024-02-30"}, "issued", "calendar"),
        ({"tag_string": "l'eau"}, "tag_string", "l'eau"),
    ],
)
def test_bad_value_is_refused_under_its_field(
    commune: dict[str, Any], fields: dict[str, Any], field: str, sentence: str
) -> None:
    errors = refused(commune, **fields)
    assert sentence in errors[field][0]


@pytest.mark.parametrize(
    ("field", "group", "subfield", "sentence"),
    [
        ("contact", {"email": "mairie"}, "email", "e-mail"),
        ("contact", {"name": "<b>x</b>"}, "name", "HTML"),
        ("publisher", {"identifier": "213400105"}, "identifier", "key"),
        ("spatial_coverage", {"code": "34999"}, "code", "34999"),
        (
            "temporal_coverage",
            {"start": "2025-01-01", "end": "2024-01-01"},
            "end",
            "before the first",
        ),
        ("temporal_coverage", {"start": "01/01/2025"}, "start", "2025-01-01"),
    ],
)
def test_bad_value_in_a_group_is_refused_under_its_field(
    commune: dict[str, Any], field: str, group: dict[str, str], subfield: str, sentence: str
) -> None:
    errors = refused(commune, **{field: [group]})
    assert sentence in errors[field][0][subfield][0]


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"url": "www.aniane.example/d.csv"}, "url", "web address"),
        ({"url": "javascript:alert(1)"}, "url", "web address"),
        ({"name": "x" * 300}, "name", "300 characters"),
        ({"standard": "SCDL Délibérations"}, "standard", "name of a standard"),
        ({"size": "-4"}, "size", "whole number"),
        ({"hash": "zz"}, "hash", "0 to 9"),
        ({"status": "fini"}, "status", "fini"),
        ({"license": "ETALAB_2_0"}, "license", "ETALAB_2_0"),
    ],
)
def test_bad_value_of_a_file_is_refused_under_its_field(
    commune: dict[str, Any], fields: dict[str, Any], field: str, sentence: str
) -> None:
    errors = refused(commune, resources=[{"url": "https://a.example/d.csv", **fields}])
    assert sentence in errors["resources"][0][field][0]


@pytest.mark.parametrize("name", ["lov2", "fr-lo", "etalab-2.0", EU + "licence/ETALAB_2_0"])
def test_other_names_of_a_licence_are_understood(commune: dict[str, Any], name: str) -> None:
    assert dataset(commune, license_id=name)["license_id"] == "ETALAB_2_0"


def test_licence_of_before_is_left_to_its_dataset(commune: dict[str, Any]) -> None:
    made = dataset(commune)
    package = model.Package.get(made["id"])
    assert package
    package.license_id = "licence-de-2015"
    model.Session.commit()
    act("package_patch", id=made["id"], notes="Autre.", license_id="licence-de-2015")
    model.Session.refresh(package)
    assert package.license_id == "licence-de-2015"
    with pytest.raises(tk.ValidationError):
        act("package_patch", id=made["id"], license_id="licence-de-2016")


def test_licences_come_in_the_order_of_the_convention() -> None:
    listed = act("license_list")
    assert [licence["id"] for licence in listed[:2]] == ["ETALAB_2_0", "ODC_BL"]
    assert all(licence["url"].startswith(EU) for licence in listed[:2])


def test_page_of_the_form_keeps_the_groups_of_several_fields(commune: dict[str, Any]) -> None:
    made = dataset(commune)
    changed = act(
        "package_patch",
        id=made["id"],
        **{
            "contact-none-name": "",
            "contact-0-name": "Mairie",
            "contact-1-name": "",
            "contact-2-email": "mairie@aniane.example",
            "spatial_coverage-none-code": "",
            "spatial_coverage-0-code": "34010",
            "spatial_coverage-1-code": "34",
            "temporal_coverage-none-start": "",
        },
    )
    assert [sorted(group) for group in changed["contact"]] == [["name"], ["email"]]
    assert [place["code"] for place in changed["spatial_coverage"]] == ["34010", "34"]
    assert not changed.get("temporal_coverage")
    assert changed["publisher"] == made["publisher"]


def test_patch_of_a_field_without_groups_leaves_the_groups(commune: dict[str, Any]) -> None:
    made = dataset(commune)
    changed = act("package_patch", id=made["id"], notes="Autre description.")
    assert changed["contact"] == made["contact"]


def test_partner_keeps_numbers_as_numbers_and_keys_without_spaces() -> None:
    made = factories.partner(siren="243 400 694", population="42 520", agents=0)
    assert (made["siren"], made["population"], made["agents"]) == ("243400694", 42520, 0)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"siren": "243400695"}, "siren"),
        ({"siret": "24340069400000"}, "siret"),
        ({"insee_code": "341"}, "insee_code"),
        ({"population": "beaucoup"}, "population"),
        ({"agents": "-3"}, "agents"),
        ({"email": "mairie"}, "email"),
        ({"website": "www.aniane.example"}, "website"),
        ({"portal_url": "javascript:alert(1)"}, "portal_url"),
        ({"partner_type": "region"}, "partner_type"),
        ({"title": "x" * 300}, "title"),
        ({"title": "<script>x</script>"}, "title"),
        ({"description": "<iframe>"}, "description"),
    ],
)
def test_bad_value_of_a_partner_is_refused_under_its_field(
    fields: dict[str, Any], field: str
) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        factories.partner(name="refused", **fields)
    assert field in refusal.value.error_dict
    assert model.Group.get("refused") is None


def test_organization_outside_the_convention_needs_no_field() -> None:
    made = act("organization_create", name="archives")
    assert made["title"] == "archives"
    assert "partner_type" not in made


@pytest.mark.parametrize("name", ["a\x00b", "a\ud800"])
def test_a_name_that_cannot_be_kept(commune: dict[str, Any], name: str) -> None:
    assert refused(commune, name=name)["name"]


@pytest.mark.parametrize("file_format", ["<b>CSV</b>", "CS\x00V", "x" * 101])
def test_a_format_is_plain_text(commune: dict[str, Any], file_format: object) -> None:
    resource = {"url": "https://aniane.example/a.csv", "format": file_format}
    assert refused(commune, resources=[resource])["resources"][0]["format"]


@pytest.mark.parametrize("file_format", [["CSV"], {"a": 1}, 12])
def test_a_format_of_another_type_is_no_error_of_the_server(
    commune: dict[str, Any], file_format: object
) -> None:
    resource = {"url": "https://aniane.example/a.csv", "format": file_format}
    made = dataset(commune, resources=[resource])
    assert isinstance(made["resources"][0]["format"], str)
