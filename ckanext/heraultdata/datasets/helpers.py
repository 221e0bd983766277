"""Template helpers of the forms and pages of datasets."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import ckan.plugins.toolkit as tk

from .validators import offered_licences


def heraultdata_licence_choices(field: Mapping[str, object]) -> list[dict[str, str]]:
    """The licences of the site that have an address, as choices of a field of scheming.

    Args:
        field: the field, which scheming passes to all its makers of choices.

    Returns:
        The address as `value` and the title as `label`.
    """
    register = model.Package.get_license_register()
    return [
        {"value": register[name].url, "label": register[name].title}
        for name in offered_licences(register)
        if register[name].url
    ]


def heraultdata_licence_options(current: str | None) -> list[dict[str, str]]:
    """The licences that the form of a dataset offers, and the one that it bears.

    Args:
        current: identifier of the licence that the dataset bears, if any.

    Returns:
        `value` and `text` of each option.
    """
    register = model.Package.get_license_register()
    names = offered_licences(register)
    if current and current not in names and current in register:
        names.append(current)
    return [{"value": name, "text": register[name].title} for name in names]


def heraultdata_uploads_enabled(kind: str) -> bool:
    """Whether files can be uploaded.

    Args:
        kind: what for, `resource` or `group`; CKAN asks for it from 2.12 on.
    """
    if tk.check_ckan_version(min_version="2.12"):
        return tk.h.uploads_enabled(kind)
    return tk.h.uploads_enabled()
