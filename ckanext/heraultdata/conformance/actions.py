"""The API of the tracker: where datasets and partners stand with standards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from .. import access, clock
from ..api import DEFAULT_LIMIT, page_of, transition, validated
from ..standards import registry
from . import declaring, recorded, schemas, service, tracker
from .narrowing import due_between, of_public_datasets, organizations_asked, reads_in_full
from .presentation import absence_dict, record_dict, standing_dict, summary_dicts


@tk.side_effect_free
def heraultdata_conformance_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List where each dataset, and each partner without a dataset, stands with each standard.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `standard` (a name), `status`, `due_from`, `due_to`, `on`
            (today), `limit` (50, at most 1000), `offset`. Where a setting lets the public see
            names, it sees public datasets only.

    Returns:
        `count` and `results`, what is late first: `organization_id`, `package_id` (null where
        `missing`), `standard`, `status`, `target_version`, `valid_version`, `due_on`, `days_left`,
        `days_late`, `declared`.
    """
    data = validated(data_dict, schemas.listed(), context)
    tk.check_access("heraultdata_conformance_list", context, data)
    found = tracker.on(data.get("on") or clock.today(), _wanted(context, data))
    standings = due_between(found.late_first(), data.get("due_from"), data.get("due_to"))
    if not reads_in_full(context, data.get("organization_id")):
        standings = of_public_datasets(standings)
    page = page_of(standings, data)
    return {
        "count": len(standings),
        "results": [standing_dict(found, standing) for standing in page],
    }


@tk.side_effect_free
def heraultdata_conformance_summary(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Count by standard and status.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `standard` (a name), `status`, `on` (today). Without
            `organization_id` all partners are counted, whoever asks.

    Returns:
        `count` (of standards), `results`: for each standard `standard`, `title`, `total` and
        `statuses` (how many by status, 0 too); and the same `total` and `statuses` of them all.
    """
    data = validated(data_dict, schemas.summary(), context)
    tk.check_access("heraultdata_conformance_summary", context, data)
    organization_id = data.get("organization_id")
    wanted = tracker.Wanted(
        organization_ids=None if organization_id is None else [organization_id],
        standard=_standard(data),
        status=data.get("status"),
    )
    return summary_dicts(tracker.counted(data.get("on") or clock.today(), wanted))


def heraultdata_extension_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Ask for more time for a partner; where the département asks, it is granted at once.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `standard` (a name), `version` (a published one), `due_on`
            (later than the partner's due date), `reason`.

    Returns:
        The extension: those and `id`, `asked_on`, `asked_by`, `granted` (null until it is
        decided), `decided_on`, `decided_by`, `decision_reason`.
    """
    data = validated(data_dict, schemas.extension_create(), context)
    tk.check_access("heraultdata_extension_create", context, data)
    standard = _found_standard(data["standard"])
    new = service.NewExtension(
        data["organization_id"], data["version"], data["due_on"], data["reason"]
    )
    with transition():
        made = service.ask_for_time(
            standard,
            new,
            grants=access.is_department(context),
            actor=access.actor_of(context),
            now=clock.now(),
        )
    return record_dict(made)


def heraultdata_extension_decide(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Grant or refuse more time that a partner asked for.

    Args:
        context: CKAN's context.
        data_dict: `id`, `granted` (true or false), `reason` (compulsory where refused).

    Returns:
        The extension, as `heraultdata_extension_create` answers.
    """
    data = validated(data_dict, schemas.extension_decide(), context)
    tk.check_access("heraultdata_extension_decide", context, data)
    with _record_there(), transition():
        decided = service.decide(
            str(data["id"]),
            data["granted"],
            data.get("reason"),
            access.actor_of(context),
            clock.now(),
        )
    return record_dict(decided)


@tk.side_effect_free
def heraultdata_extension_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the extensions asked for, the newest first.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `standard` (a name), `waiting` (true for those that nobody
            decided yet, false for the others), `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`, as `heraultdata_extension_create` answers.
    """
    data = validated(data_dict, schemas.extension_listed(), context)
    tk.check_access("heraultdata_extension_list", context, data)
    count, found = recorded.extensions(_records_wanted(context, data), *_page(data))
    return {"count": count, "results": [record_dict(each) for each in found]}


def heraultdata_declaration_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Declare that the files of a dataset conform to a version, where no program checked them.

    Args:
        context: CKAN's context.
        data_dict: `package_id` (identifier or name), `standard` (a name), `version` (a published
            one), `grounds`.

    Returns:
        The declaration: those and `id`, `organization_id`, `declared_on`, `declared_by`.
    """
    data = validated(data_dict, schemas.declaration_create(), context)
    package = _found_package(str(data["package_id"]))
    tk.check_access("heraultdata_declaration_create", context, {**data, "package_id": package.id})
    standard = _found_standard(data["standard"])
    with transition():
        made = declaring.declare_conformity(
            package.id,
            standard,
            data["version"],
            data["grounds"],
            access.actor_of(context),
            clock.now(),
        )
    return record_dict(made)


@tk.side_effect_free
def heraultdata_declaration_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the declarations of conformity, the newest first.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `package_id` (identifier or name), `standard` (a name),
            `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`, as `heraultdata_declaration_create` answers.
    """
    data = validated(data_dict, schemas.declaration_listed(), context)
    if data.get("package_id"):
        data["package_id"] = _found_package(str(data["package_id"])).id
    tk.check_access("heraultdata_declaration_list", context, data)
    count, found = recorded.declarations(_records_wanted(context, data), *_page(data))
    return {"count": count, "results": [record_dict(each) for each in found]}


def heraultdata_absence_create(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Answer for a partner that it holds no data of a standard; that counts for a year.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `standard` (a name), `reason`.

    Returns:
        The answer: those and `id`, `declared_on`, `declared_by`, `ended_on` (null unless it was
        taken back), `ends_on` (the first day on which it counts no more), `running`.
    """
    data = validated(data_dict, schemas.absence_create(), context)
    tk.check_access("heraultdata_absence_create", context, data)
    standard = _found_standard(data["standard"])
    with transition():
        made = declaring.declare_absence(
            data["organization_id"],
            standard,
            data["reason"],
            access.actor_of(context),
            clock.now(),
        )
    return absence_dict(made, clock.today())


def heraultdata_absence_delete(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Take back the answer that a partner holds no data of a standard.

    Args:
        context: CKAN's context.
        data_dict: `id`.

    Returns:
        The answer as it ended, as `heraultdata_absence_create` answers.
    """
    data = validated(data_dict, schemas.absence_delete(), context)
    absence_id = str(data["id"])
    with _record_there():
        tk.check_access("heraultdata_absence_delete", context, {"id": absence_id})
        with transition():
            ended = declaring.end_absence(absence_id, access.actor_of(context), clock.now())
    return absence_dict(ended, clock.today())


@tk.side_effect_free
def heraultdata_absence_list(context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """List the answers of partners that they hold no data of a standard, the newest first.

    Args:
        context: CKAN's context.
        data_dict: `organization_id`, `standard` (a name), `limit` (50, at most 1000), `offset`.

    Returns:
        `count` and `results`, as `heraultdata_absence_create` answers.
    """
    data = validated(data_dict, schemas.absence_listed(), context)
    tk.check_access("heraultdata_absence_list", context, data)
    count, found = recorded.absences(_records_wanted(context, data), *_page(data))
    return {"count": count, "results": [absence_dict(each, clock.today()) for each in found]}


@contextmanager
def _record_there() -> Iterator[None]:
    """Answer that there is no such record, where there is none."""
    try:
        yield
    except recorded.RecordNotFoundError:
        raise tk.ObjectNotFound(tk._("There is nothing recorded under this identifier.")) from None


def _found_package(package: str) -> model.Package:
    found = model.Package.get(package)
    if found is None or found.state not in declaring.DECLARABLE_STATES:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    return found


def _page(data: dict[str, Any]) -> tuple[int, int]:
    return data.get("limit", DEFAULT_LIMIT), data.get("offset", 0)


def _records_wanted(context: Context, data: dict[str, Any]) -> recorded.RecordFilter:
    return recorded.RecordFilter(
        organization_ids=organizations_asked(context, data.get("organization_id")),
        standard=_standard(data),
        package_id=data.get("package_id"),
        waiting=data.get("waiting"),
    )


def _wanted(context: Context, data: dict[str, Any]) -> tracker.Wanted:
    # Who reads no organisation in full reads what is public of them all, where that is allowed.
    organizations = organizations_asked(context, data.get("organization_id")) or None
    return tracker.Wanted(organizations, _standard(data), status=data.get("status"))


def _standard(data: dict[str, Any]) -> str | None:
    return _found_standard(data["standard"]).name if data.get("standard") else None


def _found_standard(name: str) -> registry.StandardRecord:
    try:
        return registry.get(name)
    except registry.StandardNotFoundError as absent:
        raise tk.ValidationError(
            {"standard": [tk._("There is no standard “{name}”.").format(name=name)]}
        ) from absent
