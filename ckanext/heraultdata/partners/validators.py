"""Validators of the fields of a partner organisation."""

from __future__ import annotations

import re

import ckan.model as model
import ckan.plugins.toolkit as tk
import phonenumbers
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey
from stdnum.exceptions import InvalidChecksum, InvalidLength, ValidationError
from stdnum.fr import siren, siret

from .. import access
from .organization_fields import fields_of

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
    stands = fields_of(organization).get(key[-1]) if organization else None
    value = data.get(key)
    if value is None or value is tk.missing or value == "":
        if stands:
            data[key] = stands
        return
    if str(value).strip() != (stands or ""):
        errors[key].append(
            tk._("Only the département can change this. Write to it if this is wrong.")
        )


def heraultdata_phone(value: object) -> object:
    """Take a telephone number as people write it in France, and give it in E.164."""
    if value is None or value is tk.missing or value == "":
        return value
    text = str(value).strip()
    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise tk.Invalid(
            tk._("{value} is not a telephone number: write it like 04 67 67 67 67.").format(
                value=text[:40]
            )
        )
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def user_id(value: object) -> object:
    """Take the identifier or the name of an active user, and give the identifier."""
    user = model.User.get(str(value))
    if user is None or user.state != model.State.ACTIVE:
        raise tk.Invalid(tk._("There is no user {value}.").format(value=str(value)[:100]))
    return user.id
