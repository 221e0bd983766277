"""Validators of the fields of datasets and files, as `schemas/dataset.yaml` names them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.model.license import LicenseRegister
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator
from flask import has_request_context

from ckanext.scheming.helpers import scheming_field_choices, scheming_language_text
from ckanext.scheming.validation import scheming_validator

from ..partners.validators import heraultdata_siren, heraultdata_siret
from ..validators import heraultdata_date_value
from . import licences, territories

_DRAFT = "draft"
_FIRST_PAGE = "1"
_SIREN_LENGTH = 9
_KEPT_HERE = ("upload", "datastore", "tabledesigner")
_ONLY_A_TABLE = "_datastore_only_resource"
"""The address that CKAN gives to a table of the DataStore that is of no file."""
_LONGEST_URL = 2000
_WHOLE_NUMBER = re.compile(r"[0-9]{1,20}")
_MOST = 2**63 - 1
_STANDARD_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,98}[a-z0-9])?")
_KEYWORD = re.compile(r"[\w \-.]{2,100}")

Field = Mapping[str, object]


def is_empty(value: object) -> bool:
    """Whether a field holds nothing, as a form, a program or CKAN say it."""
    return value is None or value is tk.missing or value in ("", "[]", [], {})


# --------------------------------------------------------------------------- compulsory fields


@scheming_validator
def heraultdata_compulsory(field: Field, schema: Field) -> Validator:
    """Make a validator that asks for the field.

    Not of a draft, unless it comes from the first page of the form.
    """

    def compulsory(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if _form_page(data) == _FIRST_PAGE or not _is_draft(data, context):
            _ask_for(field, key, data, errors)

    return compulsory


@scheming_validator
def heraultdata_compulsory_in_form(field: Field, schema: Field) -> Validator:
    """Make a validator that asks for the field on the first page of the form alone.

    Programs may leave it out.
    """

    def compulsory(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        if _form_page(data) == _FIRST_PAGE:
            _ask_for(field, key, data, errors)

    return compulsory


def _ask_for(
    field: Field, key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict
) -> None:
    value = data.get(key)
    if errors.get(key) or not (is_empty(value) or _is_blank(value)):
        return
    errors[key].append(
        tk._("“{field}” is compulsory: fill it in.").format(
            field=scheming_language_text(field["label"], prefer_lang=_language())
        )
    )
    raise tk.StopOnError


def _language() -> str:
    # Programs and jobs act outside a request, and then nobody's language is known.
    return tk.h.lang() if has_request_context() else tk.config["ckan.locale_default"]


def _is_blank(value: object) -> bool:
    return isinstance(value, str) and value.isspace()


def _form_page(data: FlattenDataDict) -> str | None:
    others = data.get(("__extras",))
    phase = others.get("_ckan_phase") if isinstance(others, dict) else None
    # CKAN's form sends a phase of its own before that of ckanext-scheming.
    return phase[-1] if isinstance(phase, list) else phase


def _is_draft(data: FlattenDataDict, context: Context) -> bool:
    state = data.get(("state",))
    package = context.get("package")
    if is_empty(state):
        state = package.state if package is not None else model.State.ACTIVE
    return str(state).startswith(_DRAFT)


# --------------------------------------------------------------------------- controlled lists


@scheming_validator
def heraultdata_choice(field: Field, schema: Field) -> Validator:
    """Make a validator that takes one value of the field's list."""

    def choice(value: object) -> object:
        if not is_empty(value):
            _refuse_outside([value], _values(field))
        return value

    return choice


@scheming_validator
def heraultdata_choices(field: Field, schema: Field) -> Validator:
    """Make a validator that takes values of the field's list, and gives them in its order as JSON.

    It takes a list, one value, or nothing; empty strings, which a form sends to say that
    no box is ticked, do not count.
    """

    def choices(value: object) -> str:
        given = [] if value is None or value is tk.missing else value
        if isinstance(given, str):
            given = list_in_json(given) or [given]
        if not isinstance(given, list):
            raise tk.Invalid(tk._("Give a list of values here."))
        chosen = [item for item in given if item != ""]
        allowed = _values(field)
        _refuse_outside(chosen, allowed)
        return json.dumps([item for item in allowed if item in chosen])

    return choices


def _values(field: Field) -> list[str]:
    return [choice["value"] for choice in scheming_field_choices(field) or []]


def _refuse_outside(given: list[object], allowed: list[str]) -> None:
    for value in given:
        if value not in allowed:
            raise tk.Invalid(
                tk._("{value} is not in the list. Choose among: {choices}.").format(
                    value=str(value)[:100], choices=", ".join(allowed)
                )
            )


def list_in_json(text: str) -> list[object] | None:
    """The list that a text holds as JSON, None where it holds none."""
    if not text.startswith("["):
        return None
    try:
        values = json.loads(text)
    except ValueError:
        return None
    return values if isinstance(values, list) else None


def heraultdata_licence(value: object, context: Context) -> str:
    """Take a licence that the site knows, by identifier, alias or European address.

    A licence that the dataset has borne before is left to it.
    """
    identifier = licences.identifier(str(value).strip())
    known = model.Package.get_license_register()
    package = context.get("package")
    if identifier in known or (package is not None and package.license_id == value):
        return identifier
    raise tk.Invalid(
        tk._("The portal does not know the licence {value}. Choose among: {choices}.").format(
            value=str(value)[:100], choices=", ".join(offered_licences(known))
        )
    )


def offered_licences(register: LicenseRegister) -> list[str]:
    """Identifiers of the licences of the site that a form offers."""
    return [
        name
        for name, licence in register.items()
        if getattr(licence, "status", "active") == "active"
    ]


# --------------------------------------------------------------------------- single values


def heraultdata_keywords(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Take keywords separated by commas, of 2 to 100 letters, digits, spaces, `-`, `_` and `.`.

    The limits are those of CKAN's tags, told in words that say the way out.
    """
    value = data.get(key)
    if not isinstance(value, str):
        errors[key].append(tk._("Write text here."))
        raise tk.StopOnError
    keywords = value.split(",")
    for keyword in filter(None, (part.strip() for part in keywords)):
        if _KEYWORD.fullmatch(keyword):
            continue
        errors[key].append(
            tk._(
                "The keyword “{keyword}” cannot be kept: write 2 to 100 letters, digits, spaces, "
                "hyphens or dots, without apostrophes, and a comma between two keywords."
            ).format(keyword=keyword[:100])
        )
        raise tk.StopOnError


def heraultdata_whole_number(value: object) -> object:
    """Take a whole number that is not negative, and give it as an int; None where it is empty."""
    if value is tk.missing:
        return value
    if value is None or value == "":
        return None
    text = str(value).replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
    if isinstance(value, bool) or not _WHOLE_NUMBER.fullmatch(text) or int(text) > _MOST:
        raise tk.Invalid(
            tk._("Write a whole number, without a sign or decimals: {value} is not one.").format(
                value=str(value)[:40]
            )
        )
    return int(text)


def heraultdata_url(value: object) -> object:
    """Take an address of the web with its scheme (http or https)."""
    if is_empty(value):
        return value
    address = str(value).strip()
    if not _is_web_address(address):
        raise tk.Invalid(_no_address(address))
    return address


def heraultdata_each_url(value: object) -> object:
    """Take a list of addresses of the web, as the JSON that scheming makes of several texts."""
    for address in list_in_json(str(value)) or []:
        if not _is_web_address(str(address)):
            raise tk.Invalid(_no_address(str(address)))
    return value


def heraultdata_file_url(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Take the address of a file elsewhere; that of a file kept by the portal is its own name."""
    value = data.get(key)
    if is_empty(value) or data.get((*key[:-1], "url_type")) in _KEPT_HERE:
        return
    # CKAN 2.11 makes a table without a file in two steps, of which the first says no `url_type`.
    if value != _ONLY_A_TABLE and not _is_web_address(str(value)):
        errors[key].append(_no_address(str(value)))


def _is_web_address(address: str) -> bool:
    if len(address) > _LONGEST_URL or re.search(r"[\s<>\"]", address):
        return False
    try:
        parts = urlsplit(address)
        return parts.scheme in ("http", "https", "ftp") and bool(parts.hostname)
    except ValueError:
        return False


def _no_address(address: str) -> str:
    return tk._(
        "{value} is not a web address: write it whole, for example https://www.commune.example."
    ).format(value=address[:80])


def heraultdata_siret_or_siren(value: object) -> object:
    """Take a SIRET, or a SIREN where there are nine characters or fewer."""
    if is_empty(value):
        return value
    length = len(str(value).replace(" ", ""))
    return heraultdata_siren(value) if length <= _SIREN_LENGTH else heraultdata_siret(value)


def heraultdata_standard_name(value: object) -> object:
    """Take the name of a standard: lower-case letters, digits and hyphens, at most 100."""
    if is_empty(value):
        return value
    name = str(value).strip()
    if not _STANDARD_NAME.fullmatch(name):
        raise tk.Invalid(
            tk._(
                "{value} is not the name of a standard: it is made of lower-case letters, "
                "digits and hyphens, for example scdl-deliberations."
            ).format(value=name[:100])
        )
    return name


def heraultdata_not_before(start: str) -> Validator:
    """Make a validator that refuses a day before that of another field of the same group.

    Args:
        start: name of the field with the first day.
    """

    def not_before(
        key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
    ) -> None:
        first, last = _day(data.get((*key[:-1], start))), _day(data.get(key))
        if errors.get(key) or first is None or last is None or first <= last:
            return
        errors[key].append(
            tk._("The last day ({last}) comes before the first ({first}): swap them.").format(
                first=first, last=last
            )
        )

    return not_before


def _day(value: object) -> str | None:
    try:
        day = heraultdata_date_value(value)
    except tk.Invalid:
        return None
    return None if is_empty(day) else str(day)


# --------------------------------------------------------------------------- territories


def heraultdata_place_code(value: object) -> object:
    """Take the code of a commune, an EPCI or a département.

    Those of the communes of the département must exist; of others the form is checked.
    """
    if is_empty(value):
        return value
    code = str(value).replace(" ", "").upper()
    if not territories.is_code(code):
        raise tk.Invalid(
            tk._(
                "{value} is not a code: write the INSEE code of a commune (34010), the SIREN of "
                "an EPCI (243400694) or the number of a département (34)."
            ).format(value=code[:40])
        )
    if len(code) == _SIREN_LENGTH:
        return heraultdata_siren(code)
    if territories.unknown_here(code, territories.listed_department()):
        raise tk.Invalid(
            tk._("No commune of the département has the INSEE code {value}: check it.").format(
                value=code
            )
        )
    return code
