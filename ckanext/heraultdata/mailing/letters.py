"""What a mail is made of: to whom, and its lines, which are in words only when it goes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ..words import reader_locale
from .preferences import Wishes


@dataclass(frozen=True)
class Link:
    """An address of the portal, and what is there."""

    label: str
    address: str


@dataclass(frozen=True)
class Paragraph:
    """What a line says.

    Attributes:
        about: whom it is about, such as a partner's title; lines about one are told together.
            Empty where it is about all.
        title: it in a few words.
        sentences: what there is to know.
        details: a list under them, such as what changes in a standard.
        links: where to act.
    """

    about: str
    title: str
    sentences: tuple[str, ...] = ()
    details: tuple[str, ...] = ()
    links: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Recipient:
    """A person or an office, and its address."""

    name: str
    address: str

    @property
    def key(self) -> str:
        """The address as it is compared: in small letters."""
        return self.address.lower()


@dataclass(frozen=True)
class Line:
    """One thing to tell; the first four attributes are what makes it go once.

    Attributes:
        recipient: to whom.
        kind: what it tells, such as `anniversary_six_weeks`.
        subject_id: what it is about, such as a convention's identifier.
        due_on: the date it is about; the same line for another date is another line.
        is_legal: whether the law or the convention asks for it, so that nobody can stop it.
        tell: says it, in the language of the reader.
        at_once: whether it goes as soon as it is due, also to those who had their mail of the day.
    """

    recipient: Recipient
    kind: str
    subject_id: str
    due_on: date
    is_legal: bool
    tell: Callable[[], Paragraph]
    at_once: bool = False

    @property
    def key(self) -> tuple[str, str, date, str]:
        """What makes it go once."""
        return self.kind, self.subject_id, self.due_on, self.recipient.key


@dataclass(frozen=True)
class Letter:
    """The mail of one person on one day, before it is in words."""

    recipient: Recipient
    lines: tuple[Line, ...]
    wishes: Wishes

    @property
    def is_of_the_day(self) -> bool:
        """Whether it is the one mail of the day: not where it only tells what does not wait."""
        return not all(line.at_once for line in self.lines)


def once_a_language(tell: Callable[[], Paragraph]) -> Callable[[], Paragraph]:
    """Put a line into words once for all its readers of one language.

    Args:
        tell: says it, in the language of the reader.
    """
    told: dict[str, Paragraph] = {}

    def say() -> Paragraph:
        locale = reader_locale()
        if locale not in told:
            told[locale] = tell()
        return told[locale]

    return say
