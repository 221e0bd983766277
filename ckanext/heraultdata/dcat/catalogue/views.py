"""The addresses of the catalogue: those of ckanext-dcat, answered from what is stored.

Nothing in an answer depends on who asks: caches keep it for everyone. A browser gets its page at
the addresses of pages, a client that prefers RDF gets that.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import ckan.plugins.toolkit as tk
from ckan.lib.search.common import SolrConnectionError
from ckan.types import Response
from flask import Blueprint

from ... import clock
from ...messages import RuleError
from ...validators import is_keepable
from ...words import sentence
from .. import answers
from ..harvesters.visits import Visit, record
from ..pieces import reading
from . import parameters
from .addresses import CATALOGUE, is_served
from .choosing import chosen
from .documents import Dataset, Document, Page, Whole
from .formats import FORMATS, Format, accepted
from .other_profiles import OtherDataset, OtherPage
from .parameters import Asked

heraultdata_catalogue = Blueprint("heraultdata_catalogue", __name__)

_DATASETS = ("dcat.read_dataset", "dcat.read_dataset_series")
_HOME = "home.index"
_READS = ("GET", "HEAD")
_NOT_FOUND = 404
_UNAVAILABLE = 503

Source = Page | OtherPage | Dataset | OtherDataset | Whole


@dataclass(frozen=True)
class Target:
    """What an address names.

    Attributes:
        dataset: name or identifier of a dataset; None for the catalogue.
        extension: the end of the address; None where it is the address of a page for people.
    """

    dataset: str | None
    extension: str | None


@heraultdata_catalogue.before_app_request
def answer() -> Response | None:
    """Answer at ckanext-dcat's addresses, and at those of pages to clients that prefer RDF."""
    target = _target()
    if target is None:
        return None
    if target.extension is None:
        form = accepted(tk.request.accept_mimetypes)
        # People get CKAN's page.
        return _read(target, form) if form and tk.request.method in _READS else None
    if tk.request.method not in _READS:
        return answers.preflight() if tk.request.method == "OPTIONS" else None
    form = FORMATS.get(target.extension)
    return _read(target, form) if form else _unknown_form()


@heraultdata_catalogue.after_app_request
def tell_caches(answer: Response) -> Response:
    """Say that the page of an address is not its only form."""
    target = _target()
    if target is not None and target.extension is None:
        answer.vary.add("Accept")
    return answer


@heraultdata_catalogue.route("/catalog/complete.<extension>", methods=[*_READS, "OPTIONS"])
def complete(extension: str) -> Response:
    """The whole catalogue in one document."""
    if not is_served():
        return answers.refusal(tk._("There is nothing at this address."), _NOT_FOUND)
    if tk.request.method == "OPTIONS":
        return answers.preflight()
    form = FORMATS.get(extension)
    if form is None:
        return _unknown_form()
    whole = Whole(form)
    made = _sent(whole, form)
    _note(1, is_last=True, status=made.status_code)
    return made


def _target() -> Target | None:
    endpoint = tk.request.endpoint
    values = tk.request.view_args or {}
    if endpoint == CATALOGUE:
        return Target(None, values.get("_format"))
    if endpoint in _DATASETS:
        return Target(values["_id"], values.get("_format"))
    if not is_served():
        return None
    if endpoint == _HOME:
        return Target(None, None)
    if "id" in values and endpoint == f"{values.get('package_type')}.read":
        return Target(values["id"], None)
    return None


def _unknown_form() -> Response:
    names = ", ".join(f".{extension}" for extension in FORMATS)
    return answers.refusal(
        tk._("There is nothing at this address: let it end in one of {endings}.").format(
            endings=names
        ),
        _NOT_FOUND,
    )


def _read(target: Target, form: Format) -> Response:
    is_page_too = target.extension is None
    if target.dataset is not None:
        return _dataset(target.dataset, form, is_page_too=is_page_too)
    return _catalogue(form, is_page_too=is_page_too)


def _catalogue(form: Format, *, is_page_too: bool) -> Response:
    asked = None
    is_last = False
    try:
        asked = parameters.asked(tk.request.args)
        source = _page(asked, form)
        made = _sent(source, form, is_page_too=is_page_too)
        is_last = asked.is_whole and source.window.next is None
    except RuleError as refusal:
        made = answers.refusal(sentence(refusal.message))
    except SolrConnectionError:
        made = answers.refusal(
            tk._("The search engine does not answer: try again in a few minutes."), _UNAVAILABLE
        )
    # A selection is no walk over the catalogue.
    number = asked.page if asked and asked.is_whole else 0
    _note(number, is_last=is_last, status=made.status_code)
    return made


def _page(asked: Asked, form: Format) -> Page | OtherPage:
    found = chosen(asked)
    return OtherPage(asked, found, form) if asked.profiles else Page(asked, found, form)


def _dataset(name_or_id: str, form: Format, *, is_page_too: bool) -> Response:
    piece = None
    if is_keepable([name_or_id]):
        piece = reading.of_dataset(name_or_id, form.serialisation)
    if piece is None:
        return answers.refusal(tk._("There is no public dataset at this address."), _NOT_FOUND)
    try:
        profiles = parameters.profiles(tk.request.args.get("profiles"))
        source = OtherDataset(piece, profiles, form) if profiles else Dataset(piece, form)
    except RuleError as refusal:
        return answers.refusal(sentence(refusal.message))
    return _sent(source, form, is_page_too=is_page_too)


def _sent(source: Source, form: Format, *, is_page_too: bool = False) -> Response:
    varies_with = ("Accept",) if is_page_too else ()
    if _is_conditional():
        known = answers.not_modified(replace(source.version(), varies_with=varies_with))
        if known is not None:
            return known
    if isinstance(source, Whole) and tk.request.method == "HEAD":
        return answers.answer(iter(()), form.media_type, source.version())
    made = source.document()
    headers = [("Link", _links(made))] if made.others else []
    if is_page_too:
        headers.append(("Content-Location", made.address))
    return answers.answer(
        made.parts, form.media_type, replace(made.version, varies_with=varies_with), headers
    )


def _is_conditional() -> bool:
    return "If-None-Match" in tk.request.headers or "If-Modified-Since" in tk.request.headers


def _links(made: Document) -> str:
    names = {"previous": "prev"}
    return ", ".join(
        f'<{address}>; rel="{names.get(relation, relation)}"'
        for relation, address in made.others.items()
    )


def _note(page: int, *, is_last: bool, status: int) -> None:
    """Let the administrators see who reads the catalogue."""
    if tk.request.method != "GET":
        return
    agent = tk.request.headers.get("User-Agent", "")
    record(Visit(agent, page, is_last, status, clock.now()))
