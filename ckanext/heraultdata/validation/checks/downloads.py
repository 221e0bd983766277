"""A report or a list as a file to save, that no browser opens as something else."""

from __future__ import annotations

from ckan.types import Response
from flask import make_response

_REPORT = "report"
"""One name for all reports: that of the file could hold anything."""


def csv_of(content: bytes, name: str = _REPORT) -> Response:
    """The answer for a file as CSV.

    Args:
        content: the file.
        name: under which it is saved, in plain letters, without its extension.
    """
    return _download(content, "text/csv; charset=utf-8", f"{name}.csv")


def xlsx_of(content: bytes, name: str = _REPORT) -> Response:
    """The answer for a file as XLSX.

    Args:
        content: the file.
        name: under which it is saved, in plain letters, without its extension.
    """
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return _download(content, kind, f"{name}.xlsx")


def _download(content: bytes, media_type: str, file_name: str) -> Response:
    answer = make_response(content)
    answer.headers["Content-Type"] = media_type
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return answer
