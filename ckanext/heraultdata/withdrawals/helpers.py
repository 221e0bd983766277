"""What templates need to know of withdrawals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import ckan.model as model

from .. import pages
from ..partners import service as partners
from . import platform_wording, wording


def heraultdata_withdrawal_reason_name(reason_class: str) -> str:
    """A class of reason, as the public reads it."""
    return wording.reason_name(reason_class)


def heraultdata_withdrawal_state_name(state: str) -> str:
    """A state of a request."""
    return wording.state_name(state)


def heraultdata_withdrawal_item_state_name(state: str) -> str:
    """A state of a dataset or file of a request."""
    return wording.item_state_name(state)


def heraultdata_may_ask_withdrawal(package: Mapping[str, Any]) -> bool:
    """Whether the reader may ask for the withdrawal of a dataset: a partner's, not yet withdrawn.

    Args:
        package: the dataset as `package_show` gives it.
    """
    owner = package.get("organization")
    if not owner or package["state"] != model.State.ACTIVE:
        return False
    if not pages.may("heraultdata_withdrawal_create", organization_id=owner["id"]):
        return False
    return partners.is_partner(owner["id"])


def heraultdata_withdrawal_copies(
    followups: Sequence[Mapping[str, Any]],
) -> list[platform_wording.CopiesOfPlatform]:
    """The copies of a request at other platforms, in words.

    Args:
        followups: as a request answers them.
    """
    return platform_wording.by_platform(followups)
