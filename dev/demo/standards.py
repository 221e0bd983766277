"""The standards that the département of the demo sets: one of its own, and one that it adopted."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import ckan.plugins.toolkit as tk
from dateutil.relativedelta import relativedelta

from .calls import call

WATER_POINTS = "points-eau-potable"
DELIBERATIONS = "scdl-deliberations"
_ADOPTED_VERSION = "2.1.5"
_ADOPTED_ON = "2024-06-03"
_FILES = Path(__file__).parent / "files"


def ensure(user: str, today: date) -> None:
    """Publish the territorial standard, an invented one, and adopt a national one.

    Args:
        user: who records them.
        today: the day from which the days of publication are counted, so that the first version
            of the territorial standard is due and the second falls due soon.
    """
    _adopt(user)
    if not _is_there(user):
        call(
            user,
            "heraultdata_standard_create",
            name=WATER_POINTS,
            title="Points d’eau potable",
            level="territorial",
            issuer="Département de l'Hérault",
            description="Fontaines, bornes et robinets publics où remplir une gourde (exemple"
            " inventé). Le fichier contient un point d’eau par ligne.",
        )
    _publish(user, "1.0.0", today - relativedelta(months=26))
    _publish(user, "2.0.0", today - relativedelta(months=10))


def _adopt(user: str) -> None:
    version = {"standard": DELIBERATIONS, "version": _ADOPTED_VERSION}
    if call(user, "heraultdata_standard_version_show", **version)["adopted_on"] is None:
        call(
            user,
            "heraultdata_standard_version_update",
            **version,
            adopted_on=_ADOPTED_ON,
            legal_reference="Convention de partenariat, article 5",
        )


def _is_there(user: str) -> bool:
    try:
        call(user, "heraultdata_standard_show", name=WATER_POINTS)
    except tk.ObjectNotFound:
        return False
    return True


def _publish(user: str, version: str, day: date) -> None:
    known = call(user, "heraultdata_standard_version_list", standard=WATER_POINTS)["results"]
    if any(each["version"] == version for each in known):
        return
    call(
        user,
        "heraultdata_standard_version_create",
        standard=WATER_POINTS,
        version=version,
        kind="table",
        schema=(_FILES / f"points-eau-{version}.json").read_text(encoding="utf-8"),
        published_on=day.isoformat(),
    )
