"""The pages of the checks: the public form, the report of a file, its downloads."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from ckan import model
from ckan.tests.helpers import CKANTestApp
from openpyxl.worksheet.worksheet import Worksheet

from ckanext.heraultdata.validation import service as adapter
from ckanext.heraultdata.validation.checks import exports
from ckanext.heraultdata.validation.checks.model import Check
from tests import factories
from tests.reading import Reader, text_of
from tests.validation.checks import standards
from tests.validation.conftest import run_jobs

HTMX = {"HX-Request": "true"}
ROLES = ("partner_editor", "other_partner_admin", "visitor")


@pytest.fixture(autouse=True)
def site(
    at: Callable[[str], None],
    with_plugins: None,
    clean_db: None,
    clean_index: None,
    clean_queues: None,
) -> Iterator[None]:
    at("2026-11-24")
    adapter.create_tables()
    standards.standard()
    yield
    model.Session.rollback()


@pytest.fixture
def partner() -> dict[str, Any]:
    return standards.partner()


@pytest.fixture
def people(app: CKANTestApp, partner: dict[str, Any]) -> Callable[[str | None], Reader]:
    """Readers by their role; None is a visitor without an account."""
    made = factories.people(partner["id"])
    readers = {role: Reader.of(app, made.of(role)) for role in ROLES}
    return lambda role: readers[role] if role else Reader(app)


@pytest.fixture
def editor(people: Callable[[str | None], Reader]) -> Reader:
    return people("partner_editor")


@pytest.fixture
def package(partner: dict[str, Any]) -> dict[str, Any]:
    return standards.dataset(partner["id"], private=True)


def _address(package: dict[str, Any], resource: dict[str, Any], suffix: str = "") -> str:
    return f"/dataset/{package['name']}/resource/{resource['id']}/check{suffix}"


class TestCheckAFile:
    def _send(self, app: CKANTestApp, text: str, status: int = 200, **more: Any) -> Any:
        form = {"standard": standards.NAME, "upload": (BytesIO(text.encode()), "arbres.csv")}
        headers = more.pop("headers", {})
        return app.post("/check", data={**form, **more}, headers=headers, status=status)

    def test_the_form_offers_the_standards(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/check")

        assert "Arbres urbains" in text_of(page)
        assert page.find("form", action="/check")

    def test_the_header_leads_to_it(self, app: CKANTestApp) -> None:
        assert Reader(app).get("/partners").find("a", href="/check")

    def test_a_right_file(self, app: CKANTestApp) -> None:
        answer = self._send(app, standards.OF_BOTH)

        assert "The file meets the standard “Arbres urbains”, version 2.0." in answer.body

    def test_a_wrong_file_is_told_by_column_and_row_and_mended(self, app: CKANTestApp) -> None:
        page = text_of(_page(self._send(app, standards.OF_NONE)))

        assert "The file has 2 errors." in page
        assert "Column date" in page
        assert "27/02/2024 → becomes 2024-02-27" in page
        assert "The same in 1 more row." in page
        assert model.Session.query(Check).count() == 0

    def test_htmx_gets_the_report_alone(self, app: CKANTestApp) -> None:
        answer = self._send(app, standards.OF_NONE, headers=HTMX)

        assert "The file has 2 errors." in answer.body
        assert "<html" not in answer.body

    def test_a_refusal_stands_on_its_field_and_keeps_what_was_typed(self, app: CKANTestApp) -> None:
        page = _page(app.post("/check", data={"standard": standards.NAME}, status=400))
        choice = page.find("option", value=standards.NAME)

        assert "Choose a file, or give the address of one." in text_of(page)
        assert choice is not None
        assert choice.has_attr("selected")

    def test_a_refusal_to_htmx_is_shown(self, app: CKANTestApp) -> None:
        answer = app.post("/check", data={"standard": standards.NAME}, headers=HTMX, status=200)

        assert "Choose a file, or give the address of one." in answer.get_data(as_text=True)

    def test_what_the_file_holds_is_never_markup(self, app: CKANTestApp) -> None:
        text = "insee;date;essence\n34172;<script>alert(1)</script>;a\n"

        assert "<script>alert(1)" not in self._send(app, text).body

    def test_the_report_can_be_taken_away(self, app: CKANTestApp) -> None:
        listed = self._send(app, standards.OF_NONE, download="csv")
        workbook = self._send(app, standards.OF_NONE, download="xlsx")

        assert "2024-02-26" in listed.data.decode("utf-8-sig")
        assert _workbook(workbook.data).sheetnames == ["Errors", "File"]

    def test_no_standard_yet(self, app: CKANTestApp, at: Callable[[str], None]) -> None:
        at("2020-01-01")

        assert "knows no standard yet" in text_of(Reader(app).get("/check"))

    def test_in_french(self, app: CKANTestApp) -> None:
        page = Reader(app).get("/fr/check")

        assert page.find("html", lang="fr")


class TestReport:
    def test_each_version_and_the_history(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any], at: Callable[[str], None]
    ) -> None:
        resource = standards.resource(package, standards.OF_THE_FIRST)
        run_jobs()
        at("2026-11-25")
        standards.change(resource, upload=standards.file(standards.OF_NONE))
        run_jobs()

        newest = text_of(editor.get(_address(package, resource)))
        first = text_of(editor.get(_address(package, resource, "?version=1.0")))

        assert "The file has 2 errors." in newest
        assert "Arbres urbains, version 2.0" in newest
        assert "Versions of the standard" in newest
        assert "History" in newest
        assert "Arbres urbains, version 1.0" in first

    def test_an_older_run(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any], at: Callable[[str], None]
    ) -> None:
        resource = standards.resource(package, standards.OF_NONE)
        run_jobs()
        run_id = model.Session.query(Check.run_id).limit(1).scalar()
        at("2026-11-25")
        standards.change(resource, upload=standards.file(standards.OF_BOTH))
        run_jobs()

        older = text_of(editor.get(_address(package, resource, f"?run={run_id}")))

        assert "has changed since this report" in older
        assert editor.get(_address(package, resource, "?run=none"), status=404)

    def test_while_it_waits_the_page_asks_again_by_itself(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, standards.OF_BOTH)

        waiting = editor.get(_address(package, resource)).find(id="heraultdata-check")
        run_jobs()
        done = editor.get(_address(package, resource, "/state")).find(id="heraultdata-check")

        assert waiting is not None
        assert done is not None
        assert waiting["hx-get"] == _address(package, resource, "/state")
        assert "The file is being checked." in text_of(waiting)
        assert "hx-get" not in done.attrs
        assert "The file meets the standard" in text_of(done)

    def test_it_can_be_checked_again(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, standards.OF_BOTH)

        assert "The file meets the standard" in text_of(editor.post(_address(package, resource)))

    def test_a_large_file_is_checked_again_by_the_worker(
        self,
        app: CKANTestApp,
        editor: Reader,
        package: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr("ckanext.heraultdata.config.check_at_once_bytes", lambda: 10)
        resource = standards.resource(package, standards.OF_BOTH)
        run_jobs()
        page = editor.post(_address(package, resource))

        assert "The file is being checked." in text_of(page)
        assert run_jobs() > 0

    def test_a_check_that_cannot_be_made_says_why(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any]
    ) -> None:
        resource = standards.link(package, "http://127.0.0.1:1/arbres.csv")
        run_jobs()
        page = text_of(editor.get(_address(package, resource)))

        assert "The check could not be made." in page
        assert "not on the public Internet" in page

    @pytest.mark.parametrize("role", ["other_partner_admin", "visitor", None])
    @pytest.mark.parametrize("suffix", ["", "/state", ".csv", ".xlsx"])
    def test_that_of_a_private_file_is_for_its_members(
        self,
        app: CKANTestApp,
        people: Callable[[str | None], Reader],
        package: dict[str, Any],
        role: str | None,
        suffix: str,
    ) -> None:
        resource = standards.resource(package, standards.OF_BOTH)
        run_jobs()
        people(role).get(_address(package, resource, suffix), status=403)

    def test_that_of_a_public_file_is_public_without_its_history(self, app: CKANTestApp) -> None:
        organization = factories.organization(name="association")
        package = standards.dataset(organization["id"])
        resource = standards.resource(package, standards.OF_NONE)
        run_jobs()
        page = text_of(Reader(app).get(_address(package, resource)))

        assert "The file has 2 errors." in page
        assert "History" not in page
        assert "Check again" not in page
        Reader(app).post(_address(package, resource), status=403)

    def test_the_page_of_the_file_leads_to_it(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, standards.OF_BOTH)
        run_jobs()

        page = editor.get(f"/dataset/{package['name']}/resource/{resource['id']}")

        assert page.find("a", href=_address(package, resource))


class TestDownloads:
    HOSTILE = 'insee;date;essence\n34172;=cmd|\'/c calc\'!A1;"=HYPERLINK(""http://x.example"")"\n'

    def test_a_csv_holds_no_formula(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, self.HOSTILE)
        run_jobs()
        answer = app.get(_address(package, resource, ".csv"), headers=editor.headers)
        rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))

        assert rows[0] == [
            "Row",
            "Column",
            "Error",
            "Explanation",
            "Value found",
            "Value proposed",
        ]
        assert rows[1][4].startswith("'=cmd")
        assert not [cell for row in rows for cell in row if cell[:1] in tuple("=+-@")]

    def test_a_workbook_colours_the_faulty_cells_and_holds_no_formula(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, self.HOSTILE)
        run_jobs()
        answer = app.get(_address(package, resource, ".xlsx"), headers=editor.headers)
        workbook = _workbook(answer.data)
        cells = [cell for sheet in workbook for row in sheet.iter_rows() for cell in row]
        file = workbook["File"]
        assert isinstance(file, Worksheet)

        assert not [cell for cell in cells if cell.data_type == "f"]
        assert (file["C2"].value, file["C2"].data_type) == ('=HYPERLINK("http://x.example")', "s")
        assert _coloured(file) == ["B2"]
        assert file["B2"].comment is not None
        assert file["A2"].value == "34172"

    def test_a_file_that_has_changed_since_is_not_in_the_workbook(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, standards.OF_NONE)
        run_jobs()
        standards.change(resource, upload=standards.file(standards.OF_BOTH))

        answer = app.get(_address(package, resource, ".xlsx"), headers=editor.headers)

        assert _workbook(answer.data).sheetnames == ["Errors"]

    def test_a_workbook_is_bounded(
        self,
        app: CKANTestApp,
        editor: Reader,
        package: dict[str, Any],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(exports, "ROWS", 5)
        row = "34172;2024-02-26;platane\n"
        resource = standards.resource(package, "insee;date;essence\n" + row * 20)
        run_jobs()

        answer = app.get(_address(package, resource, ".xlsx"), headers=editor.headers)

        assert _workbook(answer.data)["File"].max_row == 6

    def test_there_is_none_before_a_check(
        self, app: CKANTestApp, editor: Reader, package: dict[str, Any]
    ) -> None:
        resource = standards.resource(package, standards.OF_BOTH)

        editor.get(_address(package, resource, ".csv"), status=404)
        editor.get(_address(package, {"id": "none"}, ".csv"), status=404)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r"])
def test_a_text_that_begins_a_formula_is_made_a_text(begins: str) -> None:
    assert exports.without_formula(f"{begins}1+1") == f"'{begins}1+1"
    assert exports.without_formula("1+1") == "1+1"


def _page(answer: Any) -> Any:
    from bs4 import BeautifulSoup

    return BeautifulSoup(answer.data, "html.parser")


def _workbook(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def _coloured(sheet: Worksheet) -> list[str]:
    return [
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if cell.fill.start_color.rgb == "FFF8D7DA"
    ]
