"""SIRET, SIREN and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

from ....messages import N_, Message
from ..cells import Value
from ..fields import CheckDescription
from ..wording import shortened
from .model import CellRule, Context, Found
from .params import text_param


def siret(check: CheckDescription, context: Context) -> CellRule | None:
    """The fourteen figures of an establishment, by their key (exception for La Poste)."""
    from stdnum.fr import siret as standard

    return _by_key(
        check,
        standard.is_valid,
        14,
        N_("Wrong SIRET"),
        N_(
            "“{found}” is not a SIRET: fourteen figures are expected, and here one at least is"
            " wrong, missing or too many. Example: 12002701600357."
        ),
    )


def siren(check: CheckDescription, context: Context) -> CellRule | None:
    """The nine figures of an organisation, by their key."""
    from stdnum.fr import siren as standard

    return _by_key(
        check,
        standard.is_valid,
        9,
        N_("Wrong SIREN"),
        N_(
            "“{found}” is not a SIREN: nine figures are expected, and here one at least is"
            " wrong, missing or too many. Example: 120027016."
        ),
    )


def _by_key(
    check: CheckDescription,
    is_valid: Callable[[str], bool],
    length: int,
    title: str,
    template: str,
) -> CellRule | None:
    def test(value: Value) -> Found | None:
        text = str(value)
        return None if is_valid(text) else _wrong(text, length, is_valid, template)

    return CellRule(check.name, Message(title), text_param(check, "column"), test)


def _wrong(text: str, length: int, is_valid: Callable[[str], bool], template: str) -> Found:
    digits = re.sub(r"\D", "", text.removesuffix(".0"))
    padded = digits.zfill(length)
    mended = padded if len(digits) >= length - 2 and is_valid(padded) else None
    return Found(Message(template, {"found": shortened(text)}), mended)


def phone_number(check: CheckDescription, context: Context) -> CellRule | None:
    """A telephone number of France, an international one, or a short one."""

    def test(value: Value) -> Found | None:
        text = str(value)
        if is_phone_number(text):
            return None
        return Found(
            Message(
                N_(
                    "“{found}” is not a telephone number: ten figures, a short number, or + and the"
                    " code of the country. Example: 04 67 67 67 67."
                ),
                {"found": shortened(text)},
            )
        )

    return CellRule(
        check.name, Message(N_("Wrong telephone number")), text_param(check, "column"), test
    )


def is_phone_number(text: str) -> bool:
    """Whether a text is a telephone number that one can dial in France.

    Args:
        text: with or without blanks, dots or hyphens.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(text, "FR")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) or phonenumbers.is_valid_short_number_for_region(
        number, "FR"
    )
