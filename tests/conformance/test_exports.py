"""The lists as files: what they hold, for whom, in both languages, with nothing and with a lot."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from typing import Any

import openpyxl
import pytest
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.conformance.exports import LISTS
from tests import factories
from tests.conformance.test_actions import check, dataset
from tests.reading import Reader, counted_queries

pytestmark = pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index", "_today")

PUBLIC = {"partners", "conventions", "standards"}
MEMBERS = ["partner_admin", "partner_editor", "partner_member"]
FORMULA = '=HYPERLINK("https://evil.example")'


@pytest.fixture
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-01")


class Exports:
    """A user, or a visitor, who takes lists away."""

    def __init__(self, app: CKANTestApp, user: Any = None) -> None:
        self._app = app
        self._headers = {"Authorization": factories.token(user)} if user else {}

    def get(self, address: str, status: int = 200) -> Any:
        """The answer at an address below that of the files."""
        return self._app.get(f"/conformance/export/{address}", headers=self._headers, status=status)

    def csv(self, address: str) -> list[dict[str, str]]:
        """The lines of a file as CSV, by heading."""
        content = self.get(address).get_data()
        assert content.startswith(b"\xef\xbb\xbf")
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        return list(csv.DictReader(text, delimiter=";"))

    def xlsx(self, address: str) -> list[dict[str, Any]]:
        """The lines of a file as XLSX, by heading."""
        sheet = openpyxl.load_workbook(io.BytesIO(self.get(address).get_data())).active
        assert sheet is not None
        headings, *rows = sheet.iter_rows(values_only=True)
        return [dict(zip(map(str, headings), row, strict=True)) for row in rows]


@pytest.fixture
def department(app: CKANTestApp) -> Exports:
    return Exports(app, factories.user(sysadmin=True))


def trees(name: str = "herault-arbres") -> list[dict[str, Any]]:
    """A territorial standard with two versions, the second due on 2026-06-01."""
    factories.standard(name=name, level="territorial", title=f"Standard {name}")
    return [
        factories.version(standard=name, version=number, published_on=day)
        for number, day in (("1.0.0", "2023-01-10"), ("2.0.0", "2025-06-01"))
    ]


@pytest.fixture
def pending(clean_db: None) -> dict[str, Any]:
    """A dataset of a partner that has until 2026-06-01."""
    first, _ = trees()
    partner = factories.partner(title=FORMULA)
    made = dataset(partner, "herault-arbres")
    check(made["resources"][0], first, date(2025, 1, 1), valid=True)
    return {"partner": partner, "dataset": made}


class TestWhatTheFilesHold:
    @pytest.mark.parametrize("name", LISTS)
    def test_nothing(self, department: Exports, name: str) -> None:
        headings = department.get(f"{name}.csv").get_data().decode("utf-8-sig").strip().split(";")
        assert len(headings) == len(LISTS[name].columns)
        assert department.csv(f"{name}.csv") == department.xlsx(f"{name}.xlsx") == []

    def test_conformance(self, department: Exports, pending: dict[str, Any]) -> None:
        [line] = department.csv("conformance.csv")
        assert line == {
            "Partner": f"'{FORMULA}",
            "Identifier of the partner": pending["partner"]["id"],
            "Dataset": "Arbres",
            "Identifier of the dataset": pending["dataset"]["id"],
            "Standard": "Standard herault-arbres",
            "Name of the standard": "herault-arbres",
            "Status": "To be done",
            "Version to reach": "2.0.0",
            "Version met": "1.0.0",
            "Due on": "2026-06-01",
            "Days left": "92",
            "Days late": "",
            "Declared, not checked": "No",
        }

    def test_sheets_hold_dates_numbers_and_no_formulas(
        self, department: Exports, pending: dict[str, Any]
    ) -> None:
        [line] = department.xlsx("conformance.xlsx")
        assert line["Due on"].date() == date(2026, 6, 1)
        assert (line["Days left"], line["Days late"]) == (92, None)
        content = io.BytesIO(department.get("conformance.xlsx").get_data())
        sheet = openpyxl.load_workbook(content).active
        assert sheet is not None
        assert (sheet["A2"].value, sheet["A2"].data_type) == (FORMULA, "s")

    def test_what_is_recorded(self, department: Exports, pending: dict[str, Any]) -> None:
        person = factories.user(sysadmin=True, fullname="Camille Fabre")
        of_version = {"standard": "herault-arbres", "version": "2.0.0"}
        organization_id = pending["partner"]["id"]
        factories.act(
            person,
            "heraultdata_extension_create",
            organization_id=organization_id,
            due_on="2026-09-01",
            reason="Inventory under way",
            **of_version,
        )
        factories.act(
            person,
            "heraultdata_absence_create",
            organization_id=factories.partner()["id"],
            standard="herault-arbres",
            reason="No trees",
        )
        factories.act(
            person,
            "heraultdata_declaration_create",
            package_id=pending["dataset"]["id"],
            grounds="Read by hand",
            **of_version,
        )
        [extension] = department.csv("extensions.csv")
        assert (extension["Asked by"], extension["Decision"]) == ("Camille Fabre", "Granted")
        assert (extension["Extended to"], extension["Version"]) == ("2026-09-01", "2.0.0")
        [absence] = department.csv("absences.csv")
        assert (absence["Reason"], absence["Counts today"]) == ("No trees", "Yes")
        assert absence["Counts until (this day excluded)"] == "2027-03-01"
        [declaration] = department.csv("declarations.csv")
        assert (declaration["Grounds"], declaration["Dataset"]) == ("Read by hand", "Arbres")

    def test_freshness(self, department: Exports, pending: dict[str, Any]) -> None:
        call_action(
            "package_patch",
            context={"user": factories.user(sysadmin=True).name},
            id=pending["dataset"]["id"],
            frequency="http://publications.europa.eu/resource/authority/frequency/MONTHLY",
        )
        [line] = department.csv("freshness.csv?on=2099-01-01")
        assert line["Frequency of update"] == "Monthly or several times a month"
        assert line["Status"] == "Update late"

    def test_partners_and_conventions(self, department: Exports) -> None:
        partner = factories.partner(title="Lodévois")
        made = factories.signed_convention(partner["id"])
        [line] = department.csv("partners.csv")
        assert (line["Partner"], line["Population"]) == ("Lodévois", "42520")
        assert (line["Convention"], line["In force since"]) == ("In force", "2024-03-12")
        [line] = department.csv("conventions.csv")
        assert line["Identifier of the convention"] == made["id"]
        assert (line["Partner"], line["State"]) == ("Lodévois", "In force")
        assert (line["Reference"], line["Renewals"]) == ("2024-034", "1")

    def test_standards(self, department: Exports) -> None:
        trees()
        factories.version(standard="herault-arbres", version="3.0.0", published_on="2026-12-01")
        factories.version(standard="herault-arbres", version="4.0.0")
        [line] = department.csv("standards.csv")
        assert (line["Level"], line["Newest version"]) == ("Territorial standard", "2.0.0")
        assert (line["Published on"], line["Due on"]) == ("2025-06-01", "2026-06-01")
        assert line["Concerns"].startswith("Grouping of communes (EPCI), Commune")

    def test_a_standard_without_versions(self, department: Exports) -> None:
        factories.standard()
        [line] = department.csv("standards.csv")
        assert (line["Newest version"], line["Published on"], line["Due on"]) == ("", "", "")

    def test_french(self, department: Exports, app: CKANTestApp, pending: dict[str, Any]) -> None:
        answer = app.get("/fr/conformance/export/standards.csv", status=200)
        headings = answer.get_data().decode("utf-8-sig").splitlines()[0]
        assert headings.startswith("Standard;")
        assert "Documentation of the issuer" not in headings

    def test_all_pages_of_results(
        self, department: Exports, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("ckanext.heraultdata.conformance.exports.MOST_RESULTS", 2)
        for rank in range(5):
            factories.partner(title=f"Partner of rank {rank}")
        lines = department.csv("partners.csv")
        assert [line["Partner"] for line in lines] == [f"Partner of rank {r}" for r in range(5)]

    def test_how_the_files_are_sent(self, department: Exports) -> None:
        for extension, kind in (("csv", "text/csv"), ("xlsx", "application/vnd.openxml")):
            answer = department.get(f"partners.{extension}")
            assert answer.headers["Content-Type"].startswith(kind)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            saved_as = f'attachment; filename="partners-2026-03-01.{extension}"'
            assert answer.headers["Content-Disposition"] == saved_as


class TestFilters:
    def test_those_of_the_page(self, department: Exports, pending: dict[str, Any]) -> None:
        trees("herault-parcs")
        dataset(pending["partner"], "herault-parcs")
        assert len(department.csv("conformance.csv?page=3&status=")) == 2
        [line] = department.csv("conformance.csv?standard=herault-parcs")
        assert line["Status"] == "Never checked"
        [line] = department.csv("conformance.csv?status=pending")
        assert line["Name of the standard"] == "herault-arbres"
        assert department.csv("conformance.csv?on=2024-01-01&status=pending") == []

    @pytest.mark.parametrize(
        ("query", "told"),
        [
            ("on=2025-13-01", "2025-13-01 is not a day of the calendar."),
            ("status=none", "none is none of: "),
            ("standard=none", "There is no standard “none”."),
            ("organization_id=x", "There is no organisation x."),
            ("sort=due", "Unknown field: this action does not take it."),
        ],
    )
    def test_bad_ones_are_told(self, department: Exports, query: str, told: str) -> None:
        assert told in department.get(f"conformance.csv?{query}", 400).get_data(as_text=True)

    def test_no_such_list(self, department: Exports) -> None:
        for address in ("none.csv", "conformance.pdf", "conformance", "journal.xlsx"):
            department.get(address, 404)


class TestRoles:
    @pytest.mark.parametrize("role", ["sysadmin", "department_admin"])
    def test_the_department_takes_everything(
        self, app: CKANTestApp, pending: dict[str, Any], role: str
    ) -> None:
        reader = Exports(app, factories.people(pending["partner"]["id"]).of(role))
        for name in LISTS:
            reader.get(f"{name}.csv")
        assert len(reader.csv("conformance.csv")) == 1

    @pytest.mark.parametrize("role", MEMBERS)
    def test_members_take_their_own(
        self, app: CKANTestApp, pending: dict[str, Any], role: str
    ) -> None:
        other = factories.partner()
        dataset(other, "herault-arbres")
        reader = Exports(app, factories.people(pending["partner"]["id"]).of(role))
        [line] = reader.csv("conformance.csv")
        assert line["Identifier of the partner"] == pending["partner"]["id"]
        reader.get(f"conformance.csv?organization_id={other['id']}", 403)

    @pytest.mark.parametrize("role", ["visitor", None])
    def test_the_public_takes_public_lists(
        self, app: CKANTestApp, pending: dict[str, Any], role: str | None
    ) -> None:
        people = factories.people(pending["partner"]["id"])
        factories.signed_convention(pending["partner"]["id"])
        reader = Exports(app, people.of(role) if role else None)
        for name in LISTS:
            reader.get(f"{name}.csv", 200 if name in PUBLIC else 403)
        [line] = reader.csv("conventions.csv")
        assert (line["State"], line["Reference"], line["Representative"]) == ("In force", "", "")


def test_queries_are_constant(department: Exports) -> None:
    trees()
    dataset(factories.partner(), "herault-arbres")
    department.get("conformance.csv")
    with counted_queries() as for_one:
        assert len(department.csv("conformance.csv")) == 1
    for _ in range(4):
        dataset(factories.partner(), "herault-arbres")
    with counted_queries() as for_five:
        assert len(department.csv("conformance.csv")) == 5
    assert len(for_five) == len(for_one)


@pytest.mark.parametrize("name", ["partners", "conventions", "standards"])
def test_public_pages_lead_to_their_files(app: CKANTestApp, name: str) -> None:
    factories.signed_convention(factories.partner()["id"])
    trees()
    page = Reader(app).get(f"/{name}")
    links = [str(link["href"]) for link in page.select("a[href*='/conformance/export/']")]
    assert links == [f"/conformance/export/{name}.{extension}" for extension in ("xlsx", "csv")]
    for link in links:
        app.get(link, status=200)


def test_links_keep_the_filters_of_the_page(app: CKANTestApp) -> None:
    factories.partner(title="Lodévois")
    page = Reader(app).get("/partners?q=lod%C3%A9&partner_type=epci&page=1")
    link = page.select_one("a[href*='partners.csv']")
    assert link is not None
    assert len(Exports(app).csv(str(link["href"]).removeprefix("/conformance/export/"))) == 1
