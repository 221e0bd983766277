"""Set-up of the tests of the profile: a commune, the département, the official shapes."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from ckan import model
from rdflib import Graph

from tests import factories

from . import samples


@dataclass(frozen=True)
class Site:
    """What is on the site of the tests, made once: they change nothing of it.

    Attributes:
        commune: a commune under convention.
        department: the département.
        made: its datasets as the catalogue gets them.
    """

    commune: dict[str, Any]
    department: dict[str, Any]
    made: tuple[dict[str, Any], dict[str, Any]]

    @property
    def every(self) -> dict[str, Any]:
        """A dataset with every field, and a file with every field."""
        return deepcopy(self.made[0])

    def fewest(self, **fields: Any) -> dict[str, Any]:
        """A dataset with the fewest fields, and a file that was uploaded.

        Args:
            fields: what else it has, as if it had been typed.
        """
        return deepcopy(self.made[1]) | fields

    def one_file(self, **fields: Any) -> dict[str, Any]:
        """The same, with other fields of its file."""
        dataset = self.fewest()
        dataset["resources"][0] |= fields
        return dataset


@pytest.fixture(scope="session")
def _sites() -> list[Site]:
    return []


@pytest.fixture
def site(request: pytest.FixtureRequest, with_plugins: None, _sites: list[Site]) -> Site:
    """The site, made anew only where another test has emptied the database since."""
    made = _sites[-1] if _sites else None
    if made is not None and model.Package.get(made.fewest()["id"]) is not None:
        return made
    for fixture in ("clean_db", "clean_index"):
        request.getfixturevalue(fixture)
    _sites[:] = [_made()]
    return _sites[-1]


def _made() -> Site:
    department = factories.organization(
        name=factories.DEPARTMENT,
        title="Département de l’Hérault",
        partner_type="department",
        siren="223400011",
        email="contact@herault.example",
        website="https://www.herault.example",
    )
    commune = factories.aniane()
    datasets = samples.with_every_field(commune), samples.with_fewest_fields(commune)
    return Site(commune, department, datasets)


@cache
def _shapes(folder: Path, pattern: str) -> Graph:
    graph = Graph()
    for file in sorted(folder.glob(pattern)):
        graph.parse(file, format="turtle")
    return graph


@pytest.fixture
def dcat_ap_shapes(shared_folder: Path) -> Graph:
    """The shapes of DCAT-AP 3.0.1, those of what it recommends included."""
    return _shapes(shared_folder / "dcat" / "shacl", "dcat-ap-3.0.1-*.ttl")


@pytest.fixture
def high_value_shapes(shared_folder: Path) -> Graph:
    """The shapes of the annex of DCAT-AP for high-value datasets, 3.0.0."""
    return _shapes(shared_folder / "dcat" / "shacl", "dcat-ap-hvd-3.0.0-*.ttl")
