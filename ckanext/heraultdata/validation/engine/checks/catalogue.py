"""The custom checks by their names, and the making of those that a schema asks for."""

from __future__ import annotations

from ....messages import N_, Message
from ..faults import Fault, Remark
from ..fields import CheckDescription, TableSchema
from .columns import cohesive_columns, compare_columns, one_of_required, sum_columns
from .formats import FRENCH_FORMATS, french_format
from .identifiers import phone_number, siren, siret
from .model import BuiltChecks, CheckError, Context, Maker, RowRule
from .places import french_coordinates
from .texts import nature_of_act, opening_hours, year_interval

MAKERS: dict[str, Maker] = {
    "cohesive-columns-value": cohesive_columns,
    "compare-columns-value": compare_columns,
    "french-gps-coordinates": french_coordinates,
    "coordonnees-gps-francaises": french_coordinates,
    "french-siren-value": siren,
    "french-siret-value": siret,
    "nomenclature-acte": nature_of_act,
    "nomenclature-actes-value": nature_of_act,
    "one-of-required": one_of_required,
    "opening-hours-value": opening_hours,
    "phone-number-value": phone_number,
    "siren": siren,
    "siret": siret,
    "sum-columns-value": sum_columns,
    "year-interval-value": year_interval,
    **dict.fromkeys(FRENCH_FORMATS, french_format),
}
RENAMED = {
    "french-siren-value": "siren",
    "french-siret-value": "siret",
    "nomenclature-actes-value": "nomenclature-acte",
}


def build_checks(schema: TableSchema, present: frozenset[str]) -> BuiltChecks:
    """The checks that a schema asks for, ready for a file.

    One that is unknown or badly described is an error of the report (`check-error`), as the State's
    validator has it; one whose column is not in the file does not run.

    Args:
        schema: the standard.
        present: names of the columns of the file.
    """
    context = Context(present)
    built = BuiltChecks()
    for check in _asked(schema):
        _build(check, context, built)
    renamed = sorted({check.name for check in schema.custom_checks} & RENAMED.keys())
    built.remarks += [_renamed(name) for name in renamed]
    return built


def _asked(schema: TableSchema) -> list[CheckDescription]:
    of_fields = [
        CheckDescription(field.custom_check, {**field.custom_check_options, "column": field.name})
        for field in schema.fields
        if field.custom_check
    ]
    return [*schema.custom_checks, *of_fields]


def _build(check: CheckDescription, context: Context, built: BuiltChecks) -> None:
    maker = MAKERS.get(check.name)
    try:
        if maker is None:
            raise CheckError(Message(N_("no check has that name")))
        made = maker(check, context)
    except CheckError as error:
        built.faults.append(_cannot_run(check, error.message))
        return
    if isinstance(made, Fault):
        built.faults.append(made)
    elif made is not None:
        columns = made.columns if isinstance(made, RowRule) else (made.column,)
        if context.present.issuperset(columns):
            built.rules.append(made)


def _cannot_run(check: CheckDescription, reason: Message) -> Fault:
    return Fault(
        "check-error",
        Message(N_("Check that cannot run")),
        Message(
            N_(
                "The standard asks for the check “{name}”, which cannot run: {reason}. Tell the"
                " publisher of the standard; the rest of the file was checked."
            ),
            {"name": check.name, "reason": reason},
        ),
    )


def _renamed(name: str) -> Remark:
    return Remark(
        "check-renamed",
        Message(N_("Former name of a check")),
        Message(
            N_("The standard writes “{name}”, the former name of the check “{new}”."),
            {"name": name, "new": RENAMED[name]},
        ),
    )
