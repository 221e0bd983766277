"""What is recorded about deadlines, read back: extensions, declarations, absences."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

import ckan.model as model
import sqlalchemy as sa

from ..standards.model import Standard, StandardVersion
from ..terms import add_years
from .model import Absence, Declaration, Extension
from .rules import ABSENCE_YEARS, absence_runs


class RecordNotFoundError(Exception):
    """There is no extension, no declaration or no absence of that identifier."""


@dataclass(frozen=True)
class ExtensionRecord:
    """More time that was asked for; `granted` is None until somebody decides."""

    id: str
    organization_id: str
    standard: str
    version: str
    due_on: date
    reason: str
    asked_on: date
    asked_by: str | None
    granted: bool | None
    decided_on: date | None
    decided_by: str | None
    decision_reason: str | None


@dataclass(frozen=True)
class DeclarationRecord:
    """A person's word that a dataset conforms to a version."""

    id: str
    organization_id: str
    package_id: str
    standard: str
    version: str
    grounds: str
    declared_on: date
    declared_by: str | None


@dataclass(frozen=True)
class AbsenceRecord:
    """A partner's answer that it holds no data of a standard.

    Attributes:
        ended_on: the day on which it was taken back, None where it was not.
    """

    id: str
    organization_id: str
    standard: str
    reason: str
    declared_on: date
    declared_by: str | None
    ended_on: date | None

    @property
    def ends_on(self) -> date:
        """The first day on which it counts no more."""
        return self.ended_on or add_years(self.declared_on, ABSENCE_YEARS)

    def runs_on(self, day: date) -> bool:
        """Whether the partner is left alone on a day."""
        return absence_runs(self.declared_on, self.ended_on, day)


@dataclass(frozen=True)
class RecordFilter:
    """Which records to read; a None filters nothing.

    Attributes:
        organization_ids: only those of these organisations.
        standard: only those on the standard of this name.
        package_id: of declarations, only those on this dataset.
        waiting: of extensions, only those that nobody decided yet, or only the others.
    """

    organization_ids: Collection[str] | None = None
    standard: str | None = None
    package_id: str | None = None
    waiting: bool | None = None


def extensions(
    wanted: RecordFilter, limit: int | None = None, offset: int = 0
) -> tuple[int, list[ExtensionRecord]]:
    """How many extensions there are, and a page of them, the newest request first."""
    query = _extensions()
    if wanted.organization_ids is not None:
        query = query.where(Extension.organization_id.in_(list(wanted.organization_ids)))
    if wanted.standard is not None:
        query = query.where(Standard.name == wanted.standard)
    if wanted.waiting is not None:
        query = query.where(Extension.granted.is_(None) == wanted.waiting)
    count, rows = _page(query.order_by(sa.desc(Extension.asked_on), Extension.id), limit, offset)
    return count, [ExtensionRecord(*row) for row in rows]


def extension(extension_id: str) -> ExtensionRecord:
    """Read one extension.

    Raises:
        RecordNotFoundError: there is none of that identifier.
    """
    row = model.Session.execute(_extensions().where(Extension.id == extension_id)).first()
    if row is None:
        raise RecordNotFoundError(extension_id)
    return ExtensionRecord(*row)


def _extensions() -> sa.Select[Any]:
    return (
        sa.select(
            Extension.id,
            Extension.organization_id,
            Standard.name,
            StandardVersion.version,
            Extension.due_on,
            Extension.reason,
            Extension.asked_on,
            Extension.asked_by,
            Extension.granted,
            Extension.decided_on,
            Extension.decided_by,
            Extension.decision_reason,
        )
        .join(StandardVersion, StandardVersion.id == Extension.version_id)
        .join(Standard, Standard.id == StandardVersion.standard_id)
    )


def declarations(
    wanted: RecordFilter, limit: int | None = None, offset: int = 0
) -> tuple[int, list[DeclarationRecord]]:
    """How many declarations there are, and a page of them, the newest first."""
    query = _declarations()
    if wanted.organization_ids is not None:
        query = query.where(model.Package.owner_org.in_(list(wanted.organization_ids)))
    if wanted.standard is not None:
        query = query.where(Standard.name == wanted.standard)
    if wanted.package_id is not None:
        query = query.where(Declaration.package_id == wanted.package_id)
    ordered = query.order_by(sa.desc(Declaration.declared_on), Declaration.id)
    count, rows = _page(ordered, limit, offset)
    return count, [DeclarationRecord(*row) for row in rows]


def declaration(declaration_id: str) -> DeclarationRecord:
    """Read one declaration.

    Raises:
        RecordNotFoundError: there is none of that identifier.
    """
    row = model.Session.execute(_declarations().where(Declaration.id == declaration_id)).first()
    if row is None:
        raise RecordNotFoundError(declaration_id)
    return DeclarationRecord(*row)


def _declarations() -> sa.Select[Any]:
    return (
        sa.select(
            Declaration.id,
            model.Package.owner_org,
            Declaration.package_id,
            Standard.name,
            StandardVersion.version,
            Declaration.grounds,
            Declaration.declared_on,
            Declaration.declared_by,
        )
        .join(model.Package, model.Package.id == Declaration.package_id)
        .join(StandardVersion, StandardVersion.id == Declaration.version_id)
        .join(Standard, Standard.id == StandardVersion.standard_id)
    )


def declared_versions(package_ids: Collection[str], day: date) -> dict[str, frozenset[str]]:
    """The versions that datasets were declared to conform to by a day, in one query.

    Args:
        package_ids: the datasets.
        day: the day.

    Returns:
        Identifiers of versions by dataset; a dataset without a declaration is not there.
    """
    rows = model.Session.execute(
        sa.select(Declaration.package_id, Declaration.version_id).where(
            Declaration.package_id.in_(list(package_ids)), Declaration.declared_on <= day
        )
    )
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.package_id, set()).add(row.version_id)
    return {package_id: frozenset(versions) for package_id, versions in found.items()}


def absences(
    wanted: RecordFilter, limit: int | None = None, offset: int = 0
) -> tuple[int, list[AbsenceRecord]]:
    """How many absences there are, and a page of them, the newest first."""
    query = _absences()
    if wanted.organization_ids is not None:
        query = query.where(Absence.organization_id.in_(list(wanted.organization_ids)))
    if wanted.standard is not None:
        query = query.where(Standard.name == wanted.standard)
    count, rows = _page(query.order_by(sa.desc(Absence.declared_on), Absence.id), limit, offset)
    return count, [AbsenceRecord(*row) for row in rows]


def absence(absence_id: str) -> AbsenceRecord:
    """Read one absence.

    Raises:
        RecordNotFoundError: there is none of that identifier.
    """
    row = model.Session.execute(_absences().where(Absence.id == absence_id)).first()
    if row is None:
        raise RecordNotFoundError(absence_id)
    return AbsenceRecord(*row)


def _absences() -> sa.Select[Any]:
    return sa.select(
        Absence.id,
        Absence.organization_id,
        Standard.name,
        Absence.reason,
        Absence.declared_on,
        Absence.declared_by,
        Absence.ended_on,
    ).join(Standard, Standard.id == Absence.standard_id)


def _page(query: sa.Select[Any], limit: int | None, offset: int) -> tuple[int, list[sa.Row[Any]]]:
    if limit is None:
        rows = list(model.Session.execute(query))
        return len(rows), rows
    counted = query.order_by(None).subquery()
    count = model.Session.scalar(sa.select(sa.func.count()).select_from(counted))
    return count or 0, list(model.Session.execute(query.limit(limit).offset(offset)))
