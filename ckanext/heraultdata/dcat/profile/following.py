"""The standards that the files of a dataset follow, by the versions that they are known to meet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from . import addresses, known, sentences
from .reading import Fields
from .vocabulary import Label

Versions = Mapping[str, tuple[known.Version, ...]]
"""The versions of each standard that a dataset names, the newest first."""


@dataclass(frozen=True)
class Specification:
    """What a file conforms to.

    Attributes:
        address: its address, empty where it has none.
        name: its name, or empty.
        label: its name in both languages, where the portal names it.
    """

    address: str
    name: str = ""
    label: Label | None = None


def versions_named(dataset: Fields) -> Versions:
    """The versions of the standards that a dataset and its files name."""
    named = [file.get("standard") for file in dataset.get("resources", ())]
    names = dict.fromkeys(name for name in [*named, dataset.get("planned_standard")] if name)
    found = {name: known.versions(name) for name in names}
    return {name: versions for name, versions in found.items() if versions}


def followed(dataset: Fields, versions: Versions) -> dict[str, tuple[Specification, ...]]:
    """What each file of a dataset conforms to: a version of its standard, a schema of its own.

    The version is the newest that the file meets, by its last check or a declaration; the newest
    of all where none is known to be met.

    Args:
        dataset: as `package_show` gives it.
        versions: the versions that it names.

    Returns:
        The specifications by file.
    """
    met = known.met(dataset["id"]) if versions else {}
    declared = met.get(dataset["id"], frozenset())
    return {
        file["id"]: (
            *_standard_of(file, versions, met.get(file["id"], frozenset()) | declared),
            *_schema_of(file),
        )
        for file in dataset.get("resources", ())
    }


def planned(dataset: Fields, versions: Versions) -> tuple[str, ...]:
    """The page of the standard that is chosen for files that are not there yet."""
    name = dataset.get("planned_standard")
    there = {file.get("standard") for file in dataset.get("resources", ())}
    return (addresses.standard(str(name)),) if name in versions and name not in there else ()


def _standard_of(file: Fields, versions: Versions, met: frozenset[str]) -> Iterator[Specification]:
    published = versions.get(file.get("standard") or "", ())
    version = next((each for each in published if each.id in met), next(iter(published), None))
    if version is not None:
        yield Specification(_address_of(version), f"{version.title} {version.number}")


def _address_of(version: known.Version) -> str:
    if version.address:
        return version.address
    if version.has_schema:
        return addresses.schema(version.standard, version.number)
    return addresses.standard(version.standard)


def _schema_of(file: Fields) -> Iterator[Specification]:
    schema = file.get("schema")
    if isinstance(schema, Mapping):
        title = str(schema.get("title") or "")
        yield Specification("", title, None if title else sentences.own_schema())
    elif isinstance(schema, str) and schema.startswith("http"):
        yield Specification(schema)


def usual_keywords(versions: Versions) -> list[str]:
    """The usual keywords of the datasets that follow these standards."""
    return _all(newest.keywords for newest, *_ in versions.values())


def usual_themes(versions: Versions) -> list[str]:
    """The usual themes of the datasets that follow these standards."""
    return _all(newest.themes for newest, *_ in versions.values())


def _all(texts: Iterable[Sequence[str]]) -> list[str]:
    return list(dict.fromkeys(chain.from_iterable(texts)))
