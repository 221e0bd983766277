"""The report: for the API, for storage, for people."""

from __future__ import annotations

import json

from ckanext.heraultdata.messages import Message
from ckanext.heraultdata.validation.engine.faults import Fault, Remark
from ckanext.heraultdata.validation.engine.report import (
    Report,
    as_dict,
    folded_faults,
    from_storage,
    to_storage,
)

from .test_records import faults_of, schema_of

SCHEMA = schema_of({"fields": [{"name": "c", "type": "date"}, {"name": "d"}]})


def _report(cells: list[str]) -> Report:
    faults = faults_of(SCHEMA, [["c", "d"], *([cell, "x"] for cell in cells)])
    return Report(
        file="f.csv",
        valid=not faults,
        rows=len(cells),
        errors=tuple(faults),
        error_count=len(faults),
        warnings=(Remark("extra-label", Message("Extra column"), Message("{n}", {"n": "é"}), "e"),),
        seconds=0.5,
        encoding="utf-8",
        delimiter=",",
    )


def test_report_of_the_api_has_its_keys_and_no_other() -> None:
    told = as_dict(_report(["31/12/2024"]), "en")
    assert told == {
        "file": "f.csv",
        "valid": False,
        "standard": None,
        "version": None,
        "rows": 1,
        "encoding": "utf-8",
        "delimiter": ",",
        "errors": [
            {
                "code": "type-error",
                "title": "Not a date as expected",
                "message": "“31/12/2024” is not a date as this column expects it: year, month and"
                " day with hyphens, YYYY-MM-DD. To be corrected: 31/12/2024 → 2024-12-31.",
                "row": 2,
                "column": "c",
                "cell": "31/12/2024",
            }
        ],
        "error_count": 1,
        "warnings": [
            {"code": "extra-label", "title": "Extra column", "message": "é", "column": "e"}
        ],
        "seconds": 0.5,
    }


def test_report_comes_back_from_storage_as_it_was() -> None:
    report = _report(["31/12/2024", "x", "2024-01-01"])
    assert from_storage(json.loads(json.dumps(to_storage(report)))) == report


def test_identical_faults_are_folded_for_people_only() -> None:
    report = _report(["31/12/2024", "x", "2024-01-01", "01/01/2024"])
    (folded,) = folded_faults(report.errors)
    assert (folded.fault.row, folded.others, folded.rows) == (2, 2, (2, 3, 5))
    assert report.error_count == len(report.errors) == 3


def test_other_columns_and_other_codes_are_not_folded() -> None:
    message = Message("m")
    faults = [
        Fault("a", message, message, 2, "c"),
        Fault("a", message, message, 3, "d"),
        Fault("b", message, message, 4, "c"),
        Fault("a", message, Message("n"), 5, "c"),
    ]
    assert [folded.others for folded in folded_faults(faults)] == [0, 0, 0, 0]
