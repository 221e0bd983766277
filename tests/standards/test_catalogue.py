"""The standards that come with the extension, and how they get into the registry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from ckan.tests.helpers import call_action

from ckanext.heraultdata import clock
from ckanext.heraultdata.datasets.validators import heraultdata_standard_name
from ckanext.heraultdata.standards import catalogue, content, rules
from ckanext.heraultdata.standards.catalogue import Bundled

EVERY = list(catalogue.bundled())
BY_NAME = {each.standard.name: each for each in EVERY}

BUNDLED = [
    "139bercy-format-commande-publique",
    "atlasante-dae",
    "datakode-pei",
    "etalab-bal",
    "etalab-irve-dynamique",
    "etalab-irve-statique",
    "etalab-lieux-covoiturage",
    "etalab-stationnement",
    "etalab-stationnement-cyclable",
    "naturalsolutions-arbre",
    "scdl-budget",
    "scdl-catalogue",
    "scdl-deliberations",
    "scdl-equipements",
    "scdl-menus-collectifs",
    "scdl-plats-menus-collectifs",
    "scdl-prenoms",
    "scdl-subventions",
]


def test_what_is_bundled() -> None:
    assert sorted(BY_NAME) == BUNDLED


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.standard.name)
def test_each_standard_is_lawful_and_its_schemas_are_read_without_a_warning(each: Bundled) -> None:
    rules.refuse_unlawful_level(each.standard.level, each.standard.scdl)
    assert heraultdata_standard_name(each.standard.name) == each.standard.name
    assert each.standard.description
    assert len({version.dates.published_on for version in each.versions}) == len(each.versions)
    for version in each.versions:
        rules.refuse_unlawful_dates(each.standard.level, version.dates)
        assert content.remarks_on(version.kind, version.schema) == ()
        assert version.dates.due_on is None or version.legal_reference


def _schema(folder: Path, version: str, name: str) -> None:
    schema = {"fields": [{"name": name, "type": "string"}]}
    (folder / f"{version}.json").write_text(json.dumps(schema), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A catalogue of one standard with one version."""
    standard = tmp_path / "herault-arbres"
    standard.mkdir()
    _describe(standard, "Arbres", ["1.0.0"])
    return tmp_path


def _describe(standard: Path, title: str, versions: list[str]) -> None:
    told = {
        "title": title,
        "level": "national",
        "scdl": False,
        "priority": True,
        "concerns": ["commune"],
        "description": "Les arbres\nde la commune.",
        "dataset_defaults": {"keywords": [title]},
        "versions": [
            {"version": version, "kind": "table", "published_on": f"2024-01-{rank:02}"}
            for rank, version in enumerate(versions, 1)
        ],
    }
    text = yaml.safe_dump(told).replace("'2024-01-01'", "2024-01-01")
    (standard / "standard.yaml").write_text(
        text.replace("'2024-01-02'", "2024-01-02"), encoding="utf-8"
    )
    for version in versions:
        _schema(standard, version, f"nom-{version}")


@pytest.mark.usefixtures("with_plugins", "clean_db")
class TestLoad:
    """The catalogue put into the registry."""

    def test_an_empty_registry_gets_all(self, folder: Path) -> None:
        loaded = catalogue.load(clock.now(), folder)

        shown = call_action("heraultdata_standard_show", id="herault-arbres")
        assert (loaded.standards, loaded.versions) == (["herault-arbres"], ["herault-arbres 1.0.0"])
        assert (shown["title"], shown["concerns"], shown["priority"]) == (
            "Arbres",
            ["commune"],
            True,
        )
        assert shown["description"] == "Les arbres de la commune."
        assert [v["published_on"] for v in shown["versions"]] == ["2024-01-01"]

    def test_a_second_time_changes_nothing(self, folder: Path) -> None:
        catalogue.load(clock.now(), folder)
        before = call_action("heraultdata_journal_list")

        loaded = catalogue.load(clock.now(), folder)

        assert (loaded.standards, loaded.versions, loaded.refused) == ([], [], [])
        assert call_action("heraultdata_journal_list") == before

    def test_what_an_administrator_wrote_stays(self, folder: Path) -> None:
        catalogue.load(clock.now(), folder)
        call_action("heraultdata_standard_update", id="herault-arbres", title="Nos arbres")
        call_action(
            "heraultdata_standard_version_update",
            standard="herault-arbres",
            version="1.0.0",
            adopted_on="2024-06-01",
        )
        _describe(folder / "herault-arbres", "Les arbres", ["1.0.0", "1.1.0"])

        loaded = catalogue.load(clock.now(), folder)

        shown = call_action("heraultdata_standard_show", id="herault-arbres")
        assert (loaded.standards, loaded.versions) == ([], ["herault-arbres 1.1.0"])
        assert shown["title"] == "Nos arbres"
        assert [v["adopted_on"] for v in shown["versions"]] == [None, "2024-06-01"]

    def test_what_stands_against_an_administrator_is_refused_and_told(self, folder: Path) -> None:
        catalogue.load(clock.now(), folder)
        call_action(
            "heraultdata_standard_version_create",
            standard="herault-arbres",
            version="1.0.1",
            kind="document",
            published_on="2024-01-02",
        )
        _describe(folder / "herault-arbres", "Arbres", ["1.0.0", "1.1.0"])

        loaded = catalogue.load(clock.now(), folder)

        [(name, reason)] = loaded.refused
        assert name == "herault-arbres 1.1.0"
        assert "1.0.1" in str(reason)

    def test_the_bundled_ones_are_loaded(self) -> None:
        loaded = catalogue.load(clock.now())

        assert loaded.refused == []
        assert sorted(loaded.standards) == sorted(BY_NAME)
        count = call_action("heraultdata_standard_version_list")["count"]
        assert count == len(loaded.versions) == sum(len(each.versions) for each in EVERY)
