"""What a person most likely meant: texts to try in place of a wrong cell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import date, datetime

from .fields import Field
from .folding import folded, without_accents

LONGEST_MENDED = 200
MONTHS = (
    ("janvier", "january", "janv"),
    ("fevrier", "february", "fevr"),
    ("mars", "march", "mar"),
    ("avril", "april", "avr"),
    ("mai", "may", "mai"),
    ("juin", "june", "jun"),
    ("juillet", "july", "juil"),
    ("aout", "august", "aou"),
    ("septembre", "september", "sept"),
    ("octobre", "october", "oct"),
    ("novembre", "november", "nov"),
    ("decembre", "december", "dec"),
)
MONTH_NUMBERS = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
DAY_FIRST = re.compile(r"(\d{1,2})[ ./-](\d{1,2})[ ./-](\d{4}|\d{2})(?:[ T].*)?", re.ASCII)
YEAR_FIRST = re.compile(r"(\d{4})[ ./-](\d{1,2})[ ./-](\d{1,2})(?:[ T].*)?", re.ASCII)
EIGHT_FIGURES = re.compile(r"(\d{4})(\d{2})(\d{2})(?:[ T].*)?", re.ASCII)
IN_LETTERS = re.compile(r"(?:[a-z]+ )?(\d{1,2})(?:er)? ([a-z]+) (\d{4})", re.ASCII)
CLOCK = re.compile(r"(\d{1,2})(?: ?[h:] ?(\d{2})?)(?::(\d{2}))?.*", re.IGNORECASE | re.ASCII)
FIXED_DIGITS = re.compile(r"\^?(?:\\d|\[0-9\])\{(\d{1,2})\}\$?")
SEPARATORS = re.compile(r"[;,|]")
YES = frozenset({"oui", "o", "vrai", "v", "true", "t", "yes", "y", "1", "x", "on"})
NO = frozenset({"non", "n", "faux", "f", "false", "no", "0", "off"})


def candidates(field: Field, cell: str) -> Iterator[str]:
    """Texts that may be right where a cell is not, the likeliest first; none is checked yet.

    Args:
        field: the column.
        cell: the text that stands in it.
    """
    if len(cell) > LONGEST_MENDED:
        return
    text = cell.replace("\u00a0", " ").replace("\u202f", " ").strip().lstrip("'’").strip('"“” ')
    if field.enum is not None:
        yield from _from_list(field.enum, text)
    yield text
    yield from BY_TYPE.get(field.type, _no_candidate)(field, text)


def _no_candidate(_field: Field, _text: str) -> Iterator[str]:
    yield from ()


def _from_list(allowed: tuple[object, ...], text: str) -> Iterator[str]:
    wanted = folded(text)
    for value in allowed:
        if isinstance(value, str) and folded(value) == wanted:
            yield value


def date_in(text: str) -> date | None:
    """The date that a text most likely writes, None where it cannot be told.

    Days come first, as they are written in France; two figures make a year from 1970 to 2069.
    """
    if found := YEAR_FIRST.fullmatch(text) or EIGHT_FIGURES.fullmatch(text):
        return _day(found[1], found[2], found[3])
    if found := DAY_FIRST.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := IN_LETTERS.fullmatch(folded(text)):
        month = MONTH_NUMBERS.get(found[2])
        return None if month is None else _day(found[3], str(month), found[1])
    return None


def _day(year: str, month: str, day: str) -> date | None:
    whole = int(year)
    if len(year) == 2:
        whole += 2000 if whole < 70 else 1900
    try:
        return date(whole, int(month), int(day))
    except ValueError:
        return None


def _dates(field: Field, text: str) -> Iterator[str]:
    day = date_in(text)
    if day is None:
        return
    if field.format in ("default", "any"):
        yield day.isoformat()
        return
    yield from _written(day, field.format)


def _written(day: date, pattern: str) -> Iterator[str]:
    try:
        yield day.strftime(pattern)
    except ValueError:
        # The schema's pattern is at fault; there is nothing to propose.
        return


def _moments(field: Field, text: str) -> Iterator[str]:
    day = date_in(text)
    if day is None:
        return
    rest = re.split(r"[ T]", text, maxsplit=1)
    clock = _clock(rest[1]) if len(rest) == 2 else "00:00:00"
    if clock is None:
        return
    if field.format in ("default", "any"):
        yield f"{day.isoformat()}T{clock}"
        return
    yield from _written(datetime.fromisoformat(f"{day.isoformat()}T{clock}"), field.format)


def _times(field: Field, text: str) -> Iterator[str]:
    clock = _clock(text)
    if clock is not None:
        yield clock if field.format in ("default", "any") else clock[:5]


def _clock(text: str) -> str | None:
    found = CLOCK.fullmatch(text)
    if found is None or int(found[1]) > 23 or int(found[2] or 0) > 59 or int(found[3] or 0) > 59:
        return None
    return f"{int(found[1]):02}:{found[2] or '00'}:{found[3] or '00'}"


def _numbers(field: Field, text: str) -> Iterator[str]:
    bare = re.sub(r"[\s€$%']|euros?$", "", text.replace("−", "-"), flags=re.IGNORECASE)
    bare = bare.rstrip(".,")
    if "," in bare and "." in bare:
        thousands = "," if bare.rindex(",") < bare.rindex(".") else "."
        bare = bare.replace(thousands, "")
    plain = bare.replace(",", ".")
    if not re.fullmatch(r"[-+]?\d*\.?\d+", plain):
        return
    yield plain if field.decimal_char == "." else plain.replace(".", field.decimal_char)


def _whole_numbers(field: Field, text: str) -> Iterator[str]:
    for plain in _numbers(field, text):
        yield re.sub(r"\.0*$", "", plain)


def _years(_field: Field, text: str) -> Iterator[str]:
    if re.fullmatch(r"\d{2}", text):
        yield str(int(text) + (2000 if int(text) < 70 else 1900))
    if found := re.fullmatch(r"(\d{4})[.,]0+", text):
        yield found[1]
    day = date_in(text)
    if day is not None:
        yield f"{day.year:04}"


def _months(_field: Field, text: str) -> Iterator[str]:
    if found := re.fullmatch(r"(\d{1,2})[ ./-](\d{4})", text):
        yield f"{found[2]}-{int(found[1]):02}"
    if found := re.fullmatch(r"(\d{4})[ ./-]?(\d{1,2})", text):
        yield f"{found[1]}-{int(found[2]):02}"
    day = date_in(text)
    if day is not None:
        yield f"{day.year:04}-{day.month:02}"


def _booleans(field: Field, text: str) -> Iterator[str]:
    word = folded(text)
    for values, family in ((field.true_values, YES), (field.false_values, NO)):
        yield from (value for value in values if folded(value) == word)
        if word in family:
            yield from values[:1]


def _points(field: Field, text: str) -> Iterator[str]:
    figures = re.findall(r"[-+]?\d+(?:\.\d+)?", text)
    if len(figures) == 4 and "." not in text:
        # Decimal commas: 43,61 3,87.
        figures = [f"{figures[0]}.{figures[1]}", f"{figures[2]}.{figures[3]}"]
    if len(figures) != 2:
        return
    first, second = figures
    if field.format == "array":
        yield f"[{first}, {second}]"
    elif field.format == "object":
        yield f'{{"lon": {first}, "lat": {second}}}'
    else:
        yield f"{first}, {second}"


def _lists(_field: Field, text: str) -> Iterator[str]:
    if text.startswith("{"):
        return
    items = [item.strip().strip("\"'[]") for item in SEPARATORS.split(text)]
    yield json.dumps([item for item in items if item], ensure_ascii=False)


def _texts(field: Field, text: str) -> Iterator[str]:
    without_blanks = re.sub(r"\s", "", text)
    if field.format == "uri" and "." in text and "://" not in text:
        yield f"https://{without_blanks}"
    if field.format == "email":
        yield without_blanks.removeprefix("mailto:")
    if field.format == "uuid":
        yield text.strip("{}")
    if field.pattern is None:
        return
    if found := FIXED_DIGITS.fullmatch(field.pattern):
        digits = re.sub(r"[\s.-]", "", re.sub(r"[.,]0$", "", text))
        yield digits
        if digits.isdigit() and len(digits) < int(found[1]):
            yield digits.zfill(int(found[1]))
    yield without_blanks
    yield re.sub(r"[.,]0$", "", text)
    if without_blanks.isdigit():
        yield f"0{without_blanks}"
    yield from (
        text.lower(),
        text.upper(),
        without_accents(text),
        text.replace("_", "/"),
        text.replace("-", "/"),
    )


BY_TYPE: dict[str, Callable[[Field, str], Iterator[str]]] = {
    "array": _lists,
    "boolean": _booleans,
    "date": _dates,
    "datetime": _moments,
    "geopoint": _points,
    "integer": _whole_numbers,
    "number": _numbers,
    "string": _texts,
    "time": _times,
    "year": _years,
    "yearmonth": _months,
}
