"""What a check depends on, as pure functions."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.validation.rules import FileFacts, unknown_options

MOMENT = datetime(2026, 3, 1, 9, 30, 0, 123456)  # noqa: DTZ001  # as CKAN's columns have it
UPLOAD = {"url": "a.csv", "url_type": "upload", "format": "CSV", "last_modified": MOMENT}
LINK = {"url": "https://x.example/a.csv", "url_type": None, "format": "CSV"}
SCHEMA = {"fields": [{"name": "insee", "type": "string"}]}


@pytest.mark.parametrize(
    "change",
    [
        {"url": "https://portal.example/dataset/1/resource/2/download/a.csv"},
        {"last_modified": MOMENT.isoformat()},
        {"format": "csv"},
        {"schema": None},
        {"schema": ""},
        {"validation_options": {}},
        {"validation_status": "success"},
        {"description": "Autre texte"},
    ],
)
def test_the_same_file(change: dict[str, Any]) -> None:
    assert FileFacts.of({**UPLOAD, **change}) == FileFacts.of(UPLOAD)


@pytest.mark.parametrize(
    "change",
    [
        {"url": "b.csv"},
        {"url_type": ""},
        {"last_modified": "2026-03-01T09:30:01"},
        {"format": "xlsx"},
        {"schema": SCHEMA},
        {"schema": "https://x.example/schema.json"},
        {"validation_options": '{"encoding": "utf-8"}'},
    ],
)
def test_another_file(change: dict[str, Any]) -> None:
    assert FileFacts.of({**UPLOAD, **change}) != FileFacts.of(UPLOAD)


def test_the_date_of_a_link_says_nothing_of_its_file() -> None:
    assert FileFacts.of({**LINK, "last_modified": MOMENT}) == FileFacts.of(LINK)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.dictionaries(st.text(), JSON), st.sampled_from([None, 2]))
def test_a_schema_is_the_same_as_object_and_as_text(
    schema: dict[str, Any], indent: int | None
) -> None:
    turned = dict(reversed(schema.items()))

    assert FileFacts.of({**LINK, "schema": json.dumps(turned, indent=indent)}) == FileFacts.of(
        {**LINK, "schema": schema}
    )


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        (UPLOAD, True),
        ({**UPLOAD, "url": ""}, True),
        (LINK, True),
        ({**LINK, "url": ""}, False),
        ({**LINK, "format": "pdf"}, False),
        ({**LINK, "format": ""}, False),
        ({}, False),
    ],
)
def test_what_can_be_checked(resource: dict[str, Any], expected: bool) -> None:
    assert FileFacts.of(resource).can_be_checked(["csv", "xlsx"]) is expected


def test_options_that_would_reach_elsewhere_are_unknown() -> None:
    options = {"encoding": "utf-8", "extrapaths": ["/etc/passwd"], "basepath": "/", "dialect": {}}

    assert unknown_options(options) == ["basepath", "extrapaths"]
