"""A file that somebody sends to be checked: from what is asked to its report, for API and page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import Context

from ... import access, clock, config
from ...api import transition, validated
from ..engine.report import Report
from . import rate_limit, schemas, sent_files
from .running import OpenedFile


@contextmanager
def sent_file_checked(
    context: Context, data_dict: dict[str, Any]
) -> Iterator[tuple[Report, OpenedFile]]:
    """Check a file that is not kept, and leave it at hand for as long as the block lasts.

    Args:
        context: CKAN's context.
        data_dict: as `heraultdata_file_check` takes it.

    Raises:
        tk.ValidationError: what is asked makes no sense, or was asked too often.
    """
    asked = {key: value for key, value in data_dict.items() if key != "schema"}
    data = validated(asked, schemas.file_check(), context)
    tk.check_access("heraultdata_file_check", context, data)
    with transition():
        checked = _check_asked(context, data, data_dict.get("schema"))
        source = sent_files.require_one(data.get("upload"), data.get("url"))
        if not access.is_department(context):
            rate_limit.count_one(_caller(context), config.file_checks_per_hour())
        with sent_files.opened(source) as file:
            yield checked(file), file


def _check_asked(
    context: Context, data: dict[str, Any], schema: object
) -> Callable[[OpenedFile], Report]:
    standard, version = data.get("standard"), data.get("version")
    if schema not in (None, ""):
        text = sent_files.require_schema_alone(schema, standard, version)
        return lambda file: sent_files.check_against_sent(file, text)
    against = sent_files.wanted(
        standard, version, None, clock.today(), with_drafts=access.is_department(context)
    )
    return lambda file: sent_files.check(file, against)


def _caller(context: Context) -> str:
    user = access.user_of(context)
    if user is not None:
        return user.id
    # The site names the proxies that it trusts to Flask; this is what they leave.
    return str(tk.request.remote_addr) if tk.request else "portal"
