"""What readers wish of the mails: their language, and no more than the law asks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.dialects.postgresql import insert

from .model import MailPreference


@dataclass(frozen=True)
class Wishes:
    """What a reader wishes.

    Attributes:
        stopped: whether it wants no more mails than the law asks for.
        language: the language that it reads; None for that of the site.
    """

    stopped: bool = False
    language: str | None = None

    @property
    def locale(self) -> str:
        """The locale in which to write, one that the site offers."""
        offered = tk.config["ckan.locales_offered"]
        if self.language and (not offered or self.language in offered):
            return self.language
        return tk.config["ckan.locale_default"]


class UnknownTokenError(Exception):
    """The address of a page of wishes is not one that the portal sent."""


def of(addresses: Collection[str]) -> dict[str, Wishes]:
    """The wishes of addresses in small letters, in one query; those without any are left out."""
    rows = model.Session.execute(
        sa.select(MailPreference.address, MailPreference.stopped_at, MailPreference.language).where(
            MailPreference.address.in_(list(addresses))
        )
    )
    return {row.address: Wishes(row.stopped_at is not None, row.language) for row in rows}


def record(address: str, wishes: Wishes, now: datetime) -> None:
    """Keep what the reader of an address wishes.

    Args:
        address: in small letters.
        wishes: all of them.
        now: the moment, with a zone.
    """
    values = {"stopped_at": now if wishes.stopped else None, "language": wishes.language}
    model.Session.execute(
        insert(MailPreference.__table__)
        .values(address=address, **values)
        .on_conflict_do_update(index_elements=["address"], set_=values)
    )
    model.Session.commit()


def token_of(address: str) -> str:
    """What stands in the address of the page of a reader's wishes: none can make one but we."""
    return _serializer().dumps(address.lower())


def address_of(token: str) -> str:
    """The address, in small letters, that a token was made of.

    Raises:
        UnknownTokenError: we have not made it.
    """
    try:
        return str(_serializer().loads(token))
    except BadData as forged:
        raise UnknownTokenError(token) from forged


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(tk.config["SECRET_KEY"], salt="heraultdata-mail-preferences")
