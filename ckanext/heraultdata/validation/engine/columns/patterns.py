"""Patterns of Python that polars' engine reads in the same way, or more strictly."""

from __future__ import annotations

import re

# What the two engines write alike and read differently, or one of them does not know.
_DIFFERENT = re.compile(
    r"""
    \(\?(?!:)            # flags, look-around, named groups
    | \\[1-9<>ABbGKNPpQEXZzkRhHvV'`]
    | [*+?}]\+           # possessive in one, a repetition of a repetition in the other
    | \{(?!\d+(?:,\d*)?\})
    | \[[^\]]*(?:\[|&&|--|~~)
    | \[\^?\]            # a bracket that stands for itself
    """,
    re.VERBOSE,
)
_CLASSES = re.compile(r"\\[dDwWsS]")
# Where both engines know each character for the same kind.
PLAIN = r"\A[\x20-\x7e\u00a0-\u00b1\u00b4-\u00b8\u00ba\u00bb\u00bf-\u024f\u2019]*\z"


def columnar_pattern(pattern: str) -> tuple[str, bool] | None:
    """A pattern for polars that proves that Python's `^pattern$` matches.

    Args:
        pattern: as a schema writes it.

    Returns:
        The pattern, and whether it says so only of cells that match `PLAIN`; None where polars
        cannot prove anything.
    """
    if _DIFFERENT.search(pattern):
        return None
    try:
        re.compile(f"^{pattern}$")
        re.compile(f"(?:{pattern})")
    except (re.error, OverflowError, RecursionError):
        return None
    return rf"\A(?:{pattern})\z", bool(_CLASSES.search(pattern))
