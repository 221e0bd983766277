"""Asking a server of somebody else over the web: guarded, bounded, and failures told apart."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from ...validation.engine.fetching import FetchError, fetched, refuse_private
from ...validation.engine.limits import MEBIBYTE, Limits
from .model import CannotAskError, Failure

_OK = 200
_LIMITS = Limits(bytes=30 * MEBIBYTE, seconds=30)


@dataclass(frozen=True)
class Reply:
    """What a server answered with the status 200."""

    address: str
    media_type: str
    content: bytes
    status: int = _OK


@dataclass(frozen=True)
class Asker:
    """Asks servers, of the public Internet only unless the setting allows others.

    Attributes:
        allow_private: whether private addresses may be asked too.
        limits: the most bytes and seconds of one answer.
    """

    allow_private: bool
    limits: Limits = _LIMITS

    def get(self, address: str, accept: str) -> Reply:
        """Ask for what is at an address.

        Args:
            address: an address of the web.
            accept: the media types that can be read.

        Raises:
            CannotAskError: there is no answer, or another status than 200.
        """
        if not self.allow_private:
            _refuse_private(address)
        try:
            with fetched(address, self.limits, self.allow_private, accept) as answer:
                return Reply(address, answer.media_type, answer.path.read_bytes())
        except FetchError as failure:
            why = Failure.NO_ANSWER if failure.status is None else Failure.REFUSED
            raise CannotAskError(why, address, failure.status) from failure

    def json(self, address: str, parameters: Mapping[str, str | int]) -> tuple[str, dict[str, Any]]:
        """Ask an API that answers with an object of JSON.

        Args:
            address: that of the API.
            parameters: what is asked.

        Returns:
            The whole address, and the object.

        Raises:
            CannotAskError: there is no answer, or one that is no object of JSON.
        """
        whole = f"{address}?{urlencode(parameters)}" if parameters else address
        reply = self.get(whole, "application/json")
        try:
            document = json.loads(reply.content)
        except (ValueError, RecursionError):
            raise CannotAskError(Failure.NOT_READABLE, whole, reply.status) from None
        if not isinstance(document, dict):
            raise CannotAskError(Failure.NOT_READABLE, whole, reply.status)
        return whole, document


def is_of_web(address: str) -> bool:
    """Whether what a platform gives as an address is one that can be asked, or linked to."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(parts.hostname)


def _refuse_private(address: str) -> None:
    try:
        refuse_private(address)
    except FetchError as refusal:
        # A name that is not found is not found by the next line either.
        if "not on the public" in refusal.message.template:
            raise CannotAskError(Failure.NOT_PUBLIC, address) from refusal
        raise CannotAskError(Failure.NO_ANSWER, address) from refusal


def whole_list(
    page: Callable[[int, int], tuple[str, int, Sequence[Mapping[str, Any]]]], most: int
) -> tuple[str, list[Mapping[str, Any]]]:
    """Read a list of an API page by page.

    Args:
        page: asks for the page of this number, from 1, where so many objects were read before;
            gives its address, how many objects there are in all, and those of the page.
        most: how many objects are read at most.

    Returns:
        The address of the last page, and the objects.

    Raises:
        CannotAskError: a page cannot be read, or the list is longer, or ends before its end.
    """
    found: list[Mapping[str, Any]] = []
    number = 1
    while True:
        asked, count, some = page(number, len(found))
        found += some
        if len(found) >= count:
            return asked, found
        if not some or len(found) >= most:
            raise CannotAskError(Failure.INCOMPLETE, asked, _OK)
        number += 1


def objects(document: Mapping[str, Any], key: str, address: str) -> list[Mapping[str, Any]]:
    """A list of objects of an answer.

    Args:
        document: the answer, or an object in it.
        key: where the list stands.
        address: what was asked.

    Raises:
        CannotAskError: there is no such list.
    """
    found = document.get(key)
    if not isinstance(found, list) or not all(isinstance(each, Mapping) for each in found):
        raise CannotAskError(Failure.NOT_READABLE, address, _OK)
    return found


def whole_number(document: Mapping[str, Any], key: str, address: str) -> int:
    """A number of an answer.

    Raises:
        CannotAskError: there is no such number.
    """
    found = document.get(key)
    if not isinstance(found, int) or isinstance(found, bool):
        raise CannotAskError(Failure.NOT_READABLE, address, _OK)
    return found


def text(value: object) -> str:
    """A text of an answer; empty where something else stands there."""
    return value if isinstance(value, str) else ""
