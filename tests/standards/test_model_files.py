"""The empty models of files: what they hold, and that the check finds nothing wrong in them."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ckan.tests.helpers import CKANTestApp
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.heraultdata.standards.model_files import (
    csv_model,
    file_name,
    number_format,
    offered_values,
    xlsx_model,
)
from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.fields import Field, TableSchema
from ckanext.heraultdata.validation.engine.schema import ReadSchema, read_schema
from tests import factories
from tests.standards.registry import publish_standard

pytestmark = pytest.mark.usefixtures("with_plugins", "with_request_context")

# What the engine says of the standard itself, and that the workbook has a sheet of help.
NO_FAULT_OF_THE_MODEL = {"check-renamed", "several-sheets"}
LONG_LIST = tuple(f"Sous-préfecture numéro {rank}" for rank in range(1, 31))
SCHEMA = TableSchema(
    fields=(
        Field("code_insee", required=True, example="02004", description="Code de la commune."),
        Field("réponse", type="boolean", true_values=("oui", "OUI"), false_values=("non", "NON")),
        Field("statut", enum=("ouvert", "fermé"), required=True),
        Field("lieu", enum=LONG_LIST),
        Field("prix", enum=("1,50 €", "2,00 €")),
        Field("jour", type="date", format="%Y-%m-%d"),
        Field("année", type="date", format="%Y"),
        Field("places", type="integer"),
        Field("=SOMME(A1)", description="=HYPERLINK(1)"),
    )
)
NAMES = [field.name for field in SCHEMA.fields]


@pytest.fixture
def workbook() -> Workbook:
    return load_workbook(io.BytesIO(xlsx_model(SCHEMA)))


def data_of(workbook: Workbook) -> Worksheet:
    return workbook.worksheets[0]


def rule_of(workbook: Workbook, name: str) -> DataValidation:
    letter = "ABCDEFGHI"[NAMES.index(name)]
    rules = data_of(workbook).data_validations.dataValidation
    return next(rule for rule in rules if f"{letter}2" in rule.sqref)


def test_csv_is_the_header_in_utf8() -> None:
    assert csv_model(SCHEMA, ",").decode() == ",".join(NAMES) + "\r\n"
    with_mark = csv_model(SCHEMA, ";")
    assert with_mark.startswith(b"\xef\xbb\xbf")
    assert with_mark.decode("utf-8-sig") == ";".join(NAMES) + "\r\n"


def test_file_is_named_after_the_organisation() -> None:
    day = date(2026, 11, 24)
    assert file_name("scdl-budget", "csv", "213400104", day) == "213400104_scdl-budget_2026.csv"
    assert file_name("scdl-budget", "xlsx", None, day) == "scdl-budget-modele.xlsx"


def test_header_is_bold_and_frozen_and_tells_what_is_compulsory(workbook: Workbook) -> None:
    sheet = data_of(workbook)
    assert [cell.value for cell in sheet[1]] == NAMES
    assert sheet.max_row == 1
    assert sheet.freeze_panes == "A2"
    assert all(cell.font.bold for cell in sheet[1])
    compulsory, optional = sheet["A1"], sheet["B1"]
    assert compulsory.fill.fgColor.rgb != optional.fill.fgColor.rgb
    assert compulsory.comment.text.startswith("Compulsory.")
    assert optional.comment.text.startswith("Optional.")
    for part in ("02004", "Code de la commune."):
        assert part in compulsory.comment.text


def test_columns_are_formatted_by_type(workbook: Workbook) -> None:
    formats = [data_of(workbook).column_dimensions[c].number_format for c in "ABCDEFGHI"]
    assert formats == ["@", "@", "@", "@", "@", "yyyy-mm-dd", "@", "0", "@"]


def test_short_list_stands_in_the_rule(workbook: Workbook) -> None:
    rule = rule_of(workbook, "statut")
    assert (rule.type, rule.formula1) == ("list", '"ouvert,fermé"')
    assert str(rule.sqref) == "C2:C1048576"
    assert rule_of(workbook, "réponse").formula1 == '"oui,non"'


@pytest.mark.parametrize(("name", "values"), [("lieu", LONG_LIST), ("prix", ("1,50 €", "2,00 €"))])
def test_list_that_does_not_fit_stands_in_a_hidden_sheet(
    workbook: Workbook, name: str, values: tuple[str, ...]
) -> None:
    title, cells = str(rule_of(workbook, name).formula1).split("!")
    hidden = workbook[title.strip("'")]
    assert hidden.sheet_state == "hidden"
    assert tuple(row[0].value for row in hidden[cells.replace("$", "")]) == values


def test_help_shows_beside_the_cells(workbook: Workbook) -> None:
    rule = rule_of(workbook, "code_insee")
    assert rule.showInputMessage
    assert "Code de la commune." in str(rule.prompt)
    assert rule.type is None


def test_help_sheet_explains_each_column(workbook: Workbook) -> None:
    rows = list(workbook.worksheets[1].iter_rows(values_only=True))
    assert [row[0] for row in rows[1 : len(NAMES) + 1]] == NAMES
    assert rows[1][2] == "Yes"
    assert rows[1][4] == "02004"
    assert "fermé" in str(rows[3][3])


def test_nothing_is_a_formula(workbook: Workbook) -> None:
    kinds = {cell.data_type for sheet in workbook for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds


def test_limits_of_spreadsheets_are_kept() -> None:
    fields = (Field("n" * 300, description="d" * 5_000 + "\x00"), Field("b", enum=("x" * 256,)))
    workbook = load_workbook(io.BytesIO(xlsx_model(TableSchema(fields))))
    rules = data_of(workbook).data_validations.dataValidation
    assert all(len(rule.prompt) <= 255 and len(rule.promptTitle) <= 32 for rule in rules)
    assert all(rule.type is None or len(rule.formula1) <= 255 for rule in rules)


def test_values_offered_are_accepted_ones() -> None:
    default = Field("b", type="boolean")
    assert offered_values(default) == ("true", "false")
    odd = Field("b", type="boolean", true_values=("vrai",), false_values=("faux",))
    assert offered_values(odd) == ("vrai", "faux")
    assert number_format(default) == "@"


def with_example(schema: TableSchema) -> bytes:
    """The workbook with a row of the examples, as a spreadsheet would write them."""
    workbook = load_workbook(io.BytesIO(xlsx_model(schema)))
    sheet = data_of(workbook)
    for rank, field in enumerate(schema.fields, start=1):
        cell = sheet.cell(row=2, column=rank, value=value_of_example(field))
        cell.number_format = number_format(field)
    written = io.BytesIO()
    workbook.save(written)
    return written.getvalue()


def value_of_example(field: Field) -> str | float | date | None:
    if not field.example:
        return None
    if number_format(field) == "yyyy-mm-dd":
        return date.fromisoformat(field.example)
    if field.type in ("integer", "year"):
        return int(field.example)
    return float(field.example) if field.type == "number" else field.example


def bundled() -> list[Path]:
    import ckanext.heraultdata as extension

    folder = Path(str(extension.__file__)).parent / "schemas" / "standards"
    return sorted(path for path in folder.glob("*/*.json"))


@pytest.mark.parametrize("path", bundled(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_empty_models_of_bundled_standards_are_valid(path: Path) -> None:
    read: ReadSchema = read_schema(path.read_bytes())
    if not isinstance(read.schema, TableSchema):
        return
    models = [(csv_model(read.schema, delimiter), "model.csv") for delimiter in ";,"]
    for content, name in [*models, (xlsx_model(read.schema), "model.xlsx")]:
        report = check_file(content, read, name=name)
        assert (report.valid, report.rows) == (True, 0)
        assert {warning.code for warning in report.warnings} <= NO_FAULT_OF_THE_MODEL


@pytest.mark.parametrize("path", bundled(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_workbook_filled_in_with_the_examples_is_valid(path: Path) -> None:
    read = read_schema(path.read_bytes())
    if not isinstance(read.schema, TableSchema):
        return
    report = check_file(with_example(read.schema), read, name="model.xlsx")
    assert (report.errors, report.rows) == ((), 1)


def field(name: str, **others: object) -> dict[str, object]:
    return {"name": name, "type": "string", **others}


class TestPages:
    @pytest.fixture(autouse=True)
    def standards(self, with_plugins: None, clean_db: None, clean_index: None) -> None:
        versions = {
            "1.0": ("2023-01-10", {"fields": [field("ancien")]}),
            "2.0": ("2025-06-01", {"fields": [field("nom"), field("été")]}),
            "3.0": (None, {"fields": [field("brouillon")]}),
        }
        publish_standard("parcs", versions=versions)
        publish_standard("charte", kind="document", versions={"1": ("2023-01-10", None)})

    def test_newest_published_version_by_default(self, app: CKANTestApp) -> None:
        answer = app.get("/standard/parcs/model.csv")
        assert answer.data == "\ufeffnom;été\r\n".encode()
        assert "charset=utf-8" in answer.headers["Content-Type"]
        assert "parcs-modele.csv" in answer.headers["Content-Disposition"]

    def test_version_and_delimiter_that_are_asked_for(self, app: CKANTestApp) -> None:
        answer = app.get("/standard/parcs/model.csv?version=1.0&delimiter=,")
        assert answer.data == b"ancien\r\n"

    def test_workbook(self, app: CKANTestApp) -> None:
        answer = app.get("/fr/standard/parcs/model.xlsx")
        workbook = load_workbook(io.BytesIO(answer.data))
        assert [cell.value for cell in data_of(workbook)[1]] == ["nom", "été"]
        assert "parcs-modele.xlsx" in answer.headers["Content-Disposition"]

    def test_named_after_an_organisation(self, app: CKANTestApp, at: Any) -> None:
        at("2026-11-24")
        factories.partner(name="aniane", partner_type="commune", siren="213400104")
        answer = app.get("/standard/parcs/model.csv?organization=aniane")
        assert "213400104_parcs_2026.csv" in answer.headers["Content-Disposition"]

    @pytest.mark.parametrize(
        ("address", "status"),
        [
            ("parcs/model.csv?delimiter=x", 400),
            ("parcs/model.csv?version=3.0", 404),
            ("parcs/model.xlsx?version=9", 404),
            ("charte/model.csv", 404),
            ("absent/model.csv", 404),
        ],
    )
    def test_what_is_not_there(self, app: CKANTestApp, address: str, status: int) -> None:
        assert app.get(f"/standard/{address}").status_code == status
