"""Custom checks of the State's validator: what Table Schema has no word for."""

from __future__ import annotations

from .catalogue import build_checks
from .model import BuiltChecks, CellRule, RowRule

__all__ = ["BuiltChecks", "CellRule", "RowRule", "build_checks"]
