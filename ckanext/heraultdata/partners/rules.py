"""The legal obligation to open data, and the two figures of the territory; pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from ..messages import N_, Message


class Obligation(str, Enum):
    """Whether a collectivité must open its data."""

    YES = "yes"
    NO = "no"
    TO_CONFIRM = "to_confirm"


@dataclass(frozen=True)
class Thresholds:
    """From how many inhabitants and agents (full-time equivalents) the obligation holds."""

    population: int
    agents: int


@dataclass(frozen=True)
class ObligationVerdict:
    """The answer, and the reason to show with it."""

    obligation: Obligation
    reason: Message


@dataclass(frozen=True)
class CollectivityFacts:
    """What the two figures need to know of a collectivité of the territory."""

    is_epci: bool
    obligation: Obligation
    has_convention_in_force: bool
    has_public_dataset: bool


@dataclass(frozen=True)
class Share:
    """A part of a whole, both counted in collectivités."""

    part: int
    whole: int


def legal_obligation(
    population: int | None, agents: int | None, thresholds: Thresholds
) -> ObligationVerdict:
    """Whether a collectivité must open its data.

    Source: code des relations entre le public et l'administration, L. 312-1-1 (population) and
    D. 312-1-1-1 (agents).

    Args:
        population: inhabitants, None where unknown.
        agents: full-time equivalents, None where unknown.
        thresholds: from how many of each the obligation holds.

    Returns:
        `no` where one of the two is known to be too small, `yes` where both are known to be large
        enough, else `to_confirm`; with the reason.
    """
    values: dict[str, object] = {
        "population": population,
        "agents": agents,
        "least_population": thresholds.population,
        "least_agents": thresholds.agents,
    }
    if population is not None and population < thresholds.population:
        reason = N_(
            "{population} inhabitants: below the {least_population} from which the law obliges."
        )
        return ObligationVerdict(Obligation.NO, Message(reason, values))
    if agents is not None and agents < thresholds.agents:
        reason = N_("{agents} agents: below the {least_agents} from which the law obliges.")
        return ObligationVerdict(Obligation.NO, Message(reason, values))
    if population is None:
        reason = N_("The population is unknown: fill it in to know.")
        return ObligationVerdict(Obligation.TO_CONFIRM, Message(reason, values))
    if agents is None:
        reason = N_(
            "{population} inhabitants, number of agents unknown: fill it in to know "
            "(the law obliges from {least_population} inhabitants and {least_agents} agents)."
        )
        return ObligationVerdict(Obligation.TO_CONFIRM, Message(reason, values))
    reason = N_(
        "{population} inhabitants and {agents} agents: the law obliges from "
        "{least_population} inhabitants and {least_agents} agents."
    )
    return ObligationVerdict(Obligation.YES, Message(reason, values))


def share_of_epci_under_convention(territory: Iterable[CollectivityFacts]) -> Share:
    """How many of the territory's EPCI have a convention in force."""
    epci = [facts for facts in territory if facts.is_epci]
    return Share(part=sum(facts.has_convention_in_force for facts in epci), whole=len(epci))


def share_of_obliged_that_publish(territory: Iterable[CollectivityFacts]) -> Share:
    """How many of the collectivités that the law obliges have a public dataset on the portal.

    Those whose obligation is to be confirmed count as obliged: the number of agents is in no open
    register, and a figure that left them out would praise the portal for what it does not know.
    """
    obliged = [facts for facts in territory if facts.obligation is not Obligation.NO]
    return Share(part=sum(facts.has_public_dataset for facts in obliged), whole=len(obliged))
