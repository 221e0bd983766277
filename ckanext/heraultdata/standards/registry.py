"""The registry read: standards and their versions, in a constant number of queries."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

import ckan.model as model
import sqlalchemy as sa

from ..partners.directory import folded
from ..partners.service import PARTNER_TYPES
from .model import Standard, StandardVersion
from .rules import Dates, Kind, Level

# A schema, as JSON has it.
Json = object
Schema = Mapping[str, Json]


@dataclass(frozen=True)
class StandardRecord:
    """A standard; `id` is empty until it is kept.

    Attributes:
        concerns: types of the partners that it concerns.
        dataset_defaults: what the form of a dataset is filled with.
    """

    name: str
    title: str
    level: Level
    scdl: bool = False
    priority: bool = False
    concerns: tuple[str, ...] = PARTNER_TYPES
    issuer: str | None = None
    homepage: str | None = None
    description: str | None = None
    dataset_defaults: Mapping[str, Json] = field(default_factory=dict)
    id: str = ""


@dataclass(frozen=True)
class VersionRecord:
    """A version of a standard; a draft where `dates.published_on` is None.

    Attributes:
        schema: what the version says; None for a document, and where it was not asked for.
        source_url: where it comes from.
        comments_until: the last day on which partners comment on a draft.
    """

    version: str
    kind: Kind
    dates: Dates = field(default_factory=Dates)
    legal_reference: str | None = None
    schema: Schema | None = None
    source_url: str | None = None
    comments_until: date | None = None
    id: str = ""
    standard_id: str = ""

    @property
    def is_draft(self) -> bool:
        """Whether it has no publication date."""
        return self.dates.published_on is None


@dataclass(frozen=True)
class StandardFilter:
    """Which standards to read; a None filters nothing.

    Attributes:
        text: words that all stand in what is said of the standard, accents and capitals aside.
    """

    text: str | None = None
    level: Level | None = None
    scdl: bool | None = None
    priority: bool | None = None


class StandardNotFoundError(Exception):
    """There is no standard, or no version, of that name."""


_NEWEST_FIRST = (
    sa.desc(StandardVersion.published_on).nulls_first(),
    sa.desc(StandardVersion.created_at),
    StandardVersion.version,
)


def find(wanted: StandardFilter, limit: int, offset: int) -> tuple[int, list[StandardRecord]]:
    """How many standards there are, and a page of them in the order of their titles.

    Args:
        wanted: which.
        limit: the most of them.
        offset: how many to pass over.
    """
    rows = model.Session.scalars(sa.select(Standard).where(*_conditions(wanted)))
    words = folded(wanted.text or "").split()
    found = [row for row in rows if all(word in _searched(row) for word in words)]
    found.sort(key=lambda row: (folded(row.title), row.name))
    return len(found), [standard_of(row) for row in found[offset : offset + limit]]


def _searched(row: Standard) -> str:
    return folded(" ".join((row.name, row.title, row.description or "", row.issuer or "")))


def _conditions(wanted: StandardFilter) -> list[sa.ColumnElement[bool]]:
    conditions: list[sa.ColumnElement[bool]] = []
    if wanted.level is not None:
        conditions.append(Standard.level == wanted.level.value)
    if wanted.scdl is not None:
        conditions.append(Standard.scdl.is_(wanted.scdl))
    if wanted.priority is not None:
        conditions.append(Standard.priority.is_(wanted.priority))
    return conditions


def get(standard: str) -> StandardRecord:
    """Read a standard by its name or its identifier.

    Raises:
        StandardNotFoundError: there is none.
    """
    row = model.Session.scalars(
        sa.select(Standard).where(sa.or_(Standard.name == standard, Standard.id == standard))
    ).first()
    if row is None:
        raise StandardNotFoundError(standard)
    return standard_of(row)


def by_name(names: Collection[str] | None) -> dict[str, StandardRecord]:
    """The standards of these names that there are, all for None, in one query."""
    query = sa.select(Standard)
    if names is not None:
        query = query.where(Standard.name.in_(list(names)))
    return {row.name: standard_of(row) for row in model.Session.scalars(query)}


def versions_of(
    standard_ids: Collection[str],
    with_drafts: bool,
    with_schemas: bool = False,
    with_drafts_out: bool = False,
) -> dict[str, list[VersionRecord]]:
    """The versions of standards, drafts first and then the newest first, in one query.

    Args:
        standard_ids: identifiers of the standards.
        with_drafts: whether drafts are among them.
        with_schemas: whether their schemas are read.
        with_drafts_out: whether drafts that are out for comment are among them all the same.

    Returns:
        The versions by the identifier of their standard; each standard has a list.
    """
    columns = [
        column
        for column in StandardVersion.__table__.columns
        if with_schemas or column.name != "schema"
    ]
    query = (
        sa.select(*columns)
        .where(StandardVersion.standard_id.in_(list(standard_ids)))
        .order_by(*_NEWEST_FIRST)
    )
    if not with_drafts:
        query = query.where(_shown(with_drafts_out))
    found: dict[str, list[VersionRecord]] = {standard_id: [] for standard_id in standard_ids}
    for row in model.Session.execute(query):
        found[row.standard_id].append(version_of(row))
    return found


def _shown(with_drafts_out: bool) -> sa.ColumnElement[bool]:
    published = StandardVersion.published_on.is_not(None)
    # Also once the comments are closed: those who commented read the answers.
    out = StandardVersion.comments_until.is_not(None)
    return sa.or_(published, out) if with_drafts_out else published


def page_of_versions(
    standard_id: str | None,
    with_drafts: bool,
    limit: int,
    offset: int,
    with_drafts_out: bool = False,
) -> tuple[int, list[tuple[StandardRecord, VersionRecord]]]:
    """How many versions there are, and a page of them with their standards.

    Args:
        standard_id: only those of this standard, where given.
        with_drafts: whether drafts are among them.
        limit: the most of them.
        offset: how many to pass over.
        with_drafts_out: whether drafts that are out for comment are among them all the same.

    Returns:
        Their number; the versions in the order of their standards' names, drafts first and then
        the newest first.
    """
    conditions: list[sa.ColumnElement[bool]] = []
    if standard_id is not None:
        conditions.append(StandardVersion.standard_id == standard_id)
    if not with_drafts:
        conditions.append(_shown(with_drafts_out))
    count = model.Session.scalar(
        sa.select(sa.func.count()).select_from(StandardVersion).where(*conditions)
    )
    rows = model.Session.execute(
        sa.select(Standard, StandardVersion)
        .join(Standard, Standard.id == StandardVersion.standard_id)
        .where(*conditions)
        .order_by(Standard.name, *_NEWEST_FIRST)
        .limit(limit)
        .offset(offset)
    )
    return count or 0, [(standard_of(standard), version_of(version)) for standard, version in rows]


def drafts_out(day: date) -> list[tuple[StandardRecord, VersionRecord]]:
    """The drafts on which partners may comment on a day, in the order of their standards' names.

    Args:
        day: the last day of the comments counts.
    """
    rows = model.Session.execute(
        sa.select(Standard, StandardVersion)
        .join(Standard, Standard.id == StandardVersion.standard_id)
        .where(StandardVersion.published_on.is_(None), StandardVersion.comments_until >= day)
        .order_by(Standard.name, StandardVersion.version)
    )
    return [(standard_of(standard), version_of(version)) for standard, version in rows]


def version_with_id(version_id: str) -> tuple[StandardRecord, VersionRecord]:
    """Read a version by its identifier, with its schema and its standard.

    Raises:
        StandardNotFoundError: there is none.
    """
    row = model.Session.execute(
        sa.select(Standard, StandardVersion)
        .join(Standard, Standard.id == StandardVersion.standard_id)
        .where(StandardVersion.id == version_id)
    ).first()
    if row is None:
        raise StandardNotFoundError(version_id)
    standard, version = row
    return standard_of(standard), version_of(version)


def get_version(standard: StandardRecord, version: str) -> VersionRecord:
    """Read a version of a standard, with its schema.

    Raises:
        StandardNotFoundError: there is none of that number.
    """
    row = model.Session.scalars(
        sa.select(StandardVersion).where(
            StandardVersion.standard_id == standard.id, StandardVersion.version == version
        )
    ).first()
    if row is None:
        raise StandardNotFoundError(version)
    return version_of(row)


def standard_of(row: Standard) -> StandardRecord:
    """A row of the table as the rest of the room reads it."""
    return StandardRecord(
        id=row.id,
        name=row.name,
        title=row.title,
        level=Level(row.level),
        scdl=row.scdl,
        priority=row.priority,
        concerns=tuple(row.concerns),
        issuer=row.issuer,
        homepage=row.homepage,
        description=row.description,
        dataset_defaults=row.dataset_defaults,
    )


def version_of(row: StandardVersion | sa.Row) -> VersionRecord:
    """A row of the table, or of a query without its schema, as the rest of the room reads it."""
    return VersionRecord(
        id=row.id,
        standard_id=row.standard_id,
        version=row.version,
        kind=Kind(row.kind),
        dates=Dates(row.published_on, row.due_on, row.adopted_on),
        legal_reference=row.legal_reference,
        schema=getattr(row, "schema", None),
        source_url=row.source_url,
        comments_until=row.comments_until,
    )
