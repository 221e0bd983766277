"""What a program calls itself in `User-Agent`: cleaned, told from a browser, put into words."""

from __future__ import annotations

import re
from collections.abc import Sequence

import ckan.plugins.toolkit as tk

from ...messages import N_

LONGEST = 200

_ROBOT = re.compile(r"compatible|bot\b|crawler|spider|harvest", re.IGNORECASE)

# Only what their code says: `get_headers` of udata's harvest backends; the harvesters of
# ckanext-harvest and ckanext-dcat, which keep the name that requests gives them; piveau, the
# software of data.europa.eu, which keeps the one of Vert.x (`WebClient.create`).
_KNOWN: Sequence[tuple[str, str]] = (
    ("udata/", N_("udata, the software of data.gouv.fr")),
    ("python-requests/", N_("A program in Python, perhaps a harvester of CKAN")),
    (
        "vert.x-webclient/",
        N_("A program in Java, perhaps that of data.europa.eu"),
    ),
)


def cleaned(agent: str) -> str:
    """The name on one line, of printable characters only and not too long.

    Args:
        agent: as it came.
    """
    printable = "".join(sign if sign.isprintable() else " " for sign in agent[:LONGEST])
    return " ".join(printable.split())


def is_browser(agent: str) -> bool:
    """Whether a browser calls itself so, and not a robot that calls itself like one.

    Args:
        agent: the name, cleaned.
    """
    return agent.startswith("Mozilla/") and not _ROBOT.search(agent)


def in_words(agent: str) -> str | None:
    """What the program is, in the reader's language; None where that is not known.

    Args:
        agent: the name, cleaned.
    """
    lowered = agent.lower()
    for beginning, words in _KNOWN:
        if lowered.startswith(beginning):
            return tk._(words)
    return None
