"""The mails about conventions: who gets which, and in what words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial

import ckan.plugins.toolkit as tk

from ..mailing.letters import Line, Link, Paragraph, Recipient
from ..mailing.service import department_recipients, organization_admin_recipients
from ..partners import service as partners
from ..partners.model import Referent
from ..terms import add_months, whole_months
from ..words import in_words
from . import rules, service
from .notices import DueNotice, NoticeKind, due_notice

NO_REFERENT = "no_referent"


def lines(today: date) -> Iterator[Line]:
    """All that is to be told about conventions on a day, sent already or not.

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
) -> Iterator[Line]:
    due = due_notice(convention.events, today)
    if due is None:
        return
    tell = partial(_anniversary_in_words, convention, partner, due)
    recipients = department_recipients()
    if due.kind is NoticeKind.SIX_WEEKS:
        recipients += partner_recipients(partner, referents)
    for recipient in recipients:
        yield Line(
            recipient, due.kind.value, convention.id, due.anniversary, is_legal=True, tell=tell
        )


def _anniversary_in_words(
    convention: service.ConventionRecord, partner: partners.Partner, due: DueNotice
) -> Paragraph:
    return Paragraph(
        about=partner.title,
        title=tk._("Convention of {partner}: renewed on {anniversary}").format(
            partner=partner.title, anniversary=in_words(due.anniversary)
        ),
        sentences=(
            tk._(
                "The open data convention between {partner} and the département is renewed by "
                "itself for one year on {anniversary}."
            ).format(partner=partner.title, anniversary=in_words(due.anniversary)),
            tk._("If you wish it to go on, you have nothing to do."),
            tk._(
                "Each party can end it on that day with one month's notice (article 12.3 of the "
                "convention): the letter must be sent by {last_day} at the latest. Sent later, it "
                "ends the convention a year after."
            ).format(last_day=in_words(due.last_day_for_notice)),
        ),
        links=(
            Link(
                tk._("The convention, its dates and its documents"),
                tk.url_for(
                    "heraultdata_convention.show", convention_id=convention.id, _external=True
                ),
            ),
        ),
    )


def _without_referent(
    convention: service.ConventionRecord, partner: partners.Partner, today: date
) -> Iterator[Line]:
    effective_on = convention.on(today).effective_on
    if effective_on is None or not rules.is_in_force(convention.events, today):
        return
    month = add_months(effective_on, whole_months(effective_on, today))
    tell = partial(_without_referent_in_words, partner)
    for recipient in partner_recipients(partner, ()):
        yield Line(recipient, NO_REFERENT, partner.id, month, is_legal=True, tell=tell)


def _without_referent_in_words(partner: partners.Partner) -> Paragraph:
    return Paragraph(
        about=partner.title,
        title=tk._("{partner}: please name a référent").format(partner=partner.title),
        sentences=(
            tk._(
                "In signing the open data convention with the département, {partner} undertook to "
                "name one or more référents (article 5). None is named on the portal yet."
            ).format(partner=partner.title),
            tk._(
                "The référent is the person whom the département can ask about your data, and who "
                "hears of what is to be done. Naming one takes a minute."
            ),
            tk._(
                "Their e-mail and telephone are shown to your members and to the département only."
            ),
        ),
        links=(
            Link(
                tk._("Name a référent"),
                tk.url_for("heraultdata_partner.referents", name=partner.name, _external=True),
            ),
        ),
    )
