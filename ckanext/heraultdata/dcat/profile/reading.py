"""The fields of a dataset, read however CKAN gives them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

Fields = Mapping[str, Any]

_WITHOUT_ZONE = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?")


def texts(value: object) -> tuple[str, ...]:
    """The texts of a field of several, given as a list, as JSON, or alone."""
    if isinstance(value, str):
        value = _in_json(value)
    return tuple(str(each) for each in value if each) if isinstance(value, list) else ()


def _in_json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return [text]


def groups(dataset: Fields, name: str) -> Iterator[Fields]:
    """The groups of a field made of groups, those without anything left out."""
    value = dataset.get(name)
    for group in value if isinstance(value, list) else ():
        if isinstance(group, Mapping) and any(group.values()):
            yield group


def zoned(moment: str | None) -> str | None:
    """A moment with its zone: CKAN writes those of UTC without one. A day has none."""
    if moment and _WITHOUT_ZONE.fullmatch(moment):
        return f"{moment}+00:00"
    return moment
