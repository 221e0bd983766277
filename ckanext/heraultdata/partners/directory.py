"""The partners with their convention, their obligation and their datasets, in constant queries."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import ckan.model as model
import sqlalchemy as sa

from .. import config
from ..conventions import service as conventions
from ..conventions.rules import IN_FORCE, ConventionState
from ..conventions.wording import NO_CONVENTION
from . import rules, service, territory


@dataclass(frozen=True)
class DirectoryEntry:
    """A partner as the directory shows it on a day."""

    partner: service.Partner
    verdict: rules.ObligationVerdict
    convention_id: str | None
    convention: ConventionState | None
    counts: service.DatasetCounts
    has_referent: bool

    @property
    def is_in_force(self) -> bool:
        """Whether a convention is in force."""
        return self.convention is not None and self.convention.state in IN_FORCE


@dataclass(frozen=True)
class DirectoryFilter:
    """Which entries to keep; a None keeps all."""

    text: str | None = None
    partner_type: str | None = None
    convention_state: str | None = None
    obligation: rules.Obligation | None = None


@dataclass(frozen=True)
class Figures:
    """The two figures of the territory."""

    epci_under_convention: rules.Share
    obliged_that_publish: rules.Share


def thresholds() -> rules.Thresholds:
    """From how many inhabitants and agents the site says that the law obliges."""
    return rules.Thresholds(config.obligation_population(), config.obligation_agents())


def entries(partners: Sequence[service.Partner], day: date) -> list[DirectoryEntry]:
    """Complete partners with what the directory shows, sorted as French readers sort names.

    Args:
        partners: the partners.
        day: the day of the conventions' state.
    """
    ids = [partner.id for partner in partners]
    by_organization: dict[str, list[conventions.ConventionRecord]] = defaultdict(list)
    for convention in conventions.find(organization_ids=ids):
        by_organization[convention.organization_id].append(convention)
    counts = service.dataset_counts()
    with_referent = {referent.organization_id for referent in service.referents(ids)}
    completed = [
        _entry(
            partner,
            conventions.current(by_organization[partner.id], day),
            counts.get(partner.id, service.DatasetCounts()),
            partner.id in with_referent,
            day,
        )
        for partner in partners
    ]
    return sorted(completed, key=lambda entry: (folded(entry.partner.title), entry.partner.id))


def matching(found: Iterable[DirectoryEntry], wanted: DirectoryFilter) -> list[DirectoryEntry]:
    """The entries that a filter keeps, in their order."""
    return [entry for entry in found if _matches(entry, wanted)]


def figures(found: Iterable[DirectoryEntry]) -> Figures:
    """The two figures, over the whole territory.

    Args:
        found: all the partners.
    """
    by_siren = {entry.partner.siren: entry for entry in found if entry.partner.siren}
    facts = [_facts(place, by_siren.get(siren)) for siren, place in territory.by_siren().items()]
    return Figures(
        epci_under_convention=rules.share_of_epci_under_convention(facts),
        obliged_that_publish=rules.share_of_obliged_that_publish(facts),
    )


def folded(text: str) -> str:
    """Text without accents and case, for sorting and searching."""
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


def _entry(
    partner: service.Partner,
    convention: conventions.ConventionRecord | None,
    counts: service.DatasetCounts,
    has_referent: bool,
    day: date,
) -> DirectoryEntry:
    return DirectoryEntry(
        partner=partner,
        verdict=rules.legal_obligation(partner.population, partner.agents, thresholds()),
        convention_id=convention.id if convention else None,
        convention=convention.on(day) if convention else None,
        counts=counts,
        has_referent=has_referent,
    )


def _matches(entry: DirectoryEntry, wanted: DirectoryFilter) -> bool:
    if wanted.text and folded(wanted.text) not in folded(entry.partner.title):
        return False
    if wanted.partner_type and entry.partner.partner_type != wanted.partner_type:
        return False
    if wanted.obligation and entry.verdict.obligation is not wanted.obligation:
        return False
    if wanted.convention_state is None:
        return True
    state = entry.convention.state.value if entry.convention else NO_CONVENTION
    return state == wanted.convention_state


def _facts(place: territory.Collectivity, entry: DirectoryEntry | None) -> rules.CollectivityFacts:
    if entry is None:
        verdict = rules.legal_obligation(place.population, None, thresholds())
    else:
        verdict = entry.verdict
    return rules.CollectivityFacts(
        is_epci=place.partner_type == "epci",
        obligation=verdict.obligation,
        has_convention_in_force=entry is not None and entry.is_in_force,
        has_public_dataset=entry is not None and entry.counts.public > 0,
    )


def territory_figures(day: date) -> Figures:
    """The two figures on a day, from all the partners.

    Args:
        day: the day of the conventions' state.
    """
    return figures(entries(service.find(), day))


@dataclass(frozen=True)
class OrganizationName:
    """What to call an organisation, and where its page is."""

    name: str
    title: str
    is_active: bool


def organization_names(organization_ids: Iterable[str | None]) -> dict[str, OrganizationName]:
    """What to call these organisations, deleted ones too, in one query.

    Args:
        organization_ids: identifiers; None is passed over.
    """
    ids = {organization_id for organization_id in organization_ids if organization_id}
    if not ids:
        return {}
    rows = model.Session.execute(
        sa.select(model.Group.id, model.Group.name, model.Group.title, model.Group.state).where(
            model.Group.id.in_(ids)
        )
    ).all()
    return {
        row.id: OrganizationName(row.name, row.title or row.name, row.state == model.State.ACTIVE)
        for row in rows
    }


@dataclass(frozen=True)
class Place:
    """A commune or EPCI of the territory, and the partner that it is already, if any."""

    collectivity: territory.Collectivity
    partner: service.Partner | None


def places(text: str) -> list[Place]:
    """The EPCI, then the communes, in which a text is found: name, SIREN or INSEE code.

    Args:
        text: what is searched, empty for all.
    """
    by_siren = {partner.siren: partner for partner in service.find() if partner.siren}
    wanted = folded(text)
    number = text.replace(" ", "")
    return [
        Place(place, by_siren.get(place.siren))
        for place in (*territory.epci(), *territory.communes())
        if wanted in folded(place.name) or number in (place.siren, place.insee_code)
    ]
