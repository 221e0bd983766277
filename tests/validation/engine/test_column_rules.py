"""Rules between the columns of a row, on the path by columns."""

from __future__ import annotations

from typing import Any

import pytest

from ckanext.heraultdata.messages import Message
from ckanext.heraultdata.validation.engine.checks import RowRule
from ckanext.heraultdata.validation.engine.columns.rules import proof_of
from tests.validation.engine.paths import both


def _compared(operator: str) -> dict[str, Any]:
    return {
        "name": "compare-columns-value",
        "params": {"column": "a", "op": operator, "column2": "b"},
    }


@pytest.mark.usefixtures("small_scale")
@pytest.mark.parametrize(
    ("check", "kind", "right", "wrong"),
    [
        (_compared(">="), "date", "2024-01-02,2024-01-02", "2024-01-02,2024-01-10"),
        (_compared("<"), "integer", "2,10", "10,2"),
        (_compared("=="), "number", "1.0,1", "1.5,1"),
        (_compared(">"), "string", "b,a", "a,b"),
        (
            {"name": "sum-columns-value", "params": {"column": "a", "columns": ["b", "c"]}},
            "integer",
            "3,3",
            "4,3",
        ),
        (
            {"name": "sum-columns-value", "params": {"column": "a", "columns": ["b", "c"]}},
            "number",
            "1.5,1.5",
            "1.6,1.5",
        ),
        (
            {
                "name": "cohesive-columns-value",
                "params": {"column": "a", "othercolumns": ["b"]},
            },
            "string",
            "x,y",
            "x,",
        ),
        (
            {"name": "one-of-required", "params": {"column1": "a", "column2": "b"}},
            "string",
            "x,",
            ",",
        ),
    ],
)
def test_a_rule_between_columns(check: dict[str, Any], kind: str, right: str, wrong: str) -> None:
    kinds = {"a": kind, "b": kind, "c": "integer"}
    fields = [{"name": name, "type": kind} for name, kind in kinds.items()]
    schema = {"fields": fields, "custom_checks": [check]}
    lines = [f"{right},0"] * 40 + [f"{wrong},0"] + [f"{right},0"] * 40
    by_rows, by_columns = both("\n".join(["a,b,c", *lines, ""]).encode(), schema)
    assert by_columns == by_rows
    assert [(fault.code, fault.row) for fault in by_columns.errors] == [(check["name"], 42)]


def test_columns_do_not_judge_a_rule_that_they_do_not_know() -> None:
    rule = RowRule("another-rule", Message("Another rule"), (), lambda *_: None)
    assert proof_of(rule, [], []) is None
