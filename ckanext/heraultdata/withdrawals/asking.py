"""What the pages that ask for a withdrawal show: the choice, then what will go and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk

from .. import access, clock, config, pages
from ..messages import RuleError
from ..partners import service as partners
from ..partners.directory import folded
from ..words import sentence
from . import choosing, covering, forms, wording
from .kinds import Scope


@dataclass(frozen=True)
class Typed:
    """The fields beside what goes, as they were filled in, and what is wrong with them."""

    values: Mapping[str, str] = field(default_factory=dict)
    errors: pages.FieldErrors = field(default_factory=dict)


def partners_of_reader() -> list[partners.Partner]:
    """The partners for which the reader may ask, by title: all of them for the département."""
    readable = access.organizations_read_in_full(pages.context())
    wanted = None if readable.everything else sorted(readable.organization_ids)
    return sorted(partners.find(wanted), key=lambda partner: folded(partner.title))


def partner_page(found: Sequence[partners.Partner]) -> dict[str, object]:
    """The page that asks whose data are to go."""
    return _frame() | {"partners": {partner.name: partner.title for partner in found}}


def choice_page(
    partner: Mapping[str, Any], made: choosing.Choice, typed: Typed
) -> dict[str, object]:
    """The page on which datasets are chosen."""
    return _frame() | {
        "partner": partner,
        "choice": made,
        "typed": typed.values,
        "errors": typed.errors,
    }


def asking_page(
    partner: Mapping[str, Any], selection: forms.Selection, typed: Typed
) -> dict[str, object]:
    """The page that shows what will go, and asks why and how urgently."""
    files, dataset = _files(partner["id"], selection)
    preview, refused = _preview(partner["id"], selection)
    return _frame() | {
        "partner": partner,
        "selection": selection,
        "files": files,
        "dataset": dataset,
        "preview": preview,
        "refused": refused,
        "sums": _sums(preview) if preview else [],
        "details": [_detail(item) for item in preview.items] if preview else [],
        "typed": typed.values,
        "errors": typed.errors,
        "origins": forms.origin_names(),
        "reasons": wording.reason_names(),
        "reason_sentences": wording.reason_sentences(),
        "target_days": config.withdrawal_target_days(),
        "most_megabytes": config.document_max_size() // config.MEBIBYTE,
        "today": clock.today().isoformat(),
    }


def _frame() -> dict[str, object]:
    return {
        "partner": None,
        "choice": None,
        "is_department": access.is_department(pages.context()),
        "here": tk.request.full_path,
    }


def _files(
    organization_id: str, selection: forms.Selection
) -> tuple[list[choosing.Choosable], model.Package | None]:
    """The files to choose from, where the request is about one dataset of the partner."""
    if selection.scope is Scope.ALL or len(selection.package_ids) != 1:
        return [], None
    dataset = model.Session.get(model.Package, selection.package_ids[0])
    if dataset is None or dataset.state != model.State.ACTIVE:
        return [], None
    if dataset.owner_org != organization_id:
        return [], None
    return choosing.files_of(dataset.id), dataset


def _preview(
    organization_id: str, selection: forms.Selection
) -> tuple[covering.Preview | None, str | None]:
    of_files = selection.scope is Scope.RESOURCES
    try:
        shown = covering.preview(
            selection.scope,
            organization_id,
            [] if of_files else list(selection.package_ids),
            list(selection.resource_ids) if of_files else [],
            clock.today(),
        )
    except RuleError as refusal:
        return None, sentence(refusal.message)
    return shown, None


def _sums(preview: covering.Preview) -> list[str]:
    """How much goes, a line each; what CKAN does not count is not told."""
    items = preview.items
    pages_going = sum(item.covered.resource_id is None for item in items)
    views = [item.views for item in items if item.views is not None]
    downloads = [item.downloads for item in items if item.downloads is not None]
    lines = [
        _pages(pages_going) if pages_going else tk._("No page: the datasets stay"),
        _files_and_size(sum(item.files for item in items), sum(item.size for item in items)),
    ]
    if views:
        lines.append(_views(sum(views)))
    if downloads:
        lines.append(_downloads(sum(downloads)))
    return lines


def _detail(item: covering.PreviewItem) -> str:
    """What goes with one dataset or file, in one line."""
    words = [_files_and_size(item.files, item.size)]
    if item.covered.resource_id:
        words = [tk._("File of “{title}”").format(title=item.covered.title)]
        words += [tk.h.localised_filesize(item.size)] if item.size else []
    if item.views is not None:
        words.append(_views(item.views))
    if item.downloads is not None:
        words.append(_downloads(item.downloads))
    if not item.covered.is_public:
        words.append(tk._("Private"))
    return " · ".join(words)


def _pages(count: int) -> str:
    words = tk.ungettext("{n} page of a dataset", "{n} pages of datasets", count)
    return words.format(n=_number(count))


def _files_and_size(count: int, size: int) -> str:
    files = tk.ungettext("{n} file", "{n} files", count).format(n=_number(count))
    return f"{files} ({tk.h.localised_filesize(size)})" if size else files


def _views(count: int) -> str:
    words = tk.ungettext("looked at {n} time last month", "looked at {n} times last month", count)
    return words.format(n=_number(count))


def _downloads(count: int) -> str:
    words = tk.ungettext("downloaded {n} time last month", "downloaded {n} times last month", count)
    return words.format(n=_number(count))


def _number(count: int) -> str:
    return tk.h.heraultdata_number(count)
