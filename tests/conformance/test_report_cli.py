"""The command `ckan heraultdata conformance report`."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ckanext.heraultdata.cli import heraultdata
from tests import factories
from tests.conformance.test_actions import check, dataset
from tests.reading import counted_queries

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")


@pytest.fixture
def report(cli: Any, at: Callable[[str], None]) -> Callable[..., Any]:
    """Run the command on 2026-03-01."""
    at("2026-03-01")
    return lambda *words: cli.invoke(heraultdata, ["conformance", "report", *words])


@pytest.fixture
def partner(clean_db: None) -> dict[str, Any]:
    """A partner valid for the first version of a standard, with a second due on 2026-06-01."""
    factories.standard(name="herault-arbres", level="territorial")
    first, _ = (
        factories.version(standard="herault-arbres", version=number, published_on=day)
        for number, day in (("1.0.0", "2023-01-10"), ("2.0.0", "2025-06-01"))
    )
    made = factories.partner(title="Lodévois")
    check(dataset(made, "herault-arbres")["resources"][0], first, date(2025, 1, 1), valid=True)
    return made


def test_nothing(report: Callable[..., Any]) -> None:
    outcome = report()
    assert (outcome.exit_code, outcome.output.splitlines()[-1]) == (0, "Lines: 0")
    assert json.loads(report("--json").output) == []


@pytest.mark.usefixtures("partner")
def test_the_table(report: Callable[..., Any]) -> None:
    outcome = report()
    assert outcome.exit_code == 0
    headings, line, count = outcome.output.splitlines()
    assert headings.split() == [
        *("PARTNER", "DATASET", "STANDARD", "STATUS", "VALID", "TARGET", "DUE", "ON", "DAYS")
    ]
    assert line.split() == [
        *("Lodévois", "Arbres", "herault-arbres", "pending", "1.0.0", "2.0.0", "2026-06-01", "92")
    ]
    assert line.index("pending") == headings.index("STATUS")
    assert count == "Lines: 1"
    late = report("--on", "2026-06-11").output.splitlines()[1]
    assert late.endswith("-10")


def test_json_has_what_the_action_answers_and_names(
    report: Callable[..., Any], partner: dict[str, Any]
) -> None:
    [line] = json.loads(report("--json").output)
    assert (line["organization_id"], line["organization"]) == (partner["id"], "Lodévois")
    assert (line["dataset"], line["status"], line["days_left"]) == ("Arbres", "pending", 92)


def test_filters(report: Callable[..., Any], partner: dict[str, Any]) -> None:
    other = factories.partner()
    dataset(other, "herault-arbres")
    for words, count in (
        ((), 2),
        (("--organization", partner["name"]), 1),
        (("--status", "unchecked"), 1),
        (("--status", "overdue"), 0),
        (("--standard", "herault-arbres"), 2),
        (("--on", "2022-01-01"), 0),
    ):
        assert len(json.loads(report(*words, "--json").output)) == count, words


def test_a_partner_without_a_dataset(report: Callable[..., Any], partner: dict[str, Any]) -> None:
    missing = factories.partner(title="Clermontais")
    factories.signed_convention(missing["id"])
    line = report("--status", "missing").output.splitlines()[1]
    assert line.split()[:4] == ["Clermontais", "-", "herault-arbres", "missing"]


def test_all_pages_of_results(
    report: Callable[..., Any], partner: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ckanext.heraultdata.conformance.report_cli.MOST_RESULTS", 1)
    for _ in range(2):
        dataset(factories.partner(), "herault-arbres")
    assert len(json.loads(report("--json").output)) == 3


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--on", "2025-13-01"), "on: 2025-13-01 is not a day of the calendar."),
        (("--organization", "none"), "organization: There is no organisation none."),
        (("--standard", "none"), "standard: There is no standard “none”."),
        (("--status", "late"), "status: late is none of"),
        (("--sort", "due"), "No such option"),
        (("extra",), "unexpected extra argument"),
    ],
)
def test_wrong_usage(report: Callable[..., Any], words: tuple[str, ...], told: str) -> None:
    outcome = report(*words)
    assert outcome.exit_code == 2
    assert told in outcome.output


def test_queries_are_constant(report: Callable[..., Any], partner: dict[str, Any]) -> None:
    report()
    with counted_queries() as for_one:
        report()
    for _ in range(3):
        dataset(factories.partner(), "herault-arbres")
    with counted_queries() as for_four:
        assert report().output.splitlines()[-1] == "Lines: 4"
    assert len(for_four) == len(for_one)
