"""The job of the worker: how it is queued, and what it does of one resource."""

from __future__ import annotations

import logging

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from redis.exceptions import RedisError
from rq.timeouts import JobTimeoutException

from ckanext.heraultdata import clock

from . import making, service, sources, upstream
from .checks.progress import progress_of
from .frictionless_check import Outcome

log = logging.getLogger(__name__)


def enqueue(resource_id: str, asked_for: bool = False) -> None:
    """Give the worker a check to make.

    Args:
        resource_id: identifier of a resource that waits.
        asked_for: a person asked for it, so that `IDataValidation` has no say.
    """
    try:
        tk.enqueue_job(
            check_resource,
            [resource_id],
            {"asked_for": asked_for},
            title=f"Validation of resource {resource_id}",
        )
    except RedisError:
        # The file is saved and its row says that it waits: `ckan validation run` queues it again.
        log.exception("The check of resource %s could not be queued", resource_id)


def check_resource(resource_id: str, asked_for: bool = False) -> None:
    """Check the file of a resource that waits for it, and write the outcome.

    Args:
        resource_id: identifier of the resource.
        asked_for: a person asked for it, so that `IDataValidation` has no say.
    """
    begun = service.begin(resource_id)
    if begun is None:
        log.info("Resource %s does not wait for a check", resource_id)
        return
    if not (asked_for or plugins_agree(begun.resource)):
        service.refuse(resource_id)
        return
    made = _make(begun)
    if service.finish(resource_id, begun.facts, made.outcome, clock.now(), made.reports):
        service.send_report(resource_id)


def plugins_agree(resource: dict[str, object]) -> bool:
    """Whether every plugin that implements `IDataValidation` wants a resource checked."""
    site_user = tk.get_action("get_site_user")({"ignore_auth": True}, {})
    context = {"user": site_user["name"], "ignore_auth": True}
    return all(
        plugin.can_validate(context, resource)
        for plugin in p.PluginImplementations(upstream.interfaces.IDataValidation)
    )


def _make(begun: service.Begun) -> making.Made:
    try:
        with progress_of(begun.resource["id"]) as progress:
            return making.of_resource(begun.resource, begun.private, progress)
    except sources.CannotCheckError as error:
        return making.Made(Outcome.error(str(error)))
    except JobTimeoutException:
        return making.Made(Outcome.error(tk._("The check took too long and was stopped.")))
    except Exception:
        # Whatever a hostile file does to a parser, somebody waits for an answer.
        log.exception("Check of resource %s", begun.resource["id"])
        return making.Made(Outcome.error(tk._("The check failed. The administrators can see why.")))
