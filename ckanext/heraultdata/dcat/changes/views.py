"""The addresses where the changes of the catalogue are followed, the same for whoever asks.

`/catalog/changes.ttl`, `.xml` and `.jsonld` are the log, `/catalog/feed.trig` and `.jsonld` the
feed with descriptions (see `event_stream`), `/catalog/changes.atom` is for readers of feeds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

import ckan.plugins.toolkit as tk
from ckan.types import Context, Response, Schema
from flask import Blueprint

from ... import pages
from ...api import validated
from ...words import reader_locale
from .. import answers
from ..answers import Version
from ..kinds import ChangeKind, Serialisation
from ..pieces.reading import catch_up, last_change
from . import atom, event_stream, journal, schemas, writing
from .event_stream import Addresses
from .journal import Asked, Fragment
from .writing import Form

LOG_SIZE = 250
"""Numbers in a page of the log: it stays below 100 kB."""
FEED_SIZE = 100
"""Numbers in a page of the feed, as many as datasets in a page of the catalogue."""
ATOM_SIZE = 100
"""Entries in a page of the Atom feed."""

_NAME = "heraultdata_catalogue_changes"
_METHODS = ["GET", "OPTIONS"]
_LOG_FORMS = (writing.TURTLE, writing.RDF_XML, writing.JSON_LD)
_FEED_FORMS = (writing.TRIG, writing.JSON_LD)
_NEGOTIATED = ("Accept",)

heraultdata_catalogue_changes = Blueprint(_NAME, __name__)


@dataclass(frozen=True)
class _Page:
    """A page that is asked for.

    Attributes:
        view: the view that answers with it in a form that the address names.
        parameters: of its address, as they were given.
    """

    view: str
    form: Form
    parameters: Mapping[str, str]

    @property
    def is_entry(self) -> bool:
        """Whether a client may start here: at the beginning, or at a moment."""
        return "after" not in self.parameters

    def addresses(self, fragment: Fragment) -> Addresses:
        """Where the page and what it speaks of are.

        Args:
            fragment: the changes of the page.
        """
        own = _address(self.view, extension=self.form.extension)
        following = {"after": str(fragment.next.after)} if fragment.next else None
        return Addresses(
            stream=f"{_address(f'{self.view}_negotiated')}#stream",
            page=_with(own, self.parameters),
            next=_with(own, following) if following else None,
            activities=_activities(),
            datasets=_datasets(),
        )


@heraultdata_catalogue_changes.before_request
def answer_preflight() -> Response | None:
    """Let pages of other sites ask."""
    return answers.preflight() if tk.request.method == "OPTIONS" else None


@heraultdata_catalogue_changes.errorhandler(tk.ValidationError)
def answer_refusal(refusal: tk.ValidationError) -> Response:
    """Say what is wrong with the parameters."""
    sentences = [
        f"{name}: {sentence}"
        for name, told in pages.flat_errors(refusal).items()
        for sentence in told
    ]
    return answers.refusal(" ".join(sentences))


@heraultdata_catalogue_changes.route(
    "/catalog/changes.<any(ttl, xml, jsonld):extension>", methods=_METHODS
)
def log(extension: str) -> Response:
    """A page of the log."""
    return _log(next(form for form in _LOG_FORMS if form.extension == extension))


@heraultdata_catalogue_changes.route("/catalog/changes", methods=_METHODS)
def log_negotiated() -> Response:
    """A page of the log in the form that the client accepts."""
    return _log(_wanted(_LOG_FORMS), _NEGOTIATED)


@heraultdata_catalogue_changes.route("/catalog/changes/<int:change_id>", methods=_METHODS)
def activity(change_id: int) -> Response:
    """What the log says of one change, in the form that the client accepts."""
    change = journal.one(change_id) if change_id <= schemas.LARGEST_NUMBER else None
    if change is None:
        sentence = tk._("There is no change {number}.").format(number=change_id)
        return answers.refusal(sentence, status=404)
    form = _wanted(_LOG_FORMS)
    addresses = _Page("log", form, {}).addresses(Fragment((change,), None))
    text = form.write(list(event_stream.activity(change, addresses)), {})
    version = Version(answers.etag_of(text), change.at, is_immutable=True, varies_with=_NEGOTIATED)
    return answers.answer(text.encode(), form.media_type, version)


@heraultdata_catalogue_changes.route(
    "/catalog/feed.<any(trig, jsonld):extension>", methods=_METHODS
)
def feed(extension: str) -> Response:
    """A page of the feed."""
    return _feed(next(form for form in _FEED_FORMS if form.extension == extension))


@heraultdata_catalogue_changes.route("/catalog/feed", methods=_METHODS)
def feed_negotiated() -> Response:
    """A page of the feed in the form that the client accepts."""
    return _feed(_wanted(_FEED_FORMS), _NEGOTIATED)


@heraultdata_catalogue_changes.route("/catalog/changes.atom", methods=_METHODS)
def atom_feed() -> Response:
    """A page of the Atom feed, the newest changes first."""
    parameters, asked = _asked(schemas.feed())
    catch_up()
    updated = last_change()
    changes = journal.newest(asked, ATOM_SIZE + 1)
    shown = changes[:ATOM_SIZE]
    own = _address("atom_feed")
    kept = {name: value for name, value in parameters.items() if name != "before"}
    before = {**kept, "before": str(shown[-1].id)} if len(changes) > len(shown) else None
    addresses = atom.FeedAddresses(
        feed=own,
        page=_with(own, parameters),
        first=_with(own, kept),
        next=_with(own, before) if before else None,
        site=tk.h.url_for("dataset.search", qualified=True, locale="default"),
        activities=_activities(),
        datasets=_datasets(),
    )
    written = atom.written(shown, addresses, updated, reader_locale())
    version = Version(answers.etag_of(written.decode()), updated)
    return answers.answer(written, atom.MEDIA_TYPE, version)


def _log(form: Form, varies_with: tuple[str, ...] = ()) -> Response:
    parameters, asked = _asked(schemas.fragment())
    catch_up()
    page = _Page("log", form, parameters)
    fragment = journal.fragment(asked, LOG_SIZE)
    addresses = page.addresses(fragment)
    starts = event_stream.since(f"{addresses.page}#kept", asked.since) if asked.since else None
    text = form.write(event_stream.page(fragment, addresses, page.is_entry, starts), {})
    version = Version(
        answers.etag_of(text),
        fragment.modified,
        is_immutable=fragment.is_complete,
        varies_with=varies_with,
    )
    return _answer(text, form, version, addresses)


def _feed(form: Form, varies_with: tuple[str, ...] = ()) -> Response:
    parameters, asked = _asked(schemas.fragment())
    catch_up()
    updated = last_change()
    page = _Page("feed", form, parameters)
    fragment = journal.latest_fragment(asked, FEED_SIZE)
    addresses = page.addresses(fragment)
    fragment, graphs = _described(fragment, addresses, form.serialisation)
    kept = event_stream.latest(f"{addresses.page}#kept", asked.since)
    text = form.write(event_stream.page(fragment, addresses, page.is_entry, kept), graphs)
    # Never immutable: its pages lose what is superseded, and nothing withdrawn stays in caches.
    version = Version(answers.etag_of(text), updated, varies_with=varies_with)
    return _answer(text, form, version, addresses)


def _answer(text: str, form: Form, version: Version, addresses: Addresses) -> Response:
    return answers.answer(
        text.encode(), form.media_type, version, [("Content-Location", addresses.page)]
    )


def _described(
    fragment: Fragment, addresses: Addresses, serialisation: Serialisation
) -> tuple[Fragment, dict[str, str]]:
    """A page of the feed with the descriptions of its datasets, by the activities they go with."""
    told = [each for each in fragment.changes if each.kind is not ChangeKind.DELETE]
    texts = journal.descriptions([each.package_id for each in told], serialisation)
    # One may have been withdrawn since the changes were read: it comes as such, further on.
    gone = {each.id for each in told if each.package_id not in texts}
    here = [each for each in fragment.changes if each.id not in gone]
    graphs = {
        addresses.activity(each): texts[each.package_id]
        for each in here
        if each.kind is not ChangeKind.DELETE
    }
    return Fragment(here, fragment.next), graphs


def _asked(schema: Schema) -> tuple[dict[str, str], Asked]:
    """The parameters of the address as they were given, and what they ask for."""
    given = pages.filters(*schema)
    data = validated(given, schema, Context())
    return given, Asked(
        since=data.get("since"), after=data.get("after", 0), before=data.get("before")
    )


def _wanted(forms: Sequence[Form]) -> Form:
    types = [form.media_type for form in forms]
    best = tk.request.accept_mimetypes.best_match(types, types[0])
    return next(form for form in forms if form.media_type == best)


def _address(view: str, **values: str) -> str:
    # Without a language: harvesters know one address.
    return tk.h.url_for(f"{_NAME}.{view}", qualified=True, locale="default", **values)


def _with(address: str, parameters: Mapping[str, str]) -> str:
    # Colons may stand in a query, and a moment reads better with them.
    return f"{address}?{urlencode(parameters, safe=':')}" if parameters else address


def _activities() -> str:
    return _address("activity", change_id="0").removesuffix("0")


def _datasets() -> str:
    address = tk.h.url_for("dataset.read", id="-", qualified=True, locale="default")
    return address.removesuffix("-")
