"""What a reader may ask of the catalogue; names and meanings are those of ckanext-dcat."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone

from dateutil.parser import isoparse

from ...messages import N_, Message, RuleError

OWN_PROFILE = "heraultdata_dcat_ap"
LAST_PAGE = 1_000_000

_NUMBER = re.compile("[0-9]{1,7}")
_EVERYTHING = "*:*"
_NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True)
class Asked:
    """What is asked for.

    Attributes:
        page: number of the page, from 1.
        modified_since: only datasets that changed at this moment or later; in UTC.
        q: only datasets that this query of Solr finds.
        fq: only datasets that this filter of Solr lets by.
        profiles: profiles of ckanext-dcat to describe with; none for ours.
    """

    page: int = 1
    modified_since: datetime | None = None
    q: str | None = None
    fq: str | None = None
    profiles: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether the pages hold the whole catalogue."""
        return not (self.modified_since or self.q or self.fq)

    def filters(self) -> dict[str, str]:
        """All but the page as parameters of an address, always in the same order."""
        since = self.modified_since.isoformat() if self.modified_since else None
        given = {
            # A plus sign in an address is a space to who forgets to escape it.
            "modified_since": since.replace("+00:00", "Z") if since else None,
            "q": self.q,
            "fq": self.fq,
            "profiles": ",".join(self.profiles),
        }
        return {name: value for name, value in given.items() if value}


def asked(arguments: Mapping[str, object]) -> Asked:
    """Read the parameters; those that nobody knows are passed over, as ckanext-dcat does.

    Args:
        arguments: by name; texts, or as a program gives them to the action.

    Raises:
        RuleError: a parameter is not what it must be.
    """
    return Asked(
        page=_page(arguments.get("page")),
        modified_since=_modified_since(arguments.get("modified_since")),
        q=_query("q", arguments.get("q")),
        fq=_query("fq", arguments.get("fq")),
        profiles=profiles(arguments.get("profiles")),
    )


def profiles(value: object) -> tuple[str, ...]:
    """Read the profiles to describe with.

    Args:
        value: names with commas between them, or a list of names.

    Returns:
        None where they are ours alone.

    Raises:
        RuleError: they are neither.
    """
    if value is None:
        return ()
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, (list, tuple)) or not all(isinstance(name, str) for name in names):
        raise RuleError(
            "profiles", Message(N_("profiles: give names of profiles with commas between them."))
        )
    found = tuple(name.strip() for name in names if name.strip())
    return () if found == (OWN_PROFILE,) else found


def _page(value: object) -> int:
    if value is None or value == "":
        return 1
    text = str(value)
    if isinstance(value, (int, str)) and _NUMBER.fullmatch(text) and 1 <= int(text) <= LAST_PAGE:
        return int(text)
    raise RuleError(
        "page",
        Message(
            N_("page: give a whole number from 1 to {last}, such as page=2."), {"last": LAST_PAGE}
        ),
    )


def _modified_since(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        # The plus sign of a zone that was not escaped comes as a space.
        moment = isoparse(str(value).replace(" ", "+") if "T" in str(value) else str(value))
        zoned = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
        return zoned.astimezone(timezone.utc)
    except (ValueError, OverflowError) as wrong:
        raise RuleError(
            "modified_since",
            Message(
                N_(
                    "modified_since: give a date or a moment of ISO 8601, such as 2026-11-20 or "
                    "2026-11-20T08:00:00Z."
                )
            ),
        ) from wrong


def _query(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or _NOT_TEXT.search(value):
        raise RuleError(
            name,
            Message(
                N_("{name}: give a query as text, without control characters."), {"name": name}
            ),
        )
    text = value.strip()
    return None if text in ("", _EVERYTHING) else text
