"""What CKAN's search and lists answer while the index has not followed the database yet."""

from __future__ import annotations

import json
import re
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.search.query import solr_literal
from ckan.types import Action, Context

from . import hiding
from .hiding import Hidden

_AT_ONCE = 500
"""Identifiers in one clause of a search: Solr takes 1 024 by default."""
_WHOLE = ("data_dict", "validated_data_dict")
"""Fields of the index that hold a whole dataset as JSON."""
_OF_FILES = "res_"
"""How the fields of the index begin that hold what its files say."""


@tk.chained_action
@tk.side_effect_free
def package_search(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> dict[str, Any]:
    """Find nothing that is out of reach, counted or not, whatever the index still holds."""
    if hiding.is_shown_to(context):
        return next_action(context, data_dict)
    fields = _fields_asked(data_dict)
    answer = next_action(context, _without_hidden(data_dict, fields))
    answer["results"] = _in_reach(answer["results"], fields)
    _take_facets_out(answer)
    return answer


@tk.chained_action
@tk.side_effect_free
def current_package_list_with_resources(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """List nothing that is out of reach: this one searches past the action of the search."""
    answer = next_action(context, data_dict)
    return answer if hiding.is_shown_to(context) else _in_reach(answer, None)


@tk.chained_action
@tk.side_effect_free
def tag_show(next_action: Action, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Show nothing that is out of reach with a keyword: CKAN asks the index itself for it."""
    answer = next_action(context, data_dict)
    if not hiding.is_shown_to(context) and answer.get("packages"):
        answer["packages"] = _in_reach(answer["packages"], None)
    return answer


@tk.chained_action
@tk.side_effect_free
def tag_list(next_action: Action, context: Context, data_dict: dict[str, Any]) -> list[Any]:
    """Name no keyword that only what is out of reach bears."""
    return _told(next_action(context, data_dict), context)


@tk.chained_action
@tk.side_effect_free
def tag_autocomplete(next_action: Action, context: Context, data_dict: dict[str, Any]) -> list[Any]:
    """Propose no keyword that only what is out of reach bears."""
    return _told(next_action(context, data_dict), context)


@tk.chained_action
@tk.side_effect_free
def tag_search(next_action: Action, context: Context, data_dict: dict[str, Any]) -> dict[str, Any]:
    """Find no keyword that only what is out of reach bears, and count none."""
    answer = next_action(context, data_dict)
    if hiding.is_shown_to(context) or not hiding.keywords():
        return answer
    whole = next_action(context, {**data_dict, "limit": None, "offset": None})["results"]
    told = _told(whole, context)
    start = int(data_dict.get("offset") or 0)
    limit = data_dict.get("limit")
    end = None if limit is None else start + int(limit)
    return {"count": len(told), "results": told[start:end]}


def _told(found: list[Any], context: Context) -> list[Any]:
    """The keywords, by their names or as dictionaries, that the user of a context may be told."""
    if hiding.is_shown_to(context):
        return found
    hidden = hiding.keywords()
    return [
        each for each in found if (each["name"] if isinstance(each, dict) else each) not in hidden
    ]


@tk.chained_action
@tk.side_effect_free
def package_autocomplete(
    next_action: Action, context: Context, data_dict: dict[str, Any]
) -> list[dict[str, Any]]:
    """Propose nothing that is out of reach."""
    answer = next_action(context, data_dict)
    if hiding.is_shown_to(context) or not answer:
        return answer
    packages = model.package_table.c
    names = [each["name"] for each in answer]
    known = {
        row.name: row.id
        for row in model.Session.execute(
            sa.select(packages.name, packages.id).where(packages.name.in_(names))
        )
    }
    hidden = hiding.of_packages(list(known.values())).package_ids
    # What has no row any more was erased, or purged.
    return [each for each in answer if each["name"] in known and known[each["name"]] not in hidden]


@tk.chained_action
@tk.side_effect_free
def member_list(next_action: Action, context: Context, data_dict: dict[str, Any]) -> list[Any]:
    """Name no dataset that is out of reach among those of an organisation or a group."""
    answer = next_action(context, data_dict)
    if hiding.is_shown_to(context):
        return answer
    hidden = hiding.of_packages([row[0] for row in answer if row[1] == "package"]).package_ids
    return [row for row in answer if row[0] not in hidden]


def _fields_asked(data_dict: dict[str, Any]) -> list[str] | None:
    """The fields of the index that are asked for; None for whole datasets."""
    asked = data_dict.get("fl")
    if not asked:
        return None
    return re.split(r"[\s,]+", asked if isinstance(asked, str) else " ".join(asked))


def _without_hidden(data_dict: dict[str, Any], fields: list[str] | None) -> dict[str, Any]:
    """The same search, but for the datasets that the index has not let go yet."""
    searched = dict(data_dict)
    if fields is not None:
        searched["fl"] = [*fields, "id"]
    literals = [solr_literal(each) for each in hiding.still_indexed()]
    if literals:
        clauses = [
            f"-id:({' OR '.join(literals[start : start + _AT_ONCE])})"
            for start in range(0, len(literals), _AT_ONCE)
        ]
        searched["fq_list"] = [*(data_dict.get("fq_list") or []), *clauses]
    return searched


def _in_reach(results: list[dict[str, Any]], fields: list[str] | None) -> list[dict[str, Any]]:
    """The results that are in reach, without those of their files that are not."""
    hidden = hiding.of_packages([each["id"] for each in results if "id" in each])
    kept = [each for each in results if each.get("id") not in hidden.package_ids]
    for each in kept:
        if each.get("id") in hidden.without_files:
            _take_files_out(each, hidden)
        if fields is not None and not {"id", "*"} & {*fields}:
            each.pop("id", None)
    return kept


def _take_files_out(result: dict[str, Any], hidden: Hidden) -> None:
    """Take the withdrawn files out of a dataset, and out of the fields of the index."""
    files = result.get("resources")
    if isinstance(files, list):
        result["resources"] = [each for each in files if each.get("id") not in hidden.resource_ids]
        result["num_resources"] = len(result["resources"])
    for field in _WHOLE:
        if field in result:
            whole = json.loads(result[field])
            _take_files_out(whole, hidden)
            result[field] = json.dumps(whole)
    # These say of which file they speak to nobody.
    for field in [each for each in result if each.startswith(_OF_FILES)]:
        del result[field]


def _take_facets_out(answer: dict[str, Any]) -> None:
    """Count nothing by what files say while the index may hold what a withdrawn one says."""
    counted = [each for each in answer["search_facets"] if each.startswith(_OF_FILES)]
    if counted and hiding.has_files_still_indexed():
        for field in counted:
            del answer["search_facets"][field]
            answer["facets"].pop(field, None)
