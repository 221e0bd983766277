"""The demo: its files, and what its filler puts into a portal."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from demo import content, datasets, standards

from ckanext.heraultdata import clock
from ckanext.heraultdata.database import engine
from ckanext.heraultdata.standards import catalogue
from ckanext.heraultdata.validation.checks import held
from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.schema import read_schema
from tests import factories

WITH_FAULTS = "subventions-montpellier-mediterranee-metropole"
HOLDING = "deliberations-montpellier-mediterranee-metropole"
DRAFT = "prenoms-vallee-de-l-herault"
BUNDLED = {each.standard.name: each.versions[-1].schema for each in catalogue.bundled()}
FOLLOWING = [
    each for each in datasets.datasets(factories.DEPARTMENT) if each.file and each.file.standard
]


def schema_of(standard: str) -> Mapping[str, Any] | str:
    """The newest schema of a bundled standard, or that of the demo which its file meets."""
    if standard == standards.WATER_POINTS:
        return (datasets.FILES / "points-eau-1.0.0.json").read_text(encoding="utf-8")
    schema = BUNDLED[standard]
    assert schema is not None
    return schema


def errors_of(file_name: str, standard: str) -> set[str]:
    """What is wrong in a file, by the codes of the report."""
    report = check_file(datasets.FILES / file_name, read_schema(schema_of(standard)))
    return {fault.code for fault in report.errors}


@pytest.mark.parametrize("dataset", FOLLOWING, ids=lambda each: each.name)
def test_files_meet_their_standard_but_for_those_that_show_faults(
    dataset: datasets.DemoDataset,
) -> None:
    file = dataset.file
    assert file
    assert file.standard
    assert bool(errors_of(file.file_name, file.standard)) == (dataset.name == WITH_FAULTS)
    if file.refused:
        assert errors_of(file.refused, file.standard)


def test_the_private_file_shows_the_usual_faults() -> None:
    found = errors_of("subventions-montpellier-fautes.csv", "scdl-subventions")
    assert {"missing-label", "type-error", "constraint-error", "french-siret-value"} <= found


@pytest.fixture
def filled(
    with_plugins: None,
    clean_db: None,
    clean_index: None,
    tmp_path: Path,
) -> Path:
    """A portal with the demo in it, and the file of the accounts."""
    catalogue.load(clock.now())
    output = tmp_path / "demo.json"
    content.fill(output)
    return output


def test_filler_publishes_what_meets_its_standard_then_leaves_it_alone(filled: Path) -> None:
    hidden = {
        each.name: each.state
        for each in model.Session.query(model.Package)
        if each.private or each.state != model.State.ACTIVE
    }
    assert hidden == {WITH_FAULTS: "active", DRAFT: "draft"}
    package = model.Package.get(HOLDING)
    assert package
    [resource] = package.resources
    assert resource.url == "deliberations-montpellier.csv"
    assert [each.file_name for each in held.not_let_in(package.id)] == [
        "deliberations-montpellier-fautes.csv"
    ]

    accounts, before = filled.read_bytes(), rows()
    content.fill(filled)
    assert rows() == before
    assert filled.read_bytes() == accounts


def rows() -> dict[str, int]:
    """How many rows each table has that people fill."""
    model.Session.commit()
    with engine().connect() as connection:
        names = sa.inspect(connection).get_table_names()
        return {
            name: connection.scalar(sa.select(sa.func.count()).select_from(sa.table(name))) or 0
            for name in names
        }
