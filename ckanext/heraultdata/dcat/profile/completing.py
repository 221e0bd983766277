"""A dataset as the form keeps it, completed with what the portal knows, for the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from ...datasets import defaults, licences, territories
from ...datasets.filling import HIGH_VALUE_REGULATION
from . import addresses, following, known, people
from .following import Specification, Versions
from .people import People
from .places import Place
from .reading import Fields, groups, texts, zoned
from .vocabulary import theme_label

_AVAILABLE = "http://publications.europa.eu/resource/authority/planned-availability/AVAILABLE"
_NOT_SAID = "notspecified"
_OF_PEOPLE = ("maintainer", "author", "contact", "publisher", "creator", "organization")
_TOLD_APART = (
    "license_id",
    "license_url",
    "spatial_coverage",
    "temporal_coverage",
    "provenance",
)
_TOLD_APART_OF_FILES = ("url", "format", "mimetype", "license", "size", "hash", "rights")


@dataclass(frozen=True)
class Licence:
    """A licence.

    Attributes:
        address: its address, empty where it has none.
        name: its name, or empty.
    """

    address: str
    name: str = ""


@dataclass(frozen=True)
class File:
    """A file, with what ckanext-dcat's own profiles do not tell as harvesters need it.

    Attributes:
        fields: the file as `package_show` gives it.
        addresses: where it is.
        licence: its own, else that of its dataset.
        follows: what it conforms to.
    """

    fields: Fields
    addresses: addresses.FileAddresses
    licence: Licence | None
    follows: tuple[Specification, ...]

    @property
    def title(self) -> str:
        """What it is called: its title, else its name in its address."""
        return self.fields.get("name") or self.addresses.access.rstrip("/").rsplit("/", 1)[-1]

    @property
    def is_table(self) -> bool:
        """Whether programs can ask for its rows."""
        return bool(self.fields.get("datastore_active"))


@dataclass(frozen=True)
class Completed:
    """A dataset, completed.

    Attributes:
        fields: what ckanext-dcat's own profiles tell of it well.
        identifier: its identifier for harvesters: the producer's, else the portal's.
        title: its title.
        language: the language of what editors typed.
        page: its page.
        people: who is behind it.
        places: the territories that it covers.
        periods: the periods that it covers, by their `start` and `end`.
        granularity: the level of the data, or empty.
        provenance: where the data comes from, or empty.
        licence: its licence.
        planned: pages of standards that its files are to follow.
        high_value: the categories of high-value data that it belongs to.
        files: its files.
    """

    fields: dict[str, Any]
    identifier: str
    title: str
    language: str
    page: str
    people: People
    places: tuple[Place, ...]
    periods: tuple[Fields, ...]
    granularity: str
    provenance: str
    licence: Licence | None
    planned: tuple[str, ...]
    high_value: tuple[str, ...]
    files: tuple[File, ...]


def complete(dataset: Fields) -> Completed:
    """Complete a dataset.

    Args:
        dataset: as `package_show` gives it.
    """
    owner = dataset.get("owner_org")
    name = dataset.get("name") or dataset["id"]
    organization = known.organization(owner) if owner else None
    versions = following.versions_named(dataset)
    files = tuple(_files(dataset, versions))
    return Completed(
        fields=_fields(dataset, files, versions),
        identifier=dataset.get("identifier") or dataset["id"],
        title=dataset.get("title") or name,
        language=language(),
        page=addresses.dataset_page(name),
        people=people.behind(dataset, organization),
        places=tuple(_places(dataset, organization)),
        periods=tuple(groups(dataset, "temporal_coverage")),
        granularity=dataset.get("spatial_granularity") or "",
        provenance=dataset.get("provenance") or "",
        licence=_licence(dataset.get("license_id")),
        planned=following.planned(dataset, versions),
        high_value=texts(dataset.get("hvd_category")),
        files=files,
    )


def language() -> str:
    """The language of what editors type, which is that of the site, such as `fr`."""
    return str(tk.config["ckan.locale_default"]).replace("_", "-")


def _files(dataset: Fields, versions: Versions) -> Iterator[File]:
    follows = following.followed(dataset, versions)
    licence = _licence(dataset.get("license_id"))
    for file in dataset.get("resources", ()):
        yield File(
            fields=file,
            addresses=addresses.of_file(dataset["id"], file),
            licence=_licence(file.get("license")) or licence,
            follows=follows[file["id"]],
        )


def _licence(name: str | None) -> Licence | None:
    """A licence by its identifier or its address, None where none is said."""
    if not name or name == _NOT_SAID:
        return None
    identifier = licences.identifier(name)
    for each in licences.licences():
        if each.id == identifier:
            return Licence(each.url, each.title)
    if name.startswith("http"):
        return Licence(name)
    register = model.Package.get_license_register()
    if name not in register:
        return Licence("", name)
    return Licence(register[name].url or "", str(register[name].title))


def _places(dataset: Fields, organization: known.Organization | None) -> Iterator[Place]:
    """The territories that a dataset names, else that of its organisation."""
    named = list(groups(dataset, "spatial_coverage"))
    if not named and organization is not None:
        department = territories.listed_department()
        named = list(filter(None, [defaults.territory(organization.partner, department)]))
    for group in named:
        yield Place(group.get("code") or "", group.get("text") or "", group.get("uri") or "")


def _fields(dataset: Fields, files: Sequence[File], versions: Versions) -> dict[str, Any]:
    """The dataset as ckanext-dcat's own profiles write it."""
    name = dataset.get("name") or dataset["id"]
    title = dataset.get("title") or name
    is_high_value = bool(texts(dataset.get("hvd_category")))
    themes = texts(dataset.get("theme")) or following.usual_themes(versions)
    legislation = texts(dataset.get("applicable_legislation"))
    if is_high_value and HIGH_VALUE_REGULATION not in legislation:
        legislation = (*legislation, HIGH_VALUE_REGULATION)
    kept = {key: value for key, value in dataset.items() if _is_kept(key, _TOLD_APART)}
    return kept | {
        "title_translated": dataset.get("title_translated") or _spoken(title),
        "notes_translated": dataset.get("notes_translated")
        or _spoken(dataset.get("notes") or title),
        "tags_translated": dataset.get("tags_translated") or _keywords(dataset, themes, versions),
        "version_notes": _spoken(dataset.get("version_notes")),
        "url": dataset.get("url") or addresses.dataset_page(name),
        "issued": dataset.get("issued") or zoned(dataset.get("metadata_created")),
        "modified": dataset.get("modified") or zoned(dataset.get("metadata_modified")),
        "theme": list(themes),
        "language": list(texts(dataset.get("language"))),
        "conforms_to": list(texts(dataset.get("conforms_to"))),
        "documentation": list(texts(dataset.get("documentation"))),
        "hvd_category": list(texts(dataset.get("hvd_category"))),
        "applicable_legislation": list(legislation),
        "extras": [each for each in dataset.get("extras", ()) if _is_kept(each["key"], ())],
        "resources": [_file_fields(file, legislation if is_high_value else ()) for file in files],
    }


def _file_fields(file: File, legislation: Sequence[str]) -> dict[str, Any]:
    given = file.fields
    created = zoned(given.get("created"))
    modified = zoned(given.get("last_modified") or given.get("metadata_modified"))
    kept = {key: value for key, value in given.items() if _is_kept(key, _TOLD_APART_OF_FILES)}
    return kept | {
        "name_translated": given.get("name_translated") or _spoken(file.title),
        "description_translated": given.get("description_translated")
        or _spoken(given.get("description")),
        "availability": given.get("availability") or _AVAILABLE,
        "issued": given.get("issued") or created,
        "modified": given.get("modified") or modified or created,
        "applicable_legislation": list(texts(given.get("applicable_legislation")) or legislation),
    }


def _is_kept(key: str, told_apart: Sequence[str]) -> bool:
    return key not in told_apart and not key.startswith(_OF_PEOPLE)


def _spoken(text: str | None) -> dict[str, str]:
    return {language(): text} if text else {}


def _keywords(dataset: Fields, themes: Sequence[str], versions: Versions) -> dict[str, list[str]]:
    """The keywords by language: those typed, else those of its standards, else its themes."""
    typed = [tag["name"] for tag in dataset.get("tags", ())]
    if typed:
        return {language(): typed}
    usual = following.usual_keywords(versions)
    if usual:
        # Standards describe themselves in French.
        return {"fr": usual}
    labels = [label for label in map(theme_label, themes) if label is not None]
    return {"en": [each.en for each in labels], "fr": [each.fr for each in labels]}
