"""Schemas brought into the registry as they were published elsewhere: what is new is added."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

from ..clock import date_in_paris
from ..journal.service import Actor
from ..messages import N_, Message, RuleError
from . import registry, service
from .documents import ReadDocument, of_schema, read_document
from .names import standard_name
from .publication_days import publication_days, version_key
from .registry import StandardRecord, VersionRecord
from .rules import Dates, Kind, Level, is_priority_by_default

Read = Callable[[str], bytes]
"""What reads a path or an address; raises `UnreachableError`."""


class UnreachableError(Exception):
    """There is nothing to read at a path or an address.

    Attributes:
        message: why.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class State(str, Enum):
    """What became of a version."""

    ADDED = "added"
    UNCHANGED = "unchanged"
    REFUSED = "refused"


@dataclass(frozen=True)
class Outcome:
    """What became of one version.

    Attributes:
        standard: name of its standard.
        version: its number.
        state: what became of it.
        remarks: why it is refused; what was passed over in the schema.
        published_on: the day of its publication, where it is added.
    """

    standard: str
    version: str
    state: State
    remarks: tuple[Message, ...] = ()
    published_on: date | None = None


@dataclass(frozen=True)
class Told:
    """What is said of a schema from outside, and counts more than what the schema says.

    Attributes:
        description: of the standard, where there is none of its name yet.
    """

    name: str | None = None
    version: str | None = None
    title: str | None = None
    description: str | None = None
    homepage: str | None = None
    issuer: str | None = None
    published_on: date | None = None
    level: Level = Level.NATIONAL
    scdl: bool = False


@dataclass(frozen=True)
class Import:
    """A document to bring in.

    Attributes:
        source_url: its address, where it has one.
    """

    document: ReadDocument
    told: Told = field(default_factory=Told)
    source_url: str | None = None

    @property
    def name(self) -> str:
        """The name of its standard."""
        return self.told.name or self.document.name

    @property
    def version(self) -> str:
        """The number of its version."""
        return self.told.version or self.document.version


def imports_at(place: str, told: Told, read: Read) -> list[Import]:
    """What there is to bring in at a path or an address: of a data package, its tables.

    Args:
        place: the path or the address.
        told: what is said of it.
        read: what reads a path or an address.

    Raises:
        UnreachableError: there is nothing there.
    """
    document = read_document(read(place), place)
    whole = Import(document, told, _address(place))
    members = [
        member
        for rank, (name, schema) in enumerate(document.members, 1)
        if (member := _member(whole, name or str(rank), place, schema, read)) is not None
    ]
    return members or [whole]


def _member(
    whole: Import, name: str, place: str, schema: str | Mapping[str, object], read: Read
) -> Import | None:
    """A table of a data package; None where its schema is not beside it."""
    where = place
    if isinstance(schema, str):
        where = _beside(place, schema)
        if where is None:
            return None
        try:
            document = read_document(read(where), where)
        except UnreachableError:
            return None
    else:
        document = of_schema(schema, place)
    # Tables of a package share its owner, which is the beginning of its name.
    own = standard_name(name)
    prefix = whole.told.name or whole.name.split("-")[0]
    member_name = own if own.startswith(f"{prefix}-") else f"{prefix}-{own}"
    told = replace(whole.told, name=member_name, version=whole.version or None)
    return Import(document, told, _address(where))


def _beside(place: str, schema: str) -> str | None:
    """Where a data package says that a schema is, within its own folder or its own server."""
    if _address(place):
        joined = urljoin(place, schema)
        return joined if urlsplit(joined).netloc == urlsplit(place).netloc else None
    path = PurePosixPath(schema)
    if path.is_absolute() or ".." in path.parts or _address(schema):
        return None
    return str(PurePosixPath(place).parent / path)


def _address(place: str) -> str | None:
    return place if urlsplit(place).scheme in ("http", "https") else None


def bring_in(imports: Iterable[Import], actor: Actor, now: datetime) -> list[Outcome]:
    """Add to the registry the versions that it lacks; what is there is never changed.

    Args:
        imports: what to bring in; several versions of a standard are given days in their order.
        actor: who acts.
        now: the moment: its date in Paris is the day of what does not tell its own.

    Returns:
        What became of each, standard by standard.
    """
    by_standard: dict[str, list[Import]] = {}
    outcomes: list[Outcome] = []
    for each in imports:
        if each.name and each.version:
            by_standard.setdefault(each.name, []).append(each)
        else:
            outcomes.append(Outcome(each.name, each.version, State.REFUSED, (_NOT_NAMED,)))
    held = registry.by_name(list(by_standard))
    ids = [standard.id for standard in held.values()]
    versions = registry.versions_of(ids, with_drafts=True, with_schemas=True)
    for name, group in by_standard.items():
        standard = held.get(name)
        there = versions[standard.id] if standard else []
        outcomes += _bring_in_one(standard, there, group, actor, now)
    return outcomes


def _bring_in_one(
    standard: StandardRecord | None,
    there: list[VersionRecord],
    group: list[Import],
    actor: Actor,
    now: datetime,
) -> list[Outcome]:
    known = {version.version: (version.kind, version.schema) for version in there}
    outcomes: list[Outcome] = []
    fresh: dict[str, Import] = {}
    # Beside a schema, the data package that it belongs to says nothing more.
    for each in sorted(group, key=lambda each: each.document.kind is Kind.DOCUMENT):
        if each.version in known:
            outcomes.append(_known_already(each, known[each.version]))
        else:
            fresh[each.version] = each
            known[each.version] = (each.document.kind, each.document.schema)
    if not fresh:
        return outcomes
    days = _days(fresh, there, date_in_paris(now))
    records = [_version(each, days[number]) for number, each in fresh.items()]
    try:
        if standard is None:
            standard = service.create(_standard(fresh[max(fresh, key=version_key)]), actor, now)
        service.create_versions(standard, records, actor, now)
    except RuleError as refusal:
        return outcomes + [
            Outcome(each.name, each.version, State.REFUSED, (refusal.message,))
            for each in fresh.values()
        ]
    return outcomes + [
        Outcome(each.name, number, State.ADDED, each.document.remarks, days[number])
        for number, each in fresh.items()
    ]


def _known_already(each: Import, known: tuple[Kind, Mapping[str, object] | None]) -> Outcome:
    if known == (each.document.kind, each.document.schema):
        return Outcome(each.name, each.version, State.UNCHANGED)
    return Outcome(each.name, each.version, State.REFUSED, (_OTHER_CONTENT,))


def _days(fresh: Mapping[str, Import], there: list[VersionRecord], today: date) -> dict[str, date]:
    fixed = {
        version.version: version.dates.published_on
        for version in there
        if version.dates.published_on is not None
    }
    given = {
        number: each.told.published_on
        for number, each in fresh.items()
        if each.told.published_on is not None
    }
    told = {number: each.document.told_on for number, each in fresh.items() if number not in given}
    return given | publication_days(told, fixed | given, today)


def _version(each: Import, published_on: date) -> VersionRecord:
    return VersionRecord(
        version=each.version,
        kind=each.document.kind,
        dates=Dates(published_on),
        schema=each.document.schema,
        source_url=each.source_url,
    )


def _standard(newest: Import) -> StandardRecord:
    told, document = newest.told, newest.document
    return StandardRecord(
        name=newest.name,
        title=told.title or document.title or newest.name,
        level=told.level,
        scdl=told.scdl,
        priority=is_priority_by_default(told.level, told.scdl),
        issuer=told.issuer,
        homepage=told.homepage or document.homepage,
        description=told.description or document.description,
    )


_NOT_NAMED = Message(
    N_(
        "Nothing tells which standard or which version this is: say so with --name and "
        "--standard-version."
    )
)
_OTHER_CONTENT = Message(
    N_(
        "The registry has another content under this number, and a version is never replaced: "
        "bring it in under a number of its own."
    )
)
