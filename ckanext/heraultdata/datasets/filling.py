"""Validators that fill in what was left empty: names of places, legislation, the partner's own."""

from __future__ import annotations

import json
from collections.abc import Callable

import ckan.model as model
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey

from ..clock import today
from ..partners.organization_fields import fields_of
from ..standards import published
from . import defaults, territories
from .standard_form import STANDARD_FIELD
from .validators import is_empty, list_in_json

HIGH_VALUE_REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"


def heraultdata_place_name(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Fill in the name of the territory from its code, where it is left empty."""
    _fill_in_from_code(key, data, territories.name_of)


def heraultdata_place_uri(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Fill in the address (URI) of the territory from its code, where it is left empty."""
    _fill_in_from_code(key, data, territories.address_of)


def _fill_in_from_code(
    key: FlattenKey, data: FlattenDataDict, found: Callable[[str], str | None]
) -> None:
    code = data.get((*key[:-1], "code"))
    if is_empty(data.get(key)) and isinstance(code, str):
        data[key] = found(code) or ""


def heraultdata_high_value_legislation(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Add the European regulation to the legislation of high-value data.

    Source: DCAT-AP 3.0.0, annex for high-value datasets (applicable legislation is compulsory).
    """
    categories = data.get(("hvd_category",))
    if not isinstance(categories, (list, str)) or is_empty(categories) or not any(categories):
        return
    addresses = list_in_json(str(data.get(key))) or []
    if HIGH_VALUE_REGULATION not in addresses:
        data[key] = json.dumps([*addresses, HIGH_VALUE_REGULATION])


def heraultdata_partner_defaults(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Give a new dataset the publisher, contact and territory of its organisation."""
    if context.get("package") is not None:
        return
    owner = data.get(("owner_org",))
    organization = None if is_empty(owner) else model.Group.get(str(owner))
    if organization is None or not organization.is_organization:
        return
    partner = defaults.Partner.of(organization.title or organization.name, fields_of(organization))
    department = territories.listed_department()
    groups = {
        "publisher": defaults.publisher(partner),
        "contact": defaults.contact(partner),
        "spatial_coverage": defaults.territory(partner, department),
    }
    for name, values in groups.items():
        _set_group(name, values, data)
    if is_empty(data.get(("spatial_granularity",))):
        data[("spatial_granularity",)] = defaults.granularity(partner) or _usual_level(data)


def _usual_level(data: FlattenDataDict) -> str:
    """The level of the data in the standard chosen, empty where none is chosen."""
    name = data.get((STANDARD_FIELD,))
    standard = published.one(name, today()) if isinstance(name, str) else None
    return str((standard and standard.dataset_defaults.get("spatial_granularity")) or "")


def _set_group(name: str, values: dict[str, str], data: FlattenDataDict) -> None:
    given = [key for key in data if key[0] == name and len(key) > 1]
    if any(not is_empty(data[key]) for key in given):
        return
    for subfield, value in values.items():
        data[(name, 0, subfield)] = value
