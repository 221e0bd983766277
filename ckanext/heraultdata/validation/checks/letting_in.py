"""What the gate does with a change: lets it by, warns, refuses it, or keeps its file aside."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.logic.validators import boolean_validator
from ckan.types import Context
from flask import has_request_context
from werkzeug.datastructures import FileStorage

from ... import access, clock, config
from ...conformance.rules import Gate
from ...conventions.publication import PublicationRefusedError, Visibility
from ...messages import N_, Message, quoted
from ...partners.service import follows_the_convention
from ...words import sentence
from . import file_fields, gate, held, marks, service, standard_kept, taking_place
from .model import HeldFile

log = logging.getLogger(__name__)


def is_watched(context: Context) -> bool:
    """Whether a change passes by the gate: not where the site has none, nor when it has just."""
    return config.publication_gate() is not Gate.OFF and not marks.is_let_in(context)


def check_move(package: model.Package, organization_id: str | None, context: Context) -> None:
    """Look at a dataset that passes to an organisation by itself, not within a change seen before.

    Raises:
        PublicationRefusedError: it may not become public there.
    """
    if is_watched(context) and not marks.is_looked_at(context):
        check(package, context, {"owner_org": organization_id})


def check(package: model.Package | None, context: Context, data_dict: Mapping[str, Any]) -> None:
    """Look at a change before it is made.

    Args:
        package: the dataset as it is stored, None for a new one.
        context: the context of the action.
        data_dict: what the change makes of it.

    Raises:
        PublicationRefusedError: the dataset may not become public.
        tk.ValidationError: a new file of a public dataset may not take its place; it is kept aside.
            Or a public file may not lose its standard.
    """
    organization = _organization_of(package, data_dict)
    if organization is None or not _is_public(package, context, data_dict):
        return
    resources = _sent_resources(data_dict)
    if package is not None:
        standard_kept.check(package, resources, context, clock.today())
    files = _files(package, context, data_dict, resources)
    public = package if package and _is_public_there(package, organization) else None
    if public is not None:
        files = [file for file in files if file.is_changed]
    if not files or not follows_the_convention(organization.id):
        return
    if public is not None:
        _check_files(public, organization.id, files, context)
    else:
        _check_dataset(organization.id, files)


def _organization_of(
    package: model.Package | None, data_dict: Mapping[str, Any]
) -> model.Group | None:
    asked = data_dict.get("owner_org", package.owner_org if package else None)
    return model.Group.get(asked) if isinstance(asked, str) and asked else None


def _is_public_there(package: model.Package, organization: model.Group) -> bool:
    """Whether the dataset is public already under the rules that hold for an organisation."""
    before = Visibility.of(package)
    if not before.is_public or before.organization_id is None:
        return False
    return before.organization_id == organization.id or follows_the_convention(
        before.organization_id
    )


def _sent_resources(data_dict: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The files of a change, in their order; what is no object is left for CKAN to refuse.

    Raises:
        tk.ValidationError: one of them holds what cannot be read or kept.
    """
    resources = file_fields.sent(data_dict)
    errors = [file_fields.errors_of(each) for each in resources]
    if any(errors):
        raise tk.ValidationError({"resources": errors})  # pyright: ignore[reportArgumentType]
    return resources


def _is_public(
    package: model.Package | None, context: Context, data_dict: Mapping[str, Any]
) -> bool:
    """Whether CKAN makes the dataset public: its readings of `private` and `state`, not ours."""
    private = data_dict.get("private")
    if private is None:
        private = package.private if package else False
    if boolean_validator(private, context):
        return False
    return _state_after(package, context, data_dict) == model.State.ACTIVE


def _state_after(
    package: model.Package | None, context: Context, data_dict: Mapping[str, Any]
) -> object:
    asked = data_dict.get("state")
    if package is not None:
        return package.state if asked is None else asked
    if asked is None or not _may_choose_state(context):
        return model.State.ACTIVE
    return asked


def _may_choose_state(context: Context) -> bool:
    # CKAN drops in silence the state that others give to a new dataset, and makes it active.
    if "ignore_auth" in context or context.get("allow_state_change"):
        return True
    user = access.user_of(context)
    return user is not None and user.sysadmin


def _files(
    package: model.Package | None,
    context: Context,
    data_dict: Mapping[str, Any],
    resources: Sequence[Mapping[str, Any]],
) -> list[gate.File]:
    if "resources" not in data_dict:
        return gate.stored_files(package) if package else []
    files = gate.files_of(package, resources)
    noted = marks.noted_upload(context)
    return [_with_upload(file, *noted) for file in files] if noted else files


def _with_upload(file: gate.File, resource_id: str | None, upload: FileStorage) -> gate.File:
    if file.upload is not None or file.stored_id != resource_id:
        return file
    return replace(file, upload=upload, is_changed=True)


def check_datasets(package_ids: Sequence[str], organization_id: str) -> None:
    """Look at datasets of an organisation that are published together.

    Raises:
        PublicationRefusedError: one of them may not become public; none is published.
    """
    if config.publication_gate() is Gate.OFF or not follows_the_convention(organization_id):
        return
    for package_id in package_ids:
        package = model.Package.get(package_id)
        if package is not None and package.private and package.owner_org == organization_id:
            _check_dataset(organization_id, gate.stored_files(package))


def _check_dataset(organization_id: str, files: Sequence[gate.File]) -> None:
    obstacles = gate.obstacles_to_dataset(files, organization_id, clock.today())
    refusals = [_kept_private(obstacle) for obstacle in obstacles]
    if not refusals:
        return
    if config.publication_gate() is Gate.WARN:
        _warn(refusals)
        return
    raise PublicationRefusedError({"private": [sentence(refusal) for refusal in refusals]})


def _kept_private(obstacle: gate.Obstacle) -> Message:
    values: dict[str, object] = {"file": quoted(obstacle.file.name), "reason": obstacle.reason}
    if not obstacle.checked.reports:
        return Message(
            N_(
                "The file {file} keeps this dataset from being public, because {reason}. "
                "Keep the dataset private until then."
            ),
            values,
        )
    return Message(
        N_(
            "The file {file} keeps this dataset from being public, because {reason}. "
            "Keep the dataset private, and mend the file: its report says how."
        ),
        values,
    )


def _check_files(
    package: model.Package, organization_id: str, files: Sequence[gate.File], context: Context
) -> None:
    obstacles = gate.obstacles_to_files(files, organization_id, clock.today())
    if not obstacles:
        return
    if config.publication_gate() is Gate.WARN:
        _warn([_kept_as_it_is(obstacle) for obstacle in obstacles])
        return
    last = max(obstacle.file.position for obstacle in obstacles)
    errors: list[dict[str, list[str]]] = [{} for _ in range(last + 1)]
    now = clock.now()
    for obstacle in obstacles:
        kept = _keep_aside(package, organization_id, obstacle, context, now)
        field = "url" if obstacle.file.upload is None else "upload"
        errors[obstacle.file.position] = {field: [sentence(_kept_aside(obstacle, kept))]}
    raise tk.ValidationError({"resources": errors})  # pyright: ignore[reportArgumentType]


def _keep_aside(
    package: model.Package,
    organization_id: str,
    obstacle: gate.Obstacle,
    context: Context,
    now: datetime,
) -> HeldFile:
    file = obstacle.file
    waits = obstacle.checked.is_large
    actor = access.actor_of(context)
    kept = held.hold(
        held.Sent(package.id, organization_id, file.stored_id, file.resource, file.upload),
        held.State.WAITING if waits else held.State.REFUSED,
        actor,
        now,
    )
    overtaken = held.overtake_older(kept, actor, now)
    if obstacle.checked.reports:
        service.record(held.checked_file(kept), obstacle.checked.reports, now)
    model.Session.commit()
    for older in overtaken:
        held.drop_bytes(older)
    if waits:
        tk.enqueue_job(
            taking_place.check_held, [kept.id], title=f"Check of the file kept aside {kept.id}"
        )
    return kept


def _kept_aside(obstacle: gate.Obstacle, kept: HeldFile) -> Message:
    values: dict[str, object] = {
        "file": quoted(obstacle.file.name),
        "reason": obstacle.reason,
        "address": tk.h.url_for("heraultdata_held.show", held_id=kept.id, qualified=True),
    }
    if obstacle.checked.is_large:
        return Message(
            N_(
                "The file {file} is large: it is kept aside while it is checked, and takes its "
                "place by itself if it is right. Follow it here: {address}"
            ),
            values,
        )
    if not obstacle.checked.reports:
        return Message(
            N_(
                "The file {file} is kept aside, because {reason}. What is public stays as it was. "
                "Find the file here: {address}"
            ),
            values,
        )
    return Message(
        N_(
            "The file {file} is kept aside, because {reason}. What is public stays as it was. "
            "See what to mend: {address}"
        ),
        values,
    )


def _kept_as_it_is(obstacle: gate.Obstacle) -> Message:
    values: dict[str, object] = {"file": quoted(obstacle.file.name), "reason": obstacle.reason}
    if not obstacle.checked.reports:
        return Message(N_("The file {file} is published, but {reason}."), values)
    return Message(
        N_("The file {file} is published, but {reason}. Its report says how to mend it."), values
    )


def _warn(messages: Sequence[Message]) -> None:
    if not has_request_context() or tk.request.path.startswith("/api/"):
        return
    for message in messages:
        tk.h.flash_notice(sentence(message))
