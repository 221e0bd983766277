"""A new dataset starts with the standard of its files, which fills in the form."""

from __future__ import annotations

import io
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from bs4 import Tag
from ckan.tests.helpers import CKANTestApp

from tests import factories
from tests.datasets.api import act, dataset
from tests.reading import Reader, counted_queries, text_of, value_of
from tests.standards.registry import TABLE, publish_standard

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

AUTHORITY = "http://publications.europa.eu/resource/authority"
GOVERNMENT = f"{AUTHORITY}/data-theme/GOVE"
JUSTICE = f"{AUTHORITY}/data-theme/JUST"
MONTHLY = f"{AUTHORITY}/frequency/MONTHLY"
SUGGESTED = "213400104_scdl-deliberations_2026.csv"
DEFAULTS = {
    "title": "Délibérations",
    "theme": [GOVERNMENT, JUSTICE],
    "keywords": ["délibération", "conseil municipal"],
    "frequency": MONTHLY,
    "spatial_granularity": "communale",
}


@pytest.fixture
def people(commune: dict[str, Any]) -> factories.People:
    return factories.people(commune["id"])


@pytest.fixture
def editor(app: CKANTestApp, people: factories.People) -> Reader:
    return Reader.of(app, people.partner_editor)


@pytest.fixture
def registry() -> None:
    publish_standard("plages", title="Plages", concerns=("epci",))
    publish_standard("arbres", title="Arbres", description="Un arbre par ligne.")
    publish_standard(
        "scdl-deliberations",
        title="Délibérations",
        scdl=True,
        priority=True,
        description="Une ligne par délibération votée.",
        dataset_defaults=DEFAULTS,
    )
    publish_standard("scdl-brouillon", scdl=True, versions={"1.0.0": (None, TABLE)})


def cards(page: Tag) -> dict[str, str]:
    """Where the standards of the page lead, by their titles, in its order."""
    return {link.text: str(link["href"]) for link in page.select(".heraultdata-card h3 a")}


def follow(reader: Reader, address: str, fields: dict[str, Any]) -> str:
    """Send a page of the form, and give the address of the next one."""
    answer = reader.app.post(address, data=fields, headers=reader.headers, follow_redirects=False)
    assert answer.status_code == 302, answer.text
    return str(answer.headers["Location"])


def fields_of(page: Tag, selector: str) -> dict[str, Any]:
    """What a browser sends of a form left as it is."""
    form = page.select_one(selector)
    assert form
    sent: dict[str, list[str]] = {}
    for control in form.select("[name]"):
        name, kind = str(control["name"]), control.get("type")
        if kind == "file" or (kind == "checkbox" and not control.has_attr("checked")):
            continue
        if kind == "submit" or control.name == "button":
            continue
        sent.setdefault(name, []).append(value_of_control(control))
    return dict(sent)


def value_of_control(control: Tag) -> str:
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        options = control.select("option[selected]") or control.select("option")[:1]
        return str(options[0]["value"]) if options else ""
    return str(control.get("value", ""))


def checked(page: Tag, name: str) -> set[str]:
    return {str(box["value"]) for box in page.select(f"input[name={name}][checked]")}


def test_choice_comes_first(editor: Reader, registry: None) -> None:
    page = editor.get("/fr/dataset/new")
    assert page.select_one("#dataset-edit") is None
    assert list(cards(page)) == ["Délibérations", "Arbres", "Plages"]


def test_choice_is_searched_without_accents(editor: Reader, registry: None) -> None:
    assert list(cards(editor.get("/dataset/new?q=deliberation"))) == ["Délibérations"]
    page = editor.get("/dataset/new?q=licorne")
    assert cards(page) == {}
    assert page.select_one("p.empty")


def test_choice_goes_by_pages(editor: Reader) -> None:
    for rank in range(25):
        publish_standard(f"standard-{rank:02}", title=f"Standard {rank:02}")
    assert len(cards(editor.get("/dataset/new"))) == 20
    assert list(cards(editor.get("/dataset/new?page=2"))) == [
        f"Standard {n}" for n in range(20, 25)
    ]


def test_empty_registry_offers_the_form_at_once(editor: Reader) -> None:
    assert editor.get("/dataset/new").select_one("#dataset-edit")


@pytest.mark.parametrize("address", ["/dataset/new", "/dataset/new?standard=scdl-deliberations"])
@pytest.mark.parametrize("role", ["visitor", None])
def test_who_may_not_make_a_dataset_gets_the_answer_of_ckan(
    app: CKANTestApp, people: factories.People, registry: None, role: str | None, address: str
) -> None:
    headers = Reader.of(app, people.of(role) if role else None).headers
    answer = app.get(address, headers=headers, follow_redirects=False)
    assert answer.status_code in (302, 403)


def test_standard_fills_in_the_form(editor: Reader, registry: None) -> None:
    page = editor.get(cards(editor.get("/dataset/new"))["Délibérations"])
    assert value_of(page, "field-title") == "Délibérations – Commune d’Aniane"
    assert value_of(page, "field-name") == "deliberations-commune-daniane"
    assert "Une ligne par délibération votée." in value_of(page, "field-notes")
    assert value_of(page, "field-tag_string") == "délibération, conseil municipal"
    assert value_of(page, "field-frequency") == MONTHLY
    assert value_of(page, "field-license_id") == "ETALAB_2_0"
    assert checked(page, "theme") == {GOVERNMENT, JUSTICE}
    models = [str(link["href"]) for link in page.select(".heraultdata-chosen a[href*=model]")]
    assert [model.split("?")[0].rsplit(".")[-1] for model in models] == ["xlsx", "csv"]
    assert all("organization=" in address for address in models)


def test_deep_link_names_the_organisation(
    app: CKANTestApp, people: factories.People, commune: dict[str, Any], registry: None
) -> None:
    second = factories.partner(name="gignac", title="Commune de Gignac", partner_type="commune")
    factories.join(people.partner_editor, second["id"], "editor")
    editor = Reader.of(app, people.partner_editor)
    page = editor.get("/dataset/new?standard=scdl-deliberations&group=gignac")
    assert value_of(page, "field-title") == "Délibérations – Commune de Gignac"
    assert value_of(page, "field-organizations") == second["id"]
    by_id = editor.get(f"/dataset/new?standard=scdl-deliberations&group={commune['id']}")
    assert value_of(by_id, "field-title") == "Délibérations – Commune d’Aniane"
    assert value_of(by_id, "field-organizations") == commune["id"]


def test_several_organisations_are_chosen_from(
    app: CKANTestApp, people: factories.People, registry: None
) -> None:
    second = factories.partner(name="thau", title="Thau", partner_type="epci")
    factories.join(people.partner_editor, second["id"], "editor")
    editor = Reader.of(app, people.partner_editor)
    page = editor.get("/dataset/new")
    assert value_of(page, "choice-group") == ""
    assert "group=" not in cards(page)["Arbres"]
    chosen = editor.get("/dataset/new?group=thau")
    assert value_of(chosen, "choice-group") == "thau"
    assert "group=thau" in cards(chosen)["Arbres"]
    alone = editor.get(cards(page)["Arbres"])
    assert value_of(alone, "field-title") == "Arbres"


def test_organisation_of_others_is_not_taken(editor: Reader, registry: None) -> None:
    factories.partner(name="ailleurs", title="Ailleurs")
    page = editor.get("/dataset/new?standard=arbres&group=ailleurs")
    assert value_of(page, "field-title") == "Arbres – Commune d’Aniane"


def test_unknown_standard_leads_back_to_the_choice(editor: Reader, registry: None) -> None:
    page = editor.get("/dataset/new?standard=licornes", status=404)
    alert = page.select_one(".alert-danger")
    assert alert
    assert "licornes" in alert.text
    assert cards(page)


def test_draft_standard_is_not_offered(editor: Reader, registry: None) -> None:
    editor.get("/dataset/new?standard=scdl-brouillon", status=404)


def test_other_data_goes_through_the_same_form(editor: Reader, registry: None) -> None:
    choice = editor.get("/dataset/new?title=Parcs")
    other = choice.select_one("article a.btn-secondary")
    assert other
    page = editor.get(str(other["href"]))
    assert value_of(page, "field-title") == "Parcs"
    assert page.select_one("[name=planned_standard]") is None
    assert value_of(page, "field-frequency").endswith("/ANNUAL")


def test_address_of_the_dataset_is_one_that_is_free(
    editor: Reader, commune: dict[str, Any], registry: None
) -> None:
    dataset(commune, name="deliberations-commune-daniane")
    dataset(commune, name="deliberations-commune-daniane-2")
    page = editor.get("/dataset/new?standard=scdl-deliberations")
    assert value_of(page, "field-name") == "deliberations-commune-daniane-3"


def test_licence_is_that_of_the_latest_dataset(
    editor: Reader, commune: dict[str, Any], registry: None
) -> None:
    dataset(commune, license_id="ODC_BL")
    page = editor.get("/dataset/new?standard=scdl-deliberations")
    assert value_of(page, "field-license_id") == "ODC_BL"


def test_values_survive_an_error(editor: Reader, registry: None) -> None:
    address = "/dataset/new?standard=scdl-deliberations"
    fields = fields_of(editor.get(address), "#dataset-edit")
    page = editor.post(address, {**fields, "title": "", "save": ""})
    assert page.select_one(".error-explanation")
    assert value_of(page, "field-title") == ""
    assert value_of(page, "field-tag_string") == "délibération, conseil municipal"
    assert checked(page, "theme") == {GOVERNMENT, JUSTICE}
    kept = page.select_one("[name=planned_standard]")
    assert kept
    assert kept["value"] == "scdl-deliberations"


@pytest.fixture
def draft(editor: Reader, registry: None, at: Any) -> str:
    """The name of a dataset made by sending the pages of the form as they come."""
    at("2026-11-24")
    address = "/dataset/new?standard=scdl-deliberations"
    for _page in (1, 2, 3):
        page = editor.get(address)
        fields = fields_of(page, "#dataset-edit")
        address = follow(editor, address, {**fields, "private": "False", "save": ""})
        address = address.removeprefix("http://test.ckan.net")
    assert address.endswith("/dataset/deliberations-commune-daniane/resource/new")
    return "deliberations-commune-daniane"


def file_form(name: str) -> str:
    return f"/fr/dataset/{name}/resource/new"


def test_form_left_as_it_comes_makes_the_whole_dataset(editor: Reader, draft: str) -> None:
    form = editor.get(file_form(draft))
    assert value_of(form, "field-standard") == "scdl-deliberations"
    assert value_of(form, "field-name") == SUGGESTED
    models = [str(link["href"]) for link in form.select(".heraultdata-chosen a[href*=model]")]
    assert len(models) == 2
    assert all("organization=aniane" in address for address in models)

    fields = fields_of(form, "#resource-edit")
    file = (io.BytesIO(b"nom\nAniane\n"), "d.csv")
    sent = {**fields, "url_type": "upload", "upload": file, "save": "go-metadata"}
    follow(editor, file_form(draft), sent)
    made = act("package_show", id=draft)
    (resource,) = made["resources"]
    assert made["state"] == "active"
    assert made["title"] == "Délibérations – Commune d’Aniane"
    assert sorted(made["theme"]) == [GOVERNMENT, JUSTICE]
    assert made["spatial_coverage"][0]["code"] == "34010"
    assert made["spatial_granularity"] == "communale"
    assert (resource["standard"], resource["name"]) == ("scdl-deliberations", SUGGESTED)
    assert resource["format"] == "CSV"


def test_form_of_a_file_asks_for_the_file(editor: Reader, draft: str) -> None:
    fields = fields_of(editor.get(file_form(draft)), "#resource-edit")
    page = editor.post(file_form(draft), {**fields, "save": "go-metadata"})
    error = page.select_one(".error-explanation li[data-field-label=url]")
    assert error
    assert value_of(page, "field-standard") == "scdl-deliberations"
    assert page.select_one(".heraultdata-chosen a[href*=model]")
    assert act("package_show", id=draft)["resources"] == []


def test_previous_records_no_file(editor: Reader, draft: str) -> None:
    form = editor.get(file_form(draft))
    assert form.select_one("button[value=go-dataset]") is None
    links = [str(link["href"]) for link in form.select(".form-actions a")]
    assert [link.endswith(f"/dataset/new/{draft}/3") for link in links] == [True]


def test_form_after_a_file_of_a_draft_proposes_nothing(
    editor: Reader, draft: str, people: factories.People
) -> None:
    act("resource_create", package_id=draft, url="https://a.example/d.csv", name="d")
    form = editor.get(file_form(draft))
    assert value_of(form, "field-standard") == ""
    assert form.select_one(".heraultdata-chosen") is None


def test_next_file_follows_the_standard_of_the_last(
    editor: Reader, commune: dict[str, Any], registry: None, at: Any
) -> None:
    at("2026-11-24")
    first = {"url": "https://a.example/1.csv", "name": SUGGESTED, "standard": "scdl-deliberations"}
    made = dataset(commune, resources=[first], private=True)
    form = editor.get(file_form(made["name"]))
    assert value_of(form, "field-standard") == "scdl-deliberations"
    assert value_of(form, "field-name") == ""


def test_standard_that_the_registry_does_not_have_is_kept(
    editor: Reader, commune: dict[str, Any], registry: None
) -> None:
    file = {"url": "https://a.example/1.csv", "name": "1", "standard": "ancien"}
    made = dataset(commune, resources=[file], private=True)
    resource = made["resources"][0]["id"]
    form = editor.get(f"/dataset/{made['name']}/resource/{resource}/edit")
    assert value_of(form, "field-standard") == "ancien"
    offered = [str(option["value"]) for option in form.select("#field-standard option")]
    assert offered == ["", "scdl-deliberations", "arbres", "plages", "ancien"]


def test_pages_link_to_the_standard(
    editor: Reader, commune: dict[str, Any], registry: None
) -> None:
    named = ("scdl-deliberations", "arbres", "scdl-deliberations", "ancien")
    files = [{"url": f"https://a.example/{n}.csv", "standard": s} for n, s in enumerate(named)]
    made = dataset(commune, resources=files, private=True)
    page = editor.get(f"/en/dataset/{made['name']}")
    rows = page.select(".additional-info tr")
    row = next(row for row in rows if text_of(row).startswith("Standards"))
    assert text_of(row) == "Standards Délibérations , Arbres , ancien"
    links = [str(link["href"]) for link in row.select("a")]
    assert links == ["/en/standard/scdl-deliberations", "/en/standard/arbres"]
    resource = made["resources"][0]["id"]
    shown = editor.get(f"/en/dataset/{made['name']}/resource/{resource}")
    assert shown.select_one('a[href="/en/standard/scdl-deliberations"]')


def test_level_of_the_standard_serves_where_the_organisation_has_none(
    people: factories.People, registry: None
) -> None:
    other = factories.partner(name="sivom", partner_type="other")
    made = dataset(other, planned_standard="scdl-deliberations", private=True)
    assert made["spatial_granularity"] == "communale"


def test_planned_standard_is_checked(commune: dict[str, Any]) -> None:
    with pytest.raises(tk.ValidationError) as refusal:
        dataset(commune, planned_standard="Pas un nom")
    assert "planned_standard" in refusal.value.error_dict


def test_choice_makes_as_many_queries_whatever_the_registry_holds(
    editor: Reader, registry: None
) -> None:
    editor.get("/dataset/new")
    with counted_queries() as few:
        editor.get("/dataset/new")
    for rank in range(10):
        publish_standard(f"standard-{rank}")
    with counted_queries() as many:
        editor.get("/dataset/new")
    assert len(many) == len(few)
