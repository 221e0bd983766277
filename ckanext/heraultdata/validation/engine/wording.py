"""The sentences about cells: what is wrong, what was found, what is expected."""

from __future__ import annotations

import json
import re

from ...messages import N_, Message
from .fields import Field

LONGEST_QUOTED = 80
LISTED_VALUES = 12

TYPE_TITLES: dict[str, str] = {
    "any": N_("Wrong value"),
    "array": N_("Not a list"),
    "boolean": N_("Not a yes or no"),
    "date": N_("Not a date as expected"),
    "datetime": N_("Not a date and time as expected"),
    "duration": N_("Not a duration"),
    "geojson": N_("Not GeoJSON"),
    "geopoint": N_("Not a geographical point"),
    "integer": N_("Not a whole number"),
    "number": N_("Not a number"),
    "object": N_("Not a JSON object"),
    "string": N_("Not a text"),
    "time": N_("Not a time as expected"),
    "year": N_("Not a year"),
    "yearmonth": N_("Not a month of a year"),
}
TYPE_SENTENCES: dict[str, str] = {
    "any": N_("“{found}” is not accepted here."),
    "array": N_(
        "“{found}” is not a list: the values stand between square brackets, each in"
        " double quotes, with commas between them."
    ),
    "boolean": N_("“{found}” is not one of the values accepted for yes or no: {accepted}."),
    "date": N_("“{found}” is not a date as this column expects it: {form}."),
    "datetime": N_("“{found}” is not a date and time as this column expects them: {form}."),
    "duration": N_(
        "“{found}” is not a duration: the letter P, then years, months, days, and after"
        " the letter T hours, minutes, seconds."
    ),
    "geojson": N_("“{found}” is not a GeoJSON object."),
    "geopoint": N_("“{found}” is not a point: {form}, with decimal points."),
    "integer": N_(
        "“{found}” is not a whole number: only figures are accepted, with no blank, no"
        " decimals and no unit."
    ),
    "number": N_(
        "“{found}” is not a number: only figures are accepted, with no blank and no unit,"
        " and “{mark}” before the decimals."
    ),
    "object": N_("“{found}” is not a JSON object."),
    "string": N_("“{found}” is not a text."),
    "time": N_("“{found}” is not a time as this column expects it: {form}."),
    "year": N_("“{found}” is not a year: four figures are expected."),
    "yearmonth": N_("“{found}” is not a month: the year, a hyphen, then the month are expected."),
}
TEXT_FORMATS: dict[str, tuple[str, str]] = {
    "uri": (
        N_("Not a web address"),
        N_("“{found}” is not a full web address: it begins with https:// or http://."),
    ),
    "email": (N_("Not an email address"), N_("“{found}” is not an email address.")),
    "uuid": (
        N_("Not a UUID"),
        N_(
            "“{found}” is not a UUID: 32 figures and letters from a to f, in five groups with"
            " hyphens between them."
        ),
    ),
    "binary": (N_("Not base64"), N_("“{found}” is not content encoded in base64.")),
    "wkt": (N_("Not a geometry"), N_("“{found}” is not a geometry written in WKT.")),
}
FORMS: dict[str, str] = {
    "date": N_("year, month and day with hyphens, YYYY-MM-DD"),
    "datetime": N_("date, the letter T, then time, YYYY-MM-DDTHH:MM:SS"),
    "time": N_("hours, minutes and seconds, HH:MM:SS"),
}
POINT_FORMS: dict[str, str] = {
    "default": N_("two numbers with a comma between them"),
    "array": N_("two numbers between square brackets, with a comma between them"),
    "object": N_("a JSON object with “lon” and “lat”"),
}
DIRECTIVES: dict[str, Message] = {
    "%Y": Message(N_("YYYY")),
    "%y": Message(N_("YY")),
    "%m": Message(N_("MM")),
    "%d": Message(N_("DD")),
    "%H": Message(N_("hh")),
    "%M": Message(N_("mm")),
    "%S": Message(N_("ss")),
}
EXAMPLES: dict[str, tuple[str, ...]] = {
    "array": ('["a", "b"]', '["1", "2"]', "[1, 2]"),
    "date": ("2024-01-31", "31/01/2024", "2024/01/31", "2024"),
    "datetime": ("2024-01-31T14:30:00", "2024-01-31 14:30:00"),
    "duration": ("P1Y6M", "PT2H30M"),
    "geojson": ('{"type": "Point", "coordinates": [3.87, 43.61]}',),
    "geopoint": ("43.61, 3.87", "[3.87, 43.61]", '{"lon": 3.87, "lat": 43.61}'),
    "integer": ("12", "1200", "1"),
    "number": ("12.5", "12,5", "0.5", "1"),
    "object": ('{"a": 1}',),
    "time": ("14:30:00", "14:30", "14h30"),
    "year": ("2024", "1999"),
    "yearmonth": ("2024-01",),
}
TEXT_EXAMPLES: dict[str, tuple[str, ...]] = {
    "uri": ("https://www.example.org/page",),
    "email": ("mairie@example.org",),
    "uuid": ("123e4567-e89b-12d3-a456-426614174000",),
    "wkt": ("POINT (3.87 43.61)",),
}


def shortened(text: str) -> str:
    """A text short enough to stand in a sentence."""
    plain = " ".join(text.split()) if text.strip() else text
    return plain if len(plain) <= LONGEST_QUOTED else plain[: LONGEST_QUOTED - 1] + "…"


def wrong_type(field: Field, cell: str) -> tuple[Message, Message]:
    """Title and sentence about a cell that is not of the type of its column."""
    found: dict[str, object] = {"found": shortened(cell)}
    if field.type == "string" and field.format in TEXT_FORMATS:
        title, sentence = TEXT_FORMATS[field.format]
        return Message(title), Message(sentence, found)
    values = dict(found)
    if field.type == "boolean":
        values["accepted"] = ", ".join(dict.fromkeys(field.true_values + field.false_values))
    elif field.type == "number":
        values["mark"] = field.decimal_char
    elif field.type in FORMS:
        values["form"] = _form(field)
    elif field.type == "geopoint":
        values["form"] = Message(POINT_FORMS.get(field.format, POINT_FORMS["default"]))
    return Message(TYPE_TITLES[field.type]), Message(TYPE_SENTENCES[field.type], values)


def _form(field: Field) -> Message:
    if field.format in ("default", "any"):
        return Message(FORMS[field.type])
    parts = re.split(r"(%[A-Za-z])", field.format)
    values: dict[str, object] = {
        f"part{index}": DIRECTIVES.get(part, part) for index, part in enumerate(parts)
    }
    return Message("".join(f"{{{name}}}" for name in values), values)


def broken_constraint(field: Field, name: str, cell: str) -> tuple[Message, Message]:
    """Title and sentence about a value that does not keep a constraint.

    Args:
        field: the column.
        name: the constraint, an attribute of `Field`.
        cell: the text of the cell.
    """
    values: dict[str, object] = {"found": shortened(cell)}
    if name == "required":
        return Message(N_("Value missing")), Message(
            N_("The cell is empty; a value is compulsory.")
        )
    if name == "enum":
        return Message(N_("Value not in the list")), _not_in_list(field, values)
    if name == "pattern":
        values["pattern"] = field.pattern
        return _broken_pattern(field, values)
    title, sentence = _limits_of(field)[name]
    values["limit"] = str(getattr(field, name))
    if name in ("min_length", "max_length"):
        values["limit"] = getattr(field, name)
        values["length"] = len(cell)
    return Message(title), Message(sentence, values)


LIMITS: dict[str, tuple[str, str]] = {
    "min_length": (
        N_("Text too short"),
        N_("“{found}” is too short; characters: {length}, least number expected: {limit}."),
    ),
    "max_length": (
        N_("Text too long"),
        N_("“{found}” is too long; characters: {length}, greatest number accepted: {limit}."),
    ),
    "minimum": (N_("Value too small"), N_("{found} is too small: the least value is {limit}.")),
    "maximum": (N_("Value too great"), N_("{found} is too great: the greatest value is {limit}.")),
    "exclusive_minimum": (
        N_("Value too small"),
        N_("{found} is too small: a value above {limit} is expected."),
    ),
    "exclusive_maximum": (
        N_("Value too great"),
        N_("{found} is too great: a value below {limit} is expected."),
    ),
}
ITEM_LIMITS: dict[str, tuple[str, str]] = {
    "min_length": (
        N_("Too few values"),
        N_("“{found}” has too few values; least number expected: {limit}."),
    ),
    "max_length": (
        N_("Too many values"),
        N_("“{found}” has too many values; greatest number accepted: {limit}."),
    ),
}


DATE_LIMITS: dict[str, tuple[str, str]] = {
    "minimum": (N_("Too early"), N_("{found} is too early: nothing before {limit} is accepted.")),
    "maximum": (N_("Too late"), N_("{found} is too late: nothing after {limit} is accepted.")),
    "exclusive_minimum": (
        N_("Too early"),
        N_("{found} is too early: it must come after {limit}."),
    ),
    "exclusive_maximum": (
        N_("Too late"),
        N_("{found} is too late: it must come before {limit}."),
    ),
}


def _limits_of(field: Field) -> dict[str, tuple[str, str]]:
    if field.type in ("array", "object"):
        return ITEM_LIMITS
    if field.type in ("date", "datetime", "time", "year", "yearmonth"):
        return DATE_LIMITS
    return LIMITS


def as_written(value: object) -> str:
    """A value of a schema as the text that a cell would hold.

    Args:
        value: a text, or another value of JSON.
    """
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _not_in_list(field: Field, values: dict[str, object]) -> Message:
    allowed = [as_written(value) for value in field.enum or ()]
    values["allowed"] = ", ".join(allowed[:LISTED_VALUES])
    if len(allowed) == 1:
        return Message(
            N_("“{found}” is not accepted; the only value accepted is {allowed}."), values
        )
    if len(allowed) <= LISTED_VALUES:
        return Message(N_("“{found}” is not one of the values accepted: {allowed}."), values)
    values["others"] = len(allowed) - LISTED_VALUES
    return Message(
        N_(
            "“{found}” is not one of the values accepted: {allowed}… and {others} more, which the"
            " page of the standard lists."
        ),
        values,
    )


def _broken_pattern(field: Field, values: dict[str, object]) -> tuple[Message, Message]:
    digits = re.fullmatch(r"\^?(?:\\d|\[0-9\])\{(\d{1,3})\}\$?", field.pattern or "")
    if digits:
        values["count"] = int(digits[1])
        return Message(N_("Wrong number of figures")), Message(
            N_("“{found}” is not made of exactly {count} figures, with no blank."), values
        )
    return Message(N_("Wrong form")), Message(
        N_("“{found}” has not the form that the column expects (pattern {pattern})."), values
    )


def in_item(message: Message) -> Message:
    """The sentence about a value within a list."""
    return Message(N_("In the list: {problem}"), {"problem": message})


def with_advice(problem: Message, example: str | None, cell: str, mended: str | None) -> Message:
    """The sentence, with an example of a right value and the mended value where they are known."""
    if mended is not None and shortened(cell) == shortened(mended):
        return Message(
            N_("{problem} Blanks are too many, before or after: write {mended} and nothing else."),
            {"problem": problem, "mended": shortened(mended)},
        )
    if mended is not None:
        return Message(
            N_("{problem} To be corrected: {found} → {mended}."),
            {"problem": problem, "found": shortened(cell), "mended": shortened(mended)},
        )
    if example is not None:
        return Message(
            N_("{problem} Example of a right value: {example}."),
            {"problem": problem, "example": shortened(example)},
        )
    return problem


BLANK_ROW = (
    Message(N_("Blank row")),
    Message(N_("The row is empty: remove it.")),
)
MISSING_CELL = (
    Message(N_("Cell missing")),
    Message(
        N_("The row is shorter than the header: the cell of the column “{name}” is missing."),
    ),
)


def missing_cell(name: str) -> tuple[Message, Message]:
    """Title and sentence about a row that ends before a column."""
    return MISSING_CELL[0], Message(MISSING_CELL[1].template, {"name": name})


def extra_cell(place: int, cell: str) -> tuple[Message, Message]:
    """Title and sentence about a cell that no header stands above."""
    if not cell:
        return Message(N_("Extra cell")), Message(
            N_(
                "The row is longer than the header: an empty cell stands in place {place}, above"
                " which there is no name. Remove the separators at the end of the row."
            ),
            {"place": place},
        )
    return Message(N_("Extra cell")), Message(
        N_(
            "The row is longer than the header: “{found}” stands in place {place}, above which"
            " there is no name. Look for a separator within a text that has no quotes."
        ),
        {"found": shortened(cell), "place": place},
    )
