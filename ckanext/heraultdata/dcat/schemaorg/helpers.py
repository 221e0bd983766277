"""What the pages ask for search engines."""

from __future__ import annotations

from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from . import catalogue


def heraultdata_catalogue_json_ld() -> Markup:
    """The catalogue as JSON-LD, which no title can break out of."""
    return htmlsafe_json_dumps(catalogue.described())
