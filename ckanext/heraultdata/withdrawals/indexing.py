"""The search index made to say what the database says of datasets, by batch."""

from __future__ import annotations

from collections.abc import Collection

import ckan.model as model
import ckan.plugins.toolkit as tk
import pysolr
import sqlalchemy as sa
from ckan.lib import search
from ckan.lib.search.common import make_connection

from ..messages import N_, Message
from .work_errors import WorkError

_SILENT = N_("The search engine does not answer, or refuses: {reason}.")
_REFUSED = N_("The search engine does not take the dataset {dataset}: {reason}.")


def follow(package_ids: Collection[str]) -> dict[str, WorkError]:
    """Index the datasets that are active, and take the others out of the index.

    Args:
        package_ids: the datasets; those that are no more count as not active.

    Returns:
        What could not be done, by dataset.

    Raises:
        WorkError: nothing could be done.
    """
    active = _active(package_ids)
    failures: dict[str, WorkError] = {}
    try:
        _remove(sorted(set(package_ids) - active))
        for package_id in sorted(active):
            failure = _index(package_id)
            if failure is not None:
                failures[package_id] = failure
        search.commit()
    except (pysolr.SolrError, search.SearchError, OSError) as error:
        reason = type(error).__name__
        raise WorkError(Message(_SILENT, {"reason": reason})) from error
    return failures


def _active(package_ids: Collection[str]) -> set[str]:
    # What this session read before does not count.
    model.Session.rollback()
    query = sa.select(model.Package.id).where(
        model.Package.id.in_(package_ids), model.Package.state == model.State.ACTIVE
    )
    return set(model.Session.scalars(query))


def _remove(package_ids: Collection[str]) -> None:
    if not package_ids:
        return
    named = " OR ".join(f'"{package_id}"' for package_id in package_ids)
    site = tk.config["ckan.site_id"]
    make_connection().delete(
        q=f'+entity_type:package +site_id:"{site}" +id:({named})', commit=False
    )


def _index(package_id: str) -> WorkError | None:
    try:
        search.rebuild(package_ids=[package_id])
    except (pysolr.SolrError, search.SearchError) as error:
        if not search.is_available():
            raise
        values: dict[str, object] = {"dataset": package_id, "reason": type(error).__name__}
        return WorkError(Message(_REFUSED, values))
    finally:
        model.Session.rollback()
    return None
