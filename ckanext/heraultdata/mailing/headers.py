"""Headers of a mail that must reach the reader's program as they are."""

from __future__ import annotations

from collections.abc import Iterator
from email.policy import Policy


class WholeHeader(str):
    """The value of a header that is written on one line and never encoded.

    Python's e-mail package encodes what is longer than 78 characters, addresses of the web too,
    and nobody decodes those (RFC 2047, section 5, forbids it).
    """

    __slots__ = ("name",)

    def __new__(cls, name: str, value: str) -> WholeHeader:
        """Make the value of the header of a name."""
        made = super().__new__(cls, value)
        made.name = name
        return made

    def fold(self, *, policy: Policy) -> str:
        """Write the header; the e-mail package asks this of its own headers."""
        return f"{self.name}: {self}{policy.linesep}"


class WholeHeaders(dict[str, str]):
    """Headers for `tk.mail_recipient`, none of which is encoded.

    CKAN adds a header as text and replaces one that is there by the object that it is given: so
    each is given twice, the first time to be replaced.
    """

    def items(self) -> Iterator[tuple[str, str]]:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Each header as a placeholder and then as it is."""
        for name, value in super().items():
            yield name, "-"
            yield name, WholeHeader(name, value)
