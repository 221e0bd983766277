"""One probe: the ways of asking a platform, one after the other, and the evidence of it."""

from __future__ import annotations

from datetime import datetime

from ..kinds import PlatformKind
from .asking import Asker, is_of_web
from .ckan import Ckan
from .dcat import Catalogue
from .matching import way_of
from .model import Answer, CannotAskError, Evidence, Failure, FoundDataset, Platform, Sought, Way
from .opendatasoft import Opendatasoft
from .udata import Udata

_KINDS = {
    PlatformKind.CKAN: Ckan,
    PlatformKind.OPENDATASOFT: Opendatasoft,
    PlatformKind.UDATA: Udata,
    PlatformKind.DCAT: Catalogue,
}


def platform_at(kind: PlatformKind, url: str, asker: Asker) -> Platform:
    """A platform that can be asked.

    Args:
        kind: what software it runs.
        url: its address; for a DCAT catalogue, that of its first page.
        asker: what asks it.
    """
    # A catalogue is at that very address; the APIs of the others are below it.
    return _KINDS[kind](url if kind is PlatformKind.DCAT else url.rstrip("/"), asker)


def probe(platform: Platform, sought: Sought, now: datetime) -> Evidence:
    """Ask a platform for a copy until it is found, or all the ways of asking say that it is not.

    Args:
        platform: the platform.
        sought: what is looked for.
        now: the moment, with a zone.
    """
    failure: CannotAskError | None = None
    asked: Answer | None = None
    for question in platform.questions(sought):
        try:
            answer = question()
        except CannotAskError as error:
            failure = failure or error
            if error.ends_the_probe:
                break
            continue
        found = _found(answer, sought)
        if found:
            dataset, way = found
            return Evidence(
                answer.address,
                answer.status,
                found=True,
                at=now,
                by=way,
                page=dataset.page if dataset.page and is_of_web(dataset.page) else None,
                key=dataset.key,
            )
        asked = asked or answer
    if failure or asked is None:
        return _not_asked(failure, now)
    return Evidence(asked.address, asked.status, found=False, at=now)


def _found(answer: Answer, sought: Sought) -> tuple[FoundDataset, Way] | None:
    for way in Way:
        for dataset in answer.datasets:
            if way_of(dataset, sought) is way:
                return dataset, way
    return None


def _not_asked(failure: CannotAskError | None, now: datetime) -> Evidence:
    if failure is None:
        return Evidence("", None, found=None, at=now, error=Failure.NO_ANSWER)
    return Evidence(failure.address, failure.status, found=None, at=now, error=failure.failure)
