"""The pages of the form, in both languages, for those who fill them in."""

from __future__ import annotations

import io
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag
from ckan import model
from ckan.tests.helpers import CKANTestApp

from tests import factories
from tests.datasets.api import act, dataset
from tests.datasets.test_catalogue import FULL

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

GOVERNMENT = "http://publications.europa.eu/resource/authority/data-theme/GOVE"
COMPULSORY = {"title", "notes", "theme", "frequency", "license_id"}


@pytest.fixture
def people(commune: dict[str, Any]) -> factories.People:
    return factories.people(commune["id"])


def as_user(user: model.User) -> dict[str, str]:
    return {"Authorization": factories.token(user)}


def page(app: CKANTestApp, address: str, user: model.User) -> BeautifulSoup:
    answer = app.get(address, headers=as_user(user))
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def first(part: Tag, selector: str) -> Tag:
    found = part.select_one(selector)
    assert found, f"nothing matches {selector}"
    return found


def listed_errors(shown: Tag) -> dict[str, str]:
    """The labels of the fields in the list of errors, by name of the field."""
    items = shown.select(".error-explanation li")
    return {str(item["data-field-label"]): first(item, "a").text for item in items}


def nameless(form: BeautifulSoup) -> list[str]:
    """The inputs that neither a label nor an attribute names."""
    labelled = {str(label.get("for")) for label in form.select("label")}
    return [
        str(control)
        for control in form.select(
            "#dataset-edit input, #dataset-edit select, #resource-edit select"
        )
        if control.get("type") not in ("hidden", "submit")
        and str(control.get("id")) not in labelled
        and not control.get("aria-label")
    ]


@pytest.mark.parametrize("role", ["sysadmin", "partner_editor"])
@pytest.mark.parametrize(("language", "title"), [("en", "Title"), ("fr", "Titre")])
def test_new_dataset_shows_what_is_compulsory_and_names_every_field(
    app: CKANTestApp, people: factories.People, role: str, language: str, title: str
) -> None:
    shown = page(app, f"/{language}/dataset/new", people.of(role))
    assert title in first(shown, "label[for=field-title]").text
    names = {str(control["name"]) for control in shown.select("#dataset-edit [name]")}
    assert names >= COMPULSORY | {"owner_org", "private"}
    assert nameless(shown) == []


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("role", ["sysadmin", "partner_editor"])
@pytest.mark.parametrize("fields", [{}, FULL], ids=["nothing", "everything"])
def test_pages_of_a_dataset_show_for_those_who_edit_it(
    app: CKANTestApp,
    people: factories.People,
    commune: dict[str, Any],
    language: str,
    role: str,
    fields: dict[str, Any],
) -> None:
    made = dataset(commune, **{"resources": [{"name": "2025"}], **fields})
    user = people.of(role)
    for number in (1, 2, 3):
        shown = page(app, f"/{language}/dataset/edit/{made['name']}/{number}", user)
        assert nameless(shown) == []
        target = str(first(shown, "button[name=save]")["formaction"])
        assert target.endswith(f"/dataset/edit/{made['id']}/{number}")
    (file,) = made["resources"]
    for address in ("", f"/resource/{file['id']}", f"/resource/{file['id']}/edit"):
        page(app, f"/{language}/dataset/{made['name']}{address}", user)


def test_page_of_a_dataset_leaves_out_what_is_empty(
    app: CKANTestApp, people: factories.People, commune: dict[str, Any]
) -> None:
    made = dataset(commune)
    shown = page(app, f"/en/dataset/{made['name']}", people.sysadmin)
    headings = [cell.text.strip() for cell in shown.select(".additional-info th[scope=row]")]
    assert "Publisher" in headings
    assert "Documentation" not in headings
    values = shown.select(".additional-info td.dataset-details")
    assert all(value.text.strip() for value in values)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_form_of_an_organization_offers_its_upload(
    app: CKANTestApp, people: factories.People, language: str
) -> None:
    shown = page(app, f"/{language}/organization/new", people.sysadmin)
    assert first(shown, "input[type=file][name=image_upload]")
    assert first(shown, "select[name=partner_type] option[value=epci]")


def test_empty_first_page_says_what_is_missing_field_by_field(
    app: CKANTestApp, people: factories.People, commune: dict[str, Any]
) -> None:
    answer = app.post(
        "/fr/dataset/new",
        headers=as_user(people.partner_editor),
        data={
            "_ckan_phase": ["dataset_new_1", "1"],
            "title": "",
            "name": "deliberations",
            "notes": "",
            "theme": "",
            "owner_org": commune["id"],
            "save": "",
        },
    )
    assert listed_errors(BeautifulSoup(answer.text, "html.parser")) == {
        "title": "Titre",
        "notes": "Description",
        "theme": "Thèmes",
    }
    assert model.Package.get("deliberations") is None


def test_keyword_that_cannot_be_is_told_once_under_its_field(
    app: CKANTestApp, people: factories.People, commune: dict[str, Any]
) -> None:
    answer = first_page(app, people.partner_editor, commune, tag_string="l'eau, déchets")
    shown = BeautifulSoup(answer.text, "html.parser")
    assert listed_errors(shown) == {"tag_string": "Mots-clés"}


def first_page(
    app: CKANTestApp, user: model.User, organization: dict[str, Any], **fields: str
) -> Any:
    values = {
        "_ckan_phase": ["dataset_new_1", "1"],
        "title": "Délibérations",
        "name": "deliberations",
        "notes": "Celles du conseil.",
        "owner_org": organization["id"],
        "private": "False",
        "theme": ["", GOVERNMENT],
        "frequency": "http://publications.europa.eu/resource/authority/frequency/ANNUAL",
        "license_id": "ETALAB_2_0",
        "save": "",
    }
    return app.post(
        "/fr/dataset/new",
        headers=as_user(user),
        data={**values, **fields},
        follow_redirects=False,
    )


def test_form_makes_a_public_dataset_with_a_file_in_the_time_of_four_pages(
    app: CKANTestApp, people: factories.People, commune: dict[str, Any]
) -> None:
    headers = as_user(people.partner_editor)
    answer = first_page(app, people.partner_editor, commune, tag_string="conseil, eau")
    assert answer.headers["Location"].endswith("/dataset/new/deliberations/2")
    pages = {
        2: {"contact-none-name": "", "contact-0-email": "mairie@aniane.example"},
        3: {"provenance": "Secrétariat de mairie", "hvd_category": ""},
    }
    for number, fields in pages.items():
        answer = app.post(
            f"/fr/dataset/new/deliberations/{number}",
            headers=headers,
            data={"_ckan_phase": ["dataset_new_1", str(number)], "save": "", **fields},
            follow_redirects=False,
        )
        assert answer.status_code == 302, answer.text
    assert answer.headers["Location"].endswith("/dataset/deliberations/resource/new")
    draft = act("package_show", id="deliberations")
    assert draft["state"] == "draft"
    assert draft["contact"] == [{"email": "mairie@aniane.example"}]

    answer = app.post(
        "/fr/dataset/deliberations/resource/new",
        headers=headers,
        data={
            "id": "",
            "url": "",
            "url_type": "upload",
            "name": "2025",
            "standard": "scdl-deliberations",
            "validation_options": "",
            "upload": (io.BytesIO(b"COLL_NOM\nAniane\n"), "deliberations.csv"),
            "save": "go-metadata",
        },
        content_type="multipart/form-data",
        follow_redirects=False,
    )
    assert answer.status_code == 302, answer.text
    made = act("package_show", id="deliberations")
    (file,) = made["resources"]
    assert (made["state"], made["private"]) == ("active", False)
    assert [tag["name"] for tag in made["tags"]] == ["conseil", "eau"]
    assert file["url"].endswith("/deliberations.csv")
    assert (file["format"], file["mimetype"], file["size"]) == ("CSV", "text/csv", 16)
    assert file["standard"] == "scdl-deliberations"


def test_page_with_an_error_is_sent_again_to_where_it_belongs(
    app: CKANTestApp, people: factories.People, commune: dict[str, Any]
) -> None:
    first_page(app, people.partner_editor, commune)
    answer = app.post(
        "/fr/dataset/new/deliberations/2",
        headers=as_user(people.partner_editor),
        data={
            "_ckan_phase": ["dataset_new_1", "2"],
            "contact-0-email": "mairie",
            "contact-none-name": "",
            "temporal_coverage-0-start": "2025-01-01",
            "temporal_coverage-0-end": "2024-01-01",
            "temporal_coverage-none-start": "",
            "save": "",
        },
    )
    shown = BeautifulSoup(answer.text, "html.parser")
    listed = listed_errors(shown)
    assert list(listed) == ["temporal_coverage-0-end", "contact-0-email"]
    assert all(first(shown, f"#field-{name}") for name in listed)
    target = str(first(shown, "button[name=save]")["formaction"])
    assert target.endswith("/dataset/new/deliberations/2")
    assert first(shown, "#field-contact-0-email")["value"] == "mairie"


def test_refused_publication_is_told_beside_the_visibility(
    app: CKANTestApp, people: factories.People
) -> None:
    other = factories.partner(name="sans-convention")
    factories.join(people.partner_editor, other["id"], "editor")
    made = dataset(other, theme=[GOVERNMENT])
    answer = app.post(
        f"/en/dataset/edit/{made['name']}/1",
        headers=as_user(people.partner_editor),
        data={
            "_ckan_phase": ["dataset_new_1", "1"],
            "title": made["title"],
            "name": made["name"],
            "notes": made["notes"],
            "owner_org": other["id"],
            "private": "False",
            "theme": ["", GOVERNMENT],
            "save": "",
        },
    )
    shown = BeautifulSoup(answer.text, "html.parser")
    assert "convention" in first(shown, ".error-explanation li[data-field-label=private]").text
    block = first(shown, "#field-private").find_parent(class_="form-group")
    assert isinstance(block, Tag)
    assert "convention" in first(block, ".error-block").text
