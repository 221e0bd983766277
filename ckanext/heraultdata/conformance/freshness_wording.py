"""Freshness in words: how often data is to be updated, and whether that was done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import ckan.plugins.toolkit as tk
import yaml

from ..messages import N_
from ..words import reader_locale
from .freshness import FreshnessStatus

_STATUSES: Mapping[FreshnessStatus, str] = {
    FreshnessStatus.LATE: N_("Update late"),
    FreshnessStatus.FRESH: N_("Up to date"),
}
_DATASET_FIELDS = Path(__file__).parents[1] / "schemas" / "dataset.yaml"


def freshness_names() -> dict[str, str]:
    """The statuses in the reader's language, what is late first."""
    return {status.value: tk._(name) for status, name in _STATUSES.items()}


def frequency_name(frequency: str) -> str:
    """A frequency as the form of a dataset calls it, in the reader's language.

    Args:
        frequency: its address in the European vocabulary.
    """
    labels = _frequencies()[frequency]
    return labels.get(reader_locale()[:2]) or labels["en"]


@cache
def _frequencies() -> dict[str, dict[str, str]]:
    fields = yaml.safe_load(_DATASET_FIELDS.read_text(encoding="utf-8"))["dataset_fields"]
    [frequency] = [field for field in fields if field["field_name"] == "frequency"]
    return {choice["value"]: choice["label"] for choice in frequency["choices"]}
