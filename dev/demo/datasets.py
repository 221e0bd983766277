"""The datasets of the demo, published by the editors of the partners as they would do it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import ckan.model as model
from werkzeug.datastructures import FileStorage

from .calls import call, save_dataset
from .partners import MONTPELLIER, VALLEE_DE_L_HERAULT
from .people import DEPARTMENT_ADMIN, METROPOLE_EDITOR, VALLEE_EDITOR

FILES = Path(__file__).parent / "files"
_DELIBERATIONS_SCHEMA = FILES / "deliberations.schema.json"
_THEME = "http://publications.europa.eu/resource/authority/data-theme/{}"
_FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/{}"


@dataclass(frozen=True)
class DemoFile:
    """A file of a dataset; `schema` is the Table Schema that it is checked against."""

    file_name: str
    title: str
    standard: str | None = None
    schema: Path | None = None


@dataclass(frozen=True)
class DemoDataset:
    """A dataset and who publishes it; one without a file stays a draft."""

    name: str
    title: str
    notes: str
    owner: str
    user: str
    theme: str
    frequency: str
    tags: tuple[str, ...]
    file: DemoFile | None
    private: bool = False


def datasets(department: str) -> tuple[DemoDataset, ...]:
    """The datasets of the demo.

    Args:
        department: name of the département's organisation.
    """
    vallee, metropole = VALLEE_DE_L_HERAULT.name, MONTPELLIER.name
    return (
        DemoDataset(
            "deliberations-vallee-de-l-herault",
            "Délibérations du conseil communautaire de la Vallée de l'Hérault",
            "Les délibérations votées depuis 2024, une ligne par délibération. Celle du 26 février"
            " 2024 sur le portail Hérault Data est réelle, les autres sont inventées.",
            vallee, VALLEE_EDITOR, "GOVE", "QUARTERLY",
            ("délibération", "conseil communautaire", "scdl"),
            DemoFile(
                "deliberations-vallee-herault.csv", "Délibérations 2024 et 2025",
                "scdl-deliberations", _DELIBERATIONS_SCHEMA,
            ),
        ),
        DemoDataset(
            "deliberations-montpellier-mediterranee-metropole",
            "Délibérations du conseil de métropole de Montpellier",
            "Un fichier inventé, avec les fautes que l'on rencontre : dates en toutes lettres ou à"
            " la française, SIRET incomplet, colonne absente.",
            metropole, METROPOLE_EDITOR, "GOVE", "MONTHLY",
            ("délibération", "conseil de métropole", "scdl"),
            DemoFile(
                "deliberations-montpellier-fautes.csv", "Délibérations du premier trimestre 2026",
                "scdl-deliberations", _DELIBERATIONS_SCHEMA,
            ),
        ),
        DemoDataset(
            "equipements-vallee-de-l-herault",
            "Équipements intercommunaux de la Vallée de l'Hérault",
            "Les équipements ouverts au public, avec leur commune (exemple inventé).",
            vallee, VALLEE_EDITOR, "REGI", "ANNUAL", ("équipement", "accessibilité"),
            DemoFile("equipements-vallee-herault.csv", "Équipements"),
        ),
        DemoDataset(
            "subventions-vallee-de-l-herault",
            "Subventions versées par la Vallée de l'Hérault",
            "En préparation : les subventions aux associations (exemple inventé).",
            vallee, VALLEE_EDITOR, "ECON", "ANNUAL", ("subvention", "association"),
            DemoFile("subventions-vallee-herault.csv", "Subventions 2026"),
            private=True,
        ),
        DemoDataset(
            "prenoms-vallee-de-l-herault",
            "Prénoms donnés dans la Vallée de l'Hérault",
            "Un brouillon, sans fichier encore.",
            vallee, VALLEE_EDITOR, "SOCI", "ANNUAL", ("prénom", "état civil"),
            None,
        ),
        DemoDataset(
            "parcs-relais-montpellier-mediterranee-metropole",
            "Parcs relais du réseau de transport de Montpellier",
            "Les parcs relais et leurs places (exemple inventé).",
            metropole, METROPOLE_EDITOR, "TRAN", "ANNUAL", ("stationnement", "parc relais"),
            DemoFile("parcs-relais-montpellier.csv", "Parcs relais"),
        ),
        DemoDataset(
            "colleges-de-l-herault",
            "Collèges publics de l'Hérault",
            "Les collèges, leur commune et leur nombre d'élèves (exemple inventé).",
            department, DEPARTMENT_ADMIN, "EDUC", "ANNUAL", ("collège", "éducation"),
            DemoFile("colleges-herault.csv", "Collèges"),
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
        private=dataset.private,
        state="draft",
    )
    if dataset.file is None:
        return
    _add_file(dataset.user, made["id"], dataset.file)
    save_dataset(dataset.user, "package_patch", id=made["id"], state="active")


def _add_file(user: str, package_id: str, file: DemoFile) -> None:
    optional = {
        "standard": file.standard,
        "schema": file.schema.read_text(encoding="utf-8") if file.schema else None,
    }
    with (FILES / file.file_name).open("rb") as stream:
        call(
            user,
            "resource_create",
            package_id=package_id,
            name=file.title,
            url=file.file_name,
            format="CSV",
            upload=FileStorage(stream, filename=file.file_name, content_type="text/csv"),
            **{name: value for name, value in optional.items() if value},
        )
