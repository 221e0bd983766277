"""The mails about conventions: who gets which, and in what words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import ckan.plugins.toolkit as tk

from ..mailing.service import (
    Notice,
    Recipient,
    department_recipients,
    organization_admin_recipients,
)
from ..partners import service as partners
from ..partners.model import Referent
from ..terms import add_months, whole_months
from ..words import in_words
from . import rules, service
from .notices import DueNotice, NoticeKind, due_notice

NO_REFERENT = "no_referent"


def notices(today: date) -> Iterator[Notice]:
    """All the notices about conventions that are due on a day, sent already or not.

    Must run in the language of the readers (`mailing.service.reading_in`).

    Args:
        today: the date in Paris.
    """
    by_id = {partner.id: partner for partner in partners.find()}
    referents: dict[str, list[Referent]] = {partner_id: [] for partner_id in by_id}
    for referent in partners.referents(by_id):
        referents[referent.organization_id].append(referent)
    for convention in service.find(organization_ids=list(by_id)):
        partner = by_id[convention.organization_id]
        yield from _anniversary(convention, partner, referents[partner.id], today)
        if not referents[partner.id]:
            yield from _without_referent(convention, partner, today)


def partner_recipients(partner: partners.Partner, referents: Sequence[Referent]) -> list[Recipient]:
    """Who reads the mails to a partner: its référents, else its own address, else its admins."""
    if referents:
        return [Recipient(referent.name, referent.email) for referent in referents]
    if partner.email:
        return [Recipient(partner.title, partner.email)]
    return organization_admin_recipients(partner.id)


def _anniversary(
    convention: service.ConventionRecord,
    partner: partners.Partner,
    referents: Sequence[Referent],
    today: date,
) -> Iterator[Notice]:
    due = due_notice(convention.events, today)
    if due is None:
        return
    title = tk._("Convention of {partner}: renewed on {anniversary}").format(
        partner=partner.title, anniversary=in_words(due.anniversary)
    )
    recipients = department_recipients()
    if due.kind is NoticeKind.SIX_WEEKS:
        recipients += partner_recipients(partner, referents)
    for recipient in {r.address.lower(): r for r in recipients}.values():
        body = _anniversary_body(convention, partner, due, recipient)
        yield Notice(due.kind.value, convention.id, due.anniversary, recipient, title, body)


def _anniversary_body(
    convention: service.ConventionRecord,
    partner: partners.Partner,
    due: DueNotice,
    recipient: Recipient,
) -> str:
    return tk.render(
        "heraultdata/mails/anniversary.txt",
        {
            "recipient": recipient.name,
            "partner": partner.title,
            "anniversary": in_words(due.anniversary),
            "last_day": in_words(due.last_day_for_notice),
            "address": tk.url_for(
                "heraultdata_convention.show", convention_id=convention.id, _external=True
            ),
            "site_title": tk.config["ckan.site_title"],
        },
    )


def _without_referent(
    convention: service.ConventionRecord, partner: partners.Partner, today: date
) -> Iterator[Notice]:
    effective_on = convention.on(today).effective_on
    if effective_on is None or not rules.is_in_force(convention.events, today):
        return
    month = add_months(effective_on, whole_months(effective_on, today))
    title = tk._("{partner}: please name a référent").format(partner=partner.title)
    for recipient in partner_recipients(partner, ()):
        body = tk.render(
            "heraultdata/mails/no_referent.txt",
            {
                "recipient": recipient.name,
                "partner": partner.title,
                "address": tk.url_for(
                    "heraultdata_partner.referents", name=partner.name, _external=True
                ),
                "site_title": tk.config["ckan.site_title"],
            },
        )
        yield Notice(NO_REFERENT, partner.id, month, recipient, title, body)
