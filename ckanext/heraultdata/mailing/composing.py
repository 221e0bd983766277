"""The mail of the day in words: its subject, its text and its HTML, and the way to stop it."""

from __future__ import annotations

from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from . import preferences
from .headers import WholeHeaders
from .letters import Letter, Paragraph


@dataclass(frozen=True)
class Mail:
    """A mail as it is sent."""

    subject: str
    text: str
    html: str
    headers: dict[str, str]


def compose(letter: Letter) -> Mail:
    """Put a mail into words, in the language that is set.

    Args:
        letter: at least one line.
    """
    told = [line.tell() for line in letter.lines]
    by_subject: dict[str, list[Paragraph]] = {}
    for paragraph in told:
        by_subject.setdefault(paragraph.about, []).append(paragraph)
    page = tk.url_for(
        "heraultdata_reminder.preferences",
        token=preferences.token_of(letter.recipient.address),
        _external=True,
    )
    subject = _subject(told)
    values = {
        "recipient": letter.recipient.name,
        "subject": subject,
        "groups": by_subject,
        "can_stop": not all(line.is_legal for line in letter.lines),
        "preferences": page,
        "site_title": tk.config["ckan.site_title"],
        "site_url": tk.config["ckan.site_url"],
        "language": letter.wishes.locale,
    }
    return Mail(
        subject=subject,
        text=tk.render("heraultdata/mails/daily.txt", values).strip() + "\n",
        html=tk.render("heraultdata/mails/daily.html", values),
        # RFC 8058: the reader's program shows a button that stops the mails in one click.
        headers=WholeHeaders(
            {
                "List-Unsubscribe": f"<{page}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
                "Auto-Submitted": "auto-generated",
            }
        ),
    )


def _subject(told: list[Paragraph]) -> str:
    if len(told) == 1:
        return told[0].title
    return tk.ungettext(
        "Open data: {n} point for you", "Open data: {n} points for you", len(told)
    ).format(n=len(told))
