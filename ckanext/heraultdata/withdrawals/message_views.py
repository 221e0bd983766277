"""The tray of mails that ask for a withdrawal and wait for a person: the département's pages."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any
from uuid import UUID

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import access, clock, pages
from ..api import transition
from ..partners import service as partners
from ..words import moment_in_words, sentence
from . import file_views, incoming, incoming_rules, tray
from .tray import TrayLine

heraultdata_withdrawal_message = Blueprint(
    "heraultdata_withdrawal_message", __name__, url_prefix="/withdrawals/messages"
)


@heraultdata_withdrawal_message.before_request
def department_only() -> None:
    """Mails hold what people wrote to the département, and to nobody else."""
    with pages.refusals_as_pages():
        if not access.is_department(pages.context()):
            raise tk.NotAuthorized(tk._("Only the département reads the mails that it is sent."))


@heraultdata_withdrawal_message.get("")
def index() -> str:
    """The messages that wait, the newest first."""
    asked = pages.asked_page()
    count, found = tray.waiting(asked.size, asked.offset)
    titles = {partner.id: partner.title for partner in partners.find(_partner_ids(found))}
    return tk.render(
        "heraultdata/withdrawals/messages.html",
        {
            "lines": [_words(line, titles) for line in found],
            "count": count,
            "pager": asked.pager(count, found),
        },
    )


@heraultdata_withdrawal_message.get("/<uuid:message_id>")
def show(message_id: UUID) -> str:
    """What one message says, as text only, and what its addresses are."""
    return _page(str(message_id), {}, "")


@heraultdata_withdrawal_message.post("/<uuid:message_id>")
def put_away(message_id: UUID) -> Response | str | tuple[str, int]:
    """Take a message out of the tray."""
    reference = tk.request.form.get("reference", "").strip()
    actor = access.actor_of(pages.context())
    try:
        with _absent_as_page(), transition():
            tray.put_away(str(message_id), reference or None, actor, clock.now())
    except tk.ValidationError as refusal:
        return _page(str(message_id), pages.flat_errors(refusal), reference), pages.BAD_FORM
    tk.h.flash_success(tk._("The message is put away."))
    return tk.redirect_to("heraultdata_withdrawal_message.index")


@heraultdata_withdrawal_message.get("/<uuid:message_id>/message.eml")
def whole(message_id: UUID) -> Response:
    """The message as it came, to be opened in a mail program."""
    with _absent_as_page():
        _, content = tray.get(str(message_id))
    # No browser shows it in the place of the portal's own pages.
    return file_views.to_save(BytesIO(content), "message.eml", "application/octet-stream")


def _page(message_id: str, errors: pages.FieldErrors, reference: str) -> str:
    with _absent_as_page():
        line, content = tray.get(message_id)
    message = incoming_rules.read(content, incoming.portal())
    found = partners.find(_partner_ids([line]))
    return tk.render(
        "heraultdata/withdrawals/messages_show.html",
        {
            "line": _words(line, {partner.id: partner.title for partner in found}),
            "text": message.text,
            "partner": found[0] if found else None,
            "named": incoming.named(message.found),
            "errors": errors,
            "reference": reference,
        },
    )


def _words(line: TrayLine, titles: dict[str, str]) -> dict[str, Any]:
    return {
        "id": line.id,
        "sender": line.sender or tk._("Unknown sender"),
        "subject": line.subject or tk._("No subject"),
        "why": sentence(line.why),
        "says_urgent": line.says_urgent,
        "partner": titles.get(line.organization_id or ""),
        "received": moment_in_words(line.received_at),
        "size": line.size,
    }


def _partner_ids(lines: Sequence[TrayLine]) -> set[str]:
    return {line.organization_id for line in lines if line.organization_id}


@contextmanager
def _absent_as_page() -> Iterator[None]:
    try:
        yield
    except tray.MessageNotFoundError:
        tk.abort(404, tk._("This message is not in the tray: somebody may have put it away."))
