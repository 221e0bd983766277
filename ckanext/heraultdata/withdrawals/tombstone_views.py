"""What the addresses of what is withdrawn answer: 410, as a page, as JSON or in RDF."""

from __future__ import annotations

import re

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, jsonify, make_response

from .. import access, clock, config, pages
from ..words import in_words, reader_locale
from . import tombstone_rdf, tombstones, wording
from .tombstones import Tombstone

GONE = 410

heraultdata_tombstone = Blueprint("heraultdata_tombstone", __name__)

_VARIABLE = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
_DATASET_PAGES = ("dataset", "dataset_series")
_FILE_PAGES = ("datastore",)

_HTML = "text/html"
_JSON = "application/json"
_MEDIA_TYPES = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "xml": "application/rdf+xml",
    "n3": "text/n3",
    "jsonld": "application/ld+json",
    "json": _JSON,
}
_SERIALISATIONS = {
    "text/turtle": "turtle",
    "application/rdf+xml": "xml",
    "text/n3": "n3",
    "application/ld+json": "json-ld",
}


@heraultdata_tombstone.before_app_request
def answer_gone() -> Response | None:
    """Answer 410 at the addresses of what is withdrawn, to all but the département."""
    dataset, resource_id = _asked()
    if dataset is None and resource_id is None:
        return None
    found = tombstones.of_address(dataset, resource_id)
    if found is None or access.is_department(pages.context()):
        return None
    return _gone(found)


def _asked() -> tuple[str | None, str | None]:
    """The dataset and the file that the address names, as it names them."""
    rule = tk.request.url_rule
    values = tk.request.view_args
    if rule is None or not values:
        return None, None
    room = rule.rule.lstrip("/").partition("/")[0]
    resource_id = values.get("resource_id")
    if room in _FILE_PAGES:
        return None, resource_id
    if room not in _DATASET_PAGES and room != (rule.defaults or {}).get("package_type"):
        return None, None
    # Whatever a page of a dataset calls it, the dataset comes first in its address.
    variable = _VARIABLE.search(rule.rule)
    dataset = str(values[variable.group(1)]).partition(".")[0] if variable else None
    return dataset, resource_id


def _gone(tombstone: Tombstone) -> Response:
    media_type = _wanted()
    if media_type == _HTML:
        answer = make_response(tk.render("heraultdata/withdrawals/gone.html", _page(tombstone)))
    elif media_type == _JSON:
        answer = jsonify(_as_dict(tombstone))
    else:
        answer = make_response(_rdf(tombstone, _SERIALISATIONS[media_type]))
        # Without the charset some harvesters garble accents.
        answer.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    answer.status_code = GONE
    answer.vary.update(("Accept", "Cookie", tk.config["apitoken_header_name"]))
    # Restored, the address works again at once; and the département reads another page there.
    answer.cache_control.no_store = True
    tk.request.environ["__no_cache__"] = True
    return answer


def _wanted() -> str:
    """The media type of the answer: by the end of the address, else by what the client accepts."""
    values = tk.request.view_args or {}
    ending = str(values.get("_format") or tk.request.path.rpartition("/")[2].rpartition(".")[2])
    if ending in _MEDIA_TYPES and "filename" not in values:
        return _MEDIA_TYPES[ending]
    offered = [_HTML, _JSON, *_SERIALISATIONS]
    return tk.request.accept_mimetypes.best_match(offered, default=_HTML) or _HTML


def _page(tombstone: Tombstone) -> dict[str, object]:
    return {
        "tombstone": tombstone,
        "sentence": _sentence(tombstone),
        "reason": wording.reason_name(tombstone.reason_class),
        "department_email": config.department_email(),
    }


def _as_dict(tombstone: Tombstone) -> dict[str, object]:
    return {
        "status": GONE,
        "message": _sentence(tombstone),
        "reference": tombstone.reference,
        "organization_title": tombstone.organization_title,
        "package_id": tombstone.package_id,
        "resource_id": tombstone.resource_id,
        "title": tombstone.title,
        "resource_name": tombstone.file_name,
        "reason_class": tombstone.reason_class.value,
        "withdrawn_on": clock.iso(tombstone.withdrawn_on),
        "register": _register(),
    }


def _rdf(tombstone: Tombstone, serialisation: str) -> str:
    told = tombstone_rdf.graph(tombstone, _sentence(tombstone), reader_locale(), _register())
    return told.serialize(format=serialisation)


def _register() -> str:
    return tk.url_for("heraultdata_withdrawal_register.index", _external=True)


def _sentence(tombstone: Tombstone) -> str:
    return _template(tombstone).format(
        title=tombstone.file_name if tombstone.is_of_file else tombstone.title,
        organization=tombstone.organization_title,
        date=in_words(tombstone.withdrawn_on),
    )


def _template(tombstone: Tombstone) -> str:
    if tombstone.is_of_file:
        if tombstone.file_name:
            return tk._("The file “{title}” of {organization} was withdrawn on {date}.")
        return tk._("This file of {organization} was withdrawn on {date}.")
    if tombstone.title:
        return tk._("The dataset “{title}” of {organization} was withdrawn on {date}.")
    return tk._("This dataset of {organization} was withdrawn on {date}.")
