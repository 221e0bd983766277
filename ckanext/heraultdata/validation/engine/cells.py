"""Cells read by the type of their column, as frictionless 5 reads them.

A reader takes what stands in a cell (or an item of an array, or a bound in a constraint) and gives
the value, or None where it is not of the type.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Hashable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from .fields import Field

# What frictionless makes of a cell: a number, a date, a list... whatever the type asks for.
Value: TypeAlias = object
Reader: TypeAlias = Callable[[object], Value | None]

# Addresses that need no parser to be right: most of them.
PLAIN_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/-]*)?")
UNITS_AROUND = re.compile(r"((^[^-\d]*)|(\D*$))")


class Geopoint(NamedTuple):
    """A point, longitude first as frictionless has it."""

    lon: Decimal
    lat: Decimal


class YearMonth(NamedTuple):
    """A month of a year."""

    year: int
    month: int


def reader_of(field: Field) -> Reader:
    """The reader of a column's cells, missing values aside.

    Args:
        field: the column.

    Returns:
        A function that never raises, whatever it is given.
    """
    return READERS[field.type](field)


def _any(_field: Field) -> Reader:
    return lambda cell: cell


def _string(field: Field) -> Reader:
    fits = STRING_FORMATS.get(field.format)
    if fits is None:
        return lambda cell: cell if isinstance(cell, str) else None
    return lambda cell: cell if isinstance(cell, str) and fits(cell) else None


def _is_uri(text: str) -> bool:
    if PLAIN_URI.fullmatch(text):
        return True
    import rfc3986
    import rfc3986.exceptions
    import rfc3986.validators

    validator = rfc3986.validators.Validator().require_presence_of("scheme")
    try:
        validator.validate(rfc3986.uri_reference(text))
    except (rfc3986.exceptions.RFC3986Exception, ValueError):
        return False
    return True


def _is_email(text: str) -> bool:
    import validators

    return bool(validators.email(text))


def _is_uuid(text: str) -> bool:
    import validators

    return bool(validators.uuid(text))


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text)
    except ValueError:
        return False
    return True


def _is_wkt(text: str) -> bool:
    from frictionless.vendors.wkt import Parser  # pyright: ignore[reportPrivateImportUsage]

    try:
        Parser().parse(text)
    except Exception:
        return False
    return True


STRING_FORMATS: dict[str, Callable[[str], bool]] = {
    "uri": _is_uri,
    "email": _is_email,
    "uuid": _is_uuid,
    "binary": _is_base64,
    "wkt": _is_wkt,
}


def _boolean(field: Field) -> Reader:
    values = dict.fromkeys(field.true_values, True) | dict.fromkeys(field.false_values, False)

    def read(cell: object) -> Value | None:
        if isinstance(cell, bool):
            return cell
        return values.get(cell) if isinstance(cell, str) else None

    return read


def _integer(field: Field) -> Reader:
    def read(cell: object) -> Value | None:
        if isinstance(cell, str):
            text = cell.strip()
            if not field.bare_number:
                text = UNITS_AROUND.sub("", text)
            try:
                return int(text)
            except ValueError:
                return None
        return _whole(cell)

    return read


def _whole(cell: object) -> int | None:
    if isinstance(cell, bool):
        return None
    if isinstance(cell, int):
        return cell
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return None


def _number(field: Field) -> Reader:
    bare = field.bare_number and field.decimal_char == "." and not field.group_char

    def read(cell: object) -> Value | None:
        if isinstance(cell, str):
            text = cell.strip() if bare else _plain_number(field, cell.strip())
            if text is None:
                return None
            try:
                return Decimal(text)
            except InvalidOperation:
                return None
        if isinstance(cell, bool) or not isinstance(cell, int | float):
            return None
        return Decimal(str(cell))

    return read


def _plain_number(field: Field, text: str) -> str | None:
    if not field.bare_number:
        text = UNITS_AROUND.sub("", text)
    if field.group_char:
        text = text.replace(field.group_char, "")
    if field.decimal_char == ".":
        return text
    return None if "." in text else text.replace(field.decimal_char, ".")


def _date(field: Field) -> Reader:
    pattern = "%Y-%m-%d" if field.format == "default" else field.format
    # What strptime also takes, such as 2020-1-5, has another length.
    iso = pattern == "%Y-%m-%d"

    def read(cell: object) -> Value | None:
        if not isinstance(cell, str):
            return None
        try:
            if pattern == "any":
                from dateutil import parser

                return parser.parse(cell).date()
            if iso and len(cell) == 10 and cell[4] == cell[7] == "-" and cell.isascii():
                return date.fromisoformat(cell)
            return datetime.strptime(cell, pattern).date()  # noqa: DTZ007 - a date has no zone
        except (ValueError, OverflowError, re.error, TypeError):
            return None

    return read


def _datetime(field: Field) -> Reader:
    return _moment_reader(field.format, _iso_moment, lambda moment: moment)


def _time(field: Field) -> Reader:
    return _moment_reader(field.format, _iso_time, lambda moment: moment.timetz())


def _moment_reader(
    pattern: str,
    iso: Callable[[str], datetime | None],
    part: Callable[[datetime], Value],
) -> Reader:
    def read(cell: object) -> Value | None:
        if not isinstance(cell, str):
            return None
        try:
            if pattern == "default":
                moment = iso(cell)
            elif pattern == "any":
                from dateutil import parser

                moment = parser.parse(cell)
            else:
                moment = datetime.strptime(cell, pattern)  # noqa: DTZ007 - the zone is in the text
        except (ValueError, OverflowError, re.error, TypeError):
            return None
        return None if moment is None else part(moment)

    return read


def _iso_moment(text: str) -> datetime | None:
    from dateutil import parser

    # The reference wants the seconds, which ISO 8601 and dateutil do without.
    return parser.isoparse(text) if len(text) >= 19 and text[16] == ":" else None


def _iso_time(text: str) -> datetime | None:
    from dateutil import parser

    return parser.isoparse(f"2000-01-01T{text}") if len(text) >= 8 and text[5] == ":" else None


def _year(_field: Field) -> Reader:
    def read(cell: object) -> Value | None:
        if isinstance(cell, str):
            if len(cell) != 4:
                return None
            try:
                year = int(cell)
            except ValueError:
                return None
        elif isinstance(cell, int):
            year = int(cell)
        else:
            return None
        return year if 0 <= year <= 9999 else None

    return read


def _yearmonth(_field: Field) -> Reader:
    def read(cell: object) -> Value | None:
        if not isinstance(cell, str):
            return None
        try:
            year, month = map(int, cell.split("-"))
        except ValueError:
            return None
        return YearMonth(year, month) if 1 <= month <= 12 else None

    return read


def _duration(_field: Field) -> Reader:
    def read(cell: object) -> Value | None:
        if isinstance(cell, timedelta):
            return cell
        if not isinstance(cell, str):
            return None
        import isodate

        try:
            return isodate.parse_duration(cell)
        except (isodate.ISO8601Error, ValueError, OverflowError, InvalidOperation, TypeError):
            return None

    return read


def _json(kind: type) -> Callable[[Field], Reader]:
    def make(_field: Field) -> Reader:
        def read(cell: object) -> Value | None:
            document = _document(cell)
            return document if isinstance(document, kind) else None

        return read

    return make


def _document(cell: object) -> object:
    if not isinstance(cell, str):
        return cell
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _geojson(field: Field) -> Reader:
    def read(cell: object) -> Value | None:
        document = _document(cell)
        if not isinstance(document, dict):
            return None
        if field.format not in ("default", "topojson"):
            return document
        return document if _geojson_validator(field.format).is_valid(document) else None

    return read


@lru_cache(maxsize=2)
def _geojson_validator(format_name: str):  # noqa: ANN202 - jsonschema builds its class on the fly
    from frictionless import settings
    from jsonschema.validators import validator_for

    profile = settings.TOPOJSON_PROFILE if format_name == "topojson" else settings.GEOJSON_PROFILE
    return validator_for(profile)(profile)


def _geopoint(field: Field) -> Reader:
    def read(cell: object) -> Value | None:
        try:
            lon, lat = _coordinates(field.format, cell)
            point = Geopoint(Decimal(lon), Decimal(lat))
            inside = abs(point.lon) <= 180 and abs(point.lat) <= 90
        except (ValueError, TypeError, KeyError, ArithmeticError, RecursionError):
            return None
        return point if inside else None

    return read


def _coordinates(format_name: str, cell: object) -> tuple[str, str]:
    if not isinstance(cell, str):
        raise TypeError
    if format_name == "array":
        lon, lat = json.loads(cell)
        return lon, lat
    if format_name == "object":
        point = json.loads(cell)
        if len(point) != 2:
            raise ValueError
        return point["lon"], point["lat"]
    lon, lat = cell.split(",")
    return lon.strip(), lat.strip()


READERS: Mapping[str, Callable[[Field], Reader]] = {
    "any": _any,
    "array": _json(list),
    "boolean": _boolean,
    "date": _date,
    "datetime": _datetime,
    "duration": _duration,
    "geojson": _geojson,
    "geopoint": _geopoint,
    "integer": _integer,
    "number": _number,
    "object": _json(dict),
    "string": _string,
    "time": _time,
    "year": _year,
    "yearmonth": _yearmonth,
}


def key_of(value: Value) -> Hashable:
    """A value that can stand in a set, equal for equal values.

    Args:
        value: what a reader gave.
    """
    if isinstance(value, list | dict):
        return json.dumps(value, sort_keys=True)
    if isinstance(value, Decimal) and value.is_nan():
        # NaN differs from itself, and the signaling one cannot be hashed.
        return object()
    return value  # pyright: ignore[reportReturnType]
