"""The gate of publication: what becomes public meets its standard, or is not refused for it.

Design, section 2, "Publication"; articles 4 and 6 of the convention.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from werkzeug.datastructures import FileStorage

from ... import config
from ...conformance.bindings import Binding, bindings
from ...conformance.recorded import declared_versions
from ...conformance.rules import Conformance, FileChecks, Status, conformance, may_be_published
from ...messages import N_, Message
from .. import model as store
from .. import sources
from ..rules import FileFacts
from . import running, service


@dataclass(frozen=True)
class File:
    """A file of a dataset, as the change under way makes it.

    Attributes:
        position: its rank among the files of the dataset, from 0.
        resource: the fields as sent.
        standard: name of the standard that it follows.
        upload: the file sent with the change, if any.
        stored_id: identifier of the resource that has it, None for a new one.
        dataset_id: identifier of its dataset, None for a new one.
        is_changed: whether the change brings another file or another standard.
    """

    position: int
    resource: Mapping[str, Any]
    standard: str
    upload: FileStorage | None
    stored_id: str | None
    dataset_id: str | None
    is_changed: bool

    @property
    def name(self) -> str:
        """What people call it."""
        if self.upload is not None and self.upload.filename:
            return self.upload.filename
        return str(self.resource.get("name") or running.name_of(self.resource))


@dataclass(frozen=True)
class Checked:
    """What is known of a file.

    Attributes:
        valid_for: identifiers of the versions that it is valid for, None where it is not checked.
        reports: the reports of a check made just now.
        is_large: whether it is too large to be checked while its sender waits.
        failure: why it could not be checked.
    """

    valid_for: frozenset[str] | None
    reports: tuple[running.VersionReport, ...] = ()
    is_large: bool = False
    failure: str | None = None


@dataclass(frozen=True)
class _Known:
    """What is known of files before a program looks at them.

    Attributes:
        checks: the checks kept, by the resource that they are of.
        declared: identifiers of the versions that a person vouched for, by dataset.
    """

    checks: Mapping[str | None, Sequence[service.CheckSummary]]
    declared: Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Obstacle:
    """Why a file may not become public."""

    file: File
    checked: Checked
    reason: Message


def files_of(package: model.Package | None, resources: Sequence[Mapping[str, Any]]) -> list[File]:
    """The files that follow a standard, as a change makes them.

    Args:
        package: the dataset as it is stored, None for a new one.
        resources: its files as the change makes them.
    """
    stored = {item.id: item for item in package.resources} if package else {}
    return [
        _file(position, resource, stored.get(str(resource.get("id"))), package)
        for position, resource in enumerate(resources)
        if isinstance(resource, Mapping) and standard_of(resource)
    ]


def standard_of(resource: Mapping[str, Any]) -> str:
    """The name of the standard of a file, as it is kept: without blanks; empty for none."""
    return str(resource.get("standard") or "").strip()


def stored_files(package: model.Package) -> list[File]:
    """The files of a dataset that follow a standard, as they are stored."""
    return files_of(package, [store.fields_of(item) for item in package.resources])


def _file(
    position: int,
    resource: Mapping[str, Any],
    stored: model.Resource | None,
    package: model.Package | None,
) -> File:
    upload = resource.get("upload")
    sent = upload if isinstance(upload, FileStorage) and upload.filename else None
    if sent is None and resource.get("clear_upload"):
        # CKAN makes a link of an upload that is cleared, whatever type is sent with it.
        resource = {**resource, "url_type": ""}
    is_same = stored is not None and _identity(resource) == _identity(store.fields_of(stored))
    return File(
        position=position,
        resource=resource,
        standard=standard_of(resource),
        upload=sent,
        stored_id=stored.id if stored else None,
        dataset_id=package.id if package else None,
        is_changed=sent is not None or not is_same,
    )


def _identity(resource: Mapping[str, Any]) -> tuple[str, str, str]:
    facts = FileFacts.of(resource)
    return facts.url, facts.url_type, facts.standard


def obstacles_to_dataset(
    files: Sequence[File], organization_id: str, today: date
) -> list[Obstacle]:
    """What keeps a dataset from becoming public: its standing with each standard of its files.

    Args:
        files: all its files that follow a standard.
        organization_id: the organisation that publishes.
        today: the date in Paris.
    """
    found = []
    known = _known(files, today)
    bound = bindings({file.standard for file in files}, organization_id, today)
    for name, binding in bound.items():
        of_standard = [file for file in files if file.standard == name]
        checked = [_checked(file, binding, known, today) for file in of_standard]
        standing = _standing(binding, checked, today)
        if _passes(binding, standing):
            continue
        worst = next(
            (
                (file, each)
                for file, each in zip(of_standard, checked, strict=True)
                if not _passes(binding, _standing(binding, [each], today))
            ),
            (of_standard[0], checked[0]),
        )
        found.append(Obstacle(*worst, reason=_reason(binding, standing, *worst)))
    return found


def obstacles_to_files(files: Sequence[File], organization_id: str, today: date) -> list[Obstacle]:
    """What keeps new files of a dataset that is public from taking their place, each by itself.

    Args:
        files: the files that the change brings.
        organization_id: the organisation that publishes.
        today: the date in Paris.
    """
    found = []
    known = _known(files, today)
    bound = bindings({file.standard for file in files}, organization_id, today)
    for file in files:
        binding = bound.get(file.standard)
        if binding is None:
            continue
        checked = _checked(file, binding, known, today)
        standing = _standing(binding, [checked], today)
        if not _passes(binding, standing):
            found.append(Obstacle(file, checked, _reason(binding, standing, file, checked)))
    return found


def is_let_in(standard: str, checked: Checked, organization_id: str, today: date) -> bool:
    """Whether a file that was kept aside may take its place."""
    binding = bindings({standard}, organization_id, today).get(standard)
    return binding is None or _passes(binding, _standing(binding, [checked], today))


def _passes(binding: Binding, standing: Conformance) -> bool:
    return may_be_published(standing, binding.is_de_facto)


def _standing(binding: Binding, checked: Sequence[Checked], today: date) -> Conformance:
    files = [FileChecks(each.valid_for) for each in checked]
    return conformance(binding.versions, files, today)


def _checked(file: File, binding: Binding, known: _Known, today: date) -> Checked:
    checks = [
        check
        for check in known.checks.get(file.stored_id, ())
        if check.version_id in binding.labels
    ]
    found = _by_program(file, binding, checks, today) if binding.checkable else Checked(None)
    vouched = known.declared.get(file.dataset_id or "", frozenset()) & binding.labels.keys()
    if found.valid_for is not None or checks:
        # Where a program has looked, its check decides.
        vouched -= binding.checkable
    if not vouched or found.is_large:
        return found
    return replace(found, valid_for=(found.valid_for or frozenset()) | vouched, failure=None)


def _by_program(
    file: File, binding: Binding, checks: Sequence[service.CheckSummary], today: date
) -> Checked:
    if not file.is_changed and binding.checkable <= {check.version_id for check in checks}:
        return Checked(frozenset(check.version_id for check in checks if check.valid))
    if file.upload is not None and _is_large(_size_of(file.upload)):
        return Checked(None, is_large=True)
    with _at_hand(file) as place:
        if not isinstance(place, running.OpenedFile):
            return place
        if _is_large(place.path.stat().st_size):
            return Checked(None, is_large=True)
        return checked_now(place, file.standard, today)


def _is_large(size: int) -> bool:
    return size > config.check_at_once_bytes()


def _size_of(upload: FileStorage) -> int:
    size = upload.stream.seek(0, os.SEEK_END)
    upload.stream.seek(0)
    return size


def checked_now(place: running.OpenedFile, standard: str, today: date) -> Checked:
    """Check a file against every published version of its standard."""
    reports = running.check(place, running.published_versions(standard, today))
    valid_for = frozenset(each.version_id for each in reports if each.report.valid)
    return Checked(valid_for, tuple(reports))


def _known(files: Sequence[File], today: date) -> _Known:
    """The checks of the files that are still what was checked, and the words, in two queries."""
    facts = {file.stored_id: FileFacts.of(file.resource) for file in files if not file.is_changed}
    kept: dict[str | None, list[service.CheckSummary]] = {}
    for check in service.last_checks(resource_ids=[each for each in facts if each]):
        if check.is_of(facts[check.resource_id]):
            kept.setdefault(check.resource_id, []).append(check)
    datasets = {file.dataset_id for file in files if file.dataset_id}
    return _Known(kept, declared_versions(datasets, today))


@contextmanager
def _at_hand(file: File) -> Iterator[running.OpenedFile | Checked]:
    if file.upload is not None:
        with sources.copied(file.upload) as path:
            yield running.OpenedFile(path, file.name)
        return
    resource = {**file.resource, "id": file.stored_id}
    try:
        with running.opened(resource, True, running.REQUEST_SECONDS) as place:
            yield place
    except sources.CannotCheckError as refusal:
        yield Checked(None, failure=str(refusal))


def _reason(binding: Binding, standing: Conformance, file: File, checked: Checked) -> Message:
    if checked.failure is not None:
        return Message(N_("it cannot be checked: {why}"), {"why": checked.failure})
    values: dict[str, object] = {"standard": binding.title}
    if not binding.checkable and checked.valid_for is None:
        return _undeclared(binding, file, binding.versions[0].id)
    if standing.status is Status.UNCHECKED:
        return Message(N_("its check against “{standard}” has not ended"), values)
    if standing.status is Status.OVERDUE:
        owed = next(each for each in binding.versions if each.due_on == standing.due_on)
        if owed.id not in binding.checkable:
            return _undeclared(binding, file, owed.id)
        values |= {"version": binding.labels[owed.id], "due_on": standing.due_on}
        return Message(
            N_("it does not meet version {version} of “{standard}”, compulsory since {due_on}"),
            values,
        )
    return Message(N_("it meets no published version of “{standard}”"), values)


def _undeclared(binding: Binding, file: File, version_id: str) -> Message:
    """Nobody vouches for a file that no program can check; where a person can."""
    version = binding.labels[version_id]
    values: dict[str, object] = {"standard": binding.title, "version": version}
    if file.dataset_id is None:
        return Message(
            N_(
                "nobody has declared that it conforms to version {version} of “{standard}”, which "
                "no program can check (save the dataset as private, then declare it from its page)"
            ),
            values,
        )
    address = tk.h.url_for(
        "heraultdata_declaration.new",
        package_name=file.dataset_id,
        standard=file.standard,
        version=version,
        qualified=True,
    )
    return Message(
        N_(
            "nobody has declared that it conforms to version {version} of “{standard}”, which no "
            "program can check (declare it here: {address})"
        ),
        values | {"address": address},
    )
