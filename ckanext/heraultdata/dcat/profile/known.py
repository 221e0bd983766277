"""What the database knows beside a dataset: organisations, versions of standards, addresses."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TypeVar

import ckan.model as model
import sqlalchemy as sa

from ... import config
from ...clock import today
from ...conformance import recorded
from ...datasets.defaults import Partner
from ...partners.model import Referent
from ...partners.organization_fields import active_organizations, fields_of
from ...standards.model import Standard, StandardVersion
from ...standards.rules import Kind
from ...validation.checks.model import Check

Found = TypeVar("Found")
_Answers = dict[tuple[str, object], object]

_answers: ContextVar[_Answers | None] = ContextVar("heraultdata_dcat_answers", default=None)


@dataclass(frozen=True)
class Organization:
    """An organisation of the portal.

    Attributes:
        id: its identifier.
        name: its name in addresses.
        description: a few words on it, or empty.
        created: when it came to the portal.
        partner: its own fields.
    """

    id: str
    name: str
    description: str
    created: datetime
    partner: Partner


@dataclass(frozen=True)
class Version:
    """A published version of a standard.

    Attributes:
        id: its identifier.
        standard: name of the standard.
        title: title of the standard.
        number: the version.
        address: where it comes from, empty where it is published here alone.
        has_schema: whether it has a schema, and is not a text for people alone.
        keywords: usual keywords of the datasets that follow the standard.
        themes: their usual themes.
    """

    id: str
    standard: str
    title: str
    number: str
    address: str
    has_schema: bool
    keywords: tuple[str, ...]
    themes: tuple[str, ...]


@contextmanager
def asked_once() -> Iterator[None]:
    """Ask the database once for what several parts of a description need.

    Never longer than for one dataset: what changes meanwhile would be told as it was.
    """
    token = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(token)


def _once(kind: str, key: object, read: Callable[[], Found]) -> Found:
    answers = _answers.get()
    if answers is None:
        return read()
    if (kind, key) not in answers:
        answers[kind, key] = read()
    return answers[kind, key]  # type: ignore[return-value]


def organization(organization_id: str) -> Organization | None:
    """An active organisation, None where there is none of this identifier."""
    return _once("organization", organization_id, lambda: _organization(organization_id))


def _organization(organization_id: str) -> Organization | None:
    group = next(iter(active_organizations([organization_id])), None)
    if group is None:
        return None
    return Organization(
        id=group.id,
        name=group.name,
        description=group.description or "",
        created=group.created.replace(tzinfo=timezone.utc),
        partner=Partner.of(group.title or group.name, fields_of(group)),
    )


def department() -> Organization | None:
    """The organisation of the département, None where the site has not said which."""
    name = config.department_organization()
    return _once("department", name, lambda: _department(name)) if name else None


def _department(name: str) -> Organization | None:
    group = model.group_table.c
    found = model.Session.scalar(sa.select(group.id).where(group.name == name))
    return organization(found) if found else None


def versions(standard: str) -> tuple[Version, ...]:
    """The versions of a standard that are published by today, the newest first."""
    return _once("versions", standard, lambda: _versions(standard))


def _versions(standard: str) -> tuple[Version, ...]:
    query = (
        sa.select(
            StandardVersion.id,
            StandardVersion.version,
            StandardVersion.source_url,
            StandardVersion.kind,
            Standard.title,
            Standard.dataset_defaults,
        )
        .join(Standard, Standard.id == StandardVersion.standard_id)
        .where(Standard.name == standard, StandardVersion.published_on <= today())
        .order_by(StandardVersion.published_on.desc())
    )
    return tuple(
        Version(
            id=row.id,
            standard=standard,
            title=row.title,
            number=row.version,
            address=row.source_url or "",
            has_schema=Kind(row.kind) is not Kind.DOCUMENT,
            keywords=_texts(row.dataset_defaults.get("keywords")),
            themes=_texts(row.dataset_defaults.get("theme")),
        )
        for row in model.Session.execute(query)
    )


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(map(str, value)) if isinstance(value, list) else ()


def met(package_id: str) -> dict[str, frozenset[str]]:
    """The versions of standards that each file of a dataset meets, by its last checks.

    Args:
        package_id: the dataset.

    Returns:
        Identifiers of versions by file; those that a person declared are under the dataset's own.
    """
    last = (
        sa.select(Check.resource_id, Check.version_id, Check.valid)
        .where(Check.package_id == package_id, Check.held_file_id.is_(None))
        .distinct(Check.resource_id, Check.version_id)
        .order_by(Check.resource_id, Check.version_id, sa.desc(Check.made_at))
        .subquery()
    )
    rows = model.Session.execute(sa.select(last.c.resource_id, last.c.version_id, last.c.valid))
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.valid:
            found.setdefault(row.resource_id, set()).add(row.version_id)
    declared = recorded.declared_versions([package_id], today())
    return {key: frozenset(ids) for key, ids in found.items()} | declared


def private_addresses(addresses: Collection[str], public: Collection[str]) -> frozenset[str]:
    """Which of these are the address of a référent, and of no organisation's own choice public.

    Args:
        addresses: addresses of mail that a dataset shows.
        public: those that its organisation shows itself.

    Returns:
        The private ones, in lower case.
    """
    asked = {address.lower() for address in addresses} - {address.lower() for address in public}
    if not asked:
        return frozenset()
    email = sa.func.lower(Referent.email)
    return frozenset(model.Session.scalars(sa.select(email).where(email.in_(asked))))
