"""What a person sees where a page of CKAN does not expect that publication is refused.

The last page of the form on CKAN 2.11 and the list of an organisation's datasets would answer 500.
"""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.types import Response
from flask import Blueprint, request

from .publication import PublicationRefusedError

heraultdata_publication = Blueprint("heraultdata_publication", __name__)


@heraultdata_publication.app_errorhandler(PublicationRefusedError)
def refused(refusal: PublicationRefusedError) -> Response:
    """Say why, on the page from where the dataset can be made private."""
    for sentence in refusal.error_summary.values():
        tk.h.flash_error(sentence)
    dataset_id = (request.view_args or {}).get("id")
    if request.blueprint == "organization" or dataset_id is None:
        return tk.h.redirect_to(request.full_path)
    return tk.h.redirect_to("dataset.edit", id=dataset_id)
