"""How data.europa.eu counts the quality of what it harvests: 405 points, and where they are lost.

Source: the methodology of its metadata quality assessment (MQA), five dimensions after the FAIR
principles, <https://data.europa.eu/mqa/methodology>. Of several files the best one counts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Gap(str, Enum):
    """What may be missing; the values are the codes of the API, in the order of the methodology."""

    FILES = "files"
    KEYWORDS = "keywords"
    THEME = "theme"
    SPATIAL = "spatial"
    TEMPORAL = "temporal"
    ACCESS_URL = "access_url"
    DOWNLOAD_URL = "download_url"
    DOWNLOAD_ANSWER = "download_answer"
    FORMAT = "format"
    MEDIA_TYPE = "media_type"
    VOCABULARIES = "vocabularies"
    NON_PROPRIETARY = "non_proprietary"
    MACHINE_READABLE = "machine_readable"
    DCAT_AP = "dcat_ap"
    LICENCE = "licence"
    KNOWN_LICENCE = "known_licence"
    ACCESS_RIGHTS = "access_rights"
    KNOWN_ACCESS_RIGHTS = "known_access_rights"
    CONTACT = "contact"
    PUBLISHER = "publisher"
    RIGHTS = "rights"
    SIZE = "size"
    ISSUED = "issued"
    MODIFIED = "modified"


OF_DATASET: Mapping[Gap, int] = MappingProxyType(
    {
        Gap.KEYWORDS: 30,
        Gap.THEME: 30,
        Gap.SPATIAL: 20,
        Gap.TEMPORAL: 20,
        Gap.DCAT_AP: 30,
        Gap.ACCESS_RIGHTS: 10,
        Gap.KNOWN_ACCESS_RIGHTS: 5,
        Gap.CONTACT: 20,
        Gap.PUBLISHER: 10,
        Gap.ISSUED: 5,
        Gap.MODIFIED: 5,
    }
)
"""Points of what is said of the dataset."""

OF_FILE: Mapping[Gap, int] = MappingProxyType(
    {
        Gap.ACCESS_URL: 50,
        Gap.DOWNLOAD_URL: 20,
        Gap.DOWNLOAD_ANSWER: 30,
        Gap.FORMAT: 20,
        Gap.MEDIA_TYPE: 10,
        Gap.VOCABULARIES: 10,
        Gap.NON_PROPRIETARY: 20,
        Gap.MACHINE_READABLE: 20,
        Gap.LICENCE: 20,
        Gap.KNOWN_LICENCE: 10,
        Gap.RIGHTS: 5,
        Gap.SIZE: 5,
    }
)
"""Points of what is said of a file."""

POINTS: Mapping[Gap, int] = MappingProxyType(
    {Gap.FILES: sum(OF_FILE.values()), **OF_DATASET, **OF_FILE}
)
"""Points lost by each gap; without a file, all those of files at once."""

MAXIMUM = sum(OF_DATASET.values()) + sum(OF_FILE.values())

FOLLOWS_FROM: Mapping[Gap, tuple[Gap, ...]] = MappingProxyType(
    {
        Gap.DOWNLOAD_ANSWER: (Gap.DOWNLOAD_URL, Gap.ACCESS_URL),
        Gap.VOCABULARIES: (Gap.FORMAT, Gap.MEDIA_TYPE),
        Gap.NON_PROPRIETARY: (Gap.FORMAT,),
        Gap.MACHINE_READABLE: (Gap.FORMAT,),
        Gap.KNOWN_LICENCE: (Gap.LICENCE,),
        Gap.KNOWN_ACCESS_RIGHTS: (Gap.ACCESS_RIGHTS,),
    }
)
"""Gaps that come with another one, and close with it; the first of those that are there counts."""


class Rating(Enum):
    """The four words of data.europa.eu for a score; the values are the least points of each."""

    EXCELLENT = 351
    GOOD = 221
    SUFFICIENT = 121
    BAD = 0

    @classmethod
    def of(cls, points: int) -> Rating:
        """The rating of a number of points."""
        return next(rating for rating in cls if points >= rating.value)


@dataclass(frozen=True)
class FileFacts:
    """What counts of a file (`dcat:Distribution`); the fields have the names of the gaps.

    Attributes:
        access_url: its access address answers, as far as is known.
        download_url: it has a download address.
        download_answer: that address answers, as far as is known.
        format: its format is said.
        media_type: its media type is said.
        vocabularies: both are of the vocabularies of the EU and of IANA.
        non_proprietary: the EU counts the format among the open ones.
        machine_readable: the EU counts the format among those that machines read.
        licence: it has a licence.
        known_licence: of the EU's table.
        rights: it has a mention of rights.
        size: its size in bytes is said.
        issued: the day of its publication is said.
        modified: the day of its last change is said.
    """

    access_url: bool = False
    download_url: bool = False
    download_answer: bool = False
    format: bool = False
    media_type: bool = False
    vocabularies: bool = False
    non_proprietary: bool = False
    machine_readable: bool = False
    licence: bool = False
    known_licence: bool = False
    rights: bool = False
    size: bool = False
    issued: bool = False
    modified: bool = False


@dataclass(frozen=True)
class Facts:
    """What counts of a dataset; the fields have the names of the gaps.

    Attributes:
        keywords: it has a keyword.
        theme: it has a theme.
        spatial: the place that it covers is said.
        temporal: the period that it covers is said.
        dcat_ap: it has all that DCAT-AP 3 requires.
        access_rights: who may have the data is said.
        known_access_rights: in a word of the EU's table.
        contact: it has a contact point.
        publisher: it has a publisher.
        issued: the day of its publication is said.
        modified: the day of its last change is said.
        files: of each of its files.
    """

    keywords: bool = False
    theme: bool = False
    spatial: bool = False
    temporal: bool = False
    dcat_ap: bool = False
    access_rights: bool = False
    known_access_rights: bool = False
    contact: bool = False
    publisher: bool = False
    issued: bool = False
    modified: bool = False
    files: tuple[FileFacts, ...] = ()


@dataclass(frozen=True)
class Score:
    """What a dataset is worth to a harvester.

    Attributes:
        points: of `MAXIMUM`, as data.europa.eu counts: on the best of the files.
        gaps: codes of what is missing, of the other files too, in the order of `Gap`.
    """

    points: int
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class Mend:
    """Something to fill in.

    Attributes:
        gap: what is missing.
        points: what filling it in may win, with all that follows from it.
    """

    gap: Gap
    points: int


def score(facts: Facts) -> Score:
    """Count the points of a dataset.

    Its dates count where the file or the dataset bears them. What only a file that is not the best
    one lacks costs nothing, and is among the gaps all the same: a harvester misses it.

    Args:
        facts: what is known of the dataset.
    """
    lacks = _lacks_of_dataset(facts)
    of_files = [_lacks(each, OF_FILE) for each in facts.files]
    if not of_files:
        lacks |= {Gap.FILES}
    lost = _points(lacks) + min((_points(each) for each in of_files), default=0)
    found = lacks.union(*of_files)
    return Score(MAXIMUM - lost, tuple(gap.value for gap in Gap if gap in found))


def to_mend(codes: Iterable[str]) -> list[Mend]:
    """What to fill in, what wins the most first; what follows from another gap is part of it.

    Args:
        codes: codes of gaps; those that are of another version of these rules are passed over.
    """
    given = frozenset(codes)
    found = [gap for gap in Gap if gap.value in given]
    won = dict.fromkeys((gap for gap in found if _cause(gap, found) is gap), 0)
    for gap in found:
        won[_cause(gap, found)] += POINTS[gap]
    return sorted((Mend(gap, points) for gap, points in won.items()), key=lambda it: -it.points)


def _cause(gap: Gap, found: Collection[Gap]) -> Gap:
    return next((cause for cause in FOLLOWS_FROM.get(gap, ()) if cause in found), gap)


def _lacks_of_dataset(facts: Facts) -> frozenset[Gap]:
    said_by_file = {
        gap
        for gap in (Gap.ISSUED, Gap.MODIFIED)
        if any(getattr(each, gap.value) for each in facts.files)
    }
    return _lacks(facts, OF_DATASET) - said_by_file


def _lacks(facts: Facts | FileFacts, gaps: Iterable[Gap]) -> frozenset[Gap]:
    return frozenset(gap for gap in gaps if not getattr(facts, gap.value))


def _points(gaps: Iterable[Gap]) -> int:
    return sum(POINTS[gap] for gap in gaps)
