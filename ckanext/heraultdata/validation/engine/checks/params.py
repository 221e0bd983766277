"""Parameters of custom checks, read with suspicion."""

from __future__ import annotations

from ....messages import N_, Message
from ..fields import CheckDescription
from .model import CheckError


def text_param(check: CheckDescription, name: str) -> str:
    """A parameter that is a text.

    Args:
        check: the check as the schema asks for it.
        name: name of the parameter.

    Raises:
        CheckError: it is not there, or is no text.
    """
    value = check.params.get(name)
    if isinstance(value, str) and value:
        return value
    raise CheckError(
        Message(N_("its parameter “{name}” must be the name of a column"), {"name": name})
    )


def texts_param(check: CheckDescription, name: str) -> tuple[str, ...]:
    """A parameter that is a list of texts.

    Args:
        check: the check as the schema asks for it.
        name: name of the parameter.

    Raises:
        CheckError: it is not there, or is no such list.
    """
    value = check.params.get(name)
    if isinstance(value, list | tuple) and value and all(isinstance(text, str) for text in value):
        return tuple(str(text) for text in value)
    raise CheckError(Message(N_("its parameter “{name}” must list columns"), {"name": name}))
