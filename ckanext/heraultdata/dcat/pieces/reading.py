"""The catalogue read from its pieces, by windows of places that do not move.

A page is a window: places 1 to 100, 101 to 200 and so on. A dataset keeps its place as long as it
is in the catalogue; one that leaves makes a hole, that a later publication fills. So a walk over
the pages meets each dataset that lives through it exactly once, whatever happens meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row
from sqlalchemy.sql.elements import TextClause

from ...database import engine_beside
from ..kinds import Serialisation
from ..model import CatalogueChange
from . import refreshing
from .making import fingerprint

_TEXTS = {
    Serialisation.TURTLE: "turtle",
    Serialisation.RDF_XML: "rdf_xml",
    Serialisation.JSON_LD: "json_ld",
}
_AT_ONCE = 100

# Constants, for putting such statements together anew takes longer than PostgreSQL to run them.
_PIECES = "heraultdata_dcat_piece"
_IS_STALE = "(serialised <> changes OR made_with IS DISTINCT FROM :made)"
_IS_SERVED = "slot IS NOT NULL AND digest IS NOT NULL"
_IN_WINDOW = "slot BETWEEN :start AND :end"
_OF_DATASET = "package_id IN (SELECT id FROM package WHERE id = :asked OR name = :asked)"
_NAMED = "package_id = ANY (:package_ids)"
_SINCE = "modified >= :since"
_CHANGED = "(SELECT max(at) FROM heraultdata_dcat_change)"
_DIGEST = "md5(string_agg(digest, ',' ORDER BY slot))"
_NEEDS_CARE = f"""
    EXISTS (SELECT 1 FROM {_PIECES} WHERE is_public AND slot IS NULL)
    OR EXISTS (SELECT 1 FROM {_PIECES} WHERE NOT is_public AND digest IS NOT NULL)
    OR EXISTS (SELECT 1 FROM {_PIECES} WHERE is_public AND {_IS_STALE} AND {{kind}})
"""
_ALL_FIGURES = sa.text(
    f"SELECT count(*) AS datasets, {_DIGEST} AS digest, max(modified) AS modified, "
    f"{_CHANGED} AS changed FROM {_PIECES} WHERE {_IS_SERVED}"
)


@dataclass(frozen=True)
class Chosen:
    """Which datasets; all by default.

    Attributes:
        modified_since: those whose description changed at this moment or later, with a zone.
        package_ids: those of these identifiers.
    """

    modified_since: datetime | None = None
    package_ids: frozenset[str] | None = None


ALL = Chosen()


@dataclass(frozen=True)
class Window:
    """What a page of the catalogue tells of itself.

    Attributes:
        number: of the page, from 1.
        count: datasets in it.
        total: datasets in all pages; with `modified_since` as many as may have changed.
        first: number of the first page that holds something; 1 where none does.
        last: number of the last page that holds something; 1 where none does.
        previous: number of the nearest page before that holds something.
        next: number of the nearest page after that holds something.
        digest: of the datasets and of the figures above, in hexadecimal.
        modified: the latest change among its datasets.
        changed: the latest change of the whole catalogue, departures included; not in the digest.
    """

    number: int
    count: int
    total: int
    first: int
    last: int
    previous: int | None
    next: int | None
    digest: str
    modified: datetime | None
    changed: datetime | None


@dataclass(frozen=True)
class Member:
    """A dataset of a page.

    Attributes:
        uri: that harvesters know it by.
        body: its text, without head.
    """

    uri: str
    body: str


@dataclass(frozen=True)
class Piece:
    """A dataset of the catalogue.

    Attributes:
        package_id: its identifier on the portal.
        uri: that harvesters know it by.
        digest: of its triples, in hexadecimal.
        modified: when they last changed.
        body: its text, without head.
    """

    package_id: str
    uri: str
    digest: str
    modified: datetime
    body: str


def size() -> int:
    """Places in a window."""
    return int(tk.config["ckanext.dcat.datasets_per_page"])


def window(number: int, chosen: Chosen = ALL) -> Window:
    """What a page tells of itself; what is stale in it is brought up to date first.

    Args:
        number: of the page, from 1.
        chosen: which datasets.
    """
    return _window(number, _healed(_figures(*_kinds(chosen)), number, chosen)[0])


def page(number: int, chosen: Chosen, serialisation: Serialisation) -> tuple[Window, list[Member]]:
    """A page and its datasets in the order of their places, as they are at one moment.

    Args:
        number: of the page, from 1.
        chosen: which datasets.
        serialisation: how they are written.
    """
    rows = _healed(_page(_TEXTS[serialisation], *_kinds(chosen)), number, chosen)
    members = [Member(row.uri, row.body) for row in rows if row.uri is not None]
    return _window(number, rows[0]), members


def package_ids(number: int, chosen: Chosen = ALL) -> list[str]:
    """The identifiers of a page's datasets, in the order of their places."""
    here = _here(*_kinds(chosen))
    query = sa.text(f"SELECT package_id FROM {_PIECES} WHERE {here} ORDER BY slot")
    return list(model.Session.scalars(query, _values(number, chosen)))


def whole() -> Window:
    """What the whole catalogue tells of itself, as one page; all is brought up to date first."""
    _heal("TRUE", {})
    return _whole(model.Session.execute(_ALL_FIGURES).one())


def stream(serialisation: Serialisation) -> tuple[Window, Generator[Member, None, None]]:
    """The whole catalogue as it is at one moment, without holding it in memory.

    Args:
        serialisation: how the datasets are written.

    Returns:
        What it tells of itself, and its datasets; closing these gives back a connection.
    """
    _heal("TRUE", {})
    # None of the pool's: it is kept as long as a client takes to read.
    connection = engine_beside().connect().execution_options(isolation_level="REPEATABLE READ")
    told = _whole(connection.execute(_ALL_FIGURES).one())
    return told, _streamed(connection, _TEXTS[serialisation])


def of_dataset(name_or_id: str, serialisation: Serialisation) -> Piece | None:
    """A dataset of the catalogue, brought up to date first.

    Args:
        name_or_id: its name or its identifier.
        serialisation: how it is written.

    Returns:
        None where it is not in the catalogue.
    """
    values = {"asked": name_or_id}
    _heal(_OF_DATASET, values)
    row = model.Session.execute(_dataset(_TEXTS[serialisation]), values).first()
    return Piece(*row) if row else None


def catch_up() -> None:
    """Let the list of changes tell of what has just been published, changed or withdrawn.

    What only another profile or setting made stale is left to the job: it is all of the catalogue.
    """
    _heal("serialised <> changes", {})


def last_change() -> datetime | None:
    """When the catalogue last changed: publication and withdrawal are changes of it."""
    return model.Session.scalar(sa.select(sa.func.max(CatalogueChange.at)))


def _kinds(chosen: Chosen) -> tuple[bool, bool]:
    return chosen.modified_since is not None, chosen.package_ids is not None


def _values(number: int, chosen: Chosen) -> dict[str, object]:
    end = number * size()
    values: dict[str, object] = {"start": end - size() + 1, "end": end, "made": fingerprint()}
    if chosen.modified_since is not None:
        values["since"] = chosen.modified_since
    if chosen.package_ids is not None:
        values["package_ids"] = list(chosen.package_ids)
    return values


def _here(has_since: bool, has_ids: bool) -> str:
    """What a page shows."""
    kinds = [_IN_WINDOW, _IS_SERVED]
    kinds += [_SINCE] * has_since + [_NAMED] * has_ids
    return " AND ".join(kinds)


def _anywhere(has_since: bool, has_ids: bool) -> str:
    """What the other pages must lead to: also what is brought up to date only as it is read."""
    kinds = ["slot IS NOT NULL"]
    kinds += [f"({_SINCE} OR {_IS_STALE})"] * has_since + [_NAMED] * has_ids
    return " AND ".join(kinds)


@lru_cache
def _figures(has_since: bool, has_ids: bool) -> TextClause:
    return sa.text(_figures_text(has_since, has_ids))


@lru_cache
def _page(text: str, has_since: bool, has_ids: bool) -> TextClause:
    here = _here(has_since, has_ids)
    return sa.text(
        f"SELECT told.*, uri, body FROM ({_figures_text(has_since, has_ids)}) AS told "
        f"LEFT JOIN (SELECT slot, uri, {text} AS body FROM {_PIECES} WHERE {here}) AS shown "
        "ON true ORDER BY slot"
    )


def _figures_text(has_since: bool, has_ids: bool) -> str:
    """Figures of a page, each from an index."""
    here, anywhere = _here(has_since, has_ids), _anywhere(has_since, has_ids)
    figures = {
        "datasets": ("count(*)", here),
        "total": ("count(*)", anywhere),
        "first_slot": ("min(slot)", anywhere),
        "last_slot": ("max(slot)", anywhere),
        "previous_slot": ("max(slot)", f"{anywhere} AND slot < :start"),
        "next_slot": ("min(slot)", f"{anywhere} AND slot > :end"),
        "digest": (_DIGEST, here),
        "modified": ("max(modified)", here),
    }
    selected = ", ".join(
        f"(SELECT {value} FROM {_PIECES} WHERE {kind}) AS {name}"
        for name, (value, kind) in figures.items()
    )
    needs_care = _NEEDS_CARE.format(kind=_IN_WINDOW)
    return f"SELECT {selected}, {_CHANGED} AS changed, ({needs_care}) AS needs_care"


@lru_cache
def _dataset(text: str) -> TextClause:
    return sa.text(
        f"SELECT package_id, uri, digest, modified, {text} FROM {_PIECES} "
        f"WHERE {_OF_DATASET} AND {_IS_SERVED}"
    )


def _healed(statement: TextClause, number: int, chosen: Chosen) -> Sequence[Row[Any]]:
    """The rows of a page, of which nothing is stale, in one query where there is nothing to do."""
    values = _values(number, chosen)
    rows = model.Session.execute(statement, values).all()
    if not rows[0].needs_care:
        return rows
    _care(_IN_WINDOW, values)
    return model.Session.execute(statement, values).all()


def _heal(kind: str, values: Mapping[str, object]) -> None:
    """Bring up to date what is stale of some pieces, in one query where there is nothing to do."""
    asked = {**values, "made": fingerprint()}
    query = sa.text(f"SELECT {_NEEDS_CARE.format(kind=kind)}")
    if model.Session.scalar(query, asked):
        _care(kind, asked)


def _care(kind: str, values: Mapping[str, object]) -> None:
    # What waits for a place may get one among these.
    refreshing.refresh(package_ids=())
    stale = sa.text(f"SELECT package_id FROM {_PIECES} WHERE is_public AND {_IS_STALE} AND {kind}")
    found = list(model.Session.scalars(stale, values))
    if found:
        refreshing.refresh(found)


def _window(number: int, told: Row[Any]) -> Window:
    figures = (
        number,
        told.datasets,
        told.total,
        _number(told.first_slot) or 1,
        _number(told.last_slot) or 1,
        _number(told.previous_slot),
        _number(told.next_slot),
    )
    digest = _hashed(*figures, told.digest)
    return Window(*figures, digest, told.modified, told.changed)


def _number(slot: int | None) -> int | None:
    return None if slot is None else (slot - 1) // size() + 1


def _whole(told: Row[Any]) -> Window:
    count = told.datasets
    digest = _hashed(count, told.digest)
    return Window(1, count, count, 1, 1, None, None, digest, told.modified, told.changed)


def _hashed(*figures: object) -> str:
    return hashlib.sha256(repr(figures).encode()).hexdigest()


def _streamed(connection: Connection, text: str) -> Generator[Member, None, None]:
    query = sa.text(f"SELECT uri, {text} AS body FROM {_PIECES} WHERE {_IS_SERVED} ORDER BY slot")
    with connection:
        streaming = connection.execution_options(stream_results=True, max_row_buffer=_AT_ONCE)
        for row in streaming.execute(query):
            yield Member(*row)
