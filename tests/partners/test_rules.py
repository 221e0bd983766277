"""The legal obligation, by worked examples and by properties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ckanext.heraultdata.partners.rules import (
    CollectivityFacts,
    Obligation,
    Share,
    Thresholds,
    legal_obligation,
    share_of_epci_under_convention,
    share_of_obliged_that_publish,
)

LAW = Thresholds(population=3500, agents=50)
COUNTS = st.none() | st.integers(min_value=0, max_value=600_000)


@pytest.mark.parametrize(
    ("population", "agents", "obligation"),
    [
        (3500, 50, Obligation.YES),
        (523_109, 1500, Obligation.YES),
        (3499, 50, Obligation.NO),
        (3499, None, Obligation.NO),
        (900, 3, Obligation.NO),
        (3500, 49, Obligation.NO),
        (None, 49, Obligation.NO),
        (3500, None, Obligation.TO_CONFIRM),
        (None, None, Obligation.TO_CONFIRM),
        (None, 50, Obligation.TO_CONFIRM),
        (0, 50, Obligation.NO),
        (3500, 0, Obligation.NO),
    ],
)
def test_examples(population: int | None, agents: int | None, obligation: Obligation) -> None:
    assert legal_obligation(population, agents, LAW).obligation is obligation


@given(COUNTS, COUNTS)
def test_yes_only_where_both_are_known_and_reached(
    population: int | None, agents: int | None
) -> None:
    expected = (
        population is not None
        and agents is not None
        and population >= LAW.population
        and agents >= LAW.agents
    )
    verdict = legal_obligation(population, agents, LAW)
    assert (verdict.obligation is Obligation.YES) == expected


@given(COUNTS, COUNTS)
def test_learning_more_never_contradicts(population: int | None, agents: int | None) -> None:
    """A `yes` or `no` said with a number unknown stands whatever the number proves to be."""
    said = legal_obligation(population, None, LAW).obligation
    if said is not Obligation.TO_CONFIRM:
        assert legal_obligation(population, agents, LAW).obligation is said


@given(COUNTS, COUNTS)
def test_the_reason_can_be_put_into_words(population: int | None, agents: int | None) -> None:
    assert "None" not in str(legal_obligation(population, agents, LAW).reason)


def facts(
    is_epci: bool = False,
    obligation: Obligation = Obligation.NO,
    signed: bool = False,
    publishes: bool = False,
) -> CollectivityFacts:
    return CollectivityFacts(is_epci, obligation, signed, publishes)


def test_share_of_epci_counts_epci_only() -> None:
    territory = [facts(is_epci=True, signed=True), facts(is_epci=True), facts(signed=True)]
    assert share_of_epci_under_convention(territory) == Share(part=1, whole=2)


def test_share_of_obliged_counts_those_to_confirm() -> None:
    territory = [
        facts(obligation=Obligation.YES, publishes=True),
        facts(obligation=Obligation.TO_CONFIRM),
        facts(obligation=Obligation.NO, publishes=True),
    ]
    assert share_of_obliged_that_publish(territory) == Share(part=1, whole=2)


def test_nobody_is_a_share_of_nothing() -> None:
    assert share_of_epci_under_convention([]) == Share(part=0, whole=0)
    assert share_of_obliged_that_publish([]) == Share(part=0, whole=0)
