"""The API of the standards: check, authorise, call the service, answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import access, clock
from ..api import DEFAULT_LIMIT, transition, validated
from . import registry, rules, schemas, service
from .participants import takes_part
from .presentation import standard_dict, version_dict, versions_dicts
from .registry import StandardRecord, VersionRecord

_MAY_BE_EMPTY = ("issuer", "homepage", "description")
_DESCRIPTION = ("title", "level", "scdl", "priority", "concerns", *_MAY_BE_EMPTY)
_DATES = ("published_on", "due_on", "adopted_on")
_SOURCES = ("legal_reference", "source_url")
_CONTENT = ("kind", "schema", "comments_until", *_SOURCES)


@tk.side_effect_free
def heraultdata_standard_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the standards, in the order of their titles, each with its versions.

    Args:
        context: CKAN's context.
        data_dict: `q` (words of the name, title, description or issuer), `level`, `scdl`,
            `priority`, `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`, as `heraultdata_standard_show` answers.
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_standard_list", context, data)
    count, standards = registry.find(
        registry.StandardFilter(
            text=data.get("q"),
            level=data.get("level"),
            scdl=data.get("scdl"),
            priority=data.get("priority"),
        ),
        limit=data.get("limit", DEFAULT_LIMIT),
        offset=data.get("offset", 0),
    )
    versions = registry.versions_of(
        [standard.id for standard in standards],
        access.is_department(context),
        with_drafts_out=takes_part(context),
    )
    results = [
        standard_dict(standard) | {"versions": versions_dicts(standard, versions[standard.id])}
        for standard in standards
    ]
    return {"count": count, "results": results}


@tk.side_effect_free
def heraultdata_standard_show(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show a standard with its versions.

    Args:
        context: CKAN's context.
        data_dict: `id` (its name or its identifier) or `name`.

    Returns:
        Its description and `versions`, the newest first, without their schemas; to the
        département drafts too, before the others.
    """
    data = validated(data_dict, schemas.show(), context)
    tk.check_access("heraultdata_standard_show", context, data)
    return _shown(context, _found(data))


def heraultdata_standard_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Add a standard to the registry, without any version yet.

    Args:
        context: CKAN's context.
        data_dict: `name`, `title`, `level`; `scdl` (false), `priority` (true for the SCDL and for
            territorial standards), `concerns` (list of types of partner, all), `issuer`,
            `homepage`, `description`.

    Returns:
        The standard.
    """
    data = validated(_flattened(data_dict), schemas.create(), context)
    tk.check_access("heraultdata_standard_create", context, data)
    scdl = data.setdefault("scdl", False)
    data.setdefault("priority", rules.is_priority_by_default(data["level"], scdl))
    with transition():
        standard = service.create(StandardRecord(**data), access.actor_of(context), clock.now())
    return _shown(context, standard)


def heraultdata_standard_update(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Correct what is said of a standard: what is left out stays, what is sent empty is emptied.

    Args:
        context: CKAN's context.
        data_dict: `id` (its name or its identifier) or `name`, and the other fields of
            `heraultdata_standard_create`. The name stays.

    Returns:
        The standard.
    """
    data = validated(_flattened(data_dict), schemas.update(), context)
    tk.check_access("heraultdata_standard_update", context, data)
    standard = _found(data)
    if data.get("name", standard.name) not in (standard.name, standard.id):
        raise tk.ValidationError({"name": [tk._("The name of a standard stays: leave it out.")]})
    changes = {name: data[name] for name in _DESCRIPTION if name in data}
    changes |= dict.fromkeys(_emptied(data_dict, _MAY_BE_EMPTY))
    with _there(), transition():
        updated = service.update(
            replace(standard, **changes), access.actor_of(context), clock.now()
        )
    return _shown(context, updated)


@tk.side_effect_free
def heraultdata_standard_version_list(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """List versions, of one standard or of all, each standard's newest first.

    Args:
        context: CKAN's context.
        data_dict: `standard` (its name or its identifier), `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`, as `heraultdata_standard_version_show` answers.
    """
    data = validated(data_dict, schemas.version_listed(), context)
    tk.check_access("heraultdata_standard_version_list", context, data)
    standard = _found({"id": data["standard"]}) if "standard" in data else None
    count, found = registry.page_of_versions(
        standard.id if standard else None,
        access.is_department(context),
        limit=data.get("limit", DEFAULT_LIMIT),
        offset=data.get("offset", 0),
        with_drafts_out=takes_part(context),
    )
    return {"count": count, "results": [version_dict(*each) for each in found]}


@tk.side_effect_free
def heraultdata_standard_version_show(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Show a version with its schema.

    Args:
        context: CKAN's context.
        data_dict: `standard` (its name or its identifier) and `version`, or `id` of the version.

    Returns:
        Its fields, `falls_due_on` (the day on which it is due, whatever sets it) and `warnings`
        about its schema. A draft is there for the département only, one that is or was out for
        comment for the members of partners too.
    """
    data = validated(data_dict, schemas.version_show(), context)
    tk.check_access("heraultdata_standard_version_show", context, data)
    standard, version = _found_version(data)
    if version.is_draft and not _reads_draft(context, version):
        raise tk.ObjectNotFound(_no_version())
    return version_dict(standard, version)


def heraultdata_standard_version_create(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Add a version to a standard.

    Args:
        context: CKAN's context.
        data_dict: `standard` (its name or its identifier), `version`, `kind`; `schema` (object or
            JSON text; none for a document), `published_on` (none for a draft, maybe ahead),
            `due_on`, `legal_reference`, `adopted_on`, `source_url`, `comments_until` (the last
            day on which partners comment on the draft of a territorial standard).

    Returns:
        The version.
    """
    data = validated(_flattened(data_dict), schemas.version_create(), context)
    tk.check_access("heraultdata_standard_version_create", context, data)
    standard = _standard_of(data)
    version = VersionRecord(
        version=data["version"],
        kind=data["kind"],
        dates=rules.Dates(**{name: data.get(name) for name in _DATES}),
        legal_reference=data.get("legal_reference"),
        schema=data.get("schema"),
        source_url=data.get("source_url"),
        comments_until=data.get("comments_until"),
    )
    with _there(), transition():
        kept = service.create_version(standard, version, access.actor_of(context), clock.now())
    return version_dict(standard, kept)


def heraultdata_standard_version_update(
    context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Correct or publish a draft; record a due date or an adoption of a published version.

    What is left out stays, what is sent empty is emptied. Of a published version only `due_on`,
    `adopted_on` and `legal_reference` can still be recorded.

    Args:
        context: CKAN's context.
        data_dict: `standard` and `version`, or `id` of the version, and the other fields of
            `heraultdata_standard_version_create`. The number of the version stays.

    Returns:
        The version.
    """
    data = validated(_flattened(data_dict), schemas.version_update(), context)
    tk.check_access("heraultdata_standard_version_update", context, data)
    standard, version = _found_version(data)
    if data.get("version", version.version) != version.version:
        raise tk.ValidationError(
            {"version": [tk._("The number of a version stays: make a new version instead.")]}
        )
    given = {name: data[name] for name in (*_CONTENT, *_DATES) if name in data}
    given |= dict.fromkeys(_emptied(data_dict, (*_DATES, *_SOURCES, "comments_until")))
    if given.get("kind") is rules.Kind.DOCUMENT:
        given.setdefault("schema", None)
    dates = {name: given.pop(name) for name in _DATES if name in given}
    with _there(), transition():
        kept = service.update_version(
            standard,
            replace(version, dates=replace(version.dates, **dates), **given),
            access.actor_of(context),
            clock.now(),
        )
    return version_dict(standard, kept)


def _shown(context: Context, standard: StandardRecord) -> dict[str, Any]:
    versions = registry.versions_of(
        [standard.id], access.is_department(context), with_drafts_out=takes_part(context)
    )[standard.id]
    return standard_dict(standard) | {"versions": versions_dicts(standard, versions)}


def _reads_draft(context: Context, version: VersionRecord) -> bool:
    if access.is_department(context):
        return True
    return version.comments_until is not None and takes_part(context)


def _found(data: Mapping[str, Any]) -> StandardRecord:
    wanted = data.get("id") or data.get("name")
    if not wanted:
        raise tk.ValidationError({"id": [tk._("Say which standard: give its name.")]})
    try:
        return registry.get(wanted)
    except registry.StandardNotFoundError:
        raise tk.ObjectNotFound(_no_standard()) from None


def _standard_of(data: Mapping[str, Any]) -> StandardRecord:
    try:
        return registry.get(data["standard"])
    except registry.StandardNotFoundError:
        raise tk.ValidationError({"standard": [_no_standard()]}) from None


def _found_version(data: Mapping[str, Any]) -> tuple[StandardRecord, VersionRecord]:
    missing = [name for name in ("standard", "version") if name not in data]
    if missing and "id" not in data:
        ask = tk._("Say which version: give the standard and the number of the version.")
        raise tk.ValidationError({name: [ask] for name in missing})
    try:
        if "id" in data:
            return registry.version_with_id(data["id"])
        standard = registry.get(data["standard"])
        return standard, registry.get_version(standard, data["version"])
    except registry.StandardNotFoundError:
        raise tk.ObjectNotFound(_no_version()) from None


def _flattened(data_dict: Mapping[str, Any]) -> dict[str, Any]:
    # The checks of arguments read texts: what may be a list or an object is written as one.
    flat = dict(data_dict)
    concerns, schema = flat.get("concerns"), flat.get("schema")
    if isinstance(concerns, (list, tuple)) and all(isinstance(one, str) for one in concerns):
        flat["concerns"] = ",".join(concerns)
    if isinstance(schema, Mapping):
        try:
            flat["schema"] = json.dumps(schema)
        except (TypeError, ValueError, RecursionError):
            return flat
    return flat


def _emptied(data_dict: Mapping[str, Any], names: Sequence[str]) -> list[str]:
    return [name for name in names if name in data_dict and _is_blank(data_dict[name])]


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


@contextmanager
def _there() -> Iterator[None]:
    try:
        yield
    except registry.StandardNotFoundError:
        raise tk.ObjectNotFound(_no_standard()) from None


def _no_standard() -> str:
    return tk._("There is no such standard.")


def _no_version() -> str:
    return tk._("There is no such version of this standard.")
