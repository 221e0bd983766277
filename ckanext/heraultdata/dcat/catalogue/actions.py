"""ckanext-dcat's actions, answered with the documents that its addresses serve."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Action, Context

from ...messages import RuleError
from ...validators import is_keepable
from ...words import sentence
from ..pieces import reading
from . import parameters
from .addresses import is_served
from .choosing import chosen
from .documents import Dataset, Document, Page
from .formats import FORMATS, Format, named
from .other_profiles import OtherDataset, OtherPage


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_show(next_action: Action, context: Context, data_dict: dict[str, Any]) -> str:
    """Give a page of the catalogue, the same as its address: what is public, whoever asks.

    Args:
        next_action: of ckanext-dcat.
        context: CKAN's context.
        data_dict: `page`, `modified_since`, `q`, `fq`, `profiles`, `format` (`xml` by default), all
            optional.

    Raises:
        tk.ValidationError: one of them is not what it must be.
    """
    tk.check_access("dcat_catalog_show", context, data_dict)
    if not is_served():
        return next_action(context, data_dict)
    return _catalogue(data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_catalog_search(next_action: Action, context: Context, data_dict: dict[str, Any]) -> str:
    """Give a page of what is found in the catalogue: see `dcat_catalog_show`."""
    tk.check_access("dcat_catalog_search", context, data_dict)
    if not is_served():
        return next_action(context, data_dict)
    return _catalogue(data_dict)


@tk.chained_action
@tk.side_effect_free
def dcat_dataset_show(next_action: Action, context: Context, data_dict: dict[str, Any]) -> str:
    """Give the description of a public dataset, the same as its address.

    Args:
        next_action: of ckanext-dcat.
        context: CKAN's context.
        data_dict: `id` (or the name); `profiles` and `format` (`xml` by default) are optional.

    Raises:
        tk.ObjectNotFound: there is no such public dataset.
        tk.ValidationError: a value is not what it must be.
    """
    tk.check_access("dcat_dataset_show", context, data_dict)
    if not is_served():
        return next_action(context, data_dict)
    name_or_id = str(tk.get_or_bust(data_dict, "id"))
    with _refusals():
        form = _form(data_dict)
        profiles = parameters.profiles(data_dict.get("profiles"))
        piece = None
        if is_keepable([name_or_id]):
            piece = reading.of_dataset(name_or_id, form.serialisation)
        if piece is None:
            raise tk.ObjectNotFound(tk._("There is no public dataset of this name."))
        source = OtherDataset(piece, profiles, form) if profiles else Dataset(piece, form)
        return _text(source.document())


def _catalogue(data_dict: dict[str, Any]) -> str:
    with _refusals():
        form = _form(data_dict)
        asked = parameters.asked(data_dict)
        found = chosen(asked)
        page = OtherPage(asked, found, form) if asked.profiles else Page(asked, found, form)
        return _text(page.document())


def _form(data_dict: dict[str, Any]) -> Format:
    form = named(str(data_dict.get("format") or "xml"))
    if form is None:
        raise tk.ValidationError(
            {"format": [tk._("Give one of {names}.").format(names=", ".join(FORMATS))]}
        )
    return form


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except RuleError as refusal:
        raise tk.ValidationError({refusal.field: [sentence(refusal.message)]}) from refusal


def _text(made: Document) -> str:
    return "".join(made.parts)
