"""Who publishes a dataset, who made it, and how to reach those who answer for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import ckan.plugins.toolkit as tk

from ... import config
from ...datasets import defaults
from . import addresses, known
from .bodies import SIREN_LENGTH, Body, Contact
from .reading import Fields, groups


@dataclass(frozen=True)
class People:
    """Who is behind a dataset.

    Attributes:
        publisher: who publishes it.
        creator: who made it, None where nobody else is known to have.
        contacts: how to reach those who answer for it; one at least.
        origin: the names to mention as its origin.
    """

    publisher: Body
    creator: Body | None
    contacts: tuple[Contact, ...]
    origin: str


def behind(dataset: Fields, organization: known.Organization | None) -> People:
    """Who is behind a dataset, without the addresses of référents, which are never public.

    Args:
        dataset: as `package_show` gives it.
        organization: the organisation that it belongs to.
    """
    partner = body_of(organization) if organization else None
    publisher, creator = _publisher_and_creator(dataset, partner)
    contacts = list(_contacts(dataset))
    shown = [publisher.email, creator.email if creator else "", *(each.email for each in contacts)]
    private = _private(filter(None, shown), organization)
    kept = [_discreet_contact(each, private) for each in contacts]
    origin = [body.name for body in (creator, partner or publisher) if body]
    return People(
        publisher=_discreet(publisher, private),
        creator=_discreet(creator, private) if creator else None,
        contacts=tuple(_reached(kept, organization)),
        origin=", ".join(dict.fromkeys(origin)),
    )


def body_of(organization: known.Organization) -> Body:
    """An organisation of the portal as a body that publishes."""
    partner = organization.partner
    return Body(
        uri=addresses.organization(organization.id),
        name=partner.title,
        identifier=partner.siren or partner.siret[:SIREN_LENGTH],
        email=partner.email,
        website=partner.website,
        type=defaults.publisher(partner).get("type", ""),
    )


def site_itself() -> Body:
    """The site as a body, where no organisation speaks for it."""
    return Body(name=tk.config["ckan.site_title"], website=addresses.site())


def _publisher_and_creator(dataset: Fields, partner: Body | None) -> tuple[Body, Body | None]:
    publisher = _named(dataset, "publisher", partner) or partner or site_itself()
    creator = _creator(dataset, partner)
    if creator is None and partner is not None and publisher.uri != partner.uri:
        return publisher, partner
    return publisher, creator


def _creator(dataset: Fields, partner: Body | None) -> Body | None:
    told = _told(dataset, "creator")
    if told is None or partner is None or told.name.casefold() in ("", partner.name.casefold()):
        return _named(dataset, "creator", partner)
    # A department of the partner has its SIREN, and a name of its own.
    return told


def _told(dataset: Fields, field: str) -> Body | None:
    told = next((Body.of(group) for group in groups(dataset, field)), None)
    return told if told is not None and told.is_named else None


def _named(dataset: Fields, field: str, partner: Body | None) -> Body | None:
    """The body that a field names; the partner itself where it names the partner."""
    told = _told(dataset, field)
    if told is None:
        return None
    return partner.completed(told) if partner is not None and partner.is_also(told) else told


def _contacts(dataset: Fields) -> Iterator[Contact]:
    for group in groups(dataset, "contact"):
        yield Contact(group.get("name") or "", group.get("email") or "", group.get("url") or "")


def _private(shown: Iterator[str], organization: known.Organization | None) -> frozenset[str]:
    chosen = [organization.partner.email] if organization else []
    return known.private_addresses(list(shown), public=chosen)


def _discreet(body: Body, private: Collection[str]) -> Body:
    return replace(body, email="") if body.email.lower() in private else body


def _discreet_contact(contact: Contact, private: Collection[str]) -> Contact:
    return replace(contact, email="") if contact.email.lower() in private else contact


def _reached(
    contacts: Sequence[Contact], organization: known.Organization | None
) -> Iterator[Contact]:
    """The contacts, each with a way to reach it; one at least."""
    if contacts and all(each.is_reachable for each in contacts):
        yield from contacts
        return
    fallback = _reachable(organization)
    for each in contacts or [fallback]:
        yield each if each.is_reachable else replace(fallback, name=each.name or fallback.name)


def _reachable(organization: known.Organization | None) -> Contact:
    """How to reach those who answer for any dataset of an organisation, else the département."""
    own = _contact_of(organization)
    if own.is_reachable:
        return own
    department = _contact_of(known.department())
    return Contact(
        department.name or tk.config["ckan.site_title"],
        config.department_email() or department.email,
        department.page or addresses.site(),
    )


def _contact_of(organization: known.Organization | None) -> Contact:
    if organization is None:
        return Contact()
    partner = organization.partner
    return Contact(partner.title, partner.email, partner.website)
