"""The validators that the rooms share, and those of partners: good and bad values."""

from __future__ import annotations

from datetime import date

import ckan.plugins.toolkit as tk
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata import validators
from ckanext.heraultdata.partners import validators as partner_validators


@pytest.mark.parametrize("value", ["2024-02-29", "2026-11-24"])
def test_dates(value: str) -> None:
    assert validators.heraultdata_date(value) == value
    assert validators.heraultdata_date_value(value) == date.fromisoformat(value)


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("2024-02-30", "2024-02-30 is not a day of the calendar."),
        ("2023-02-29", "2023-02-29 is not a day of the calendar."),
        ("26/02/2024", "year-month-day: 2024-02-26 instead of 26/02/2024"),
        ("26.02.2024", "2024-02-26 instead of"),
        ("30/02/2024", "is not a date"),
        ("20240226", "is not a date"),
        ("2024-2-6", "is not a date"),
        ("2024-02-26T00:00", "is not a date"),
        ("hier", "hier is not a date"),
        ("٢٠٢٤-٠٢-٢٦", "is not"),
    ],
)
def test_what_is_no_date(value: str, sentence: str) -> None:
    with pytest.raises(tk.Invalid) as refusal:
        validators.heraultdata_date(value)
    assert sentence in refusal.value.error


@given(st.text())
def test_any_text_is_a_date_or_refused(value: str) -> None:
    try:
        taken = validators.heraultdata_date_value(value)
    except tk.Invalid:
        return
    assert taken == "" or isinstance(taken, date)


@pytest.mark.parametrize("value", ["Vallée de l'Hérault", "a < b", "5 <6", "R&D", "", "  spaced  "])
def test_plain_text(value: str) -> None:
    assert validators.heraultdata_plain_text(200)(value) == value.strip()  # type: ignore[call-arg]


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("<script>alert(1)</script>", "remove <script>"),
        ("a <b>bold</b> word", "remove <b>"),
        ("</p>", "HTML is not accepted"),
        ("<!-- -->", "HTML is not accepted"),
        ("<img src=x onerror=alert(1)", "HTML is not accepted"),
        ("x" * 201, "Too long: 201 characters, the most is 200."),
        ("a\x00b", "a character that cannot be kept"),
        ("a\ud800", "a character that cannot be kept"),
        (12, "Write text"),
    ],
)
def test_what_is_no_plain_text(value: object, sentence: str) -> None:
    with pytest.raises(tk.Invalid) as refusal:
        validators.heraultdata_plain_text(200)(value)  # type: ignore[call-arg]
    assert sentence in refusal.value.error


@pytest.mark.parametrize(
    "value", ["a@b.example", "prenom.nom@cc-vallee.example", " a+b@c.example "]
)
def test_addresses(value: str) -> None:
    assert validators.heraultdata_email(value) == value.strip()


@pytest.mark.parametrize(
    "value",
    ["a", "a@b", "@b.example", "a b@c.example", "a@b.example, c@d.example", "<a@b.example>"],
)
def test_what_is_no_address(value: str) -> None:
    with pytest.raises(tk.Invalid, match="not an e-mail address"):
        validators.heraultdata_email(value)


@pytest.mark.parametrize("value", ["243400694", "243 400 694", " 243400017 "])
def test_siren(value: str) -> None:
    assert partner_validators.heraultdata_siren(value) == value.replace(" ", "")


@pytest.mark.parametrize(
    ("value", "sentence"),
    [
        ("243400695", "its key is wrong"),
        ("24340069", "has 9 digits"),
        ("2434006940", "has 9 digits"),
        ("24340069A", "digits only"),
    ],
)
def test_what_is_no_siren(value: str, sentence: str) -> None:
    with pytest.raises(tk.Invalid) as refusal:
        partner_validators.heraultdata_siren(value)
    assert sentence in refusal.value.error
    assert "SIREN" in refusal.value.error


def test_siret() -> None:
    assert partner_validators.heraultdata_siret("243 400 017 00022") == "24340001700022"
    with pytest.raises(tk.Invalid, match="its key is wrong"):
        partner_validators.heraultdata_siret("24340001700023")


@pytest.mark.parametrize(("value", "code"), [("34172", "34172"), ("2a004", "2A004")])
def test_insee_codes(value: str, code: str) -> None:
    assert partner_validators.heraultdata_insee_code(value) == code


@pytest.mark.parametrize("value", ["3417", "341720", "Aniane", "2C004"])
def test_what_is_no_insee_code(value: str) -> None:
    with pytest.raises(tk.Invalid, match="five characters"):
        partner_validators.heraultdata_insee_code(value)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("04 67 57 01 01", "+33467570101"),
        ("+33 4 67 57 01 01", "+33467570101"),
        ("06.12.34.56.78", "+33612345678"),
        ("+34 91 123 45 67", "+34911234567"),
    ],
)
def test_telephones(value: str, number: str) -> None:
    assert partner_validators.heraultdata_phone(value) == number


@pytest.mark.parametrize("value", ["12", "04 67 57 01", "a telephone", "00000000000000000000"])
def test_what_is_no_telephone(value: str) -> None:
    with pytest.raises(tk.Invalid, match="not a telephone number"):
        partner_validators.heraultdata_phone(value)
