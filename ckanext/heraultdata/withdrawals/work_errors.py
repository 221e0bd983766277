"""Why a step of the work that follows a withdrawal could not be done yet."""

from __future__ import annotations

from ..messages import Message


class WorkError(Exception):
    """A file, a table or the index could not follow; it is tried again.

    Attributes:
        message: the sentence that says why, for people.
    """

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message
