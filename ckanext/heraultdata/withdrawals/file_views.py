"""Files of a request given to save: its papers, and the kept bytes of what was withdrawn."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import send_file

from .. import access, pages
from . import kept_files, page, papers


def paper(reference: str, paper_id: UUID) -> Response:
    """Send a paper of a request."""
    with pages.refusals_as_pages():
        request = pages.call("heraultdata_withdrawal_show", id=reference)
        if not page.reads_papers(request):
            raise tk.NotAuthorized(
                tk._("Only the département may read the papers of its decision.")
            )
        try:
            found = papers.read(request["id"], str(paper_id))
        except papers.PaperNotFoundError:
            raise tk.ObjectNotFound(tk._("There is no such paper.")) from None
    return to_save(BytesIO(found.content), found.file_name, found.media_type)


def kept_file(reference: str, resource_id: str) -> Response:
    """Send the kept bytes of a withdrawn file, to the département only."""
    with pages.refusals_as_pages():
        if not access.is_department(pages.context()):
            raise tk.NotAuthorized(tk._("Only the département may read what is withdrawn."))
        request = pages.call("heraultdata_withdrawal_show", id=reference)
        kept = next(
            (
                file
                for files in kept_files.of_items(request["items"]).values()
                for file in files
                if file.resource_id == resource_id
            ),
            None,
        )
        if kept is None or not kept.path.is_file():
            raise tk.ObjectNotFound(tk._("No file of this request is kept at this address."))
    return to_save(kept.path, kept.file_name, "application/octet-stream")


def uploaded() -> dict[str, Any]:
    """The file of the form that was sent, as an argument of an action, where there is one."""
    upload = tk.request.files.get("upload")
    return {"upload": upload} if upload and upload.filename else {}


def to_save(content: BinaryIO | Path, file_name: str, media_type: str) -> Response:
    """Send a file that is saved, never shown, nor kept on its way."""
    response = send_file(
        content, mimetype=media_type, as_attachment=True, download_name=file_name, max_age=0
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.cache_control.no_store = True
    # Otherwise CKAN lets everybody's caches keep it.
    tk.request.environ["__no_cache__"] = True
    return response
