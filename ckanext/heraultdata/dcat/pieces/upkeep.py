"""What the daily work does for the catalogue."""

from __future__ import annotations

from datetime import date, timedelta

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from flask import Flask

from ...database import engine_beside
from ...mailing.service import reading_in
from . import refreshing

_LOOKED_BACK = timedelta(days=7)
"""For days on which the daily work did not run."""
# The database's own trigger tells the datasets that follow it.
_COME_INTO_FORCE = sa.text(
    "UPDATE heraultdata_standard_version SET published_on = published_on "
    "WHERE published_on BETWEEN :since AND :today"
)


def refresh(application: Flask, today: date, say: refreshing.Say) -> int:
    """Bring up to date what no queue took, and tell of what left.

    Args:
        application: CKAN's Flask application.
        today: the date in Paris; versions of standards that are published by it count.
        say: told how far it is.

    Returns:
        The number of datasets that were serialised.
    """
    with engine_beside().begin() as connection:
        connection.execute(_COME_INTO_FORCE, {"since": today - _LOOKED_BACK, "today": today})
    with reading_in(application, tk.config["ckan.locale_default"]):
        return refreshing.refresh(say=say)
