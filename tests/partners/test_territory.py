"""The territory that the product ships."""

from __future__ import annotations

import csv
from pathlib import Path

from stdnum.fr import siren

from ckanext.heraultdata.partners import territory


def test_every_siren_has_a_right_key() -> None:
    assert all(siren.is_valid(place_siren) for place_siren in territory.by_siren())


def test_every_commune_belongs_to_an_epci_of_the_territory() -> None:
    epci = {place.siren for place in territory.epci()}
    assert {commune.epci_siren for commune in territory.communes()} <= epci


def test_names_are_written_in_full() -> None:
    names = {place.siren: place.name for place in territory.epci()}
    assert names["243400694"] == "Communauté de communes Vallée de l'Hérault"
    assert names["243400017"] == "Montpellier Méditerranée Métropole"
    assert names["200042646"] == "Grand Orb Communauté de Communes en Languedoc"


def test_it_is_the_official_one(shared_folder: Path) -> None:
    with (shared_folder / "territory" / "communes.csv").open(encoding="utf-8") as file:
        official = {row["insee_code"]: row["siren"] for row in csv.DictReader(file)}
    shipped = {commune.insee_code: commune.siren for commune in territory.communes()}
    assert shipped == official
