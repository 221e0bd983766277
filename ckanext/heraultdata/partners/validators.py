"""Validators of the fields of a partner organisation."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.fr import siren, siret

from .. import access

_INSEE_CODE = re.compile(r"(?:\d{2}|2[AB])\d{3}")


def heraultdata_siren(value: object) -> object:
    """Take a SIREN with a right key, and give its 9 digits without spaces."""
    return _numbered(value, siren, "SIREN", 9)


def heraultdata_siret(value: object) -> object:
    """Take a SIRET with a right key, and give its 14 digits without spaces."""
    return _numbered(value, siret, "SIRET", 14)


def _numbered(value: object, kind: object, name: str, digits: int) -> object:
    if value is None or value is tk.missing or value == "":
        return value
    text = str(value).strip()
    try:
        return kind.validate(text)  # type: ignore[attr-defined]
    except InvalidLength:
        sentence = tk._("A {name} has {digits} digits: {value} does not.")
    except InvalidChecksum:
        sentence = tk._("{value} is no {name}: its key is wrong, a digit was probably mistyped.")
    except ValidationError:
        sentence = tk._("A {name} is made of {digits} digits only: {value} is not.")
    raise tk.Invalid(sentence.format(name=name, digits=digits, value=text[:40]))


def heraultdata_insee_code(value: object) -> object:
    """Take the five-character INSEE code of a commune."""
    if value is None or value is tk.missing or value == "":
        return value
    code = str(value).strip().upper()
    if not _INSEE_CODE.fullmatch(code):
        raise tk.Invalid(
            tk._("An INSEE code has five characters, such as 34114: {value} has not.").format(
                value=code[:40]
            )
        )
    return code


def heraultdata_department_only(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Let only the département change the field: for others what stands stays.

    A value left out by a partner's admin is put back; another value is an error.
    """
    if access.is_department(context):
        return
    organization = context.get("group")
    stands = organization.extras.get(key[-1]) if organization else None
    value = data.get(key)
    if value is None or value is tk.missing or value == "":
        if stands:
            data[key] = stands
        return
    if str(value).strip() != (stands or ""):
        errors[key].append(
            tk._("Only the département can change this. Write to it if this is wrong.")
        )
