"""Schemas published elsewhere, brought into the registry with their oddities."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from ckan.tests.helpers import call_action

from ckanext.heraultdata import clock
from ckanext.heraultdata.journal.service import PORTAL
from ckanext.heraultdata.messages import N_, Message
from ckanext.heraultdata.standards import importing
from ckanext.heraultdata.standards.documents import ReadDocument, read_document
from ckanext.heraultdata.standards.importing import Outcome, State, Told, UnreachableError
from ckanext.heraultdata.standards.names import placed, standard_name
from ckanext.heraultdata.standards.rules import Kind, Level

SCHEMA: dict[str, Any] = {
    "name": "arbres",
    "title": "Arbres",
    "version": "1.0.0",
    "lastModified": "2024-03-01",
    "fields": [{"name": "nom", "type": "string"}],
}


def as_bytes(**changes: Any) -> bytes:
    """The schema with some keys changed."""
    return json.dumps({**SCHEMA, **changes}).encode()


def from_disk(place: str) -> bytes:
    """Read a path as the command does."""
    try:
        return Path(place).read_bytes()
    except OSError:
        raise UnreachableError(Message(N_("Not there."))) from None


class TestNames:
    """What a standard is called here."""

    @pytest.mark.parametrize(
        ("registry_name", "name"),
        [
            ("etalab/schema-irve-statique", "etalab-irve-statique"),
            ("scdl/deliberations", "scdl-deliberations"),
            ("PnX-SI/schema_randonnee", "pnx-si-randonnee"),
            ("139bercy/format-commande-publique", "139bercy-format-commande-publique"),
            ("schema-écoles", "ecoles"),
            ("///", ""),
        ],
    )
    def test_name(self, registry_name: str, name: str) -> None:
        assert standard_name(registry_name) == name

    @pytest.mark.parametrize(
        ("place", "name", "version"),
        [
            ("official/scdl-budget/0.8.3/schema.json", "scdl-budget", "0.8.3"),
            ("official/scdl-prenoms/0.5beta/schema.json", "scdl-prenoms", "0.5beta"),
            (
                "https://registry.example/schemas/etalab/schema-bal/1.5.0/schema.yml",
                "etalab-bal",
                "1.5.0",
            ),
            (
                "https://registry.example/schemas/gip/data-schema/1.0.9/schemas/v1/service.json",
                "gip-data-schema",
                "1.0.9",
            ),
            ("https://forge.example/raw/v1.1.2/schema.json", "raw", "1.1.2"),
            ("schema.json", None, None),
            ("/home/arbres/schema.json", None, None),
        ],
    )
    def test_place(self, place: str, name: str | None, version: str | None) -> None:
        assert (placed(place).name, placed(place).version) == (name, version)

    def test_the_names_of_the_registry_are_those_of_the_folders(self, shared_folder: Path) -> None:
        standards = shared_folder / "standards"
        listed = json.loads((standards / "registry-schemas.json").read_text(encoding="utf-8"))

        names = {standard_name(each["name"]) for each in listed["schemas"]}

        assert names <= {folder.name for folder in (standards / "official").iterdir()}


def texts(document: ReadDocument) -> list[str]:
    """The remarks in English."""
    return [str(remark) for remark in document.remarks]


class TestOddities:
    """Documents read whatever is odd in them."""

    def test_what_a_schema_tells(self) -> None:
        document = read_document(as_bytes(homepage="https://a.example"), "schema.json")

        assert (document.name, document.version, document.kind) == ("arbres", "1.0.0", Kind.TABLE)
        assert (document.title, document.homepage) == ("Arbres", "https://a.example")
        assert document.told_on == date(2024, 3, 1)
        assert document.remarks == ()

    def test_the_folder_counts_more_than_the_schema(self) -> None:
        document = read_document(as_bytes(), "scdl-arbres/2.0.0/schema.json")

        assert (document.name, document.version) == ("scdl-arbres", "2.0.0")
        assert "1.0.0" in texts(document)[0]

    def test_a_leading_v_is_no_disagreement(self) -> None:
        document = read_document(as_bytes(version="v2.0.0"), "scdl-arbres/2.0.0/schema.json")

        assert document.remarks == ()

    def test_bom_and_crlf(self) -> None:
        text = json.dumps(SCHEMA, indent=1).replace("\n", "\r\n")

        document = read_document(b"\xef\xbb\xbf" + text.encode(), "schema.json")

        assert (document.schema, document.remarks) == (SCHEMA, ())

    def test_windows_1252(self) -> None:
        text = json.dumps({**SCHEMA, "title": "Équipements"}, ensure_ascii=False)

        document = read_document(text.encode("cp1252"), "schema.json")

        assert document.title == "Équipements"
        assert "Windows-1252" in texts(document)[0]

    def test_unknown_types_and_keys_are_kept(self) -> None:
        fields = [{"name": "age", "type": "texte", "nullable": True}]

        document = read_document(as_bytes(fields=fields, statut="x"), "schema.json")

        assert document.kind is Kind.TABLE
        assert document.schema is not None
        assert document.schema["fields"] == fields

    def test_a_json_schema(self) -> None:
        text = json.dumps(
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object"}
        )

        assert read_document(text.encode(), "a/1.0.0/schema.json").kind is Kind.JSON

    def test_a_json_schema_that_lists_its_examples_is_no_data_package(self) -> None:
        told = {
            "$schema": "http://json-schema.org/draft-07/schema",
            "properties": {},
            "resources": [{"path": "example.json"}],
        }

        assert read_document(json.dumps(told).encode(), "a/1.0.0/s.json").kind is Kind.JSON

    def test_a_stub_is_a_document(self) -> None:
        document = read_document(
            b"title: Adresses\nversion: 1.5.0\n", "etalab-bal/1.5.0/schema.yml"
        )

        assert (document.kind, document.title, document.schema) == (Kind.DOCUMENT, "Adresses", None)

    @pytest.mark.parametrize("source", [b"", b"%PDF-1.7", b"\xff\xfe\x00", b"[1]", b"{}", b"\x00"])
    def test_anything_else_is_a_document_with_a_warning(self, source: bytes) -> None:
        document = read_document(source, "arbres/1.0.0/schema.json")

        assert (document.kind, document.name, document.version) == (
            Kind.DOCUMENT,
            "arbres",
            "1.0.0",
        )
        assert document.remarks

    def test_what_it_tells_is_plain_text(self) -> None:
        document = read_document(
            as_bytes(title="<b>Arbres</b>\x00 de\nla ville", description=["x"]), "schema.json"
        )

        assert (document.title, document.description) == ("schema", None)

    def test_tags_are_taken_out(self) -> None:
        document = read_document(as_bytes(title="<b>Arbres</b> de\nla ville"), "schema.json")

        assert document.title == "Arbres de la ville"

    @pytest.mark.parametrize("modified", ["2019-01-01", "soon", None, 12, "2024-02-30"])
    def test_a_day_that_cannot_be_is_no_day(self, modified: object) -> None:
        document = read_document(
            as_bytes(lastModified=modified, created="2020-01-01"), "schema.json"
        )

        assert document.told_on is None


@pytest.mark.usefixtures("with_plugins", "clean_db")
class TestBringIn:
    """Documents brought into the registry."""

    @pytest.fixture
    def bring_in(self, tmp_path: Path, at: Callable[[str], None]) -> Callable[..., list[Outcome]]:
        at("2026-11-24")

        def write_and_bring_in(source: bytes, path: str, **told: Any) -> list[Outcome]:
            place = tmp_path / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(source)
            found = importing.imports_at(str(place), Told(**told), from_disk)
            return importing.bring_in(found, PORTAL, clock.now())

        return write_and_bring_in

    def test_a_new_standard(self, bring_in: Callable[..., list[Outcome]]) -> None:
        outcomes = bring_in(as_bytes(), "scdl-arbres/1.0.0/schema.json", scdl=True)

        shown = call_action("heraultdata_standard_show", id="scdl-arbres")
        version = call_action(
            "heraultdata_standard_version_show", standard="scdl-arbres", version="1.0.0"
        )
        assert [outcome.state for outcome in outcomes] == [State.ADDED]
        assert (shown["title"], shown["level"], shown["priority"]) == ("Arbres", "national", True)
        assert (version["published_on"], version["schema"]) == ("2024-03-01", SCHEMA)

    def test_the_same_version_again_changes_nothing(
        self, bring_in: Callable[..., list[Outcome]]
    ) -> None:
        bring_in(as_bytes(), "a/1.0.0/schema.json")
        before = call_action("heraultdata_journal_list")

        [outcome] = bring_in(as_bytes(), "a/1.0.0/schema.json")

        assert outcome.state is State.UNCHANGED
        assert call_action("heraultdata_journal_list") == before

    def test_another_content_under_the_same_number_is_refused(
        self, bring_in: Callable[..., list[Outcome]]
    ) -> None:
        bring_in(as_bytes(), "a/1.0.0/schema.json")

        [outcome] = bring_in(as_bytes(title="Autre"), "a/1.0.0/schema.json")

        shown = call_action("heraultdata_standard_version_show", standard="a", version="1.0.0")
        assert outcome.state is State.REFUSED
        assert shown["schema"] == SCHEMA

    def test_a_day_that_is_taken_is_shifted(self, bring_in: Callable[..., list[Outcome]]) -> None:
        bring_in(as_bytes(), "a/1.0.0/schema.json")

        [outcome] = bring_in(as_bytes(), "a/1.1.0/schema.json")

        assert outcome.published_on == date(2024, 3, 2)

    def test_what_is_said_counts_more(self, bring_in: Callable[..., list[Outcome]]) -> None:
        [outcome] = bring_in(
            as_bytes(),
            "a/1.0.0/schema.json",
            name="herault-arbres",
            version="3.0",
            published_on=date(2025, 1, 1),
            level=Level.TERRITORIAL,
        )

        shown = call_action("heraultdata_standard_show", id="herault-arbres")
        [version] = shown["versions"]
        assert (outcome.standard, outcome.version) == ("herault-arbres", "3.0")
        assert (version["published_on"], version["falls_due_on"]) == ("2025-01-01", "2026-01-01")

    def test_what_nothing_names_is_refused(self, bring_in: Callable[..., list[Outcome]]) -> None:
        [outcome] = bring_in(as_bytes(version=None), "schema.json")

        assert outcome.state is State.REFUSED
        assert "--standard-version" in str(outcome.remarks[0])

    def test_a_name_too_long_for_the_registry_is_cut(
        self, bring_in: Callable[..., list[Outcome]]
    ) -> None:
        [outcome] = bring_in(as_bytes(name="a" * 300), "schema.json")

        assert outcome.standard == "a" * 100

    def test_a_data_package_brings_its_tables(
        self, bring_in: Callable[..., list[Outcome]], tmp_path: Path
    ) -> None:
        folder = tmp_path / "etalab-irve" / "2.0.0"
        (folder / "statique").mkdir(parents=True)
        (folder / "statique" / "schema.json").write_bytes(as_bytes())
        package = {
            "resources": [
                {"name": "irve-statique", "schema": "statique/schema.json"},
                {"name": "irve-dynamique", "schema": SCHEMA},
                {"name": "irve-perdue", "schema": "perdue/schema.json"},
                {"name": "irve-ailleurs", "schema": "../../../etc/passwd"},
            ]
        }

        outcomes = bring_in(json.dumps(package).encode(), "etalab-irve/2.0.0/datapackage.json")

        assert [(outcome.standard, outcome.version, outcome.state) for outcome in outcomes] == [
            ("etalab-irve-statique", "2.0.0", State.ADDED),
            ("etalab-irve-dynamique", "2.0.0", State.ADDED),
        ]

    def test_every_official_version_is_brought_in(self, shared_folder: Path) -> None:
        official = shared_folder / "standards" / "official"
        places = sorted(str(path) for path in official.glob("*/*/*") if path.is_file())
        found = [
            each for place in places for each in importing.imports_at(place, Told(), from_disk)
        ]

        outcomes = importing.bring_in(found, PORTAL, clock.now())

        assert len(outcomes) == len(found) >= len(places)
        beside_its_package = [("etalab-dispositif-aide", "0.2.0")]
        left_out = [o for o in outcomes if o.state is not State.ADDED]
        assert [(o.standard, o.version) for o in left_out] == beside_its_package
        listed = call_action("heraultdata_standard_version_list", limit=1000)
        kept = {(version["standard"], version["version"]) for version in listed["results"]}
        assert len(kept) == listed["count"] == len(found) - len(left_out)
        assert kept >= {
            Path(place).parts[-3:-1] for place in places if Path(place).stem != "datapackage"
        }
        again = importing.bring_in(found, PORTAL, clock.now())
        assert State.ADDED not in {outcome.state for outcome in again}
        assert len([o for o in again if o.state is State.UNCHANGED]) == listed["count"]
