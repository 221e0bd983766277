"""The columnar path: a large text checked by columns, with the same report as by records."""

from __future__ import annotations

from .path import check_columns

__all__ = ["check_columns"]
