"""What the pages of the tracker are filtered by, read from the address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ckan.types import Schema

from .. import pages
from ..api import validated
from . import schemas
from .narrowing import due_between
from .rules import Status
from .tracker import Standing

_KEYS = ("organization_id", "standard", "status", "due_from", "due_to")


@dataclass(frozen=True)
class BoardFilter:
    """Which standings a page shows; a None filters nothing.

    Attributes:
        organization_id: identifier of a partner.
        standard: name of a standard.
        due_from: the first due date.
        due_to: the last due date.
        typed: the filters as the address has them.
    """

    organization_id: str | None = None
    standard: str | None = None
    status: Status | None = None
    due_from: date | None = None
    due_to: date | None = None
    typed: dict[str, str] = field(default_factory=dict)

    def kept(self, standings: Iterable[Standing]) -> list[Standing]:
        """The standings of any status that it keeps, in their order."""
        of_both = (
            each
            for each in standings
            if self.organization_id in (None, each.organization_id)
            and self.standard in (None, each.standard)
        )
        return due_between(of_both, self.due_from, self.due_to)

    def with_status(self, standings: Iterable[Standing]) -> list[Standing]:
        """Those of its status."""
        return [each for each in standings if self.status in (None, each.status)]


def asked() -> BoardFilter:
    """The filters of the address.

    Raises:
        tk.ValidationError: with a sentence on each filter at fault.
    """
    typed = pages.filters(*_KEYS)
    data: dict[str, Any] = validated(typed, _schema(), pages.context())
    return BoardFilter(**data, typed=typed)


def _schema() -> Schema:
    listed = schemas.listed()
    return {key: listed[key] for key in _KEYS}


def status_of(typed: dict[str, str]) -> Status | None:
    """The status that the address of the matrix asks for.

    Raises:
        tk.ValidationError: there is no such status.
    """
    status = {key: value for key, value in typed.items() if key == "status"}
    return validated(status, _schema(), pages.context()).get("status")
