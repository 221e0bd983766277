"""A file sent to be checked and not to be kept: what is asked, in its place, checked, forgotten."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date

from werkzeug.datastructures import FileStorage

from ... import config
from ...messages import N_, Message, RuleError
from ...standards import registry
from .. import sources
from ..engine.check import check_file
from ..engine.fetching import FetchError, fetched
from ..engine.limits import Limits
from ..engine.report import Report
from ..engine.schema import ReadSchema, SchemaError, read_schema
from . import beside, running
from .running import OpenedFile

_LONGEST_SCHEMA = 2_000_000


@dataclass(frozen=True)
class Wanted:
    """What a file is checked against: a version of a standard, or a schema that was sent along."""

    schema: ReadSchema
    standard: str | None = None
    version: str | None = None


def wanted(
    standard: str | None, version: str | None, schema: object, day: date, with_drafts: bool
) -> Wanted:
    """Find what a file is to be checked against.

    Args:
        standard: name of a standard.
        version: one of its versions; None for the newest that is published.
        schema: a schema instead, as an object or as text.
        day: today.
        with_drafts: whether a version that is not published may be named.

    Raises:
        RuleError: neither or both are given, or they are not known, or make no sense.
    """
    if schema in (None, ""):
        return _of_standard(standard, version, day, with_drafts)
    return Wanted(_read(require_schema_alone(schema, standard, version)))


def _of_standard(standard: str | None, version: str | None, day: date, with_drafts: bool) -> Wanted:
    if not standard:
        raise RuleError("standard", Message(N_("Name a standard, or give a schema.")))
    if version:
        found = running.version_of(standard, version, with_drafts)
        if found is None:
            _require_standard(standard)
            raise RuleError(
                "version",
                Message(
                    N_("The standard {standard} has no version {version} that can be checked."),
                    {"standard": standard, "version": version},
                ),
            )
    else:
        found = require_versions(standard, day)[0]
    return Wanted(read_schema(found.schema), found.standard, found.version)


def require_versions(standard: str | None, day: date) -> list[running.CheckableVersion]:
    """The published versions of a standard that a program can check, the newest first.

    Raises:
        RuleError: on `standard`: there is no such standard, or no such version of it.
    """
    if not standard:
        raise RuleError("standard", Message(N_("The file names no standard that it follows.")))
    versions = running.published_versions(standard, day)
    if not versions:
        _require_standard(standard)
        raise RuleError(
            "standard",
            Message(
                N_("The standard {standard} has no published version that a program can check."),
                {"standard": standard},
            ),
        )
    return versions


def _require_standard(name: str) -> None:
    if not registry.by_name([name]):
        raise RuleError(
            "standard", Message(N_("There is no standard {standard}."), {"standard": name})
        )


def _read(schema: str) -> ReadSchema:
    try:
        return read_schema(schema)
    except SchemaError as refusal:
        raise RuleError("schema", refusal.message) from refusal


def _text_of(schema: object) -> bytes | str:
    if isinstance(schema, Mapping):
        try:
            schema = json.dumps(schema)
        except (TypeError, ValueError, RecursionError):
            schema = None
    if not isinstance(schema, (str, bytes)):
        raise RuleError("schema", Message(N_("Give the schema as a JSON object, or as its text.")))
    if len(schema) > _LONGEST_SCHEMA:
        raise RuleError("schema", Message(N_("The schema is too long.")))
    return schema


def require_schema_alone(schema: object, standard: str | None, version: str | None) -> str:
    """The text of the schema that a caller sends in place of a standard.

    Raises:
        RuleError: there is a standard too, or it is no text of a schema.
    """
    if standard or version:
        raise RuleError("schema", Message(N_("Give either a standard or a schema, not both.")))
    text = _text_of(schema)
    return text.decode("utf-8-sig", "replace") if isinstance(text, bytes) else text


def require_one(upload: object, url: str | None) -> FileStorage | str:
    """The file that was sent, or the address of one.

    Raises:
        RuleError: neither or both are given, or `upload` is no file.
    """
    file = upload if isinstance(upload, FileStorage) else None
    if upload and file is None:
        raise RuleError("upload", Message(N_("Send a file here, as a form does.")))
    # A form sends an empty file where none was chosen.
    if file is None or not file.filename:
        if not url:
            raise RuleError("upload", Message(N_("Choose a file, or give the address of one.")))
        return url
    if url:
        raise RuleError("url", Message(N_("Give either a file or an address, not both.")))
    return file


@contextmanager
def opened(source: FileStorage | str) -> Iterator[OpenedFile]:
    """Give a file that was sent, or that stands at an address, for as long as the block lasts.

    Raises:
        RuleError: it cannot be fetched.
    """
    if isinstance(source, FileStorage):
        with sources.copied(source) as path:
            yield OpenedFile(path, str(source.filename))
        return
    try:
        with fetched(source, _limits(), config.fetch_private_addresses()) as remote:
            yield OpenedFile(remote.path, remote.name or source)
    except FetchError as refusal:
        raise RuleError("url", refusal.message) from refusal


def check(file: OpenedFile, against: Wanted) -> Report:
    """Check a file that is not kept.

    Args:
        file: the file.
        against: what it is checked against.
    """
    report = check_file(file.path, against.schema, name=file.name, limits=_limits())
    return replace(report, standard=against.standard, version=against.version)


def check_against_sent(file: OpenedFile, schema: str) -> Report:
    """Check a file that is not kept against a schema that came with it.

    Raises:
        RuleError: the schema is none, or the check against it does not end.
    """
    return beside.check(file.path, file.name, schema, _limits())


def _limits() -> Limits:
    return replace(running.limits(), seconds=running.REQUEST_SECONDS)
