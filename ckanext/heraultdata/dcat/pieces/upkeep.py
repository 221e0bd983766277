"""What the daily work does for the catalogue."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Flask

from ...mailing.service import reading_in
from . import refreshing


def refresh(application: Flask, say: refreshing.Say) -> int:
    """Bring up to date what no queue took, and tell of what left.

    Args:
        application: CKAN's Flask application.
        say: told how far it is.

    Returns:
        The number of datasets that were serialised.
    """
    with reading_in(application, tk.config["ckan.locale_default"]):
        return refreshing.refresh(say=say)
