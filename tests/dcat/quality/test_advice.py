"""The advice of the forms: for whom, what it says, and that nothing of a form breaks it."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import Tag
from ckan import model
from ckan.tests.helpers import CKANTestApp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests import factories
from tests.reading import Reader, text_of
from tests.withdrawals import making

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")

ADVICE = "/heraultdata/catalogue/advice"
THEME = "http://publications.europa.eu/resource/authority/data-theme/ENVI"


@pytest.fixture
def partner() -> dict[str, Any]:
    return factories.partner(
        name="aniane",
        title="Commune d'Aniane",
        partner_type="commune",
        insee_code="34010",
        siren="213400104",
        email="contact@aniane.example",
    )


@pytest.fixture
def people(partner: dict[str, Any]) -> factories.People:
    return factories.people(partner["id"])


@pytest.fixture
def editor(app: CKANTestApp, people: factories.People) -> Reader:
    return Reader.of(app, people.partner_editor)


def gaps_here(page: Tag) -> list[str]:
    """The names of what is missing, on this page of the form first."""
    return [text_of(each) for each in page.select("li strong")]


def points(page: Tag) -> int:
    """The points that the advice tells."""
    found = page.select_one(".heraultdata-rating strong")
    assert found is not None
    return int(text_of(found).split()[0])


def saved_draft(partner: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """A dataset that nobody but its editors sees."""
    return making.private_dataset(partner, **fields)


def test_a_new_dataset_counts_what_its_form_holds(editor: Reader, partner: dict[str, Any]) -> None:
    form: dict[str, object] = {
        "title": "Arbres",
        "notes": "Les arbres",
        "owner_org": partner["id"],
        "theme": ["", ""],
        "tag_string": "",
        "license_id": "ETALAB_2_0",
    }
    empty = editor.post(ADVICE, form)
    assert {"Keywords", "Themes"} <= set(gaps_here(empty))
    filled = editor.post(ADVICE, {**form, "tag_string": "arbre,parc", "theme": ["", THEME]})
    assert not {"Keywords", "Themes"} & set(gaps_here(filled))
    assert points(filled) == points(empty) + 60
    assert "To fill in on this page" in text_of(empty)
    assert "On the other pages of the form" in text_of(filled)
    assert "Files" in gaps_here(filled)


def test_what_the_organisation_gives_is_not_asked_for(
    editor: Reader, partner: dict[str, Any]
) -> None:
    page = editor.post(ADVICE, {"title": "Arbres", "notes": "x", "owner_org": partner["id"]})
    assert not {"Publisher", "Contact", "Territories covered", "Access rights"} & set(
        gaps_here(page)
    )
    without = editor.post(ADVICE, {"title": "Arbres", "notes": "x", "owner_org": ""})
    assert "Territories covered" in gaps_here(without)


def test_a_later_page_counts_with_what_is_saved(editor: Reader, partner: dict[str, Any]) -> None:
    made = saved_draft(partner, tags=[{"name": "arbre"}])
    form = {"advice_package": made["id"], "temporal_coverage-0-start": ""}
    before = editor.post(ADVICE, form)
    assert "Period covered" in gaps_here(before)
    assert "Keywords" not in gaps_here(before)
    after = editor.post(ADVICE, {**form, "temporal_coverage-0-start": "2025-01-01"})
    assert "Period covered" not in gaps_here(after)
    assert points(after) == points(before) + 20
    kept = model.Package.get(made["id"])
    assert kept is not None
    assert "temporal_coverage" not in kept.extras


def test_a_file_counts_before_it_is_sent(editor: Reader, partner: dict[str, Any]) -> None:
    made = saved_draft(partner)
    form = {"advice_on": "file", "advice_package": made["name"], "advice_resource": ""}
    before = editor.post(ADVICE, form)
    sent = editor.post(ADVICE, {**form, "sent_file": "arbres.csv", "name": "arbres.csv"})
    assert "Format" not in gaps_here(sent)
    assert points(sent) > points(before) + 100
    odd = editor.post(ADVICE, {**form, "sent_file": "arbres.licorne"})
    assert "Format" in gaps_here(odd)


def test_a_link_that_could_not_be_opened_is_told(editor: Reader, partner: dict[str, Any]) -> None:
    made = saved_draft(partner, resources=[{"url": "https://a.example/f.csv", "format": "CSV"}])
    file_id = made["resources"][0]["id"]
    form = {"advice_package": made["id"], "title": "Arbres"}
    assert "Link that answers" not in gaps_here(editor.post(ADVICE, form))
    file = model.resource_table
    status = {"validation_status": "error"}
    model.Session.execute(sa.update(file).where(file.c.id == file_id).values(extras=status))
    model.Session.commit()
    assert "Link that answers" in gaps_here(editor.post(ADVICE, form))
    mended = editor.post(
        ADVICE,
        {
            "advice_on": "file",
            "advice_package": made["id"],
            "advice_resource": file_id,
            "url": "https://a.example/other.csv",
            "format": "CSV",
        },
    )
    assert "Link that answers" not in gaps_here(mended)


def test_only_those_who_may_save_are_advised(
    app: CKANTestApp, partner: dict[str, Any], people: factories.People
) -> None:
    made = saved_draft(partner)
    for role in ("sysadmin", "partner_admin", "partner_editor"):
        reader = Reader.of(app, people.of(role))
        reader.post(ADVICE, {"title": "Arbres"})
        reader.post(ADVICE, {"advice_package": made["id"]})
    for who in (people.partner_member, people.visitor, None):
        reader = Reader.of(app, who)
        reader.post(ADVICE, {"title": "Arbres"}, status=403)
        reader.post(ADVICE, {"advice_package": made["id"]}, status=403)
    Reader.of(app, people.other_partner_admin).post(
        ADVICE, {"advice_package": made["id"]}, status=403
    )


@pytest.mark.parametrize("package", ["nowhere", "a\x00b", "é" * 300])
def test_an_unknown_dataset_is_said_to_be_so(editor: Reader, package: str) -> None:
    editor.post(ADVICE, {"advice_package": package}, status=404)
    editor.post(ADVICE, {"advice_on": "file", "advice_package": package}, status=404)


def test_a_file_of_no_dataset_is_said_to_be_so(editor: Reader) -> None:
    editor.post(ADVICE, {"advice_on": "file"}, status=404)


def test_it_answers_a_form_alone(app: CKANTestApp) -> None:
    app.get(ADVICE, status=404)


NAMES = st.sampled_from(
    [
        "title", "notes", "owner_org", "theme", "tag_string", "license_id", "frequency", "name",
        "spatial_coverage-0-code", "spatial_coverage-0-text", "temporal_coverage-0-start",
        "temporal_coverage-1-end", "issued", "modified", "contact-0-email", "contact-0-url",
        "publisher-0-name", "publisher-0-url", "creator-0-url", "access_rights", "hvd_category",
        "applicable_legislation", "conforms_to", "documentation", "url", "version", "identifier",
        "language", "advice_resource", "sent_file", "format", "mimetype", "license", "size",
        "hash", "hash_algorithm", "status", "availability", "standard", "schema", "state", "id",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
    st.sampled_from(
        [
            "http://[::1",
            "javascript:x",
            "<a>",
            "2025-99-99",
            "{}",
            "[",
            '"',
            "\x00",
            "ftp://é",
            "-1",
        ]
    ),
)


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.dictionaries(NAMES, st.lists(TEXTS, min_size=1, max_size=2), max_size=12), st.booleans())
def test_nonsense_is_answered(
    editor: Reader, partner: dict[str, Any], form: dict[str, list[str]], of_file: bool
) -> None:
    package = model.Package.get("draft") or saved_draft(partner, name="draft")
    extra = {"advice_on": "file", "advice_package": "draft"} if of_file else {}
    assert package
    page = editor.post(ADVICE, {**form, **extra})
    assert 0 <= points(page) <= 405


@pytest.mark.parametrize("address", ["/dataset/new?standard=", "/dataset/edit/draft/1"])
def test_the_form_has_the_advice_hidden_until_scripts_run(
    editor: Reader, partner: dict[str, Any], address: str
) -> None:
    saved_draft(partner, name="draft")
    page = editor.get(address)
    section = page.find("section", class_="heraultdata-advice")
    assert isinstance(section, Tag)
    assert section.has_attr("hidden")
    asks = section.select_one(f"[hx-post='{ADVICE}']")
    assert asks is not None
    assert '"advice_on": "dataset"' in str(asks["hx-vals"])


def test_the_form_of_a_file_has_it_too(editor: Reader, partner: dict[str, Any]) -> None:
    saved_draft(partner, name="draft")
    page = editor.get("/dataset/draft/resource/new")
    asks = page.select_one(f"[hx-post='{ADVICE}']")
    assert asks is not None
    assert '"advice_on": "file"' in str(asks["hx-vals"])
    assert '"advice_package": "draft"' in str(asks["hx-vals"])
