"""What a change takes away from a dataset that has been public (pure)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

HELD_HERE = frozenset({"upload", "datastore", "tabledesigner"})
"""The kinds of addresses of CKAN whose data the portal itself holds; the others are links."""

_TABLE_BEING_MADE = "_datastore_only_resource"

ACTIVE = "active"
DELETED = "deleted"

Record = Mapping[str, object]


@dataclass(frozen=True)
class File:
    """Where the data of a file are.

    Attributes:
        url: its address.
        url_type: `upload`, `datastore`…; empty for a link.
    """

    url: str
    url_type: str

    @property
    def is_held_here(self) -> bool:
        """Whether the portal holds its data."""
        return self.url_type in HELD_HERE


@dataclass(frozen=True)
class Layout:
    """What everybody may find of a dataset: whose it is, whether it shows, and its files.

    Attributes:
        organization_id: the organisation that owns it.
        private: whether it is private.
        state: as CKAN has it, `active`, `draft` or `deleted`.
        files: its active files by identifier.
    """

    organization_id: str | None
    private: bool
    state: str
    files: Mapping[str, File]

    @property
    def is_public(self) -> bool:
        """Whether everybody sees it."""
        return self.state == ACTIVE and not self.private


@dataclass(frozen=True)
class Loss:
    """What a change takes away.

    Attributes:
        field: the field of CKAN's API that says so.
        resource_id: the file that it is a field of, None for one of the dataset.
    """

    field: str
    resource_id: str | None = None


def losses(before: Layout, after: Layout, sent: Collection[str] = ()) -> list[Loss]:
    """What a change takes away from a dataset that has been public, nothing for most changes.

    Design, section 2, "Withdrawal": members of a partner do not delete, unpublish, empty or give
    away what has been public; a new version of a file may take the place of the old one.

    Args:
        before: the dataset as it was.
        after: the dataset as the change lays it out.
        sent: identifiers of the files whose bytes come with the change.
    """
    found = _of_dataset(before, after)
    for id_, file in before.files.items():
        if id_ not in after.files:
            found.append(Loss("resources", id_))
        elif _is_emptied(file, after.files[id_], id_ in sent):
            found.append(Loss("url", id_))
    return found


def _of_dataset(before: Layout, after: Layout) -> list[Loss]:
    found = []
    if after.state != before.state and (before.is_public or after.state == DELETED):
        found.append(Loss("state"))
    if before.is_public and after.private:
        found.append(Loss("private"))
    if after.organization_id != before.organization_id:
        found.append(Loss("owner_org"))
    return found


def _is_emptied(before: File, after: File, is_sent: bool) -> bool:
    if is_sent:
        return False
    if before.is_held_here and not after.is_held_here:
        return True
    if not before.is_held_here and after.is_held_here:
        # It says that the portal holds the data, and none were sent; CKAN 2.11 makes tables so.
        return before.url != _TABLE_BEING_MADE
    return bool(before.url.strip()) and not after.url.strip()


def dropped_columns(existing: Collection[str], kept: Collection[str]) -> set[str]:
    """The columns of a table that a new list of its columns leaves out."""
    return {name for name in existing if not name.startswith("_")} - set(kept)


def is_emptying(records: Sequence[Record], keys: Collection[str]) -> bool:
    """Whether one of the records, written over those of a table, leaves nothing in their cells.

    Args:
        records: the records as they are sent.
        keys: the columns by which they are found.
    """
    return any(_is_blank(record, keys) for record in records)


def _is_blank(record: Record, keys: Collection[str]) -> bool:
    cells = [value for name, value in record.items() if name not in keys and name != "_id"]
    return bool(cells) and all(
        value is None or (isinstance(value, str) and not value.strip()) for value in cells
    )
