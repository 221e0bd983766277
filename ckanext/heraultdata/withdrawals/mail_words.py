"""The mails about withdrawals in words: a paragraph for each step of a request."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import ckan.plugins.toolkit as tk

from .. import clock, config
from ..mailing.letters import Link, Paragraph
from ..words import in_words, moment_in_words
from . import rules, wording
from .kinds import Initiative, ItemState, ReasonClass, Scope
from .requests import ItemRecord, RequestRecord

_MOST_TITLES = 30


def receipt(request: RequestRecord) -> Paragraph:
    """To those who asked, as soon as the request is recorded."""
    sentences = [
        tk._("The département received the request of {partner} on {date}: {what}.").format(
            partner=request.organization_title,
            date=in_words(request.received_on),
            what=_what(request),
        )
    ]
    if request.suspended_at:
        sentences.append(_closed_since(request.suspended_at))
    if _waits_for_writing(request):
        sentences.append(
            tk._(
                "It was made by telephone: please confirm it by a letter or a mail (article 7 of "
                "the convention). It cannot be executed before."
            )
        )
    else:
        sentences.append(_due(request))
    sentences.append(
        tk._("If nobody among you asked for this, please tell the département at once.")
    )
    return _paragraph(
        request,
        tk._("Withdrawal {reference}: request received").format(reference=request.reference),
        sentences,
    )


def notice(request: RequestRecord, *, says_urgent: bool) -> Paragraph:
    """To the département, as soon as the request is recorded.

    Args:
        request: the request.
        says_urgent: whether it came by a mail that speaks of urgency, which suspends nothing.
    """
    title = tk._("Withdrawal {reference} asked for: {partner}")
    if request.urgent:
        title = tk._("Urgent: withdrawal {reference}, {partner}")
    elif says_urgent:
        title = tk._("To be read at once: withdrawal {reference}, {partner}")
    sentences = [
        " · ".join(
            (
                _what(request),
                wording.reason_name(request.reason_class.value),
                wording.channel_name(request.channel.value),
                wording.initiative_name(request.initiative.value),
            )
        )
    ]
    if says_urgent:
        sentences.append(
            tk._(
                "It came by mail and says that it is urgent. Nothing is suspended by itself: read "
                "the message and decide."
            )
        )
    if request.suspended_at:
        sentences.append(_closed_since(request.suspended_at))
    if _waits_for_writing(request):
        sentences.append(
            tk._("It waits for its confirmation in writing, and cannot be executed before.")
        )
    else:
        sentences.append(_due(request))
    return _paragraph(
        request,
        title.format(reference=request.reference, partner=request.organization_title),
        sentences,
    )


def decision(request: RequestRecord) -> Paragraph:
    """To the partner: the département ceases to publish on its own initiative (article 9.1)."""
    sentences = [
        tk._(
            "The département has decided to cease publishing data of {partner} (article 9.1 of "
            "the convention): {what}."
        ).format(partner=request.organization_title, what=_what(request)),
        *_reason_of_department(request),
    ]
    if request.suspended_at:
        sentences.append(_closed_since(request.suspended_at))
    return _paragraph(
        request,
        tk._("Decision of the département about your data ({reference})").format(
            reference=request.reference
        ),
        sentences,
    )


def suspended(request: RequestRecord, at: datetime) -> Paragraph:
    """Access was closed before anyone handled the request.

    Args:
        request: the request.
        at: the moment of it.
    """
    return _paragraph(
        request,
        tk._("Withdrawal {reference}: access suspended").format(reference=request.reference),
        (_what(request) + ".", _closed_since(at), *_reason_of_department(request)),
    )


def executed(request: RequestRecord, at: datetime) -> Paragraph:
    """All the items were withdrawn.

    Args:
        request: the request.
        at: the moment of it.
    """
    return _paragraph(
        request,
        tk._("Withdrawal {reference}: executed").format(reference=request.reference),
        (
            tk._(
                "Since {moment} nobody but the département reaches these data on the portal: "
                "{what}. Their addresses say that they were withdrawn."
            ).format(moment=moment_in_words(at), what=_what(request)),
            tk._(
                "The département asks the portals that are known to copy the catalogue to take "
                "their copies down, and looks whether they are gone. A copy that somebody "
                "downloaded cannot be called back."
            ),
            *_reason_of_department(request),
        ),
    )


def rejected(request: RequestRecord, at: datetime) -> Paragraph:
    """The request was declared inadmissible.

    Args:
        request: the request.
        at: the moment of it.
    """
    sentences = [
        tk._("On {date} the département declared this request inadmissible: {what}.").format(
            date=in_words(clock.date_in_paris(at)), what=_what(request)
        ),
        tk._("Reason: {reason}").format(reason=request.decision_reason or "–"),
    ]
    if request.suspended_at:
        sentences.append(tk._("Access is open again: nothing is suspended any more."))
    return _paragraph(
        request,
        tk._("Withdrawal {reference}: inadmissible").format(reference=request.reference),
        sentences,
    )


def cancelled(request: RequestRecord, at: datetime) -> Paragraph:
    """The partner took the request back.

    Args:
        request: the request.
        at: the moment of it.
    """
    sentences = [
        tk._("This request of {partner} was taken back on {date}: {what}.").format(
            partner=request.organization_title,
            date=in_words(clock.date_in_paris(at)),
            what=_what(request),
        )
    ]
    if request.suspended_at:
        sentences.append(tk._("Access is open again: nothing is suspended any more."))
    return _paragraph(
        request,
        tk._("Withdrawal {reference}: cancelled").format(reference=request.reference),
        sentences,
    )


def restored(request: RequestRecord, at: datetime) -> Paragraph:
    """Items were put back.

    Args:
        request: the request.
        at: the moment of it, which says which items.
    """
    return _paragraph(
        request,
        tk._("Withdrawal {reference}: data restored").format(reference=request.reference),
        (
            tk._("Since {moment} these data are on the portal again, as they were.").format(
                moment=moment_in_words(at)
            ),
        ),
        [item for item in request.items if item.restored_at == at],
    )


def erased(request: RequestRecord, at: datetime) -> Paragraph:
    """What was withdrawn was destroyed.

    Args:
        request: the request.
        at: the moment of it.
    """
    return _paragraph(
        request,
        tk._("Withdrawal {reference}: data erased").format(reference=request.reference),
        (
            tk._(
                "Since {moment} the portal has kept nothing of these data but their titles and "
                "the dates of the withdrawal. They cannot be restored any more."
            ).format(moment=moment_in_words(at)),
        ),
        [item for item in request.items if item.state is ItemState.ERASED],
    )


def followed(request: RequestRecord, items: Sequence[ItemRecord]) -> Paragraph:
    """To somebody who follows datasets of a request: no reference, no partner, no free text.

    Args:
        request: the request.
        items: what is withdrawn of the datasets that this person follows.
    """
    return Paragraph(
        about="",
        title=tk._("Data that you follow were withdrawn"),
        sentences=(
            tk.ungettext(
                "{n} dataset that you follow was withdrawn from the portal, in whole or in part.",
                "{n} datasets that you follow were withdrawn from the portal, in whole or in part.",
                len({item.package_id for item in items}),
            ).format(n=len({item.package_id for item in items})),
            tk._("Reason: {reason}").format(reason=wording.reason_name(request.reason_class.value)),
        ),
        details=() if request.reason_class is ReasonClass.PERSONAL_DATA else _titles(items),
        links=(
            Link(
                tk._("The register of withdrawals"),
                tk.url_for("heraultdata_withdrawal_register.index", _external=True),
            ),
        ),
    )


def messages() -> Paragraph:
    """To the département: mails came that a person has to look at."""
    return Paragraph(
        about="",
        title=tk._("Mails about withdrawals wait to be looked at"),
        sentences=(
            tk._(
                "A mail came to the address for withdrawals, and no request could be made of it "
                "by itself: nothing happens before somebody has read it."
            ),
        ),
        links=(
            Link(
                tk._("The messages to be looked at"),
                tk.url_for("heraultdata_withdrawal_message.index", _external=True),
            ),
        ),
    )


def overdue(late: Sequence[RequestRecord], target_days: int) -> Paragraph:
    """To the département each week: requests past their target delay.

    Args:
        late: the requests, at least one.
        target_days: the target delay in working days.
    """
    told = [
        tk._("{reference}, {partner}: to be executed by {date}").format(
            reference=each.reference,
            partner=each.organization_title,
            date=in_words(rules.due_on(each.received_on, target_days)),
        )
        for each in late
    ]
    return Paragraph(
        about="",
        title=tk.ungettext(
            "{n} withdrawal is past its target delay",
            "{n} withdrawals are past their target delay",
            len(late),
        ).format(n=len(late)),
        details=_cut(told),
        links=(
            Link(
                tk._("The requests for withdrawal"),
                tk.url_for("heraultdata_withdrawal.index", _external=True),
            ),
        ),
    )


def _paragraph(
    request: RequestRecord,
    title: str,
    sentences: Sequence[str],
    items: Sequence[ItemRecord] | None = None,
) -> Paragraph:
    return Paragraph(
        about=request.organization_title,
        title=title,
        sentences=tuple(sentences),
        details=_titles(request.items if items is None else items),
        links=(
            Link(
                tk._("The request, its dates and what becomes of it"),
                tk.url_for(
                    "heraultdata_withdrawal.show", reference=request.reference, _external=True
                ),
            ),
        ),
    )


def _what(request: RequestRecord) -> str:
    count = len(request.items)
    if request.scope is Scope.ALL:
        return tk.ungettext(
            "all the data of the partner ({n} dataset)",
            "all the data of the partner ({n} datasets)",
            count,
        ).format(n=count)
    if request.scope is Scope.DATASETS:
        return tk.ungettext("{n} dataset", "{n} datasets", count).format(n=count)
    return tk.ungettext("{n} file", "{n} files", count).format(n=count)


def _waits_for_writing(request: RequestRecord) -> bool:
    return rules.waits_for_writing(request.standing.channel, request.standing.confirmed_on)


def _closed_since(moment: datetime) -> str:
    return tk._(
        "It is urgent: access has been suspended since {moment}, for all but the département."
    ).format(moment=moment_in_words(moment))


def _due(request: RequestRecord) -> str:
    return tk._("It is to be executed by {date} at the latest.").format(
        date=in_words(rules.due_on(request.received_on, config.withdrawal_target_days()))
    )


def _reason_of_department(request: RequestRecord) -> tuple[str, ...]:
    if request.initiative is not Initiative.DEPARTMENT:
        return ()
    return (tk._("Reason: {reason}").format(reason=request.reason or "–"),)


def _titles(items: Sequence[ItemRecord]) -> tuple[str, ...]:
    told = [
        tk._("{file} ({dataset})").format(file=item.resource_name, dataset=item.title)
        if item.resource_id
        else item.title
        for item in items
    ]
    return _cut(told)


def _cut(told: list[str]) -> tuple[str, ...]:
    left = len(told) - _MOST_TITLES
    if left <= 0:
        return tuple(told)
    more = tk.ungettext("and {n} more", "and {n} more", left).format(n=left)
    return (*told[:_MOST_TITLES], more)
