"""One check of one file: frictionless as ckanext-validation calls it, its faults made results."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import ckan.plugins.toolkit as tk
import requests
from frictionless import FrictionlessException, Report

from . import rules, sources, upstream

log = logging.getLogger(__name__)

# frictionless keeps whom it trusts and its HTTP session for the whole process: in a server with
# threads one check would lose them when another ends.
_one_at_a_time = Lock()


@dataclass(frozen=True)
class Outcome:
    """The result of a check.

    `status` is `success`, `failure` or `error` as in ckanext-validation; `report` is frictionless's
    own, as JSON objects, and null where there is none; `messages` say why there is none.
    """

    status: str
    report: dict[str, Any] | None = None
    messages: tuple[str, ...] = ()

    @classmethod
    def error(cls, message: str) -> Outcome:
        """A check that could not be made."""
        return cls("error", messages=(message,))


def check(resource: Mapping[str, Any], source: sources.Source) -> Outcome:
    """Check a file against the Table Schema and the options that its resource carries.

    Args:
        resource: the resource as `resource_show` gives it.
        source: where its file is.

    Returns:
        The outcome; a schema that cannot be fetched or options that make no sense are an `error`.
    """
    try:
        options = _options(resource)
        schema = _schema(resource, source.session)
        with _one_at_a_time:
            report = upstream.jobs._validate_table(
                source.location,
                _format=str(resource.get("format") or "").lower(),
                schema=schema,
                http_session=source.session,
                **options,
            )
    except sources.CannotCheckError as error:
        return Outcome.error(str(error))
    except requests.RequestException as error:
        log.info("Fetching what resource %s needs: %s", resource.get("id"), error)
        return Outcome.error(tk._("The schema cannot be fetched from its address."))
    except (FrictionlessException, TypeError, ValueError, KeyError) as error:
        return Outcome.error(str(error))
    return _outcome(report, place=str(resource.get("url") or ""))


def _options(resource: Mapping[str, Any]) -> dict[str, Any]:
    options = upstream.settings.get_default_validation_options()
    options.update(_json_object(resource.get("validation_options")))
    unknown = rules.unknown_options(options)
    if unknown:
        raise sources.CannotCheckError(
            tk._("These options of the check are not known: {names}.").format(
                names=", ".join(unknown)
            )
        )
    if not isinstance(options.get("dialect", {}), dict):
        # A text would be read as the path of a file of the server.
        raise sources.CannotCheckError(
            tk._("The option “dialect” of the check must be a JSON object.")
        )
    return options


def _schema(resource: Mapping[str, Any], session: requests.Session) -> dict[str, Any]:
    schema = resource.get("schema")
    if isinstance(schema, str) and schema.lower().startswith(("http://", "https://")):
        answer = session.get(schema)
        answer.raise_for_status()
        return _json_object(answer.text)
    return _json_object(schema)


def _json_object(value: object) -> dict[str, Any]:
    loaded = json.loads(value) if isinstance(value, str) and value.strip() else value or {}
    if not isinstance(loaded, dict):
        raise sources.CannotCheckError(
            tk._("A JSON object is expected, not “{value}”.").format(value=str(loaded)[:100])
        )
    return loaded


def _outcome(report: Report, place: str) -> Outcome:
    described: dict[str, Any] = report.to_dict()
    tasks: list[dict[str, Any]] = described.get("tasks", [])
    if any(error["type"] == "scheme-error" for task in tasks for error in task["errors"]):
        return Outcome.error(
            tk._("The file cannot be read: it is not there, or its server does not answer.")
        )
    for task in tasks:
        if str(task.get("place", "")).startswith("/"):
            # The reader of the report has no business with the server's folders.
            task["place"] = place
    if described.get("errors"):
        # What concerns the whole run and not the table, for instance options that contradict.
        messages = tuple(str(error.get("message", error)) for error in described["errors"])
        return Outcome("error", described, messages)
    return Outcome("success" if described["valid"] else "failure", described)
