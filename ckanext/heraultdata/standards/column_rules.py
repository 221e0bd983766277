"""What the custom checks of a schema ask for, in words: of one column, or of several together."""

from __future__ import annotations

from collections.abc import Mapping

from ..messages import N_, Message
from ..validation.engine.fields import CheckDescription, Field, TableSchema

_OF_ONE_COLUMN: Mapping[str, str] = {
    "siret": N_("A SIRET number of 14 digits, whose last digit is checked"),
    "siren": N_("A SIREN number of 9 digits, whose last digit is checked"),
    "phone-number": N_("A telephone number, such as 04 67 67 67 67 or +33 4 67 67 67 67"),
    "opening-hours": N_("Opening hours as OpenStreetMap writes them, such as {example}"),
    "nomenclature-acte": N_(
        "A subject of the nomenclature of acts, such as Commande publique/Marchés publics"
    ),
    "year-interval": N_("Two years joined by a slash, the earlier first, such as 2023/2024"),
    "coordonnees-gps-francaises": N_("Coordinates in France"),
}
_OPENING_HOURS = "Mo-Fr 08:30-17:00"
_YEAR_OR_INTERVAL = N_(
    "A year, or two years joined by a slash, the earlier first, such as 2023/2024"
)
# The State's validator has had several names for one check.
_ALIASES: Mapping[str, str] = {
    "french-siret-value": "siret",
    "french-siren-value": "siren",
    "phone-number-value": "phone-number",
    "opening-hours-value": "opening-hours",
    "nomenclature-actes-value": "nomenclature-acte",
    "year-interval-value": "year-interval",
    "french-gps-coordinates": "coordonnees-gps-francaises",
}
_COMPARISONS: Mapping[str, str] = {
    ">": N_("{column} is greater than {other}"),
    ">=": N_("{column} is greater than {other}, or the same"),
    "==": N_("{column} is the same as {other}"),
    "<=": N_("{column} is less than {other}, or the same"),
    "<": N_("{column} is less than {other}"),
}


def rules_of_column(schema: TableSchema, field: Field) -> list[Message]:
    """What the custom checks ask of one column alone.

    Args:
        schema: the schema.
        field: one of its columns.
    """
    checks = [check for check in schema.custom_checks if check.params.get("column") == field.name]
    if field.custom_check:
        checks.append(CheckDescription(field.custom_check, field.custom_check_options))
    found = (_of_one_column(check) for check in checks)
    return [message for message in found if message is not None]


def rule_in_words(check: CheckDescription) -> Message | None:
    """What a custom check asks of several columns together; None where it is of one column."""
    column = str(check.params.get("column", ""))
    if check.name == "compare-columns-value":
        words = _COMPARISONS.get(str(check.params.get("op")))
        compared: dict[str, object] = {"column": column, "other": str(check.params.get("column2"))}
        return Message(words, compared) if words else None
    if check.name == "cohesive-columns-value":
        return Message(
            N_("These columns are all filled in, or all left empty: {columns}"),
            {"columns": ", ".join([column, *_names(check.params.get("othercolumns"))])},
        )
    if check.name == "sum-columns-value":
        return Message(
            N_("{column} is the sum of {columns}"),
            {"column": column, "columns": ", ".join(_names(check.params.get("columns")))},
        )
    if check.name == "one-of-required":
        first = str(check.params.get("column1", column))
        values: dict[str, object] = {"column": first, "other": str(check.params.get("column2"))}
        return Message(N_("One at least of {column} and {other} is filled in"), values)
    return None


def _of_one_column(check: CheckDescription) -> Message | None:
    name = _ALIASES.get(check.name, check.name)
    if name == "year-interval" and str(check.params.get("allow-year-only")).lower() in (
        "yes",
        "true",
    ):
        return Message(_YEAR_OR_INTERVAL)
    words = _OF_ONE_COLUMN.get(name)
    values: dict[str, object] = {"example": _OPENING_HOURS} if name == "opening-hours" else {}
    return Message(words, values) if words else None


def _names(value: object) -> list[str]:
    return [str(name) for name in value] if isinstance(value, (list, tuple)) else []
