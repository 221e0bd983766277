"""Former versions of public files, given to the département to save."""

from __future__ import annotations

from uuid import UUID

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint

from .. import pages
from . import file_views, former_files
from .model import FormerFile

heraultdata_former_file = Blueprint("heraultdata_former_file", __name__, url_prefix="/former-files")


@heraultdata_former_file.route("/<uuid:file_id>")
def show(file_id: UUID) -> Response:
    """Send the bytes of a former version."""
    with pages.refusals_as_pages():
        tk.check_access("heraultdata_former_file_list", pages.context(), {})
        found = model.Session.get(FormerFile, str(file_id))
        if found is None or not former_files.path_of(found).is_file():
            raise tk.ObjectNotFound(tk._("No former version of a file is kept at this address."))
    return file_views.to_save(
        former_files.path_of(found), found.file_name, "application/octet-stream"
    )
