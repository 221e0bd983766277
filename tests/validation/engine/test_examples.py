"""Every example file of the standards against the verdict of the State's validator."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.checks.catalogue import MAKERS
from ckanext.heraultdata.validation.engine.schema import read_schema

STANDARDS = Path(__file__).parents[4] / "shared" / "standards"
EXPECTED = STANDARDS / "examples" / "EXPECTED.json"

pytestmark = pytest.mark.skipif(
    not EXPECTED.exists(), reason="no example files beside the checkout"
)

REFUSED = "the reference refuses the schema, and every file with it; the rest of it is checked here"
NUMBERS = "a number of a spreadsheet in a column of texts is its text, with a warning"
# The reasons are told in docs/validation.md.
DEVIATIONS = {
    "etalab-irve/1.0.3__exemple-valide.csv": REFUSED,
    "etalab-lieux-covoiturage/0.2.1__exemple-valide.xls": NUMBERS,
    "etalab-stationnement/0.1.1__exemple-valide.csv": REFUSED,
    "etalab-stationnement/0.1.2__exemple-valide.csv": REFUSED,
    "etalab-stationnement-cyclable/0.1.0__exemple-valide.csv": REFUSED,
    "geobretagne-equipements-velo/0.2.0__exemple-valide.csv": REFUSED,
    "geobretagne-equipements-velo/0.4.1__exemple-valide.csv": REFUSED,
    "geobretagne-equipements-velo/0.5.1__exemple-valide.csv": REFUSED,
    "mtes-mct-acceslibre-schema/0.0.1__exemple-valide.csv": REFUSED,
    "naturalsolutions-arbre/0.1.0__exemple-valide.xlsx": REFUSED,
    "naturalsolutions-arbre/0.2.0__exemple-valide.xlsx": REFUSED,
    "openmaraude-stationstaxi/0.1.2__exemple-valide.xlsx": NUMBERS,
}
# The reference has one code for the checks of formats, where the engine has the check's own name.
OWN_CODES = {"compare-columns-value", "one-of-required", "opening-hours-value"}


def _expected() -> list[dict[str, Any]]:
    if not EXPECTED.exists():
        return []
    files = json.loads(EXPECTED.read_text(encoding="utf-8"))["files"]
    return [expected for expected in files if "valid" in expected]


def _check(expected: dict[str, Any]):  # noqa: ANN202
    schema = STANDARDS / "official" / expected["standard"] / expected["schema_version"]
    return check_file(
        STANDARDS / "examples" / expected["file"],
        read_schema((schema / "schema.json").read_bytes()),
    )


def _type_of(code: str) -> str:
    return "custom-check-error" if code in MAKERS and code not in OWN_CODES else code


@pytest.mark.parametrize("expected", _expected(), ids=lambda expected: expected["file"])
def test_file_has_the_verdict_and_the_errors_of_the_reference(expected: dict[str, Any]) -> None:
    report = _check(expected)
    found = Counter(_type_of(fault.code) for fault in report.errors)
    same = (report.valid, report.error_count, dict(found)) == (
        expected["valid"],
        expected["errors"],
        expected["error_types"],
    )
    # A deviation that is none any more is to be taken off the list.
    assert same is (expected["file"] not in DEVIATIONS), (report.error_count, found)


@pytest.mark.parametrize("name", sorted(DEVIATIONS))
def test_deviation_is_said_in_the_warnings(name: str) -> None:
    expected = next(expected for expected in _expected() if expected["file"] == name)
    assert _check(expected).warnings


def test_every_official_schema_is_read() -> None:
    schemas = [
        path for path in STANDARDS.glob("official/*/*/*.json") if path.name != "datapackage.json"
    ]
    assert schemas
    for path in schemas:
        assert read_schema(path.read_bytes()).schema
