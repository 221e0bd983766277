"""Partners as organisations of CKAN, and the transitions of their référents."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import sqlalchemy as sa
from ckan.model.types import make_uuid

from ..journal import service as journal
from ..messages import N_, Message, RuleError
from .model import Referent
from .organization_fields import active_organizations, fields_of, values_of_field

PARTNER_TYPES = ("epci", "commune", "other")
DEPARTMENT = "department"
_MOST_DIGITS = 15
_TEXT_FIELDS = (
    "siren",
    "siret",
    "insee_code",
    "epci_siren",
    "portal_url",
    "email",
    "website",
)


@dataclass(frozen=True)
class DatasetCounts:
    """Active datasets of an organisation, drafts left out."""

    public: int = 0
    private: int = 0


@dataclass(frozen=True)
class Partner:
    """An organisation with a `partner_type` of a partner; numbers are None where unknown."""

    id: str
    name: str
    title: str
    partner_type: str
    siren: str | None
    siret: str | None
    insee_code: str | None
    population: int | None
    agents: int | None
    epci_siren: str | None
    portal_url: str | None
    email: str | None
    website: str | None


@dataclass(frozen=True)
class ReferentDetails:
    """What is kept of a référent; `phone` in E.164, `user_id` of its account where it has one."""

    name: str
    email: str
    phone: str | None = None
    position: str | None = None
    user_id: str | None = None


class PartnerNotFoundError(Exception):
    """There is no partner, or no référent, of that identifier."""


def find(organization_ids: Collection[str] | None = None) -> list[Partner]:
    """Read partners in a constant number of queries, in no particular order.

    Args:
        organization_ids: only these organisations, where given.
    """
    organizations = active_organizations(
        None if organization_ids is None else list(organization_ids)
    )
    found = (_partner(organization) for organization in organizations)
    return [partner for partner in found if partner.partner_type in PARTNER_TYPES]


def types(organization_ids: Collection[str] | None = None) -> dict[str, str]:
    """The types of partners by their identifiers, in one query.

    Args:
        organization_ids: only these organisations, where given.
    """
    asked = None if organization_ids is None else list(organization_ids)
    known = values_of_field("partner_type", asked)
    return {id_: kind for id_, kind in known.items() if kind in PARTNER_TYPES}


def get(organization: str) -> Partner:
    """Read one partner by the identifier or the name of its organisation.

    Raises:
        PartnerNotFoundError: there is no such partner.
    """
    group = model.Group.get(organization)
    found = find([group.id]) if group else []
    if not found:
        raise PartnerNotFoundError(organization)
    return found[0]


def is_partner(organization_id: str) -> bool:
    """Whether the organisation is a partner; one without `partner_type` is left as CKAN has it."""
    return bool(find([organization_id]))


def title_of(organization_id: str) -> str | None:
    """What a partner is called; None where the organisation is none.

    Unlike elsewhere a partner that is deleted is one still: its datasets may not be.
    """
    organization = model.Session.get(model.Group, organization_id)
    if organization is None or fields_of(organization).get("partner_type") not in PARTNER_TYPES:
        return None
    return organization.title or organization.name


def follows_the_convention(organization_id: str) -> bool:
    """Whether the rules of publication hold for an organisation: a partner, or the département.

    One without `partner_type` is left as CKAN has it.
    """
    organization = model.Session.get(model.Group, organization_id)
    if organization is None:
        return False
    return fields_of(organization).get("partner_type") in (*PARTNER_TYPES, DEPARTMENT)


def require_partner(organization_id: str) -> None:
    """Refuse an organisation that is no partner.

    Raises:
        RuleError: on the field `organization_id`.
    """
    if not is_partner(organization_id):
        raise RuleError(
            "organization_id",
            Message(
                N_(
                    "This organisation is not a partner: give it a partner type first "
                    "(EPCI, commune or other)."
                )
            ),
        )


def dataset_counts() -> dict[str, DatasetCounts]:
    """Active datasets by organisation, public and private, in one query."""
    is_private = model.Package.private.is_(True)
    rows = model.Session.execute(
        sa.select(
            model.Package.owner_org,
            sa.func.count().filter(sa.not_(is_private)).label("public"),
            sa.func.count().filter(is_private).label("private"),
        )
        .where(model.Package.state == model.State.ACTIVE, model.Package.owner_org.isnot(None))
        .group_by(model.Package.owner_org)
    )
    return {row.owner_org: DatasetCounts(row.public, row.private) for row in rows}


def referents(organization_ids: Iterable[str] | None = None) -> list[Referent]:
    """The référents of these organisations, or of all, in the order of their names."""
    query = sa.select(Referent).order_by(Referent.organization_id, Referent.name, Referent.id)
    if organization_ids is not None:
        query = query.where(Referent.organization_id.in_(list(organization_ids)))
    return list(model.Session.scalars(query))


def get_referent(referent_id: str) -> Referent:
    """Read one référent.

    Raises:
        PartnerNotFoundError: there is none of that identifier.
    """
    referent = model.Session.get(Referent, referent_id)
    if referent is None:
        raise PartnerNotFoundError(referent_id)
    return referent


def create_referent(
    organization_id: str, details: ReferentDetails, actor: journal.Actor, now: datetime
) -> Referent:
    """Name a référent of a partner (article 5).

    Raises:
        RuleError: the organisation is no partner, or this address is a référent's of it already.
    """
    require_partner(organization_id)
    lock(organization_id)
    _refuse_second_address(organization_id, details.email)
    referent = Referent(
        id=make_uuid(), organization_id=organization_id, created_at=now, **vars(details)
    )
    model.Session.add(referent)
    _journal(actor, "referent.created", referent, now)
    model.Session.commit()
    return referent


def update_referent(
    referent_id: str, details: ReferentDetails, actor: journal.Actor, now: datetime
) -> Referent:
    """Correct what is kept of a référent.

    Raises:
        PartnerNotFoundError: there is none of that identifier.
        RuleError: the new address is another référent's of the same partner.
    """
    lock(get_referent(referent_id).organization_id)
    referent = _referent_to_change(referent_id)
    _refuse_second_address(referent.organization_id, details.email, but=referent.id)
    for name, value in vars(details).items():
        setattr(referent, name, value)
    _journal(actor, "referent.updated", referent, now)
    model.Session.commit()
    return referent


def delete_referent(referent_id: str, actor: journal.Actor, now: datetime) -> None:
    """Forget a référent: nothing of the person is kept.

    Raises:
        PartnerNotFoundError: there is none of that identifier.
    """
    referent = _referent_to_change(referent_id)
    _journal(actor, "referent.deleted", referent, now)
    model.Session.delete(referent)
    model.Session.commit()


def lock(organization_id: str) -> None:
    """Let one person at a time write for a partner, until the transaction ends."""
    # Of two people who write at once, the second is judged on what the first wrote.
    model.Session.execute(
        sa.select(model.Group.id)
        .where(model.Group.id == organization_id)
        .with_for_update(key_share=True)
    )


def _referent_to_change(referent_id: str) -> Referent:
    found = model.Session.scalars(
        sa.select(Referent)
        .where(Referent.id == referent_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise PartnerNotFoundError(referent_id)
    return found


def _refuse_second_address(organization_id: str, email: str, but: str | None = None) -> None:
    taken = sa.select(Referent.id).where(
        Referent.organization_id == organization_id,
        sa.func.lower(Referent.email) == email.lower(),
        Referent.id != (but or ""),
    )
    if model.Session.scalar(sa.select(taken.exists())):
        raise RuleError(
            "email",
            Message(
                N_("{email} is already a référent of this partner: correct that one instead."),
                {"email": email},
            ),
        )


def _journal(actor: journal.Actor, action: str, referent: Referent, now: datetime) -> None:
    # The journal is never erased: it keeps that a référent changed, and nothing of the person.
    subject = journal.Subject("referent", referent.id, referent.organization_id)
    journal.record(actor, action, subject, now)


def _partner(organization: model.Group) -> Partner:
    fields = fields_of(organization)
    values = {name: fields.get(name) or None for name in _TEXT_FIELDS}
    return Partner(
        id=organization.id,
        name=organization.name,
        title=organization.title or organization.name,
        partner_type=fields.get("partner_type", ""),
        population=_whole_number(fields.get("population")),
        agents=_whole_number(fields.get("agents")),
        **values,
    )


def _whole_number(text: str | None) -> int | None:
    # An organisation that the site had before may hold anything under our names.
    return int(text) if text and len(text) <= _MOST_DIGITS and text.strip().isdecimal() else None
