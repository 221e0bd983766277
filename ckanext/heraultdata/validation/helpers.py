"""Template helpers: upstream's own, but for the version of Bootstrap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import upstream


def bootstrap_version() -> str:
    """The answer that makes upstream's templates take their newer branch.

    It takes every theme but the classic one for Bootstrap 2, which no CKAN has had for years.
    """
    return "3"


def get_helpers() -> dict[str, Callable[..., Any]]:
    """The helpers by name."""
    return {**upstream.helpers.get_helpers(), "bootstrap_version": bootstrap_version}
