"""The catalogue and who answers for it, in the words of schema.org."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk

from ckanext.dcat.utils import catalog_uri

from ..profile import known
from ..sitemap.addresses import languages


def described() -> dict[str, Any]:
    """The catalogue, with the département as its publisher."""
    description = tk.config["ckan.site_description"]
    return {
        "@context": "https://schema.org/",
        **included_in(),
        **({"description": description} if description else {}),
        "inLanguage": [language.replace("_", "-") for language in languages()],
        **_publisher(),
    }


def included_in() -> dict[str, Any]:
    """The catalogue as a dataset names it."""
    return {
        "@type": "DataCatalog",
        "@id": catalog_uri(),
        "name": tk.config["ckan.site_title"],
        "url": tk.h.url_for("home.index", qualified=True, locale="default"),
    }


def _publisher() -> dict[str, Any]:
    department = known.department()
    if department is None:
        return {}
    page = tk.h.url_for("organization.read", id=department.name, qualified=True, locale="default")
    return {
        "publisher": {
            "@type": "Organization",
            "@id": f"{catalog_uri().rstrip('/')}/organization/{department.id}",
            "name": department.partner.title,
            "url": department.partner.website or page,
        }
    }
