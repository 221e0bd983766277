"""Whether a dataset that a platform shows is a copy of the one that is looked for."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from urllib.parse import unquote, urlsplit

from .model import FoundDataset, FoundFile, Sought, SoughtFile, Way

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LONGEST_REFERENCE = 2000
_MOST_DEPTH = 20


def way_of(found: FoundDataset, sought: Sought) -> Way | None:
    """By what a dataset of a platform is known as a copy of what is sought; None where it is none.

    A title alone counts where the platform does not say that the dataset comes from elsewhere.

    Args:
        found: a dataset that the platform shows.
        sought: what is looked for; where it is a file, the dataset must still hold it.
    """
    way = _way_of_dataset(found, sought)
    if sought.file is None or (way and found.is_opaque):
        return way
    return _way_of_file(found.files, sought.file, is_copy=way is not None)


def references_in(document: object, depth: int = 0) -> Iterator[str]:
    """The identifiers and addresses in an answer of JSON: its texts without spaces.

    Args:
        document: what was read, of any shape.
        depth: how deep in the answer it stands.
    """
    if depth > _MOST_DEPTH:
        return
    if isinstance(document, str):
        if document and len(document) <= _LONGEST_REFERENCE and not re.search(r"\s", document):
            yield document
    elif isinstance(document, Mapping):
        for value in document.values():
            yield from references_in(value, depth + 1)
    elif isinstance(document, list):
        for value in document:
            yield from references_in(value, depth + 1)


def same_title(one: str, other: str) -> bool:
    """Whether two titles are the same but for case, accents, punctuation and spaces."""
    return bool(_letters(one)) and _letters(one) == _letters(other)


def _way_of_dataset(found: FoundDataset, sought: Sought) -> Way | None:
    references = found.references | found.origin
    if sought.key and found.key == sought.key:
        return Way.IDENTIFIER
    if _holds_identifier(references, sought.identifiers):
        return Way.IDENTIFIER
    if _holds_address(references, sought.addresses):
        return Way.LANDING_PAGE
    if not found.origin and any(same_title(title, sought.title) for title in found.titles):
        return Way.TITLE
    return None


def _way_of_file(files: Iterable[FoundFile], sought: SoughtFile, is_copy: bool) -> Way | None:
    named = False
    for file in files:
        if _holds_identifier(file.references, (sought.identifier,)):
            return Way.IDENTIFIER
        if is_copy and _holds_exactly(file.references, sought.addresses):
            return Way.LANDING_PAGE
        # A file that took the place of the withdrawn one often has its name: it has its own
        # identifier of the portal then.
        if is_copy and same_title(file.title, sought.name) and not _of_portal(file, sought):
            named = True
    return Way.TITLE if named else None


def _of_portal(file: FoundFile, sought: SoughtFile) -> bool:
    hosts = {urlsplit(address).hostname for address in sought.addresses}
    return any(
        "/resource/" in reference and _host(reference) in hosts for reference in file.references
    )


def _host(reference: str) -> str | None:
    try:
        return urlsplit(reference).hostname
    except ValueError:
        return None


def _holds_identifier(references: Collection[str], identifiers: Iterable[str]) -> bool:
    for identifier in identifiers:
        folded = identifier.casefold()
        # What is unique in the world is so within an address too.
        is_unique = _UUID.fullmatch(identifier) is not None
        for reference in references:
            held = reference.casefold()
            if held == folded or (is_unique and folded in held):
                return True
    return False


def _holds_address(references: Iterable[str], addresses: Iterable[str]) -> bool:
    wanted = {_address(address) for address in addresses}
    for reference in references:
        held = _address(reference)
        if any(held == each or held.startswith(f"{each}/") for each in wanted):
            return True
    return False


def _holds_exactly(references: Iterable[str], addresses: Iterable[str]) -> bool:
    wanted = {_address(address) for address in addresses}
    return any(_address(reference) in wanted for reference in references)


def _address(address: str) -> str:
    """An address without what differs between copies of it: scheme, fragment, last slash."""
    without_scheme = re.sub(r"^https?://", "", address.strip(), flags=re.IGNORECASE)
    return unquote(without_scheme.split("#")[0]).rstrip("/").casefold()


def _letters(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title)
    letters = "".join(each for each in plain if not unicodedata.combining(each)).casefold()
    return " ".join(re.findall(r"\w+", letters))
