"""The standards that come with the extension: the facts are the official ones, the words ours."""

from __future__ import annotations

import csv
import datetime
import io
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.schema import TableSchema, read_schema

EXTENSION = Path(__file__).parents[2] / "ckanext" / "heraultdata"
BUNDLED = EXTENSION / "schemas" / "standards"
SHARED = Path(__file__).parents[3] / "shared" / "standards"
OFFICIAL = SHARED / "official"

SLUGS = sorted(folder.name for folder in BUNDLED.iterdir())
WORDS = frozenset({"title", "description", "example", "examples"})
# What a validator reads of a field and of a schema.
FIELD_FACTS = (
    *("name", "type", "format", "constraints", "trueValues", "falseValues"),
    *("arrayItem", "decimalChar", "groupChar", "bareNumber", "customCheck"),
)
SCHEMA_FACTS = ("custom_checks", "missingValues", "primaryKey", "foreignKeys")
# A run of characters that long, common to two texts, is a copy and not a coincidence.
COPIED = 40


def standard(slug: str) -> dict[str, Any]:
    """What `standard.yaml` says of a standard."""
    return yaml.safe_load((BUNDLED / slug / "standard.yaml").read_text(encoding="utf-8"))


def document(slug: str, version: str) -> dict[str, Any]:
    """The bundled schema of a version."""
    return json.loads((BUNDLED / slug / f"{version}.json").read_text(encoding="utf-8"))


def official(slug: str, version: str) -> dict[str, Any]:
    """The official schema of a version."""
    path = OFFICIAL / slug / version / "schema.json"
    return json.loads(path.read_text(encoding="utf-8-sig"))


def number(version: str) -> tuple[int, ...]:
    """A version as something that can be sorted."""
    return tuple(int(part) for part in re.findall(r"\d+", version))


def known(name: str) -> set[str]:
    """The values that the form of datasets takes for a field."""
    form = yaml.safe_load((EXTENSION / "schemas" / "dataset.yaml").read_text(encoding="utf-8"))
    (field,) = (field for field in form["dataset_fields"] if field["field_name"] == name)
    return {choice["value"] for choice in field["choices"]}


VERSIONS = [(slug, row) for slug in SLUGS for row in standard(slug)["versions"]]
TABLES = [(slug, row["version"]) for slug, row in VERSIONS if row["kind"] == "table"]
SCHEMAS = [(slug, row["version"]) for slug, row in VERSIONS if row["kind"] != "document"]
# Published as a text and a validator: there is no official schema to compare with.
WITHOUT_SCHEMA = {"etalab-bal"}
# Published by its authors alone.
OUTSIDE_REGISTRY = {"naturalsolutions-arbre"}
OFFICIAL_TABLES = [table for table in TABLES if table[0] not in WITHOUT_SCHEMA]

needs_official = pytest.mark.skipif(
    not OFFICIAL.exists(), reason="the official schemas are not beside the checkout"
)


def facts_of_field(field: dict[str, Any]) -> dict[str, Any]:
    """What a field demands: a demand that is false is none."""
    facts = {key: field[key] for key in FIELD_FACTS if key in field}
    if "arrayItem" in facts:
        facts["arrayItem"] = facts_of_field(facts["arrayItem"])
    constraints = facts.pop("constraints", {})
    facts["constraints"] = {
        key: wanted for key, wanted in constraints.items() if wanted is not False
    }
    return facts


@needs_official
@pytest.mark.parametrize(("slug", "version"), OFFICIAL_TABLES)
def test_columns_demand_what_the_official_ones_demand(slug: str, version: str) -> None:
    ours, theirs = document(slug, version), official(slug, version)
    assert [facts_of_field(field) for field in ours["fields"]] == [
        facts_of_field(field) for field in theirs["fields"]
    ]
    assert {key: ours[key] for key in SCHEMA_FACTS if key in ours} == {
        key: theirs[key] for key in SCHEMA_FACTS if key in theirs
    }


@needs_official
@pytest.mark.parametrize("slug", SLUGS)
def test_the_latest_version_and_the_one_before_are_there(slug: str) -> None:
    versions = sorted((folder.name for folder in (OFFICIAL / slug).iterdir()), key=number)
    bundled = (row["version"] for row in standard(slug)["versions"])
    assert sorted(bundled, key=number) == versions[-2:]


@needs_official
@pytest.mark.parametrize(("slug", "version"), OFFICIAL_TABLES)
def test_no_description_is_copied(slug: str, version: str) -> None:
    theirs = " ".join(
        " ".join(field.get("description", "").split())
        for field in official(slug, version)["fields"]
    )
    ours = [" ".join(field["description"].split()) for field in document(slug, version)["fields"]]
    copied = [
        text[start : start + COPIED]
        for text in ours
        for start in range(len(text) - COPIED + 1)
        if text[start : start + COPIED] in theirs
    ]
    assert not copied


@needs_official
@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug not in OUTSIDE_REGISTRY])
def test_each_version_says_where_the_registry_has_it(slug: str) -> None:
    registry = json.loads((SHARED / "registry-schemas.json").read_text(encoding="utf-8"))["schemas"]
    listed = {
        (entry["name"].replace("/schema-", "-").replace("/", "-"), version["version_name"]): (
            version["schema_url"]
        )
        for entry in registry
        for version in entry["versions"]
    }
    for row in standard(slug)["versions"]:
        assert row["source_url"] == listed[slug, row["version"]]


@pytest.mark.parametrize("slug", SLUGS)
def test_versions_and_their_files_go_together(slug: str) -> None:
    versions = standard(slug)["versions"]
    files = {path.stem for path in (BUNDLED / slug).glob("*.json")}
    assert files == {row["version"] for row in versions if row["kind"] != "document"}
    newest_first = sorted(versions, key=lambda row: number(row["version"]), reverse=True)
    days = [row["published_on"] for row in newest_first]
    assert all(type(day) is datetime.date for day in days)
    assert days == sorted(set(days), reverse=True)
    for row in versions:
        assert row["date_source"]
        if row.get("due_on"):
            assert type(row["due_on"]) is datetime.date
            assert row["legal_reference"]


@pytest.mark.parametrize("slug", SLUGS)
def test_the_form_can_start_with_the_standard(slug: str) -> None:
    read = standard(slug)
    assert read["level"] in {"national", "territorial", "de_facto"}
    assert set(read["concerns"]) <= {"epci", "commune", "other"}
    assert all(read[key] for key in ("title", "issuer", "homepage", "description"))
    assert all(type(read[key]) is bool for key in ("scdl", "priority"))
    start = read["dataset_defaults"]
    assert start["title"]
    assert start["theme"]
    assert set(start["theme"]) <= known("theme")
    assert start["frequency"] in known("frequency")
    assert start["spatial_granularity"] in known("spatial_granularity")
    assert start["keywords"]
    assert all(re.fullmatch(r"[\w .-]{2,100}", keyword) for keyword in start["keywords"])


@pytest.mark.parametrize(("slug", "version"), TABLES)
def test_each_column_is_told_in_words(slug: str, version: str) -> None:
    ours = document(slug, version)
    assert ours["version"] == version
    assert ours["title"]
    assert ours["description"]
    for field in ours["fields"]:
        assert field["title"], field["name"]
        assert field["description"].rstrip().endswith((".", "?", "!", ")", "…")), field["name"]
    names = Counter(field["name"] for field in ours["fields"])
    assert max(names.values()) == 1


@pytest.mark.parametrize(("slug", "version"), SCHEMAS)
def test_the_schema_is_read_without_a_remark(slug: str, version: str) -> None:
    assert read_schema(document(slug, version)).remarks == ()


@pytest.mark.parametrize(("slug", "version"), TABLES)
def test_a_row_of_the_examples_is_right(slug: str, version: str) -> None:
    schema = read_schema(document(slug, version))
    assert isinstance(schema.schema, TableSchema)
    fields = document(slug, version)["fields"]
    text = io.StringIO()
    rows = csv.writer(text, delimiter=";")
    rows.writerow([field["name"] for field in fields])
    rows.writerow([field.get("example", "") for field in fields])
    report = check_file(text.getvalue().encode(), schema, name="exemple.csv")
    assert report.errors == ()
    assert report.valid
    assert report.rows == 1
