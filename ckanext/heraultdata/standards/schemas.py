"""What the actions on standards take."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Schema, Validator

from ..datasets.validators import heraultdata_standard_name, heraultdata_url
from ..messages import RuleError
from ..partners.service import PARTNER_TYPES
from ..validators import (
    day_to_reckon,
    flag,
    heraultdata_plain_text,
    limit,
    member_of,
    offset,
)
from ..words import sentence
from . import content
from .names import VERSION
from .rules import Kind, Level

SHORT_TEXT = 200
LONG_TEXT = 4000


def standard_version(value: object) -> str:
    """Take the number of a version, such as 2.1.0 or 0.5beta."""
    version = str(value).strip()
    if not VERSION.fullmatch(version):
        raise tk.Invalid(
            tk._(
                "{value} is not the number of a version: it is made of digits, letters, dots and "
                "hyphens, for example 2.1.0."
            ).format(value=version[:60])
        )
    return version


def concerned_types(value: object) -> tuple[str, ...]:
    """Take types of partners with commas between them; each once, in the order of the list."""
    given = [word.strip() for word in str(value).split(",") if word.strip()]
    for word in given:
        if word not in PARTNER_TYPES:
            raise tk.Invalid(
                tk._("{value} is none of: {choices}.").format(
                    value=word[:40], choices=", ".join(PARTNER_TYPES)
                )
            )
    return tuple(partner_type for partner_type in PARTNER_TYPES if partner_type in given)


def schema_of_version(value: object) -> dict[str, object]:
    """Take the text of a schema, and give the JSON object that it is."""
    try:
        return content.parsed(str(value))
    except RuleError as refusal:
        raise tk.Invalid(sentence(refusal.message)) from None


@tk.validator_args
def listed(ignore_missing: Validator) -> Schema:
    """Of a list of standards."""
    return {
        "q": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "level": [ignore_missing, member_of(Level)],
        "scdl": [ignore_missing, flag],
        "priority": [ignore_missing, flag],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


@tk.validator_args
def show(ignore_missing: Validator) -> Schema:
    """Of a standard, by its identifier or its name."""
    return _named(ignore_missing)


def _named(ignore_missing: Validator) -> Schema:
    return {
        "id": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "name": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
    }


@tk.validator_args
def create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a new standard."""
    return {
        "name": [not_empty, heraultdata_standard_name],
        "title": [not_empty, heraultdata_plain_text(SHORT_TEXT)],
        "level": [not_empty, member_of(Level)],
        **_description(ignore_missing),
    }


@tk.validator_args
def update(ignore_missing: Validator) -> Schema:
    """Of a standard's corrected description."""
    return {
        **_named(ignore_missing),
        "title": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "level": [ignore_missing, member_of(Level)],
        **_description(ignore_missing),
    }


def _description(ignore_missing: Validator) -> Schema:
    return {
        "scdl": [ignore_missing, flag],
        "priority": [ignore_missing, flag],
        "concerns": [ignore_missing, concerned_types],
        "issuer": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "homepage": [ignore_missing, heraultdata_url],
        "description": [ignore_missing, heraultdata_plain_text(LONG_TEXT)],
    }


@tk.validator_args
def version_listed(ignore_missing: Validator) -> Schema:
    """Of a list of versions."""
    return {
        "standard": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "limit": [ignore_missing, limit],
        "offset": [ignore_missing, offset],
    }


@tk.validator_args
def version_show(ignore_missing: Validator) -> Schema:
    """Of a version, by its identifier or by its standard and its number."""
    return _numbered(ignore_missing)


def _numbered(ignore_missing: Validator) -> Schema:
    return {
        "id": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "standard": [ignore_missing, heraultdata_plain_text(SHORT_TEXT)],
        "version": [ignore_missing, standard_version],
    }


@tk.validator_args
def version_create(not_empty: Validator, ignore_missing: Validator) -> Schema:
    """Of a new version."""
    return {
        "standard": [not_empty, heraultdata_plain_text(SHORT_TEXT)],
        "version": [not_empty, standard_version],
        "kind": [not_empty, member_of(Kind)],
        **_content(ignore_missing),
    }


@tk.validator_args
def version_update(ignore_missing: Validator) -> Schema:
    """Of a version's corrections."""
    return {
        **_numbered(ignore_missing),
        "kind": [ignore_missing, member_of(Kind)],
        **_content(ignore_missing),
    }


def _content(ignore_missing: Validator) -> Schema:
    return {
        "published_on": [ignore_missing, day_to_reckon],
        "due_on": [ignore_missing, day_to_reckon],
        "adopted_on": [ignore_missing, day_to_reckon],
        "legal_reference": [ignore_missing, heraultdata_plain_text(LONG_TEXT)],
        "schema": [ignore_missing, schema_of_version],
        "source_url": [ignore_missing, heraultdata_url],
        "comments_until": [ignore_missing, day_to_reckon],
    }
