"""The advice of the forms: what harvesters would miss if a dataset were saved as it stands there.

What the form holds is described and counted like any dataset of the catalogue, so that there is one
rule; nothing is written.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.model.types import make_uuid

from ... import clock
from ...datasets import defaults, file_kinds, territories
from ...datasets.file_kinds import Kind
from ...datasets.standard_form import Publisher
from ..profile.description import describe
from . import rules
from .links import unreachable_links
from .places import FIELDS, OF_FILES
from .rules import Mend, Rating
from .scoring import facts_of
from .unsaved import Dataset, Values, filled_in, with_defaults

log = logging.getLogger(__name__)

_TYPE = "dataset"
_SENT = "sent_file"
"""What a form says of a file chosen and not sent yet: its name."""


@dataclass(frozen=True)
class Advice:
    """What a form tells before it is saved.

    Attributes:
        points: of `rules.MAXIMUM`.
        rating: their word.
        here: what can be filled in on this page of the form.
        elsewhere: what can be on another one.
    """

    points: int
    rating: Rating
    here: Sequence[Mend]
    elsewhere: Sequence[Mend]


def of_dataset(saved: Mapping[str, Any] | None, values: Values) -> Advice | None:
    """Advise on a page of the form of a dataset.

    Args:
        saved: the dataset as `package_show` gives it, None for a new one.
        values: what the page holds.

    Returns:
        None where what it holds cannot be described.
    """
    fields = _fields("dataset_fields")
    dataset = filled_in(saved or with_defaults(fields), values, fields)
    dataset["name"] = dataset.get("name") or (saved["name"] if saved else make_uuid())
    dataset = _completed(dataset, is_new=saved is None)
    return _advice(dataset, {name.partition("-")[0] for name in values})


def of_file(saved: Mapping[str, Any], resource_id: str, values: Values) -> Advice | None:
    """Advise on the form of a file; takes a dataset and gives advice like `of_dataset`.

    Args:
        saved: its dataset.
        resource_id: the file; one that the dataset does not have is a new one.
        values: what the form holds.
    """
    files = list(saved.get("resources") or [])
    known = next((file for file in files if file["id"] == resource_id), {"id": make_uuid()})
    file = filled_in(known, values, _fields("resource_fields"))
    if file.get("url") != known.get("url"):
        # What is known of the link that was there is not known of another one.
        file.pop("validation_status", None)
    file = _as_kept(file, saved, values)
    others = [each for each in files if each["id"] != file["id"]]
    return _advice({**saved, "resources": [*others, file]}, {OF_FILES})


def _fields(of: str) -> list[Mapping[str, Any]]:
    return tk.h.scheming_get_dataset_schema(_TYPE)[of]


def _completed(dataset: Dataset, is_new: bool) -> Dataset:
    """A dataset with what saving adds: identifiers, dates, the organisation and what it gives."""
    organization = model.Group.get(str(dataset.get("owner_org") or ""))
    if organization is not None and organization.is_organization:
        shown = {"id": organization.id, "name": organization.name, "title": organization.title}
        dataset = {**dataset, "owner_org": organization.id, "organization": shown}
    else:
        dataset = {**dataset, "owner_org": None, "organization": None}
    if not is_new:
        return dataset
    now = clock.now().replace(tzinfo=None).isoformat()
    made = {"id": make_uuid(), "type": _TYPE, "resources": [], "tags": [], "private": False}
    dates = {"metadata_created": now, "metadata_modified": now}
    return {**made, **dates, **_given_by(dataset["owner_org"]), **_without_blanks(dataset)}


def _given_by(organization_id: str | None) -> Dataset:
    publisher = Publisher.of(organization_id) if organization_id else None
    if publisher is None:
        return {}
    partner = publisher.partner
    groups = {
        "publisher": defaults.publisher(partner),
        "contact": defaults.contact(partner),
        "spatial_coverage": defaults.territory(partner, territories.listed_department()),
    }
    return {name: [values] for name, values in groups.items() if values}


def _without_blanks(dataset: Dataset) -> Dataset:
    return {name: value for name, value in dataset.items() if value not in ("", [], None)}


def _as_kept(file: Dataset, dataset: Mapping[str, Any], values: Values) -> Dataset:
    """A file with what saving finds out: its kind, and of one that is sent its address and size."""
    sent = next((text for text in values.get(_SENT, ()) if text.strip()), "")
    if not sent:
        return _of_kind(file, file_kinds.of_address(str(file.get("url") or "")))
    address = tk.h.url_for(
        "resource.download",
        id=dataset["id"],
        resource_id=file["id"],
        filename=sent,
        qualified=True,
    )
    kept = {**file, "url": address, "url_type": "upload", "size": 1, "mimetype": ""}
    return _of_kind(kept, file_kinds.of_name(sent))


def _of_kind(file: Dataset, kind: Kind | None) -> Dataset:
    if kind is None:
        return file
    told = {"format": kind.format, "mimetype": kind.mimetype}
    return {**file, **{name: file.get(name) or value for name, value in told.items()}}


def _advice(dataset: Dataset, fields_here: set[str]) -> Advice | None:
    try:
        described = describe(dataset)
        facts = facts_of(described.graph, described.uri, unreachable_links(dataset))
    except Exception:
        # A form holds anything, and profiles of other extensions read it too.
        log.info("No advice on what a form holds", exc_info=True)
        return None
    score = rules.score(facts)
    mends = rules.to_mend(score.gaps)
    return Advice(
        points=score.points,
        rating=Rating.of(score.points),
        here=[mend for mend in mends if FIELDS[mend.gap] in fields_here],
        elsewhere=[mend for mend in mends if FIELDS[mend.gap] not in fields_here],
    )
