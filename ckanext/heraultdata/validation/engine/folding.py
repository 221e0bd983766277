"""Texts compared as people read them: without case, accents, nor signs between the words."""

from __future__ import annotations

import re
import unicodedata

NOT_A_LETTER = re.compile(r"[^0-9a-z]+")


def without_accents(text: str) -> str:
    """The text with plain letters, such as "ete" for "été"."""
    decomposed = unicodedata.normalize("NFKD", text.replace("œ", "oe").replace("Œ", "OE"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def folded(text: str) -> str:
    """The text in small plain letters and figures, one blank between its words."""
    return NOT_A_LETTER.sub(" ", without_accents(text).lower()).strip()
