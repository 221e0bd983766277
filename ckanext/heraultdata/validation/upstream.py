"""The one door to ckanext-validation: imports its pieces, past what stops them on a current CKAN.

Its `settings.py` wants `tabulator`, an archived package that drags a dozen others in for one table
of names; it carries a copy of that table for when the package is absent, but waits for a
`NameError` where Python raises an `ImportError`. The stand-in below raises what it waits for. Its
`validators.py` wants `tableschema`, archived too: this room's does the same with frictionless.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import NoReturn

_TABLE_OF_PARSERS = "tabulator.config"


def _parsers_missing(name: str) -> NoReturn:
    raise NameError(name)


@contextmanager
def _tabulator_or_its_absence() -> Iterator[None]:
    """Let upstream fall back on its own table of parsers where tabulator is not installed."""
    if importlib.util.find_spec("tabulator") is not None:
        yield
        return
    stand_in = ModuleType(_TABLE_OF_PARSERS)
    stand_in.__getattr__ = _parsers_missing
    sys.modules[_TABLE_OF_PARSERS] = stand_in
    try:
        yield
    finally:
        del sys.modules[_TABLE_OF_PARSERS]


with _tabulator_or_its_absence():
    from ckanext.validation import cli, helpers, interfaces, jobs, settings, utils, views
    from ckanext.validation.logic import action, auth
    from ckanext.validation.model import Validation

DIRECTORY = Path(settings.__file__).parent

__all__ = [
    "DIRECTORY",
    "Validation",
    "action",
    "auth",
    "cli",
    "helpers",
    "interfaces",
    "jobs",
    "settings",
    "utils",
    "views",
]
