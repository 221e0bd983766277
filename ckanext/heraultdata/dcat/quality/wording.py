"""Gaps and scores in words: what is missing, what to fill in, what a score is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import ckan.plugins.toolkit as tk

from ...messages import N_
from .rules import Gap, Rating


@dataclass(frozen=True)
class _Words:
    """What a gap is called, and the way out."""

    name: str
    advice: str


_GAPS: Mapping[Gap, _Words] = {
    Gap.FILES: _Words(N_("Files"), N_("Add a file: there is nothing to fetch yet.")),
    Gap.KEYWORDS: _Words(N_("Keywords"), N_("Give one keyword or more.")),
    Gap.THEME: _Words(N_("Themes"), N_("Tick one theme or two.")),
    Gap.SPATIAL: _Words(
        N_("Territories covered"), N_("Say which territory the data covers, with its code.")
    ),
    Gap.TEMPORAL: _Words(
        N_("Period covered"), N_("Say which period the data covers: its first and last day.")
    ),
    Gap.ACCESS_URL: _Words(
        N_("Link that answers"),
        N_("Mend the link of the file: when it was last checked it could not be opened."),
    ),
    Gap.DOWNLOAD_URL: _Words(
        N_("Address for downloading"),
        N_("Send the file to the portal, or give a link to the file itself."),
    ),
    Gap.DOWNLOAD_ANSWER: _Words(
        N_("Download that answers"),
        N_("Mend the link for downloading: when it was last checked it could not be opened."),
    ),
    Gap.FORMAT: _Words(N_("Format"), N_("Say in which format the file is, such as CSV.")),
    Gap.MEDIA_TYPE: _Words(
        N_("Media type"), N_("Give the media type of the file, such as text/csv.")
    ),
    Gap.VOCABULARIES: _Words(
        N_("Format of the European list"),
        N_("Choose a format and a media type that everybody knows, such as CSV and text/csv."),
    ),
    Gap.NON_PROPRIETARY: _Words(
        N_("Open format"), N_("Offer the data in an open format too: CSV, JSON, GeoJSON or ODS.")
    ),
    Gap.MACHINE_READABLE: _Words(
        N_("Format for programs"),
        N_("Offer the data in a format that programs read too: CSV, JSON, GeoJSON or XLSX."),
    ),
    Gap.DCAT_AP: _Words(
        N_("What DCAT-AP requires"),
        N_("Fill in the title, the description, and the address of each file."),
    ),
    Gap.LICENCE: _Words(N_("Licence"), N_("Choose a licence.")),
    Gap.KNOWN_LICENCE: _Words(
        N_("Licence of the European list"),
        N_("Choose a licence that Europe knows, such as the Licence Ouverte 2.0."),
    ),
    Gap.ACCESS_RIGHTS: _Words(N_("Access rights"), N_("Say to whom the data is open.")),
    Gap.KNOWN_ACCESS_RIGHTS: _Words(
        N_("Access rights of the European list"),
        N_("Choose one of the access rights that the form offers."),
    ),
    Gap.CONTACT: _Words(
        N_("Contact"), N_("Give a contact: the e-mail address or the page of a department.")
    ),
    Gap.PUBLISHER: _Words(N_("Publisher"), N_("Choose the organization that publishes the data.")),
    Gap.RIGHTS: _Words(
        N_("Mention of the source"),
        N_("Choose an organization and a licence: the mention of the source is made of them."),
    ),
    Gap.SIZE: _Words(
        N_("Size of the file"),
        N_("Send the file to the portal, which measures it: the size of a link is not known."),
    ),
    Gap.ISSUED: _Words(N_("First published"), N_("Say when the data was first published.")),
    Gap.MODIFIED: _Words(N_("Data last updated"), N_("Say when the data was last updated.")),
}

_RATINGS: Mapping[Rating, str] = {
    Rating.EXCELLENT: N_("Excellent"),
    Rating.GOOD: N_("Good"),
    Rating.SUFFICIENT: N_("Sufficient"),
    Rating.BAD: N_("Bad"),
}


def gap_name(gap: Gap) -> str:
    """What is missing, in the reader's language."""
    return tk._(_GAPS[gap].name)


def gap_names() -> dict[str, str]:
    """All that may be missing, in the reader's language, by code."""
    return {gap.value: gap_name(gap) for gap in Gap}


def advice(gap: Gap) -> str:
    """What to fill in, in the reader's language."""
    return tk._(_GAPS[gap].advice)


def rating_name(rating: Rating) -> str:
    """The word of data.europa.eu for a score, in the reader's language."""
    return tk._(_RATINGS[rating])
