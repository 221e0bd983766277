"""The empty model of the file of a standard, to download."""

from __future__ import annotations

import io

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, send_file

from .. import clock
from ..partners.organization_fields import fields_of
from ..validation.engine.fields import TableSchema
from ..validation.engine.schema import read_schema
from . import published
from .model_files import DELIMITERS, csv_model, file_name, xlsx_model
from .rules import Kind

heraultdata_standard_file = Blueprint("heraultdata_standard_file", __name__)

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BAD_REQUEST = 400


@heraultdata_standard_file.route("/standard/<name>/model.csv")
def model_csv(name: str) -> Response:
    """The header as CSV, with `;` unless `delimiter` is a comma."""
    delimiter = tk.request.args.get("delimiter") or DELIMITERS[0]
    if delimiter not in DELIMITERS:
        tk.abort(
            _BAD_REQUEST,
            tk._("The columns of a model are separated by a semicolon (;) or by a comma (,)."),
        )
    return _sent(csv_model(_table_of(name), delimiter), name, "csv", _CSV)


@heraultdata_standard_file.route("/standard/<name>/model.xlsx")
def model_xlsx(name: str) -> Response:
    """The workbook, in the reader's language."""
    return _sent(xlsx_model(_table_of(name)), name, "xlsx", _XLSX)


def _table_of(name: str) -> TableSchema:
    asked = tk.request.args.get("version") or None
    version = published.version_of(name, clock.today(), asked)
    if version is None:
        tk.abort(404, tk._("The registry has no such standard, or no such version of it."))
    document = version.schema if version.kind == Kind.TABLE else None
    schema = read_schema(document).schema if document else None
    if not isinstance(schema, TableSchema):
        tk.abort(
            404,
            tk._("This standard does not describe a table: there is no model to fill in."),
        )
    return schema


def _sent(content: bytes, standard: str, extension: str, media_type: str) -> Response:
    name = file_name(standard, extension, _siren_asked_for(), clock.today())
    return send_file(
        io.BytesIO(content), mimetype=media_type, as_attachment=True, download_name=name
    )


def _siren_asked_for() -> str | None:
    """The SIREN of the organisation that the model is for; None where none is asked for."""
    asked = tk.request.args.get("organization")
    organization = model.Group.get(asked) if asked else None
    if organization is None or not organization.is_organization:
        return None
    return fields_of(organization).get("siren") or None
