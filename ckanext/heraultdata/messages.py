"""Sentences for people, made where no translator is at hand and put into words at the edge."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable


def N_(sentence: str) -> str:  # noqa: N802 - gettext's own name for a sentence marked and not yet translated
    """Mark a sentence for the catalogues of translations; it comes back as it is."""
    return sentence


@runtime_checkable
class Spoken(Protocol):
    """A value that has words of its own within a sentence.

    Attributes:
        in_sentence: the English words, marked with `N_`.
    """

    @property
    def in_sentence(self) -> str:
        """The English words, marked with `N_`."""
        ...


@dataclass(frozen=True)
class Message:
    """A sentence with named holes, translated only when somebody reads it.

    Attributes:
        template: the English sentence, marked with `N_`, with `{name}` for each hole.
        values: what goes into the holes; dates, numbers, other messages and what is `Spoken` are
            put into words in the reader's language.
    """

    template: str
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """The English sentence, for logs and tests."""
        return self.template.format(**self.values)


def quoted(name: str) -> Message:
    """A name between the quotation marks of the reader's language.

    Args:
        name: what people typed, or called it.
    """
    return Message(N_("“{name}”"), {"name": name})


class RuleError(Exception):
    """What a rule of the domain does not allow.

    Attributes:
        field: name of the field at fault, as in the API.
        message: the sentence that says why, and the way out.
    """

    def __init__(self, field: str, message: Message) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message
