"""SIRET and SIREN proved for a whole column at once, by their key."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from ..checks import CellRule

_SIREN_LENGTH = 9
_SIRET_LENGTH = 14


def proof_of_cell_rules(rules: Sequence[CellRule], name: str) -> pl.Expr | None:
    """Which cells keep to the custom checks on their column.

    Args:
        rules: the checks.
        name: name of the column in the frames.

    Returns:
        An expression on the frame, None where only the row path can judge.
    """
    makers = [_MAKERS.get(rule.code) for rule in rules]
    if not makers or None in makers:
        return None
    return pl.all_horizontal([make(pl.col(name)) for make in makers if make is not None])


def _siren(cell: pl.Expr) -> pl.Expr:
    return _is_figures(cell, _SIREN_LENGTH) & _has_key(cell, _SIREN_LENGTH)


def _siret(cell: pl.Expr) -> pl.Expr:
    # Those of La Poste have a key of their own: they are left to the row path.
    keys = _has_key(cell, _SIREN_LENGTH) & _has_key(cell, _SIRET_LENGTH)
    return _is_figures(cell, _SIRET_LENGTH) & keys


def _is_figures(cell: pl.Expr, length: int) -> pl.Expr:
    return cell.str.contains(rf"\A[0-9]{{{length}}}\z")


def _has_key(cell: pl.Expr, length: int) -> pl.Expr:
    """Whether the first figures end with their Luhn key (ISO/IEC 7812-1)."""
    total = pl.sum_horizontal(_weighted(cell, place, length) for place in range(length))
    return total % 10 == 0


def _weighted(cell: pl.Expr, place: int, length: int) -> pl.Expr:
    figure = cell.str.slice(place, 1).cast(pl.Int16, strict=False)
    if (length - place) % 2:
        return figure
    return figure * 2 - (figure > 4).cast(pl.Int16) * 9


_MAKERS: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "siren": _siren,
    "siret": _siret,
    "french-siren-value": _siren,
    "french-siret-value": _siret,
}
