"""Pages that ask for a withdrawal: whose data, which of them, then what will go and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Response

from .. import access, pages
from ..validators import is_keepable
from . import asking, choosing, file_views, forms
from .kinds import Scope

Page = Response | str | tuple[str, int]
_TEMPLATE = "heraultdata/withdrawals/new.html"


def new() -> Page:
    """Whose data, then which, then why: the address may name a partner, a dataset or a file."""
    asked = pages.filters("organization", "dataset", "resource", "scope", "reason_class")
    typed = asking.Typed({k: v for k, v in asked.items() if k == "reason_class"})
    with pages.refusals_as_pages():
        selection, organization = _selection_of(asked)
        if not organization:
            return _whose_data()
        partner = _partner(organization)
        if selection:
            return tk.render(_TEMPLATE, asking.asking_page(partner, selection, typed))
        made = choosing.choice(choosing.datasets_of(partner["id"]), "", ())
        return tk.render(_TEMPLATE, asking.choice_page(partner, made, typed))


def create() -> Page:
    """Go on from step to step, and ask at the last."""
    step = forms.step_of(tk.request.form)
    typed = asking.Typed(pages.filled_in(*forms.ASKED))
    with pages.refusals_as_pages():
        partner = _partner(tk.request.args.get("organization", ""))
        if step in forms.CHOOSING:
            return _chosen(partner, step, typed)
        selection = forms.selection_of(tk.request.form, tk.request.form.getlist("resource_ids"))
        _require_keepable((*selection.package_ids, *selection.resource_ids))
        if step is forms.Step.CHANGE:
            datasets = choosing.datasets_of(partner["id"])
            made = choosing.choice(datasets, "", selection.package_ids)
            return tk.render(_TEMPLATE, asking.choice_page(partner, made, typed))
        if step is forms.Step.PREVIEW:
            return tk.render(_TEMPLATE, asking.asking_page(partner, selection, typed))
        return _sent(partner, selection, typed)


def _chosen(partner: dict[str, Any], step: forms.Step, typed: asking.Typed) -> Page:
    """A step among the boxes: search, tick, go on."""
    datasets = choosing.datasets_of(partner["id"])
    form = tk.request.form
    ticked = [*form.getlist("ticked"), *form.get("kept", "").split()]
    made = choosing.choice(datasets, form.get("search", "").strip(), ticked)
    if step is forms.Step.TICK_ALL:
        made = choosing.with_all_found(datasets, made)
    if step is forms.Step.TICK_NONE:
        made = choosing.with_none_found(datasets, made)
    if step is not forms.Step.CHOSEN:
        return tk.render(_TEMPLATE, asking.choice_page(partner, made, typed))
    if not made.ticked:
        nothing = {"package_ids": [tk._("Nothing is ticked: tick the datasets that are to go.")]}
        page = asking.choice_page(partner, made, asking.Typed(typed.values, nothing))
        return tk.render(_TEMPLATE, page), pages.BAD_FORM
    in_order = tuple(one.id for one in datasets if one.id in made.ticked)
    selection = forms.Selection(Scope.DATASETS, in_order)
    return tk.render(_TEMPLATE, asking.asking_page(partner, selection, typed))


def _sent(partner: dict[str, Any], selection: forms.Selection, typed: asking.Typed) -> Page:
    is_department = access.is_department(pages.context())
    if is_department and "origin" not in typed.values:
        missing = {"origin": [tk._("Say where the request comes from.")]}
        page = asking.asking_page(partner, selection, asking.Typed(typed.values, missing))
        return tk.render(_TEMPLATE, page), pages.BAD_FORM
    data = forms.request_data(selection, typed.values, is_department)
    try:
        made = pages.call(
            "heraultdata_withdrawal_create",
            organization_id=partner["id"],
            **data,
            **file_views.uploaded(),
        )
    except tk.ValidationError as refusal:
        errors = forms.errors_by_field(pages.flat_errors(refusal))
        page = asking.asking_page(partner, selection, asking.Typed(typed.values, errors))
        return tk.render(_TEMPLATE, page), pages.BAD_FORM
    tk.h.flash_success(
        tk._("The request is recorded under the reference {reference}.").format(
            reference=made["reference"]
        )
    )
    return tk.redirect_to("heraultdata_withdrawal.show", reference=made["reference"])


def _whose_data() -> Page:
    found = asking.partners_of_reader()
    if not found and not access.is_department(pages.context()):
        raise tk.NotAuthorized(tk._("Only a partner's members and the département may ask."))
    if len(found) == 1:
        return tk.redirect_to("heraultdata_withdrawal.new", organization=found[0].name)
    return tk.render(_TEMPLATE, asking.partner_page(found))


def _partner(organization: str) -> dict[str, Any]:
    """The partner whose data are to go, of which the reader may ask that."""
    partner = pages.call("heraultdata_partner_show", id=organization)
    tk.check_access(
        "heraultdata_withdrawal_create", pages.context(), {"organization_id": partner["id"]}
    )
    return partner


def _selection_of(asked: dict[str, str]) -> tuple[forms.Selection | None, str | None]:
    """What the address names already, and the partner that it belongs to."""
    _require_keepable(asked.values())
    resource = model.Resource.get(asked["resource"]) if "resource" in asked else None
    if "resource" in asked and resource is None:
        raise tk.ObjectNotFound(tk._("There is no such file."))
    name = resource.package_id if resource else asked.get("dataset")
    if name:
        dataset = model.Package.get(name)
        if dataset is None or dataset.state != model.State.ACTIVE:
            raise tk.ObjectNotFound(tk._("There is no such dataset."))
        scope = Scope.RESOURCES if resource else Scope.DATASETS
        ticked = (resource.id,) if resource else ()
        return forms.Selection(scope, (dataset.id,), ticked), dataset.owner_org
    if asked.get("scope") == Scope.ALL.value:
        return forms.Selection(Scope.ALL), asked.get("organization")
    return None, asked.get("organization")


def _require_keepable(identifiers: Iterable[str]) -> None:
    # The database refuses them with an error of its own.
    if not is_keepable(identifiers):
        raise tk.ObjectNotFound(tk._("There is nothing at this address."))
