"""French nomenclatures: communes, départements, régions, countries, by the library frformat."""

from __future__ import annotations

from collections.abc import Callable

from ....messages import N_, Message
from ..cells import Value
from ..fields import CheckDescription
from ..folding import folded
from ..wording import shortened
from .model import CellRule, CheckError, Context, Found
from .params import text_param

# The class of frformat behind each name.
FRENCH_FORMATS: dict[str, str] = {
    "canton": "Canton",
    "code-commune-insee": "CodeCommuneInsee",
    "code-fantoir": "CodeFantoir",
    "code-pays-iso2": "CodePaysISO2",
    "code-pays-iso3": "CodePaysISO3",
    "code-postal": "CodePostal",
    "code-region": "CodeRegion",
    "commune": "Commune",
    "departement": "Departement",
    "numero-departement": "CodeDepartement",
    "pays": "Pays",
    "region": "Region",
}
KIND_NAMES: dict[str, Message] = {
    "canton": Message(N_("name of canton")),
    "code-commune-insee": Message(N_("INSEE code of commune")),
    "code-fantoir": Message(N_("FANTOIR code")),
    "code-pays-iso2": Message(N_("code of country in two letters")),
    "code-pays-iso3": Message(N_("code of country in three letters")),
    "code-postal": Message(N_("postal code")),
    "code-region": Message(N_("code of région")),
    "commune": Message(N_("name of commune")),
    "departement": Message(N_("name of département")),
    "numero-departement": Message(N_("number of département")),
    "pays": Message(N_("name of country")),
    "region": Message(N_("name of région")),
}
GEOGRAPHIC = frozenset(
    {
        "canton",
        "code-commune-insee",
        "code-pays-iso2",
        "code-pays-iso3",
        "code-region",
        "commune",
        "departement",
        "numero-departement",
        "pays",
        "region",
    }
)


def french_format(check: CheckDescription, context: Context) -> CellRule | None:
    """A value of a French nomenclature, for the year of the geographical code that is asked."""
    column = text_param(check, "column")
    is_valid, known = _validator(check)

    def test(value: Value) -> Found | None:
        text = str(value)
        if is_valid(text):
            return None
        return Found(
            Message(
                N_("“{found}” is not a known {kind}."),
                {"found": shortened(text), "kind": KIND_NAMES[check.name]},
            ),
            _mended(text, is_valid, known),
        )

    return CellRule(check.name, Message(N_("Value unknown to the nomenclature")), column, test)


def _validator(
    check: CheckDescription,
) -> tuple[Callable[[str], bool], Callable[[], frozenset[str]]]:
    import frformat

    made = getattr(frformat, FRENCH_FORMATS[check.name])
    options = frformat.Options(
        ignore_case=_is_true(check.params.get("ignore-case")),
        ignore_accents=_is_true(check.params.get("ignore-accents")),
        ignore_extra_whitespace=_is_true(check.params.get("ignore-extra-whitespace")),
        replace_non_alphanumeric_with_space=_is_true(
            check.params.get("replace-non-alphanumeric-with-space")
        ),
    )
    try:
        if check.name in GEOGRAPHIC:
            validator = made(_year_of_code(check), options)
        elif check.name == "code-fantoir":
            validator = made()
        else:
            validator = made(options)
    except (ValueError, TypeError) as error:
        raise CheckError(
            Message(N_("no list is known for “{value}”"), {"value": str(check.params.get("cog"))})
        ) from error
    values = getattr(validator, "get_valid_values_set", frozenset)
    return validator.is_valid, values


def _year_of_code(check: CheckDescription) -> str:
    year = check.params.get("cog")
    if year in (None, ""):
        raise CheckError(
            Message(N_("its parameter “cog” must be the year of the official geographical code"))
        )
    return str(year)


def _is_true(value: object) -> bool:
    return str(value).lower() in ("true", "yes")


def _mended(
    text: str, is_valid: Callable[[str], bool], known: Callable[[], frozenset[str]]
) -> str | None:
    tries = [text.strip(), text.strip().upper(), text.strip().zfill(5), text.strip().zfill(2)]
    wanted = folded(text)
    tries += [value for value in known() if folded(value) == wanted]
    return next((value for value in tries if value != text and is_valid(value)), None)
