"""What is looked for at a platform, what the platform shows, and the evidence that is kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Protocol

TOO_MANY_REQUESTS = 429
_SERVER_ERRORS = 500


class Way(str, Enum):
    """By what a copy is known, the surest first."""

    IDENTIFIER = "identifier"
    LANDING_PAGE = "landing_page"
    TITLE = "title"


class Failure(str, Enum):
    """Why a platform could not be asked: unreachable is not gone."""

    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    NOT_READABLE = "not_readable"
    INCOMPLETE = "incomplete"
    NOT_PUBLIC = "not_public"


class CannotAskError(Exception):
    """A platform did not answer a question in a way that could be read.

    Attributes:
        failure: why.
        address: what was asked.
        status: status of the answer, None where there was none.
    """

    def __init__(self, failure: Failure, address: str, status: int | None = None) -> None:
        super().__init__(f"{failure.value}: {address} ({status})")
        self.failure = failure
        self.address = address
        self.status = status

    @property
    def ends_the_probe(self) -> bool:
        """Whether other questions would fare no better, or are not wished for (RFC 6585)."""
        is_silent = self.failure in (Failure.NO_ANSWER, Failure.NOT_PUBLIC)
        return is_silent or self.status == TOO_MANY_REQUESTS


@dataclass(frozen=True)
class SoughtFile:
    """A file of the dataset that is looked for, where only the file is withdrawn.

    Attributes:
        identifier: that of the resource.
        addresses: where it stood.
        name: what people called it; empty where it had no name.
    """

    identifier: str
    addresses: tuple[str, ...]
    name: str


@dataclass(frozen=True)
class Sought:
    """A dataset whose copy is looked for, or a file in it.

    Attributes:
        identifiers: those that the catalogue gave for it, the portal's own first.
        addresses: its pages, by each name that it had.
        title: what people called it.
        file: the file, where only that one is withdrawn.
        key: the platform's own identifier of the copy that was seen before.
    """

    identifiers: tuple[str, ...]
    addresses: tuple[str, ...]
    title: str
    file: SoughtFile | None = None
    key: str | None = None


@dataclass(frozen=True)
class FoundFile:
    """A file of a dataset that a platform shows."""

    title: str
    references: frozenset[str]


@dataclass(frozen=True)
class FoundDataset:
    """A dataset that a platform shows.

    Attributes:
        titles: its title there, in each language that it has.
        references: the identifiers and addresses that it carries.
        files: its files.
        page: where people read it.
        key: the platform's own identifier.
        origin: what the platform says that it was harvested from; empty where it says nothing.
        is_opaque: whether it holds data and does not say of which of our files.
    """

    titles: tuple[str, ...]
    references: frozenset[str]
    files: tuple[FoundFile, ...] = ()
    page: str | None = None
    key: str | None = None
    origin: frozenset[str] = frozenset()
    is_opaque: bool = False


@dataclass(frozen=True)
class Answer:
    """What a platform answered to a question; `datasets` may hold others than the one sought."""

    address: str
    status: int
    datasets: tuple[FoundDataset, ...]


Question = Callable[[], Answer]
"""Asks a platform; raises CannotAskError."""


class Platform(Protocol):
    """A platform of some kind, as it is asked."""

    def questions(self, sought: Sought) -> Iterable[Question]:
        """The ways of asking for a copy, the surest first."""
        ...


@dataclass(frozen=True)
class Evidence:
    """What a probe saw.

    Attributes:
        address: what was asked, of the question that decided.
        status: status of the answer, None where there was none.
        found: whether a copy is there; None where the platform could not be asked.
        by: by what the copy is known.
        at: the moment, with a zone.
        error: why the platform could not be asked.
        page: where people read the copy.
        key: the platform's own identifier of the copy.
    """

    address: str
    status: int | None
    found: bool | None
    at: datetime
    by: Way | None = None
    error: Failure | None = None
    page: str | None = None
    key: str | None = None

    @property
    def is_down(self) -> bool:
        """Whether the platform is out of order, or asks to be left alone."""
        status = self.status or 0
        is_refused = status == TOO_MANY_REQUESTS or status >= _SERVER_ERRORS
        return self.error is Failure.NO_ANSWER or is_refused

    def as_dict(self) -> dict[str, Any]:
        """The evidence as it is kept, ready for JSON."""
        return {
            "address": self.address,
            "status": self.status,
            "found": self.found,
            "by": self.by.value if self.by else None,
            "at": self.at.isoformat(),
            "error": self.error.value if self.error else None,
            "page": self.page,
            "key": self.key,
        }
