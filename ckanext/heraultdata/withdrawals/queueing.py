"""Jobs that follow a commit, and that the daily work does where no queue takes them."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import ckan.plugins.toolkit as tk

log = logging.getLogger(__name__)


def queue(job: Callable[..., None], arguments: Sequence[str], title: str, seconds: int) -> None:
    """Queue a job; never raises.

    Args:
        job: the function.
        arguments: what it takes.
        title: what CKAN's list of jobs calls it.
        seconds: after which it is stopped.
    """
    try:
        tk.enqueue_job(job, list(arguments), title=title, rq_kwargs={"timeout": seconds})
    except Exception:
        # Whatever keeps the queue from taking it, what it is to do is written in the database.
        log.exception("Not queued, left to the daily work: %s", title)
