"""What every action does at its edges: check what comes in, and put refusals into words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, Schema

from .arguments import errors_of_shape, without_blanks
from .messages import RuleError
from .words import sentence

DEFAULT_LIMIT = 50
Item = TypeVar("Item")


def validated(data_dict: Mapping[str, Any], schema: Schema, context: Context) -> dict[str, Any]:
    """Check the arguments of an action against its schema; unknown keys are refused.

    What is blank counts as left out.

    Args:
        data_dict: what the caller sent.
        schema: CKAN validators by key.
        context: the context of the action.

    Returns:
        The converted values; keys that were left out are absent.

    Raises:
        tk.ValidationError: with a sentence for each field at fault.
    """
    misshapen = errors_of_shape(data_dict, schema)
    fit = {key: value for key, value in data_dict.items() if key not in misshapen}
    data, errors = tk.navl_validate(without_blanks(fit), schema, context)
    errors = {**errors, **misshapen}
    if errors:
        raise tk.ValidationError(errors)
    return data


def page_of(found: Sequence[Item], data: Mapping[str, Any]) -> Sequence[Item]:
    """The results of the page that an action was asked for, by `limit` and `offset`.

    Args:
        found: all the results.
        data: the arguments, validated.
    """
    offset = data.get("offset", 0)
    return found[offset : offset + data.get("limit", DEFAULT_LIMIT)]


@contextmanager
def transition() -> Iterator[None]:
    """Run a service's transition: whatever it refuses leaves nothing behind.

    Raises:
        tk.ValidationError: where a rule refuses, with the sentence on the field at fault.
    """
    try:
        yield
    except RuleError as refusal:
        model.Session.rollback()
        raise tk.ValidationError({refusal.field: [sentence(refusal.message)]}) from refusal
    except Exception:
        model.Session.rollback()
        raise
