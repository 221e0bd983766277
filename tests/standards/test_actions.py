"""The registry through its API: what is recorded, what is refused, who may."""

from __future__ import annotations

import json
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.tests.helpers import call_action
from sqlalchemy import event

from ckanext.heraultdata.database import engine
from ckanext.heraultdata.journal.model import JournalEntry
from tests import factories

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db")

SCHEMA = {"fields": [{"name": "nom", "type": "string"}]}
JSON_SCHEMA = {"$schema": "http://json-schema.org/draft-07/schema#", "properties": {"a": {}}}


def standard(**fields: Any) -> dict[str, Any]:
    """A national standard."""
    values = {"name": "herault-arbres", "title": "Arbres", "level": "national"}
    return call_action("heraultdata_standard_create", **{**values, **fields})


def version(**fields: Any) -> dict[str, Any]:
    """A published version of the standard."""
    values = {
        "standard": "herault-arbres",
        "version": "1.0.0",
        "kind": "table",
        "schema": SCHEMA,
        "published_on": "2024-01-10",
    }
    return call_action("heraultdata_standard_version_create", **{**values, **fields})


def record(**fields: Any) -> dict[str, Any]:
    """Something recorded on the version."""
    return call_action(
        "heraultdata_standard_version_update",
        **{"standard": "herault-arbres", "version": "1.0.0", **fields},
    )


def refused(field: str, action: Any, **fields: Any) -> str:
    """The sentence with which a call is refused on a field."""
    with pytest.raises(tk.ValidationError) as refusal:
        action(**fields)
    return factories.sentence_of(refusal, field)


def test_a_standard_concerns_all_partners_and_is_no_priority_by_default() -> None:
    made = standard()

    assert made["concerns"] == ["epci", "commune", "other"]
    assert (made["scdl"], made["priority"], made["versions"]) == (False, False, [])
    assert call_action("heraultdata_standard_show", id="herault-arbres") == made
    assert call_action("heraultdata_standard_show", name="herault-arbres") == made
    assert call_action("heraultdata_standard_show", id=made["id"]) == made


def test_scdl_and_territorial_standards_are_priorities_by_default() -> None:
    assert standard(name="a", scdl=True)["priority"] is True
    assert standard(name="b", level="territorial")["priority"] is True
    assert standard(name="c", level="territorial", priority=False)["priority"] is False


def test_a_standard_of_the_scdl_is_national() -> None:
    assert "national" in refused("scdl", standard, level="territorial", scdl=True)


def test_a_name_is_taken_once() -> None:
    standard()

    assert "already" in refused("name", standard)


@pytest.mark.parametrize("name", ["Arbres", "arbres urbains", "-a", "a" * 101])
def test_a_name_is_made_for_addresses(name: str) -> None:
    assert refused("name", standard, name=name)


def test_the_description_is_corrected_and_what_is_left_out_stays() -> None:
    standard(issuer="Département", concerns=["commune"])

    changed = call_action("heraultdata_standard_update", id="herault-arbres", title="Les arbres")
    emptied = call_action("heraultdata_standard_update", name="herault-arbres", issuer="")

    assert (changed["title"], changed["issuer"]) == ("Les arbres", "Département")
    assert (emptied["issuer"], emptied["concerns"]) == (None, ["commune"])


def test_the_name_stays() -> None:
    standard()

    assert refused(
        "name",
        lambda: call_action("heraultdata_standard_update", id="herault-arbres", name="other"),
    )


def test_the_level_stays_once_a_version_is_published() -> None:
    standard()
    version(published_on=None)
    call_action("heraultdata_standard_update", id="herault-arbres", level="de_facto")
    record(published_on="2024-01-10")

    assert refused(
        "level",
        lambda: call_action(
            "heraultdata_standard_update", id="herault-arbres", level="territorial"
        ),
    )


def test_the_level_cannot_contradict_the_dates_of_a_draft() -> None:
    standard()
    version(published_on=None, due_on="2025-01-01")

    assert refused(
        "due_on",
        lambda: call_action("heraultdata_standard_update", id="herault-arbres", level="de_facto"),
    )


def test_a_version_is_answered_with_its_schema() -> None:
    standard()

    made = version(
        schema="\ufeff" + json.dumps(SCHEMA), source_url="https://schema.example/schema.json"
    )

    assert made["schema"] == SCHEMA
    assert (made["published_on"], made["due_on"], made["falls_due_on"]) == (
        "2024-01-10",
        None,
        None,
    )
    shown = call_action(
        "heraultdata_standard_version_show", standard="herault-arbres", version="1.0.0"
    )
    assert shown == made
    assert call_action("heraultdata_standard_version_show", id=made["id"]) == made


def test_what_is_odd_in_a_schema_is_a_warning() -> None:
    standard()

    made = version(schema={"fields": [{"name": "age", "type": "texte"}]})

    assert [(w["column"], set(w)) for w in made["warnings"]] == [
        ("age", {"code", "title", "message", "column"})
    ]


def test_a_territorial_version_is_due_one_year_after_its_publication() -> None:
    standard(level="territorial")

    assert version(published_on="2024-02-29")["falls_due_on"] == "2025-02-28"


def test_an_adopted_version_is_due_one_year_after_its_adoption() -> None:
    standard()
    version()

    adopted = record(adopted_on="2024-06-01", legal_reference="Délibération 12")

    assert (adopted["adopted_on"], adopted["falls_due_on"]) == ("2024-06-01", "2025-06-01")
    assert record(adopted_on="")["falls_due_on"] is None


def test_a_version_is_due_on_the_day_of_its_decree() -> None:
    standard()
    version()

    assert record(due_on="2025-04-14")["falls_due_on"] == "2025-04-14"


@pytest.mark.parametrize("level", ["territorial", "de_facto"])
def test_only_a_national_version_has_a_date_of_a_text(level: str) -> None:
    standard(level=level)

    assert refused("due_on", version, due_on="2025-01-01")


def test_what_has_a_date_of_its_own_is_not_adopted() -> None:
    standard()
    standard(name="territorial", level="territorial")

    assert refused("adopted_on", version, due_on="2025-01-01", adopted_on="2024-06-01")
    assert refused("adopted_on", version, standard="territorial", adopted_on="2024-06-01")


def test_nothing_is_adopted_before_it_is_published() -> None:
    standard()

    assert "10" in refused("adopted_on", version, adopted_on="2024-01-09")


def test_nothing_is_due_before_it_is_published() -> None:
    standard()

    assert "10" in refused("due_on", version, due_on="2024-01-09")
    made = version(due_on="2024-01-10")
    assert "10" in refused("due_on", record, due_on="2024-01-09")
    assert call_action("heraultdata_standard_version_show", id=made["id"]) == made


@pytest.mark.parametrize(
    "change",
    [
        {"schema": {"fields": [{"name": "other"}]}},
        {"kind": "document"},
        {"published_on": "2024-01-11"},
        {"published_on": ""},
        {"source_url": "https://other.example/schema.json"},
    ],
)
def test_a_published_version_is_never_edited(change: dict[str, Any]) -> None:
    standard()
    made = version()

    with pytest.raises(tk.ValidationError):
        record(**change)

    assert call_action("heraultdata_standard_version_show", id=made["id"]) == made


def test_a_draft_is_edited_then_published() -> None:
    standard()
    version(published_on=None)

    edited = record(schema={"fields": [{"name": "other"}]})
    published = record(published_on="2024-01-10")

    assert (edited["published_on"], published["published_on"]) == (None, "2024-01-10")
    assert published["schema"] == {"fields": [{"name": "other"}]}


def test_two_versions_do_not_share_a_number_or_a_day() -> None:
    standard()
    version()

    assert refused("version", version, published_on="2024-02-01")
    assert "1.0.0" in refused("published_on", version, version="1.1.0")


def test_drafts_have_no_day_to_share() -> None:
    standard()
    version(published_on=None)

    assert version(version="1.1.0", published_on=None)["published_on"] is None


@pytest.mark.parametrize(
    ("kind", "schema"),
    [
        ("table", None),
        ("json", None),
        ("table", JSON_SCHEMA),
        ("json", SCHEMA),
        ("document", SCHEMA),
        ("table", "{"),
        ("table", "[]"),
        ("table", "12"),
        ("table", {"fields": []}),
        ("table", '{"fields": [{"name": "a", "minimum": NaN}]}'),
        ("table", '{"fields": [{"name": "a", "minimum": 1e999}]}'),
        ("table", {"fields": [{"name": "a\x00b"}]}),
        ("table", {"fields": [{"name": "\ud800"}]}),
        ("table", "[" * 100_000),
    ],
)
def test_the_schema_is_of_the_kind(kind: str, schema: object) -> None:
    standard()

    assert refused("schema", version, kind=kind, schema=schema)


@pytest.mark.parametrize(
    ("kind", "schema"), [("document", None), ("json", JSON_SCHEMA), ("table", SCHEMA)]
)
def test_each_kind_of_version(kind: str, schema: object) -> None:
    standard()

    assert version(kind=kind, schema=schema)["schema"] == schema


def test_a_draft_becomes_a_document() -> None:
    standard()
    version(published_on=None)

    assert record(kind="document")["schema"] is None


@pytest.mark.parametrize("number", ["a/b", "", "1 0", "é", "x" * 51])
def test_a_number_of_version_is_made_for_addresses(number: str) -> None:
    standard()

    assert refused("version", version, version=number)


def test_a_version_of_no_standard_is_refused() -> None:
    assert refused("standard", version)


def test_versions_are_listed_the_newest_first_and_drafts_for_the_departement() -> None:
    people = factories.people(factories.partner()["id"])
    standard()
    version()
    version(version="2.0.0", published_on="2099-01-01")
    version(version="3.0.0", published_on=None)

    for_all = factories.act(None, "heraultdata_standard_show", id="herault-arbres")
    for_us = factories.act(
        people.department_admin, "heraultdata_standard_show", id="herault-arbres"
    )
    listed = factories.act(
        people.partner_admin, "heraultdata_standard_version_list", standard="herault-arbres"
    )

    assert [v["version"] for v in for_all["versions"]] == ["2.0.0", "1.0.0"]
    assert [v["version"] for v in for_us["versions"]] == ["3.0.0", "2.0.0", "1.0.0"]
    assert (listed["count"], [v["version"] for v in listed["results"]]) == (2, ["2.0.0", "1.0.0"])
    with pytest.raises(tk.ObjectNotFound):
        factories.act(
            None, "heraultdata_standard_version_show", standard="herault-arbres", version="3.0.0"
        )


def test_standards_are_filtered() -> None:
    standard(name="a", title="Arbres", scdl=True)
    standard(name="b", title="Bancs 100%", level="de_facto", issuer="Mairie de Sète")
    standard(name="c", title="Cinémas", level="territorial")

    def names(**filters: Any) -> list[str]:
        found = call_action("heraultdata_standard_list", **filters)
        return [each["name"] for each in found["results"]]

    assert names() == ["a", "b", "c"]
    assert names(q="ARBRES") == names(q="arbre") == ["a"]
    assert names(q="100%") == names(q="sete bancs") == ["b"]
    assert names(level="territorial") == ["c"]
    assert names(scdl="false") == ["b", "c"]
    assert names(priority=True) == ["a", "c"]
    assert names(limit=1, offset=1) == ["b"]


@pytest.mark.parametrize(
    "action", ["heraultdata_standard_list", "heraultdata_standard_version_list"]
)
def test_a_list_makes_a_constant_number_of_queries(action: str) -> None:
    def number_of_queries() -> int:
        statements: list[str] = []

        def count(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            statements.append(statement)

        event.listen(engine(), "before_cursor_execute", count)
        try:
            call_action(action)
        finally:
            event.remove(engine(), "before_cursor_execute", count)
        return len(statements)

    standard()
    version()
    for_one = number_of_queries()
    for name in ("b", "c", "d"):
        standard(name=name)
        version(standard=name)

    assert number_of_queries() == for_one > 0


WRITING = {
    "heraultdata_standard_create": {"name": "z", "title": "Z", "level": "national"},
    "heraultdata_standard_update": {"id": "herault-arbres", "title": "Z"},
    "heraultdata_standard_version_create": {
        "standard": "herault-arbres",
        "version": "2.0.0",
        "kind": "document",
    },
    "heraultdata_standard_version_update": {
        "standard": "herault-arbres",
        "version": "1.0.0",
        "adopted_on": "2024-06-01",
    },
}


@pytest.mark.parametrize("action", WRITING)
def test_only_the_departement_writes(action: str) -> None:
    people = factories.people(factories.partner()["id"])
    standard()
    version()

    for user in (None, people.visitor, people.partner_admin, people.partner_editor):
        with pytest.raises(tk.NotAuthorized):
            factories.act(user, action, **WRITING[action])
    assert factories.act(people.department_admin, action, **WRITING[action])


def test_each_change_is_a_line_of_the_journal() -> None:
    made = standard()
    call_action("heraultdata_standard_update", id="herault-arbres", title="Les arbres")
    call_action("heraultdata_standard_update", id="herault-arbres", title="Les arbres")
    version(published_on=None)
    record(published_on="2024-01-10")
    record(adopted_on="2024-06-01")

    lines = model.Session.query(JournalEntry).order_by(JournalEntry.id).all()
    assert [line.action for line in lines] == [
        "standard.created",
        "standard.updated",
        "standard.version_created",
        "standard.version_published",
        "standard.version_updated",
    ]
    assert {line.subject_id for line in lines} == {made["id"]}
    before, after = lines[-1].before or {}, lines[-1].after or {}
    assert (before["adopted_on"], after["adopted_on"]) == (None, "2024-06-01")
