"""Addresses of the public pages, in each language of the portal."""

from __future__ import annotations

from collections.abc import Mapping

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from ...standards.model import Standard, StandardVersion

Addresses = Mapping[str, str]
"""The addresses of a page by language, such as `fr`; the one without a language in it first."""

_NAME = "name-of-a-dataset"
_PAGES = (
    "home.index",
    "dataset.search",
    "organization.index",
    "heraultdata_partner.index",
    "heraultdata_standard.index",
    "heraultdata_withdrawal_register.index",
    "heraultdata_check.form",
    "home.about",
)


def languages() -> list[str]:
    """The languages that the site says it speaks, its own first.

    A site that says nothing offers all that CKAN is translated into: it is mapped in its own alone.
    """
    own = str(tk.config["ckan.locale_default"])
    named = tk.aslist(tk.config["ckan.locales_offered"])
    return [own, *(language for language in named if language != own)]


def of_dataset(name: str, patterns: Addresses) -> dict[str, str]:
    """The addresses of a dataset's page.

    Args:
        name: of the dataset.
        patterns: what `of_datasets` gives.
    """
    return {language: pattern.replace(_NAME, name) for language, pattern in patterns.items()}


def of_datasets() -> Addresses:
    """The addresses of any dataset's page, as patterns: to ask CKAN for each is slow."""
    return _of("dataset.read", id=_NAME)


def of_pages() -> list[Addresses]:
    """The addresses of all the public pages but those of datasets, in three queries."""
    return [
        *(_of(endpoint) for endpoint in _PAGES),
        *(_of("organization.read", id=name) for name in _groups(are_organizations=True)),
        *(_of("group.read", id=name) for name in _groups(are_organizations=False)),
        *(_of("heraultdata_standard.show", name=name) for name in _standards()),
    ]


def _of(endpoint: str, **values: str) -> dict[str, str]:
    own, *others = languages()
    return {
        own: tk.h.url_for(endpoint, qualified=True, locale="default", **values),
        **{
            language: tk.h.url_for(endpoint, qualified=True, locale=language, **values)
            for language in others
        },
    }


def _groups(are_organizations: bool) -> list[str]:
    query = (
        sa.select(model.Group.name)
        .where(
            model.Group.state == model.State.ACTIVE,
            model.Group.is_organization.is_(are_organizations),
            model.Group.type == ("organization" if are_organizations else "group"),
        )
        .order_by(model.Group.name)
    )
    return list(model.Session.scalars(query))


def _standards() -> list[str]:
    is_published = sa.exists().where(
        StandardVersion.standard_id == Standard.id, StandardVersion.published_on.is_not(None)
    )
    return list(
        model.Session.scalars(sa.select(Standard.name).where(is_published).order_by(Standard.name))
    )
