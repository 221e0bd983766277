"""A dataset as its form would save it: half filled in, nonsense, what the page does not show."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.dcat.quality.links import unreachable_links
from ckanext.heraultdata.dcat.quality.unsaved import filled_in, with_defaults

FIELDS: list[dict[str, Any]] = [
    {"field_name": "title"},
    {"field_name": "tag_string"},
    {"field_name": "theme", "form_snippet": "multiple_checkbox.html"},
    {"field_name": "issued", "form_snippet": "date.html"},
    {
        "field_name": "language",
        "form_snippet": "multiple_checkbox.html",
        "validators": "default(FRA) x",
    },
    {"field_name": "access_rights", "validators": "default(PUBLIC) x"},
    {
        "field_name": "spatial_coverage",
        "repeating_subfields": [{"field_name": "code"}, {"field_name": "text"}],
    },
    {
        "field_name": "temporal_coverage",
        "repeating_subfields": [
            {"field_name": "start", "form_snippet": "date.html"},
            {"field_name": "end", "form_snippet": "date.html"},
        ],
    },
]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": [" Arbres "]}, {"title": "Arbres"}),
        ({"title": [""]}, {"title": ""}),
        ({"title": []}, {"title": ""}),
        ({"title": ["a\x00b"]}, {"title": ""}),
        ({"theme": ["", "ENVI", "TRAN"]}, {"theme": ["ENVI", "TRAN"]}),
        ({"theme": [""]}, {"theme": []}),
        ({"issued": ["2026-02-28"]}, {"issued": "2026-02-28"}),
        ({"issued": ["2026-02-30"]}, {"issued": ""}),
        ({"issued": ["yesterday"]}, {"issued": ""}),
        ({"unknown": ["x"], "_ckan_phase": ["1"]}, {}),
        ({"temporal_coverage-none-start": [""]}, {"temporal_coverage": []}),
        (
            {
                "temporal_coverage-10-start": ["2026-01-01"],
                "temporal_coverage-2-end": ["2025-01-01"],
            },
            {"temporal_coverage": [{"end": "2025-01-01"}, {"start": "2026-01-01"}]},
        ),
        ({"temporal_coverage-0-start": ["soon"]}, {"temporal_coverage": []}),
        ({"temporal_coverage-0-colour": ["2026-01-01"]}, {"temporal_coverage": []}),
        (
            {"temporal_coverage-REPEATING-INDEX0-start": ["2026-01-01"]},
            {"temporal_coverage": []},
        ),
        (
            {"spatial_coverage-0-code": ["34010"]},
            {
                "spatial_coverage": [
                    {
                        "text": "Aniane",
                        "uri": "http://id.insee.fr/geo/commune/34010",
                        "code": "34010",
                    }
                ]
            },
        ),
        ({"spatial_coverage-0-code": ["licorne"]}, {"spatial_coverage": [{"code": "licorne"}]}),
    ],
)
def test_the_form_stands_in_place_of_what_was_there(
    values: dict[str, list[str]], expected: dict[str, Any]
) -> None:
    assert filled_in({}, values, FIELDS) == expected


def test_keywords_become_tags() -> None:
    found = filled_in({"tags": [{"name": "old"}]}, {"tag_string": ["arbre, , parc"]}, FIELDS)
    assert [tag["name"] for tag in found["tags"]] == ["arbre", "parc"]
    assert filled_in({"tags": [{"name": "old"}]}, {"tag_string": [""]}, FIELDS)["tags"] == []


def test_what_the_page_does_not_show_stays() -> None:
    saved = {"title": "Arbres", "theme": ["ENVI"], "tags": [{"name": "arbre"}]}
    assert filled_in(saved, {"title": ["Parcs"]}, FIELDS) == {**saved, "title": "Parcs"}


def test_a_new_dataset_has_the_defaults_of_the_schema() -> None:
    assert with_defaults(FIELDS) == {"language": ["FRA"], "access_rights": "PUBLIC"}


names = st.one_of(
    st.sampled_from([field["field_name"] for field in FIELDS]),
    st.from_regex(
        r"(spatial|temporal)_coverage-[0-9A-Z]{1,3}-(start|end|code|text|x)", fullmatch=True
    ),
    st.text(),
)


@given(st.dictionaries(names, st.lists(st.text(), max_size=3)))
def test_any_form_is_taken(values: dict[str, list[str]]) -> None:
    assert isinstance(filled_in({}, values, FIELDS), dict)


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ({"url": "https://a.example/f", "validation_status": "error"}, {"https://a.example/f"}),
        ({"url": "https://a.example/f", "validation_status": "failure"}, set()),
        ({"url": "https://a.example/f"}, set()),
        (
            {"url": "https://a.example/f", "url_type": "upload", "validation_status": "error"},
            set(),
        ),
        ({"validation_status": "error"}, set()),
        ("nonsense", set()),
    ],
)
def test_a_link_answers_unless_its_last_check_could_not_open_it(
    file: Any, expected: set[str]
) -> None:
    assert unreachable_links({"resources": [file]}) == expected


def test_a_dataset_without_files_has_no_such_link() -> None:
    assert unreachable_links({}) == frozenset()
