"""Points on the map of France."""

from __future__ import annotations

from decimal import Decimal

from ....messages import N_, Message
from ..cells import Geopoint, Value
from ..fields import CheckDescription
from ..wording import shortened
from .columns import as_number
from .model import CellRule, Context, Found
from .params import text_param

# West, south, east, north of the overseas départements and of metropolitan France, as the State's
# validator draws them.
BOXES: tuple[tuple[Decimal, Decimal, Decimal, Decimal], ...] = tuple(
    (Decimal(west), Decimal(south), Decimal(east), Decimal(north))
    for west, south, east, north in (
        ("-61.809839", "15.832041", "-61.001959", "16.514488"),
        ("-61.229033", "14.388646", "-60.809655", "14.878723"),
        ("-54.60239", "2.111055", "-51.619041", "5.748138"),
        ("55.216526", "-21.389631", "55.836654", "-20.8718"),
        ("45.01833", "-13.005254", "45.299985", "-12.63659"),
        ("-5.141277", "41.333571", "9.560091", "51.088989"),
    )
)


def french_coordinates(check: CheckDescription, context: Context) -> CellRule | None:
    """A point in France, longitude first; the sentence differs when the two are reversed."""

    def test(value: Value) -> Found | None:
        point = _point(value)
        if point is not None and in_france(*point):
            return None
        found: dict[str, object] = {"found": shortened(_as_text(value))}
        if point is not None and in_france(point[1], point[0]):
            return Found(
                Message(
                    N_("“{found}” has its latitude before its longitude: reverse the two."), found
                )
            )
        return Found(Message(N_("“{found}” is not a point in France."), found))

    return CellRule(check.name, Message(N_("Wrong coordinates")), text_param(check, "column"), test)


def in_france(lon: Decimal, lat: Decimal) -> bool:
    """Whether a point is in metropolitan France or an overseas département, by boxes.

    Args:
        lon: longitude, in degrees.
        lat: latitude, in degrees.
    """
    return any(west < lon < east and south < lat < north for west, south, east, north in BOXES)


def _point(value: Value) -> tuple[Decimal, Decimal] | None:
    if isinstance(value, Geopoint):
        return value.lon, value.lat
    parts = value if isinstance(value, list) else str(value).strip("[] ").split(",")
    numbers = [as_number(part) for part in parts]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    return Decimal(numbers[0]), Decimal(numbers[1])


def _as_text(value: Value) -> str:
    # A number of JSON is binary: its shortest text is the one that stands in the file.
    return f"{float(value.lon)}, {float(value.lat)}" if isinstance(value, Geopoint) else str(value)
