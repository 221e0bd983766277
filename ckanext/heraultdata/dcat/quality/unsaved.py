"""A dataset as it would be if its form were saved: pure, whatever the form holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import ckan.plugins.toolkit as tk

from ...datasets import territories
from ...validators import heraultdata_date_value, is_keepable

Values = Mapping[str, Sequence[str]]
"""What a form sends: the texts of each field."""

Dataset = dict[str, Any]
"""A dataset, or a file, as `package_show` gives it."""

_DEFAULT = re.compile(r"\bdefault\((\S+?)\)")
_LISTS = frozenset({"multiple_checkbox.html", "multiple_select.html", "multiple_text.html"})
_DATES = "date.html"
_KEYWORDS = "tag_string"
_TERRITORIES = "spatial_coverage"


def with_defaults(fields: Sequence[Mapping[str, Any]]) -> Dataset:
    """What a new dataset gets for the fields that its first page does not show.

    Args:
        fields: the fields of the schema of datasets.
    """
    found = ((field, _DEFAULT.search(str(field.get("validators")))) for field in fields)
    return {field["field_name"]: _in_list(field, default[1]) for field, default in found if default}


def filled_in(
    saved: Mapping[str, Any], values: Values, fields: Sequence[Mapping[str, Any]]
) -> Dataset:
    """A dataset with what a page of its form holds in place of what it had.

    What the form does not show stays; what it holds of no known form counts as empty.

    Args:
        saved: the dataset, or the file, as it is.
        values: what the form holds.
        fields: the fields of the schema.
    """
    kept = {name: [text for text in texts if is_keepable([text])] for name, texts in values.items()}
    given: Dataset = {}
    for field in fields:
        name = field["field_name"]
        if "repeating_subfields" in field:
            if any(each.startswith(f"{name}-") for each in kept):
                given[name] = _groups(field, kept)
        elif name == _KEYWORDS:
            if name in kept:
                given["tags"] = _tags(kept[name])
        elif name in kept:
            given[name] = _value(field, kept[name])
    if given.get(_TERRITORIES):
        given[_TERRITORIES] = [_named(place) for place in given[_TERRITORIES]]
    return {**saved, **given}


def _in_list(field: Mapping[str, Any], text: str) -> str | list[str]:
    return [text] if field.get("form_snippet") in _LISTS else text


def _value(field: Mapping[str, Any], texts: Sequence[str]) -> str | list[str]:
    filled = [text.strip() for text in texts if text.strip()]
    if field.get("form_snippet") in _LISTS:
        return filled
    text = filled[-1] if filled else ""
    return text if field.get("form_snippet") != _DATES or _is_date(text) else ""


def _is_date(text: str) -> bool:
    try:
        heraultdata_date_value(text)
    except tk.Invalid:
        return False
    return True


def _tags(texts: Sequence[str]) -> list[dict[str, str]]:
    words = (word.strip() for text in texts for word in text.split(","))
    return [{"name": word, "display_name": word} for word in words if word]


def _groups(field: Mapping[str, Any], values: Values) -> list[dict[str, Any]]:
    subfields = {each["field_name"]: each for each in field["repeating_subfields"]}
    groups: dict[int, dict[str, Any]] = {}
    form = re.compile(rf"{re.escape(field['field_name'])}-(\d{{1,4}})-(.+)")
    for name, texts in values.items():
        found = form.fullmatch(name)
        if not found or found[2] not in subfields:
            continue
        value = _value(subfields[found[2]], texts)
        if value:
            groups.setdefault(int(found[1]), {})[found[2]] = value
    return [groups[index] for index in sorted(groups)]


def _named(place: dict[str, Any]) -> dict[str, Any]:
    """A territory with the name and the address that saving gives it."""
    code = str(place.get("code", "")).upper().replace(" ", "")
    known = {"text": territories.name_of(code), "uri": territories.address_of(code)}
    return {**{name: value for name, value in known.items() if value}, **place}
