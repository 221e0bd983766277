"""Pages by which people ask for time and decide, declare conformity, say that they hold no data."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import access, clock, pages
from ..api import transition
from ..partners import directory
from ..standards import registry
from . import deadlines, declaring, recorded, service
from .presentation import record_dict

heraultdata_extension = Blueprint("heraultdata_extension", __name__)
heraultdata_declaration = Blueprint("heraultdata_declaration", __name__)
heraultdata_absence = Blueprint("heraultdata_absence", __name__)

Page = Response | tuple[str, int]


@heraultdata_extension.route("/conformance/extensions")
def index() -> str:
    """The requests for more time, the newest first; the département decides those that wait."""
    return _extensions_page()


@heraultdata_extension.route("/conformance/extension/<extension_id>", methods=["POST"])
def decide(extension_id: str) -> Page:
    """Grant or refuse more time."""
    typed = pages.filled_in("granted", "reason")
    with pages.refusals_as_pages():
        try:
            decided = pages.call("heraultdata_extension_decide", id=extension_id, **typed)
        except tk.ValidationError as refusal:
            return _rejected_page(extension_id, typed, refusal), pages.BAD_FORM
    done = tk._("More time is granted.") if decided["granted"] else tk._("More time is refused.")
    tk.h.flash_success(done)
    return tk.redirect_to("heraultdata_extension.index", waiting="true")


@heraultdata_extension.route("/partner/<name>/extension/<standard>/<version>")
def new(name: str, standard: str, version: str) -> str:
    """The form that asks for more time; the département's own request is granted at once."""
    return _extension_page(name, standard, version)


@heraultdata_extension.route("/partner/<name>/extension/<standard>/<version>", methods=["POST"])
def create(name: str, standard: str, version: str) -> Page:
    """Ask for more time."""
    typed = pages.filled_in("due_on", "reason")
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        wanted = {"organization_id": partner["id"], "standard": standard, "version": version}
        try:
            made = pages.call("heraultdata_extension_create", **wanted, **typed)
        except tk.ValidationError as refusal:
            return _extension_page(name, standard, version, typed, refusal), pages.BAD_FORM
    tk.h.flash_success(
        tk._("More time is granted.")
        if made["granted"]
        else tk._("Your request is sent to the département, which grants or refuses it.")
    )
    return _to_partner(name)


@heraultdata_declaration.route(
    "/dataset/<package_name>/declaration/<standard>/<version>", endpoint="new"
)
def declaration_new(package_name: str, standard: str, version: str) -> str:
    """The form by which a person vouches for a dataset; who did so before, and when."""
    return _declaration_page(package_name, standard, version)


@heraultdata_declaration.route(
    "/dataset/<package_name>/declaration/<standard>/<version>", methods=["POST"]
)
def declare(package_name: str, standard: str, version: str) -> Page:
    """Declare that a dataset conforms to a version."""
    typed = pages.filled_in("grounds")
    with pages.refusals_as_pages():
        word = {"package_id": package_name, "standard": standard, "version": version}
        try:
            pages.call("heraultdata_declaration_create", **word, **typed)
        except tk.ValidationError as refusal:
            page = _declaration_page(package_name, standard, version, typed, refusal)
            return page, pages.BAD_FORM
    tk.h.flash_success(tk._("The conformity of this dataset is declared."))
    # The département may not read a private dataset of a partner, but it may declare.
    return tk.redirect_to(
        "heraultdata_declaration.new",
        package_name=package_name,
        standard=standard,
        version=version,
    )


@heraultdata_absence.route("/partner/<name>/absence/<standard>", endpoint="new")
def absence_new(name: str, standard: str) -> str:
    """The form that answers "we hold no such data", or the answer that counts and its end."""
    return _absence_page(name, standard)


@heraultdata_absence.route("/partner/<name>/absence/<standard>", methods=["POST"])
def answer(name: str, standard: str) -> Page:
    """Answer that a partner holds no data of a standard."""
    typed = pages.filled_in("reason")
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        asked = {"organization_id": partner["id"], "standard": standard}
        try:
            pages.call("heraultdata_absence_create", **asked, **typed)
        except tk.ValidationError as refusal:
            return _absence_page(name, standard, typed, refusal), pages.BAD_FORM
    tk.h.flash_success(tk._("The answer is recorded: nothing is asked about this for a year."))
    return _to_partner(name)


@heraultdata_absence.route("/partner/<name>/absence/<absence_id>/delete", methods=["POST"])
def delete(name: str, absence_id: str) -> Response:
    """Take such an answer back."""
    with pages.refusals_as_pages():
        pages.call("heraultdata_partner_show", id=name)
        pages.call("heraultdata_absence_delete", id=absence_id)
    tk.h.flash_success(tk._("The answer is taken back: the standard is asked for again."))
    return _to_partner(name)


def _to_partner(name: str) -> Response:
    return tk.redirect_to("heraultdata_partner_conformance.show", name=name)


def _extensions_page() -> str:
    filters = pages.filters("waiting", "standard", "organization_id")
    asked = pages.asked_page()
    with pages.refusals_as_pages():
        found = pages.call(
            "heraultdata_extension_list", limit=asked.size, offset=asked.offset, **filters
        )
    pager = asked.pager(found["count"], found["results"])
    return _rendered(found["results"], count=found["count"], pager=pager, filters=filters)


def _rejected_page(extension_id: str, typed: dict[str, str], refusal: tk.ValidationError) -> str:
    """The one request whose decision was refused, with what was typed."""
    asked = record_dict(recorded.extension(extension_id))
    sentences = [each for group in pages.flat_errors(refusal).values() for each in group]
    return _rendered([asked], count=1, filters={}, typed=typed, errors=sentences)


def _rendered(extensions: list[dict[str, Any]], **shown: object) -> str:
    return tk.render(
        "heraultdata/conformance/record/extensions.html",
        {
            "extensions": extensions,
            "due": _due_today(extensions),
            "titles": _titles({each["standard"] for each in extensions}),
            "organizations": directory.organization_names(
                [each["organization_id"] for each in extensions]
            ),
            "people": _people(extensions, "asked_by", "decided_by"),
            "may_decide": access.is_department(pages.context()),
            "pager": None,
            "typed": {},
            "errors": [],
            **shown,
        },
    )


def _due_today(extensions: list[dict[str, Any]]) -> dict[str, str | None]:
    """When each version is due today for its partner, by the identifier of the extension."""
    due = deadlines.on(
        clock.today(),
        {each["standard"] for each in extensions},
        {each["organization_id"] for each in extensions},
    )
    numbers = {
        (name, version.version): version.id
        for name, standard in due.standards.items()
        for version in standard.versions
    }
    found = {}
    for each in extensions:
        wanted = numbers.get((each["standard"], each["version"]))
        bound = due.versions(each["standard"], each["organization_id"]) if wanted else ()
        current = next((version.due_on for version in bound if version.id == wanted), None)
        found[each["id"]] = clock.iso(current)
    return found


def _extension_page(
    name: str,
    standard_name: str,
    version: str,
    typed: dict[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        of_partner = {"organization_id": partner["id"]}
        tk.check_access("heraultdata_extension_create", pages.context(), of_partner)
        standard = _standard(standard_name)
        with transition():
            to_move = service.date_to_move(partner["id"], standard, version, clock.today())
    return tk.render(
        "heraultdata/conformance/record/extension_new.html",
        {
            "partner": partner,
            "standard": standard,
            "version": to_move.version.version,
            "due_on": clock.iso(to_move.due_on),
            "grants": access.is_department(pages.context()),
            "typed": typed or {},
            "errors": pages.flat_errors(refusal) if refusal else {},
        },
    )


def _declaration_page(
    package_name: str,
    standard_name: str,
    version: str,
    typed: dict[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        dataset = _dataset(package_name)
        of_dataset = {"package_id": dataset.id}
        tk.check_access("heraultdata_declaration_create", pages.context(), of_dataset)
        standard = _standard(standard_name)
        with transition():
            published = declaring.declarable(dataset.id, standard, version, clock.today())
        made = pages.call(
            "heraultdata_declaration_list", **of_dataset, standard=standard.name, limit=1000
        )
    of_version = [each for each in made["results"] if each["version"] == published.version]
    return tk.render(
        "heraultdata/conformance/record/declaration_new.html",
        {
            "dataset": dataset,
            "owner": model.Group.get(dataset.owner_org),
            "standard": standard,
            "version": published,
            "declarations": of_version,
            "people": _people(of_version, "declared_by"),
            "typed": typed or {},
            "errors": pages.flat_errors(refusal) if refusal else {},
        },
    )


def _absence_page(
    name: str,
    standard_name: str,
    typed: dict[str, str] | None = None,
    refusal: tk.ValidationError | None = None,
) -> str:
    with pages.refusals_as_pages():
        partner = pages.call("heraultdata_partner_show", id=name)
        of_partner = {"organization_id": partner["id"]}
        tk.check_access("heraultdata_absence_create", pages.context(), of_partner)
        standard = _standard(standard_name)
        made = pages.call(
            "heraultdata_absence_list", **of_partner, standard=standard.name, limit=1000
        )
        running = next((each for each in made["results"] if each["running"]), None)
        if running is None:
            with transition():
                declaring.refuse_absence(partner["id"], standard, clock.today())
    return tk.render(
        "heraultdata/conformance/record/absence_new.html",
        {
            "partner": partner,
            "standard": standard,
            "running": running,
            "people": _people([running] if running else [], "declared_by"),
            "typed": typed or {},
            "errors": pages.flat_errors(refusal) if refusal else {},
        },
    )


def _dataset(name: str) -> model.Package:
    found = model.Package.get(name)
    if found is None or found.state not in declaring.DECLARABLE_STATES:
        raise tk.ObjectNotFound(tk._("There is no such dataset."))
    return found


def _standard(name: str) -> registry.StandardRecord:
    try:
        return registry.get(name)
    except registry.StandardNotFoundError:
        raise tk.ObjectNotFound(tk._("There is no standard “{name}”.").format(name=name)) from None


def _titles(names: set[str]) -> dict[str, str]:
    return {name: standard.title for name, standard in registry.by_name(names).items()}


def _people(records: list[dict[str, Any]], *fields: str) -> dict[str, str]:
    return pages.user_names(record[field] for record in records for field in fields)
