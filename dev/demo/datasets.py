"""The datasets of the demo, published by the editors of the partners as they would do it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ckanext.heraultdata.validation.checks import held

from .calls import call, save_dataset
from .partners import MONTPELLIER, VALLEE_DE_L_HERAULT
from .people import DEPARTMENT_ADMIN, METROPOLE_EDITOR, VALLEE_EDITOR
from .standards import DELIBERATIONS, WATER_POINTS

FILES = Path(__file__).parent / "files"
_THEME = "http://publications.europa.eu/resource/authority/data-theme/{}"
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/{}"


@dataclass(frozen=True)
class DemoFile:
    """A file of a dataset.

    Attributes:
        refused: a later file of the same resource, which does not meet the standard and so is
            kept aside.
    """

    file_name: str
    title: str
    standard: str | None = None
    refused: str | None = None


@dataclass(frozen=True)
class DemoDataset:
    """A dataset and who publishes it; one without a file stays a draft, for `planned_standard`.

    Attributes:
        period: the first and the last day that the data covers, or on which it holds.
    """

    name: str
    title: str
    notes: str
    owner: str
    user: str
    theme: str
    frequency: str
    tags: tuple[str, ...]
    file: DemoFile | None
    period: tuple[str, str]
    private: bool = False
    planned_standard: str | None = None


def datasets(department: str) -> tuple[DemoDataset, ...]:
    """The datasets of the demo.

    Args:
        department: name of the département's organisation.
    """
    return (*_of_vallee_de_l_herault(), *_of_montpellier(), *_of_department(department))


def _of_vallee_de_l_herault() -> tuple[DemoDataset, ...]:
    vallee = VALLEE_DE_L_HERAULT.name
    return (
        DemoDataset(
            "deliberations-vallee-de-l-herault",
            "Délibérations du conseil communautaire de la Vallée de l'Hérault",
            "Les délibérations votées depuis 2024, une ligne par délibération. Celle du 26 février"
            " 2024 sur le portail Hérault Data est réelle, les autres sont inventées.",
            vallee, VALLEE_EDITOR, "GOVE", "QUARTERLY",
            ("délibération", "conseil communautaire", "scdl"),
            DemoFile(
                "deliberations-vallee-herault.csv", "Délibérations 2024 et 2025", DELIBERATIONS
            ),
            ("2024-02-26", "2025-12-31"),
        ),
        DemoDataset(
            "equipements-vallee-de-l-herault",
            "Équipements intercommunaux de la Vallée de l'Hérault",
            "Les équipements ouverts au public, avec leur adresse (exemple inventé).",
            vallee, VALLEE_EDITOR, "REGI", "ANNUAL", ("équipement", "accessibilité", "scdl"),
            DemoFile("equipements-vallee-herault.csv", "Équipements", "scdl-equipements"),
            ("2026-01-01", "2026-12-31"),
        ),
        DemoDataset(
            "subventions-vallee-de-l-herault",
            "Subventions versées par la Vallée de l'Hérault",
            "Les subventions aux associations (exemple inventé).",
            vallee, VALLEE_EDITOR, "ECON", "ANNUAL", ("subvention", "association", "scdl"),
            DemoFile("subventions-vallee-herault.csv", "Subventions 2026", "scdl-subventions"),
            ("2026-01-01", "2026-12-31"),
        ),
        DemoDataset(
            "bornes-de-recharge-vallee-de-l-herault",
            "Bornes de recharge pour véhicules électriques de la Vallée de l'Hérault",
            "Les points de recharge ouverts au public, un par ligne (exemple inventé).",
            vallee, VALLEE_EDITOR, "TRAN", "IRREG", ("IRVE", "borne de recharge"),
            DemoFile(
                "bornes-recharge-vallee-herault.csv", "Bornes de recharge", "etalab-irve-statique"
            ),
            ("2026-01-01", "2026-12-31"),
        ),
        DemoDataset(
            "points-d-eau-potable-vallee-de-l-herault",
            "Points d'eau potable de la Vallée de l'Hérault",
            "Où remplir une gourde (exemple inventé). Le fichier suit la première version du"
            " standard territorial : la deuxième demande deux colonnes de plus.",
            vallee, VALLEE_EDITOR, "ENVI", "ANNUAL", ("eau potable", "fontaine"),
            DemoFile("points-eau-vallee-herault.csv", "Points d'eau potable", WATER_POINTS),
            ("1987-06-01", "2026-12-31"),
        ),
        DemoDataset(
            "prenoms-vallee-de-l-herault",
            "Prénoms donnés dans la Vallée de l'Hérault",
            "Un brouillon, sans fichier encore.",
            vallee, VALLEE_EDITOR, "SOCI", "ANNUAL", ("prénom", "état civil"),
            None,
            ("2025-01-01", "2025-12-31"),
            planned_standard="scdl-prenoms",
        ),
    )  # fmt: skip


def _of_montpellier() -> tuple[DemoDataset, ...]:
    metropole = MONTPELLIER.name
    return (
        DemoDataset(
            "deliberations-montpellier-mediterranee-metropole",
            "Délibérations du conseil de métropole de Montpellier",
            "Les délibérations du dernier trimestre 2025 (exemple inventé). Le fichier du trimestre"
            " suivant a des fautes : il est mis de côté.",
            metropole, METROPOLE_EDITOR, "GOVE", "MONTHLY",
            ("délibération", "conseil de métropole", "scdl"),
            DemoFile(
                "deliberations-montpellier.csv", "Délibérations", DELIBERATIONS,
                refused="deliberations-montpellier-fautes.csv",
            ),
            ("2025-10-01", "2025-12-31"),
        ),
        DemoDataset(
            "subventions-montpellier-mediterranee-metropole",
            "Subventions versées par Montpellier Méditerranée Métropole",
            "En préparation : un fichier inventé, avec les fautes que l'on rencontre (dates à la"
            " française, SIRET faux, colonne absente, valeurs hors de la liste).",
            metropole, METROPOLE_EDITOR, "ECON", "ANNUAL", ("subvention", "association", "scdl"),
            DemoFile("subventions-montpellier-fautes.csv", "Subventions 2026", "scdl-subventions"),
            ("2026-01-01", "2026-12-31"),
            private=True,
        ),
        DemoDataset(
            "parcs-relais-montpellier-mediterranee-metropole",
            "Parcs relais du réseau de transport de Montpellier",
            "Les parcs relais et leurs places (exemple inventé).",
            metropole, METROPOLE_EDITOR, "TRAN", "ANNUAL", ("stationnement", "parc relais"),
            DemoFile("parcs-relais-montpellier.csv", "Parcs relais", "etalab-stationnement"),
            ("2026-01-01", "2026-12-31"),
        ),
    )  # fmt: skip


def _of_department(department: str) -> tuple[DemoDataset, ...]:
    return (
        DemoDataset(
            "colleges-de-l-herault",
            "Collèges publics de l'Hérault",
            "Les collèges, leur commune et leur nombre d'élèves (exemple inventé).",
            department, DEPARTMENT_ADMIN, "EDUC", "ANNUAL", ("collège", "éducation"),
            DemoFile("colleges-herault.csv", "Collèges"),
            ("2025-09-01", "2026-08-31"),
        ),
    )  # fmt: skip


def ensure(department: str) -> None:
    """Publish the datasets that are missing; one that somebody deleted stays deleted.

    Args:
        department: name of the département's organisation.
    """
    for dataset in datasets(department):
        if model.Package.get(dataset.name) is None:
            _publish(dataset)


def _publish(dataset: DemoDataset) -> None:
    optional = {"planned_standard": dataset.planned_standard} if dataset.planned_standard else {}
    first, last = dataset.period
    made = save_dataset(
        dataset.user,
        "package_create",
        name=dataset.name,
        title=dataset.title,
        notes=dataset.notes,
        owner_org=dataset.owner,
        theme=[_THEME.format(dataset.theme)],
        frequency=_FREQUENCY.format(dataset.frequency),
        license_id="ETALAB_2_0",
        tags=[{"name": tag} for tag in dataset.tags],
        temporal_coverage=[{"start": first, "end": last}],
        private=dataset.private,
        state="draft",
        **optional,
    )
    if dataset.file is None:
        return
    resource = _add_file(dataset.user, made["id"], dataset.file)
    save_dataset(dataset.user, "package_patch", id=made["id"], state="active")
    if dataset.file.refused:
        _send_refused(dataset.user, resource, dataset.file.refused)


def _add_file(user: str, package_id: str, file: DemoFile) -> dict[str, Any]:
    followed = {"standard": file.standard} if file.standard else {}
    with _upload(file.file_name) as upload:
        return call(
            user,
            "resource_create",
            package_id=package_id,
            name=file.title,
            url=file.file_name,
            format="CSV",
            upload=upload,
            **followed,
        )


def _send_refused(user: str, resource: dict[str, Any], file_name: str) -> None:
    with _upload(file_name) as upload:
        try:
            call(user, "resource_patch", id=resource["id"], url=file_name, upload=upload)
        except tk.ValidationError:
            if not held.not_let_in(resource["package_id"]):
                raise


@contextmanager
def _upload(file_name: str) -> Iterator[FileStorage]:
    with (FILES / file_name).open("rb") as stream:
        yield FileStorage(stream, filename=file_name, content_type="text/csv")
