"""The custom checks of the State's validator."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.heraultdata.validation.engine.checks.identifiers import is_phone_number
from ckanext.heraultdata.validation.engine.faults import Fault
from ckanext.heraultdata.validation.engine.records import match_header

from .test_records import faults_of, schema_of

SIRET = "12002701600357"
LA_POSTE = "35600000000048"


def _faults(
    check: dict[str, Any], rows: list[list[str]], **types: str
) -> list[tuple[int | None, str, str | None]]:
    return [(fault.row, fault.code, fault.column) for fault in _all(check, rows, **types)]


def _all(check: dict[str, Any], rows: list[list[str]], **types: str) -> list[Fault]:
    names = sorted({*rows[0], *types})
    fields = [{"name": name, "type": types.get(name, "string")} for name in names]
    return faults_of(schema_of({"fields": fields, "custom_checks": [check]}), rows)


def _cell_is_right(name: str, cell: str, **params: str) -> bool:
    check = {"name": name, "params": {"column": "c", **params}}
    faults = _all(check, [["c"], [cell]])
    assert all((fault.code, fault.row, fault.column) == (name, 2, "c") for fault in faults)
    return not faults


@pytest.mark.parametrize(
    ("name", "cell", "right"),
    [
        ("siret", SIRET, True),
        ("french-siret-value", "120 027 016 00357", True),
        ("french-siret-value", LA_POSTE, True),
        ("siret", "00000000000000", True),
        ("siret", "12002701600358", False),
        ("siret", SIRET[:-1], False),
        ("siren", "120027016", True),
        ("french-siren-value", "120 027 016", True),
        ("french-siren-value", "120027017", False),
        ("nomenclature-acte", "Finances locales/Subventions", True),
        ("nomenclature-actes-value", "finances LOCALES/", True),
        ("nomenclature-actes-value", "Libertes publiques et pouvoirs de police/x", True),
        ("nomenclature-actes-value", "Finances locales", False),
        ("nomenclature-actes-value", "Finances locales / Subventions", False),
        ("nomenclature-actes-value", "Finances locales/ Subventions", False),
        ("nomenclature-actes-value", "Voirie/Routes", False),
        ("year-interval-value", "2024/2025", True),
        ("year-interval-value", "2025/2024", False),
        ("year-interval-value", "2024/2024", False),
        ("year-interval-value", "2024", False),
        ("opening-hours-value", "Mo-Fr 09:00-12:00,14:00-17:30", True),
        ("opening-hours-value", "24/7", True),
        ("opening-hours-value", "Mo-Fr 9:00-12:00", False),
        ("opening-hours-value", "mo-fr 09:00-12:00", False),
        ("opening-hours-value", "tous les jours", False),
        ("phone-number-value", "04 67 67 67 67", True),
        ("phone-number-value", "+33467676767", True),
        ("phone-number-value", "115", True),
        ("phone-number-value", "39 49", True),
        ("phone-number-value", "04 67", False),
        ("phone-number-value", "mairie", False),
        ("french-gps-coordinates", "3.87, 43.61", True),
        ("coordonnees-gps-francaises", "[55.5, -21.1]", True),
        ("french-gps-coordinates", "43.61, 3.87", False),
        ("french-gps-coordinates", "ici", False),
        ("code-postal", "34000", True),
        ("code-postal", "34", False),
    ],
)
def test_cell(name: str, cell: str, right: bool) -> None:
    assert _cell_is_right(name, cell) is right


@pytest.mark.parametrize(
    ("name", "cell", "right"),
    [
        ("code-commune-insee", "34172", True),
        ("code-commune-insee", "99999", False),
        ("commune", "Montpellier", True),
        ("departement", "Hérault", True),
        ("numero-departement", "34", True),
        ("numero-departement", "34B", False),
        ("region", "Occitanie", True),
        ("code-region", "76", True),
        ("canton", "Lodève", True),
        ("pays", "Espagne", True),
        ("code-pays-iso2", "FR", True),
        ("code-pays-iso3", "FRA", True),
    ],
)
def test_nomenclature_of_a_year(name: str, cell: str, right: bool) -> None:
    assert _cell_is_right(name, cell, cog="2024") is right


def test_one_year_where_the_schema_allows_it() -> None:
    assert _cell_is_right("year-interval-value", "2024", **{"allow-year-only": "yes"})
    assert _cell_is_right("year-interval-value", "2024", **{"allow-year-only": "True"})


def test_reversed_coordinates_have_a_sentence_of_their_own() -> None:
    check = {"name": "french-gps-coordinates", "params": {"column": "c"}}
    assert "reverse the two" in str(_all(check, [["c"], ["43.61, 3.87"]])[0].message)


def test_coordinates_are_said_as_they_are_written() -> None:
    fields = [{"name": "c", "type": "geopoint", "format": "array"}]
    checks = [{"name": "french-gps-coordinates", "params": {"column": "c"}}]
    schema = schema_of({"fields": fields, "custom_checks": checks})
    (fault,) = faults_of(schema, [["c"], ["[43.61, 3.87]"]])
    assert str(fault.message).startswith("“43.61, 3.87” has its latitude")


@pytest.mark.parametrize(
    ("operator", "first", "second", "right"),
    [
        (">=", "2", "10", False),
        ("<", "2", "10", True),
        ("==", "1.0", "1", True),
        (">", "b", "a", True),
        ("<=", "b", "a", False),
        ("==", "a", "1", False),
        (">", "", "1", True),
    ],
)
def test_compare_columns(operator: str, first: str, second: str, right: bool) -> None:
    check = {
        "name": "compare-columns-value",
        "params": {"column": "a", "op": operator, "column2": "b"},
    }
    expected = [] if right else [(2, "compare-columns-value", "a")]
    assert _faults(check, [["a", "b"], [first, second]]) == expected


def test_compare_dates_and_what_cannot_be_compared() -> None:
    check = {"name": "compare-columns-value", "params": {"column": "a", "op": ">=", "column2": "b"}}
    rows = [["a", "b"], ["2024-01-02", "2024-01-10"], ["2024-01-02", "2023-12-31"]]
    assert [row for row, _, _ in _faults(check, rows, a="date", b="date")] == [2]
    mixed = _all(check, [["a", "b"], ["2024-01-02", "x"]], a="date")
    assert "cannot be compared" in str(mixed[0].message)


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("time", [["10:00:00", "11:00:00"], ["12:00:00", "11:00:00"]]),
        ("boolean", [["false", "true"], ["true", "false"]]),
        ("array", [["[1]", "[2]"], ["[2]", "[1]"]]),
    ],
)
def test_compare_values_of_one_type(kind: str, rows: list[list[str]]) -> None:
    check = {"name": "compare-columns-value", "params": {"column": "a", "op": "<=", "column2": "b"}}
    assert [row for row, _, _ in _faults(check, [["a", "b"], *rows], a=kind, b=kind)] == [3]


def test_sum_columns() -> None:
    check = {"name": "sum-columns-value", "params": {"column": "t", "columns": ["a", "b"]}}
    rows = [["t", "a", "b"], ["3", "1", "2"], ["4", "1", "2"], ["4", "", "2"]]
    types = {"t": "integer", "a": "integer", "b": "integer"}
    assert _faults(check, rows, **types) == [(3, "sum-columns-value", "t")]


def test_sum_beyond_decimals_is_wrong_and_does_not_raise() -> None:
    check = {"name": "sum-columns-value", "params": {"column": "t", "columns": ["a", "b"]}}
    types = {"t": "number", "a": "number", "b": "number"}
    rows = [["t", "a", "b"], ["1", "9e999999", "9e999999"], ["1", "Infinity", "-Infinity"]]
    assert [row for row, _, _ in _faults(check, rows, **types)] == [2, 3]


def test_cohesive_columns() -> None:
    check = {"name": "cohesive-columns-value", "params": {"column": "a", "othercolumns": ["b"]}}
    rows = [["a", "b", "c"], ["1", "2", ""], ["", "", "x"], ["1", "", ""]]
    assert _faults(check, rows) == [(4, "cohesive-columns-value", "a")]
    assert _faults(check, [["a"], ["1"]], b="string") == [(None, "cohesive-columns-value", "a")]
    assert _faults(check, [["c"], ["1"]], a="string", b="string") == []


def test_one_of_required() -> None:
    check = {"name": "one-of-required", "params": {"column1": "a", "column2": "b"}}
    rows = [["a", "b", "c"], ["", "1", ""], ["", "", "x"]]
    assert _faults(check, rows) == [(3, "one-of-required", "a")]
    assert _faults(check, [["c"], ["x"]]) == [(None, "one-of-required", "a")]
    former = {"name": "one-of-required", "params": {"column": "a", "column2": "b"}}
    assert _faults(former, rows) == [(3, "one-of-required", "a")]


def test_empty_cell_is_not_checked() -> None:
    check = {"name": "siret", "params": {"column": "c"}}
    assert _faults(check, [["c", "d"], ["", "x"]]) == []


def test_check_of_an_absent_column_does_not_run() -> None:
    check = {"name": "siret", "params": {"column": "absent"}}
    assert _faults(check, [["c"], ["x"]]) == []


@pytest.mark.parametrize(
    "check",
    [
        {"name": "no-such-check", "params": {"column": "c"}},
        {"name": "siret", "params": {}},
        {"name": "siret"},
        {"name": "compare-columns-value", "params": {"column": "c", "op": "~", "column2": "c"}},
        {"name": "cohesive-columns-value", "params": {"column": "c", "othercolumns": "d"}},
        {"name": "commune", "params": {"column": "c"}},
        {"name": "commune", "params": {"column": "c", "cog": "1789"}},
        {"name": "one-of-required", "params": {"column2": "c"}},
    ],
    ids=str,
)
def test_check_that_cannot_run_is_an_error_and_the_rest_runs(check: dict[str, Any]) -> None:
    fields = [{"name": "c", "type": "integer"}]
    faults = faults_of(schema_of({"fields": fields, "custom_checks": [check]}), [["c"], ["x"]])
    assert [(fault.row, fault.code) for fault in faults] == [
        (None, "check-error"),
        (2, "type-error"),
    ]


@pytest.mark.parametrize("described", ["siret", {"name": "siret"}])
def test_check_set_on_a_field(described: object) -> None:
    schema = schema_of({"fields": [{"name": "c", "customCheck": described}]})
    assert [fault.code for fault in faults_of(schema, [["c"], ["1"], [SIRET]])] == ["siret"]
    assert not match_header(schema, ["c"]).faults


@pytest.mark.parametrize(
    ("name", "cell", "mended"),
    [
        ("siret", f"{SIRET[:9]}-{SIRET[9:]}.0", SIRET),
        ("siren", "12002701", None),
        ("nomenclature-acte", "finances locales / Dons", "Finances locales/Dons"),
        ("year-interval-value", "2024-2025", "2024/2025"),
        ("year-interval-value", "2025/2024", "2024/2025"),
    ],
)
def test_mended_value_is_right(name: str, cell: str, mended: str | None) -> None:
    faults = _all({"name": name, "params": {"column": "c"}}, [["c"], [cell]])
    assert [fault.mended for fault in faults] == [mended]
    assert mended is None or _cell_is_right(name, mended)


@pytest.mark.parametrize("text", ["", "+", "0", "é", "1" * 40, "tel:+33"])
def test_any_text_may_be_asked_for_a_number(text: str) -> None:
    assert is_phone_number(text) is False
