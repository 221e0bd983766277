"""The command `ckan heraultdata file check`: a report a line, exit status, whatever comes."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from ckan import model

from ckanext.heraultdata.cli import heraultdata
from tests.validation.checks import standards

pytestmark = pytest.mark.usefixtures("with_plugins")

KEYS = {
    "file",
    "valid",
    "standard",
    "version",
    "rows",
    "encoding",
    "delimiter",
    "errors",
    "error_count",
    "warnings",
    "seconds",
}
Check = Callable[..., Any]


@pytest.fixture
def check(cli: Any) -> Check:
    def invoke(*words: object) -> Any:
        return cli.invoke(heraultdata, ["file", "check", *map(str, words)])

    return invoke


@pytest.fixture
def schema(tmp_path: Path) -> Path:
    return _written(tmp_path / "schema.json", json.dumps(standards.SECOND).encode())


def _written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def _reports(outcome: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in outcome.stdout.splitlines()]


def test_a_report_a_line_in_the_order_of_the_files(
    check: Check, schema: Path, tmp_path: Path
) -> None:
    right = _written(tmp_path / "right.csv", standards.OF_BOTH.encode())
    wrong = _written(tmp_path / "wrong.csv", standards.OF_NONE.encode())

    outcome = check("--schema", schema, "--json", wrong, right, wrong)
    reports = _reports(outcome)

    assert outcome.exit_code == 1
    assert [report["file"] for report in reports] == [str(wrong), str(right), str(wrong)]
    assert [report["valid"] for report in reports] == [False, True, False]
    assert all(set(report) == KEYS for report in reports)
    assert all((report["standard"], report["version"]) == (None, None) for report in reports)
    assert set(reports[0]["errors"][0]) == {"code", "title", "message", "row", "column", "cell"}
    assert (reports[0]["errors"][0]["row"], reports[0]["errors"][0]["column"]) == (2, "date")


def test_all_valid_is_status_zero(check: Check, schema: Path, tmp_path: Path) -> None:
    right = _written(tmp_path / "right.csv", standards.OF_BOTH.encode())

    assert check("--schema", schema, "--json", right, right).exit_code == 0


def test_what_cannot_be_read_has_its_report(check: Check, schema: Path, tmp_path: Path) -> None:
    files = [
        tmp_path / "absent.csv",
        tmp_path,
        _written(tmp_path / "empty.csv", b""),
        _written(tmp_path / "pdf.csv", b"%PDF-1.7 and so on"),
        "http://127.0.0.1:1/private.csv",
        "/dev/null",
    ]

    outcome = check("--schema", schema, "--json", *files)

    assert outcome.exit_code == 1
    assert [report["errors"][0]["code"] for report in _reports(outcome)] == ["source-error"] * 6


def test_a_name_that_is_not_utf_8_is_no_trouble(check: Check, schema: Path, tmp_path: Path) -> None:
    file = _written(tmp_path / "caf\udce9.csv", standards.OF_BOTH.encode())

    outcome = check("--schema", schema, "--json", file)

    assert _reports(outcome)[0]["file"] == str(file)


def test_french_by_default_and_english_on_request(
    check: Check, schema: Path, tmp_path: Path
) -> None:
    file = _written(tmp_path / "wrong.csv", standards.OF_NONE.encode())

    by_default, french, english = (
        _reports(check("--schema", schema, "--json", *language, file))[0]["errors"][0]["message"]
        for language in ((), ("--lang", "fr"), ("--lang", "en"))
    )

    assert by_default == french
    assert "is not a date" in english


def test_a_text_for_people_names_the_row_and_the_column(
    check: Check, schema: Path, tmp_path: Path
) -> None:
    file = _written(tmp_path / "wrong.csv", standards.OF_NONE.encode())

    outcome = check("--schema", schema, "--lang", "en", file)

    assert outcome.exit_code == 1
    assert f"{file}: 2 ✗" in outcome.stdout
    assert "2:date" in outcome.stdout


@pytest.mark.parametrize(
    "words",
    [
        ["FILE"],
        ["--schema", "SCHEMA"],
        ["--schema", "absent.json", "FILE"],
        ["--schema", "FILE", "FILE"],
        ["--schema", "SCHEMA", "--version", "1.0", "FILE"],
        ["--schema", "SCHEMA", "--lang", "oc", "FILE"],
        ["--schema", "SCHEMA", "--unknown", "FILE"],
    ],
)
def test_wrong_usage_is_status_two(
    check: Check, schema: Path, tmp_path: Path, words: list[str]
) -> None:
    file = _written(tmp_path / "right.csv", standards.OF_BOTH.encode())
    given = [{"SCHEMA": str(schema), "FILE": str(file)}.get(word, word) for word in words]

    outcome = check(*given)

    assert outcome.exit_code == 2, outcome.output
    assert "{" not in outcome.output


class TestAStandardOfThePortal:
    @pytest.fixture(autouse=True)
    def standard(self, at: Callable[[str], None], clean_db: None) -> Iterator[None]:
        at("2026-11-24")
        standards.standard()
        model.Session.commit()
        yield
        model.Session.rollback()

    def test_the_newest_version_unless_another_is_named(self, check: Check, tmp_path: Path) -> None:
        file = _written(tmp_path / "first.csv", standards.OF_THE_FIRST.encode())

        newest = check("--standard", standards.NAME, "--json", file)
        first = check("--standard", standards.NAME, "--version", "1.0", "--json", file)

        assert [newest.exit_code, first.exit_code] == [1, 0]
        assert _reports(newest)[0]["version"] == "2.0"
        assert (_reports(first)[0]["standard"], _reports(first)[0]["version"]) == (
            standards.NAME,
            "1.0",
        )

    def test_one_that_is_not_there(self, check: Check, tmp_path: Path) -> None:
        file = _written(tmp_path / "first.csv", standards.OF_THE_FIRST.encode())

        assert check("--standard", "bancs", "--json", file).exit_code == 2
        assert check("--standard", standards.NAME, "--version", "9", "--json", file).exit_code == 2


def test_the_official_examples_pass_through(check: Check, shared_folder: Path) -> None:
    folder = shared_folder / "standards" / "examples"
    schema = next((shared_folder / "standards" / "official").rglob("schema.json"))
    files = sorted(path for path in folder.rglob("*") if path.is_file())[:20]

    outcome = check("--schema", schema, "--json", *files)

    assert outcome.exit_code in (0, 1)
    assert [report["file"] for report in _reports(outcome)] == [str(path) for path in files]
