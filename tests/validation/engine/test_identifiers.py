"""SIRET and SIREN proved by column are right by their key, and nearly all right ones are proved."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from stdnum.fr import siren, siret

from ckanext.heraultdata.messages import Message
from ckanext.heraultdata.validation.engine.checks import CellRule
from ckanext.heraultdata.validation.engine.columns.identifiers import proof_of_cell_rules

LA_POSTE = "356000000"
AN_OFFICE_OF_LA_POSTE = "35600000049837"


def proved(code: str, texts: list[str]) -> list[bool]:
    """Which texts the proof of a check takes."""
    rule = CellRule(code, Message("Wrong"), "a", lambda _: None)
    proof = proof_of_cell_rules([rule], "a")
    assert proof is not None
    return pl.DataFrame({"a": texts}).select(proof.fill_null(False)).to_series().to_list()


figures = st.text("0123456789", min_size=7, max_size=14)


@given(st.lists(figures, min_size=1, max_size=30))
def test_what_is_proved_is_right(texts: list[str]) -> None:
    for code, standard in (("french-siret-value", siret), ("siren", siren)):
        for text, is_proved in zip(texts, proved(code, texts), strict=True):
            assert not is_proved or standard.is_valid(text)


@given(st.text("0123456789", min_size=8, max_size=8))
def test_a_right_siren_is_proved(start: str) -> None:
    (right,) = [f"{start}{key}" for key in range(10) if siren.is_valid(f"{start}{key}")]
    assert proved("siren", [right, f"{right} "]) == [True, False]


@given(st.text("0123456789", min_size=8, max_size=8), st.text("0123456789", min_size=4, max_size=4))
def test_a_right_siret_is_proved(start: str, office: str) -> None:
    of_organisation = next(f"{start}{k}" for k in range(10) if siren.is_valid(f"{start}{k}"))
    right = [f"{of_organisation}{office}{k}" for k in range(10)]
    right = [text for text in right if siret.is_valid(text)]
    if of_organisation != LA_POSTE:
        assert proved("siret", right) == [True] * len(right)


def test_those_of_la_poste_are_left_to_the_row_path() -> None:
    assert siret.is_valid(AN_OFFICE_OF_LA_POSTE)
    assert proved("siret", [AN_OFFICE_OF_LA_POSTE]) == [False]


def test_a_check_that_has_no_proof_is_left_to_the_row_path() -> None:
    rule = CellRule("nomenclature-actes-value", Message("Wrong"), "a", lambda _: None)
    assert proof_of_cell_rules([rule], "a") is None
    assert proof_of_cell_rules([], "a") is None
