"""Validators that the rooms share: plain text, dates, addresses, choices, pages of lists."""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Iterable
from datetime import date, datetime
from enum import Enum

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context, FlattenDataDict, FlattenErrorDict, FlattenKey, Validator

_TAG = re.compile(r"<[a-zA-Z/!?][^>]{0,40}>?")
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\[\]\\]+@[\w-]+(?:\.[\w-]+)+")
_LONGEST_ADDRESS = 254
MOST_RESULTS = 1000
_LAST_YEAR = 9000
_FRENCH_DATE_FORMATS = ("%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y")


def is_keepable(texts: Iterable[str]) -> bool:
    """Whether the database can keep texts: it takes no NUL, nor half of a surrogate pair.

    Args:
        texts: the texts.
    """
    return not any(_UNKEEPABLE.search(text) for text in texts)


def refuse_unkeepable(value: object) -> None:
    """Refuse the characters that the database cannot keep: NUL, and halves of a surrogate pair.

    Raises:
        tk.Invalid: the value is a text that holds one.
    """
    if isinstance(value, str) and not is_keepable([value]):
        raise tk.Invalid(
            tk._("This text holds a character that cannot be kept: type it again, without pasting.")
        )


def heraultdata_keepable(
    key: FlattenKey, data: FlattenDataDict, errors: FlattenErrorDict, context: Context
) -> None:
    """Refuse what the database cannot keep, before a validator asks the database for it."""
    try:
        refuse_unkeepable(data.get(key))
    except tk.Invalid as refusal:
        errors[key].append(refusal.error)
        raise tk.StopOnError from refusal


def heraultdata_plain_text(max_length: int) -> Validator:
    """Make a validator that takes text without HTML, of at most so many characters.

    Args:
        max_length: the most characters.
    """

    def plain_text(value: object) -> object:
        if value is None or value is tk.missing:
            return value
        if not isinstance(value, str):
            raise tk.Invalid(tk._("Write text here."))
        refuse_unkeepable(value)
        text = value.strip()
        tag = _TAG.search(text)
        if tag:
            raise tk.Invalid(
                tk._("Write plain text: HTML is not accepted here, remove {tag}").format(
                    tag=tag.group()
                )
            )
        if len(text) > max_length:
            raise tk.Invalid(
                tk._("Too long: {length} characters, the most is {most}.").format(
                    length=len(text), most=max_length
                )
            )
        return text

    return plain_text


def heraultdata_date(value: object) -> object:
    """Take a date written YYYY-MM-DD, and leave it as it is written."""
    parsed = heraultdata_date_value(value)
    return parsed.isoformat() if isinstance(parsed, date) else parsed


def heraultdata_date_value(value: object) -> object:
    """Take a date written YYYY-MM-DD, and give it as a `date`; what is empty stays as it is."""
    if value is None or value is tk.missing or value == "":
        return value
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    text = str(value).strip()
    if not _ISO_DATE.fullmatch(text):
        raise tk.Invalid(_not_written_as_a_date(text))
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise tk.Invalid(tk._("{value} is not a day of the calendar.").format(value=text)) from None


def day_to_reckon(value: object) -> object:
    """Take a date like `heraultdata_date_value`, near enough for its anniversaries to have dates.

    The calendar of the extension ends with the year 9999.
    """
    day = heraultdata_date_value(value)
    if isinstance(day, date) and day.year > _LAST_YEAR:
        raise tk.Invalid(
            tk._("{value} is too far ahead: the last year is {last}.").format(
                value=day.isoformat(), last=_LAST_YEAR
            )
        )
    return day


def _not_written_as_a_date(text: str) -> str:
    for date_format in _FRENCH_DATE_FORMATS:
        try:
            meant = datetime.strptime(text, date_format).date()  # noqa: DTZ007 - a day, no moment
        except ValueError:
            continue
        return tk._("Write the date as year-month-day: {meant} instead of {value}.").format(
            meant=meant.isoformat(), value=text
        )
    return tk._("{value} is not a date: write year-month-day, for example 2024-02-26.").format(
        value=text[:40]
    )


def values_of(choices: type[Enum]) -> tuple[str, ...]:
    """The values of an enumeration of strings, in its order."""
    return tuple(str(choice.value) for choice in choices)


def one_of(choices: Collection[str]) -> Validator:
    """Make a validator that takes one of these words."""

    def chosen(value: object) -> object:
        return _chosen(value, choices)

    return chosen


def _chosen(value: object, choices: Collection[str]) -> str:
    if isinstance(value, str) and value in choices:
        return value
    raise tk.Invalid(
        tk._("{value} is none of: {choices}.").format(
            value=str(value)[:40], choices=", ".join(choices)
        )
    )


def flag(value: object) -> bool:
    """Take true or false, as JSON or a form writes it."""
    return value if isinstance(value, bool) else _chosen(value, ("true", "false")) == "true"


def member_of(choices: type[Enum]) -> Validator:
    """Make a validator that takes the value of a member of an enumeration, and gives the member.

    Args:
        choices: the enumeration, with strings as values.
    """

    def member(value: object) -> object:
        word = value.value if isinstance(value, choices) else value
        return choices(_chosen(word, values_of(choices)))

    return member


def heraultdata_email(value: object) -> object:
    """Take an e-mail address, without the spaces around it."""
    if value is None or value is tk.missing or value == "":
        return value
    address = str(value).strip()
    refuse_unkeepable(address)
    if len(address) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(address):
        raise tk.Invalid(
            tk._("{value} is not an e-mail address: write it like name@commune.example.").format(
                value=address[:80]
            )
        )
    return address


def organization_id(value: object) -> object:
    """Take the identifier or the name of an organisation, and give its identifier."""
    organization = model.Group.get(str(value))
    if (
        organization is None
        or not organization.is_organization
        or organization.state != model.State.ACTIVE
    ):
        raise tk.Invalid(tk._("There is no organisation {value}.").format(value=str(value)[:100]))
    return organization.id


def identifiers(value: object) -> list[str]:
    """Take a list of identifiers or names, or one alone, as a form of one field sends it.

    Returns:
        Each once, in their order; those that are empty are left out.
    """
    listed = [value] if isinstance(value, str) else value
    if not isinstance(listed, (list, tuple)) or not all(isinstance(each, str) for each in listed):
        raise tk.Invalid(tk._("Give a list of identifiers here."))
    for each in listed:
        refuse_unkeepable(each)
    return list(dict.fromkeys(each.strip() for each in listed if each.strip()))


def limit(value: object) -> object:
    """Take the number of results of a page, at most 1 000."""
    return _whole_number(value, MOST_RESULTS)


def offset(value: object) -> object:
    """Take the number of results to pass over."""
    return _whole_number(value, sys.maxsize)


def _whole_number(value: object, most: int) -> int:
    try:
        number = int(str(value))
    except ValueError:
        number = -1
    if not 0 <= number <= most:
        raise tk.Invalid(tk._("Give a whole number from 0 to {most} here.").format(most=most))
    return number
