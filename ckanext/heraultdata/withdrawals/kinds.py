"""What a withdrawal is made of: scopes, reasons, channels, and the states of each part.

Design, section 2, "Withdrawal"; articles 7 and 9.1 of the convention.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum


class Scope(str, Enum):
    """What a request covers."""

    ALL = "all"
    DATASETS = "datasets"
    RESOURCES = "resources"


class ReasonClass(str, Enum):
    """Why, as the public may read it."""

    ERROR = "error"
    PERSONAL_DATA = "personal_data"
    THIRD_PARTY_RIGHTS = "third_party_rights"
    CONVENTION_END = "convention_end"
    REPLACED = "replaced"
    OTHER = "other"


class Channel(str, Enum):
    """How a request came; the portal's form counts as mail (article 7)."""

    PORTAL = "portal"
    MAIL = "mail"
    LETTER = "letter"
    PHONE = "phone"


class Initiative(str, Enum):
    """Whose decision it is: the partner's (article 7) or the département's (article 9.1)."""

    PARTNER = "partner"
    DEPARTMENT = "department"


class State(str, Enum):
    """Where a request stands."""

    RECEIVED = "received"
    EXECUTED = "executed"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    INADMISSIBLE = "inadmissible"


class ItemState(str, Enum):
    """Where a dataset or a file of a request stands."""

    ASKED = "asked"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    RELEASED = "released"
    RESTORED = "restored"
    ERASED = "erased"


CLOSED = frozenset({ItemState.SUSPENDED, ItemState.WITHDRAWN})
"""The states of an item that is out of reach, and still there for the département."""

OUT_OF_REACH = CLOSED | {ItemState.ERASED}
"""The states of an item whose addresses answer 410, and that only the département sees."""

LIVE = frozenset({ItemState.ASKED, ItemState.SUSPENDED, ItemState.WITHDRAWN})
"""The states in which an item cannot be asked for again."""

NO_DATASETS = "harvest"
"""The type under which ckanext-harvest keeps its sources among the datasets."""


class FollowupState(str, Enum):
    """Where a copy at a platform stands."""

    PENDING = "pending"
    GONE = "gone"
    CONFIRMED = "confirmed"


class PlatformKind(str, Enum):
    """What software a platform runs: how it is asked whether a copy is there."""

    CKAN = "ckan"
    OPENDATASOFT = "opendatasoft"
    UDATA = "udata"
    DCAT = "dcat"


class WorkKind(str, Enum):
    """What follows the database: the search index, a file, a table of the DataStore."""

    INDEX = "index"
    FILE = "file"
    DATASTORE = "datastore"


class WorkAim(str, Enum):
    """What the work does: put out of reach, put back, destroy."""

    CLOSE = "close"
    REOPEN = "reopen"
    ERASE = "erase"


def stored(states: Iterable[ItemState]) -> list[str]:
    """States as the tables hold them.

    Args:
        states: the states.
    """
    return [state.value for state in states]
