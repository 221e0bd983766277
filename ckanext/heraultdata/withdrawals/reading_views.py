"""What a page answers that meets a refusal which CKAN's own page does not expect."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from flask import Blueprint

FORBIDDEN = 403

heraultdata_reading = Blueprint("heraultdata_reading", __name__)


@heraultdata_reading.app_errorhandler(tk.NotAuthorized)
def answer_forbidden(refusal: tk.NotAuthorized) -> tuple[str, int]:
    """Say no where CKAN would break: its comparison of versions takes each for readable."""
    told = {
        "code": FORBIDDEN,
        "content": refusal.message or tk._("You may not see this page."),
        "name": tk._("Forbidden"),
        "show_login_redirect_link": tk.current_user.is_anonymous,
    }
    return tk.render("error_document_template.html", told), FORBIDDEN
