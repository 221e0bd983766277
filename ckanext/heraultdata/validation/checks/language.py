"""The language in which reports are told to who asks."""

from __future__ import annotations

from typing import Any

from ...words import reader_locale
from ..engine.report import Report, as_dict


def reports_language() -> str:
    """`fr` or `en`: that of the reader, or of the site where nobody reads yet."""
    return "fr" if reader_locale().startswith("fr") else "en"


def told(report: Report) -> dict[str, Any]:
    """A report as the API answers it, in the reader's language."""
    return as_dict(report, reports_language())
