"""The engine of CKAN's database, and one that sees it from outside the transaction under way."""

from __future__ import annotations

from functools import lru_cache

import ckan.model as model
import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine
from sqlalchemy.pool import NullPool


def engine() -> Engine:
    """The engine of the running site.

    Raises:
        RuntimeError: CKAN has not been configured yet.
    """
    if model.meta.engine is None:
        raise RuntimeError("CKAN's database is not configured yet")
    return model.meta.engine


def engine_beside() -> Engine:
    """An engine for what is committed, read while the session of a request has changes under way.

    Its connections are none of the pool's: requests that hold one each, and waited for a second
    one of the same pool, would wait for one another.

    Raises:
        RuntimeError: CKAN has not been configured yet.
    """
    return _unpooled(engine().url)


@lru_cache(maxsize=1)
def _unpooled(url: URL) -> Engine:
    return sa.create_engine(url, poolclass=NullPool)
