"""The engine of CKAN's database, for what must see it from outside the transaction under way."""

from __future__ import annotations

import ckan.model as model
from sqlalchemy.engine import Engine


def engine() -> Engine:
    """The engine of the running site.

    Raises:
        RuntimeError: CKAN has not been configured yet.
    """
    if model.meta.engine is None:
        raise RuntimeError("CKAN's database is not configured yet")
    return model.meta.engine
