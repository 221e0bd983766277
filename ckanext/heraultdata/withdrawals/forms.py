"""What the forms of withdrawals hold, and what the actions are asked for with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import ckan.plugins.toolkit as tk

from ..messages import N_
from .kinds import Channel, Initiative, Scope

ASKED = ("reason_class", "reason", "urgent", "origin", "received_on")
"""The fields of the asking page beside what goes."""


class Step(str, Enum):
    """Which button of the asking pages was pressed."""

    SEARCH = "search"
    TICK_ALL = "tick_all"
    TICK_NONE = "tick_none"
    CHOSEN = "chosen"
    CHANGE = "change"
    PREVIEW = "preview"
    SEND = "send"


CHOOSING = frozenset({Step.SEARCH, Step.TICK_ALL, Step.TICK_NONE, Step.CHOSEN})
"""The buttons of the page on which datasets are chosen."""


class Origin(str, Enum):
    """Where a request that the département records comes from."""

    LETTER = "letter"
    MAIL = "mail"
    PHONE = "phone"
    DEPARTMENT = "department"


_ORIGINS: Mapping[Origin, str] = {
    Origin.LETTER: N_("The partner wrote a letter"),
    Origin.MAIL: N_("The partner wrote an e-mail"),
    Origin.PHONE: N_("The partner called: its confirmation in writing is waited for"),
    Origin.DEPARTMENT: N_("The département decides (article 9.1): a reason is compulsory"),
}


_FIELD_OF = {"channel": "origin", "initiative": "origin", "package_ids": "scope"}


@dataclass(frozen=True)
class Selection:
    """What a request is for."""

    scope: Scope
    package_ids: tuple[str, ...] = ()
    resource_ids: tuple[str, ...] = ()

    @property
    def package_ids_in_a_field(self) -> str:
        """The datasets in one field: a form of many parts would be refused."""
        return " ".join(self.package_ids)


def origin_names() -> dict[str, str]:
    """Where a request that the département records may come from, in the reader's language."""
    return {origin.value: tk._(name) for origin, name in _ORIGINS.items()}


def step_of(form: Mapping[str, str]) -> Step:
    """Which button was pressed; that which sends where the form names none that is known."""
    return next((step for step in Step if step.value == form.get("step")), Step.SEND)


def selection_of(form: Mapping[str, str], resource_ids: list[str]) -> Selection:
    """What the asking page says that goes.

    Args:
        form: the fields that were sent.
        resource_ids: the files that are ticked.
    """
    scope = next((each for each in Scope if each.value == form.get("scope")), Scope.DATASETS)
    return Selection(
        scope=scope,
        package_ids=tuple(form.get("package_ids", "").split()),
        resource_ids=tuple(resource_ids),
    )


def request_data(
    selection: Selection, typed: Mapping[str, str], is_department: bool
) -> dict[str, object]:
    """The arguments of `heraultdata_withdrawal_create`, without the organisation and the paper.

    Args:
        selection: what goes.
        typed: the other fields that are filled in.
        is_department: whether the département records it.
    """
    data: dict[str, object] = {
        "scope": selection.scope.value,
        "reason_class": typed.get("reason_class"),
        "reason": typed.get("reason"),
        "urgent": typed.get("urgent") == "true",
    }
    if selection.scope is Scope.DATASETS:
        data["package_ids"] = list(selection.package_ids)
    if selection.scope is Scope.RESOURCES:
        data["resource_ids"] = list(selection.resource_ids)
    if not is_department:
        return data | {"channel": Channel.PORTAL.value, "initiative": Initiative.PARTNER.value}
    return data | _origin_data(typed)


def _origin_data(typed: Mapping[str, str]) -> dict[str, object]:
    origin = typed.get("origin")
    if origin == Origin.DEPARTMENT.value:
        return {
            "channel": Channel.PORTAL.value,
            "initiative": Initiative.DEPARTMENT.value,
        }
    return {
        "channel": origin,
        "initiative": Initiative.PARTNER.value,
        "received_on": typed.get("received_on"),
    }


def errors_by_field(errors: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """The sentences of a refused request, by the field of the form at which they stand."""
    found: dict[str, list[str]] = {}
    for name, sentences in errors.items():
        found.setdefault(_FIELD_OF.get(name, name), []).extend(sentences)
    return found
