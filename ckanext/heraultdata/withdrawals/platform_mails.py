"""Mails to the contacts of platforms that still hold copies, and again until they are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import clock, config
from ..journal import service as journal
from ..mailing.letters import Line, Link, Paragraph, Recipient
from ..messages import N_
from ..words import in_words
from . import followup_rules as rules
from .followups import FOLLOWED, FollowupRecord, records
from .kinds import FollowupState, PlatformKind
from .model import Followup, Platform, Withdrawal, WithdrawalItem
from .probing.model import Way
from .tombstones import withheld

KIND = "platform_copies"

_WHAT_TO_DO: Mapping[PlatformKind, str] = {
    PlatformKind.UDATA: N_(
        "A platform such as data.gouv.fr archives what left the catalogue after 7 days, and its "
        "page can still be reached: only a deletion by hand takes it away. Please delete these "
        "datasets, files included."
    ),
    PlatformKind.CKAN: N_(
        "CKAN's harvester of other CKAN sites never deletes what left the source; the harvester of "
        "RDF catalogues does so at its next run. Please delete these datasets, or these files, by "
        "hand, and purge them if you can."
    ),
    PlatformKind.OPENDATASOFT: N_(
        "A harvester of Opendatasoft deletes what left the source only where that option is "
        "switched on. Please switch it on and run the harvester, or delete these datasets by hand."
    ),
    PlatformKind.DCAT: N_(
        "A harvester of RDF catalogues takes away what left the source at its next run. Please "
        "run it, and delete by hand what is still there afterwards."
    ),
}


@dataclass(frozen=True)
class Copies:
    """The copies of one request that a platform still holds.

    Attributes:
        reason_class: that of the request, which says whether their titles may be told.
    """

    withdrawal_id: str
    reference: str
    reason_class: str
    organization_title: str
    platform_id: str
    platform: str
    kind: PlatformKind
    contact_email: str
    followups: tuple[FollowupRecord, ...]

    @property
    def subject_id(self) -> str:
        """What makes the mail about them go once for each day that it is due on."""
        return f"{self.withdrawal_id}/{self.platform_id}"


def lines(today: date) -> Iterator[Line]:
    """The mails due to the contacts of platforms, sent already or not, in two queries.

    Only copies that the portal has seen there are written about.

    Args:
        today: the date in Paris.
    """
    for copies in _still_there():
        withdrawn_on = clock.date_in_paris(copies.followups[0].opened_at)
        due_on = rules.mail_due_on(withdrawn_on, config.platform_mail_days(), today)
        if due_on is None:
            continue
        yield Line(
            Recipient(copies.platform, copies.contact_email),
            KIND,
            copies.subject_id,
            due_on,
            is_legal=True,
            tell=partial(_in_words, copies, withdrawn_on, today),
        )


def note_sent(sent: Iterable[Line], now: datetime) -> None:
    """Write in the time line of the requests that platforms were written to; commits.

    Args:
        sent: lines that went, of any kind.
        now: the moment, with a zone.
    """
    pairs = [line.subject_id.split("/") for line in sent if line.kind == KIND]
    if not pairs:
        return
    of_platform = sa.select(Platform.id, Platform.name).where(
        Platform.id.in_([platform_id for _, platform_id in pairs])
    )
    of_request = sa.select(Withdrawal.id, Withdrawal.organization_id).where(
        Withdrawal.id.in_([withdrawal_id for withdrawal_id, _ in pairs])
    )
    names = {row.id: row.name for row in model.Session.execute(of_platform)}
    organizations = {row.id: row.organization_id for row in model.Session.execute(of_request)}
    for withdrawal_id, platform_id in pairs:
        subject = journal.Subject("withdrawal", withdrawal_id, organizations.get(withdrawal_id))
        journal.record(
            journal.PORTAL,
            "withdrawal.platform_written",
            subject,
            now,
            after={"platform": names.get(platform_id)},
        )
    model.Session.commit()


def _still_there() -> list[Copies]:
    query = (
        records()
        .add_columns(
            Platform.contact_email,
            Withdrawal.reference,
            Withdrawal.organization_title,
            Withdrawal.reason_class,
        )
        .join(Withdrawal, Withdrawal.id == WithdrawalItem.withdrawal_id)
        .where(
            Followup.state == FollowupState.PENDING.value,
            Followup.seen_at.isnot(None),
            WithdrawalItem.state.in_(FOLLOWED),
            Platform.contact_email.isnot(None),
        )
        .order_by(None)
        .order_by(
            Withdrawal.reference, Platform.name, WithdrawalItem.title, WithdrawalItem.resource_name
        )
    )
    groups: dict[tuple[str, str], list[tuple[FollowupRecord, Sequence[str]]]] = defaultdict(list)
    for row in model.Session.execute(query):
        followup = FollowupRecord.of(row)
        groups[followup.withdrawal_id, followup.platform_id].append((followup, row[4:]))
    return [
        Copies(
            withdrawal_id=withdrawal_id,
            reference=found[0][1][1],
            organization_title=found[0][1][2],
            reason_class=found[0][1][3],
            platform_id=platform_id,
            platform=found[0][0].platform,
            kind=found[0][0].kind,
            contact_email=found[0][1][0],
            followups=tuple(followup for followup, _ in found),
        )
        for (withdrawal_id, platform_id), found in groups.items()
    ]


def _in_words(copies: Copies, withdrawn_on: date, today: date) -> Paragraph:
    days = rules.days_there(withdrawn_on, today)
    count = len(copies.followups)
    return Paragraph(
        about=copies.platform,
        title=tk.ungettext(
            "{platform} still shows {n} item withdrawn from the open data portal ({reference})",
            "{platform} still shows {n} items withdrawn from the open data portal ({reference})",
            count,
        ).format(
            platform=copies.platform, n=tk.h.heraultdata_number(count), reference=copies.reference
        ),
        sentences=(
            tk.ungettext(
                "On {date}, {days} day ago, data of {partner} were withdrawn from the portal. The "
                "convention asks that the copies made by other platforms go too (article 7).",
                "On {date}, {days} days ago, data of {partner} were withdrawn from the portal. "
                "The convention asks that the copies made by other platforms go too (article 7).",
                days,
            ).format(
                date=in_words(withdrawn_on),
                days=tk.h.heraultdata_number(days),
                partner=copies.organization_title,
            ),
            tk._(_WHAT_TO_DO[copies.kind]),
            tk._(
                "The portal looks again by itself, and stops writing once they are gone. If one of "
                "them is no copy, answer to this mail."
            ),
        ),
        details=tuple(_copy(followup, copies.reason_class) for followup in copies.followups),
        links=(
            Link(
                tk._("The public register of what was withdrawn"),
                tk.url_for("heraultdata_withdrawal_register.index", _external=True),
            ),
        ),
    )


def _copy(followup: FollowupRecord, reason_class: str) -> str:
    evidence = followup.evidence or {}
    told = _named(followup, evidence.get("page"), is_withheld=withheld(reason_class))
    if evidence.get("by") == Way.TITLE.value:
        return tk._("{copy} (known by its title only: please check that it is this one)").format(
            copy=told
        )
    return told


def _named(followup: FollowupRecord, page: str | None, *, is_withheld: bool) -> str:
    """The title and the page; the address alone where personal data may stand in the title."""
    if is_withheld:
        return _addresses(followup, page)
    title = followup.title
    if followup.resource_name:
        title = tk._("{file}, in {dataset}").format(file=followup.resource_name, dataset=title)
    return f"{title} – {page}" if page else title


def _addresses(followup: FollowupRecord, page: str | None) -> str:
    """Where it is there, or was on the portal by the identifiers that harvesters keep."""
    if followup.resource_id is None:
        return page or tk.url_for("dataset.read", id=followup.package_id, _external=True)
    file = tk.url_for(
        "dataset_resource.read",
        id=followup.package_id,
        resource_id=followup.resource_id,
        _external=True,
    )
    # The page is that of the whole dataset.
    return f"{page} – {file}" if page else file
