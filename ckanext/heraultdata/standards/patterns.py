"""What the patterns of the official schemas ask for, in words, where a person can be told."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ..messages import N_, Message

# The pattern with its anchors left out, as most schemas spell it in one way or another.
_KNOWN: Mapping[str, str] = {
    r"([013-9]\d|2[AB1-9])\d{3}": N_(
        "INSEE code of a commune: 5 characters, leading zero kept, such as 34172"
    ),
    r"(https?)://[^\s/$.?#].[^\s]*": N_("A web address that starts with http:// or https://"),
    r"[0-9]{4}(\/[0-9]{4})?": N_("A year, or two years joined by a slash, such as 2023/2024"),
    r"[0-9]{4}\-[0-9]{2}\-[0-9]{2}(\/[0-9]{4}\-[0-9]{2}\-[0-9]{2})?": N_(
        "A date, or two dates joined by a slash, such as 2024-01-01/2024-12-31"
    ),
    r"W\d{9}": N_("The letter W followed by 9 digits (number of an association, RNA)"),
    r"[1-2]\d\d\d": N_("A year in 4 digits, such as 2024"),
    r"\d{4}-\d{2}-\d{2}": N_("A date as year-month-day, such as 2024-12-31"),
}
_TIME = r"\d{2}:\d{2}"
_DIGITS = re.compile(r"(?:\\d|\[0-9\])\{(\d+)\}")
_LETTERS_AND_DIGITS = re.compile(r"\[A-Z0-9\]\{(\d+)\}")
_SEVERAL_OF = re.compile(r"\(\?:\(\?:\^\|(\\?[|;,])\)\(([^()\[\]{}\\*+?^$]+)\)\)\+")
_PLAIN = re.compile(r"[^()\[\]{}\\*+?^$.|]+")
_ONE_OF = re.compile(r"\(?([^()\[\]{}\\*+?^$.]+(?:\|[^()\[\]{}\\*+?^$.]+)+)\)?")


def pattern_in_words(pattern: str) -> Message:
    """What a pattern asks for.

    Args:
        pattern: the regular expression, as the schema writes it.

    Returns:
        The words for a known pattern, the pattern itself for another.
    """
    bare = pattern.removeprefix("^").removesuffix("$")
    if bare in _KNOWN:
        return Message(_KNOWN[bare])
    if bare == _TIME:
        return Message(N_("Hours and minutes, such as {example}"), {"example": "08:30"})
    if digits := _DIGITS.fullmatch(bare):
        return Message(N_("{n} digits, leading zeros kept"), {"n": int(digits[1])})
    if characters := _LETTERS_AND_DIGITS.fullmatch(bare):
        return Message(N_("{n} capital letters or digits"), {"n": int(characters[1])})
    if several := _SEVERAL_OF.fullmatch(bare):
        return Message(
            N_("One or more of these values, separated by {separator}: {values}"),
            {"separator": several[1].removeprefix("\\"), "values": _listed(several[2])},
        )
    if one := _ONE_OF.fullmatch(bare):
        return Message(N_("One of these values: {values}"), {"values": _listed(one[1])})
    if _PLAIN.fullmatch(bare):
        return Message(N_("Always written {value}"), {"value": bare})
    return Message(N_("Written as the pattern {pattern}"), {"pattern": pattern})


def _listed(alternatives: str) -> str:
    return ", ".join(alternatives.split("|"))
