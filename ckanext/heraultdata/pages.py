"""What the pages of all rooms share: who asks, refusals as pages, pagers, forms that come back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.lib.pagination import Page
from ckan.types import Context

BAD_FORM = 400
"""Status of a form that comes back with its errors; the API answers 409 to the same."""

FieldErrors = dict[str, list[str]]


def context() -> Context:
    """A context of the user who asks for the page."""
    return {"user": tk.current_user.name}


def call(action: str, **data: object) -> Any:  # noqa: ANN401 - actions answer what they like
    """Call an action as the user who asks for the page."""
    return tk.get_action(action)(context(), data)


def may(action: str, **data: object) -> bool:
    """Whether the user who asks for the page may call an action."""
    try:
        tk.check_access(action, context(), data)
    except tk.NotAuthorized:
        return False
    return True


@contextmanager
def refusals_as_pages() -> Iterator[None]:
    """Turn what an action refuses into a page: 404 for what is not there, 403, 400 for the rest."""
    try:
        yield
    except tk.ObjectNotFound as absent:
        tk.abort(404, absent.message or tk._("There is nothing at this address."))
    except tk.NotAuthorized as refusal:
        tk.abort(403, _why_not(refusal))
    except tk.ValidationError as refusal:
        sentences = [sentence for group in flat_errors(refusal).values() for sentence in group]
        tk.abort(BAD_FORM, " ".join(sentences))


def _why_not(refusal: tk.NotAuthorized) -> str:
    if tk.current_user.is_anonymous:
        return tk._("This is for the members of a partner and for the département: please log in.")
    return refusal.message or tk._("You may not see this page.")


def flat_errors(refusal: tk.ValidationError) -> FieldErrors:
    """The sentences of a refusal, by field; those of a list of objects under `field-rank-key`."""
    flat: FieldErrors = {}
    for name, found in refusal.error_dict.items():
        if name.startswith("__"):
            continue
        for rank, item in enumerate(found if isinstance(found, list) else [found]):
            if isinstance(item, Mapping):
                for key, sentences in item.items():
                    flat[f"{name}-{rank}-{key}"] = [str(sentence) for sentence in sentences]
            else:
                flat.setdefault(name, []).append(str(item))
    return flat


@dataclass(frozen=True)
class PageOfList:
    """Which part of a list is asked for."""

    number: int
    size: int

    @property
    def offset(self) -> int:
        """How many results to pass over."""
        return (self.number - 1) * self.size

    def pager(self, count: int, items: Sequence[object]) -> Page:
        """CKAN's pager around the results of this page.

        Args:
            count: how many results there are in all.
            items: those of this page.
        """
        return Page(
            collection=items,
            page=self.number,
            url=tk.h.pager_url,
            item_count=count,
            items_per_page=self.size,
            presliced_list=True,
        )


def asked_page(size: int = 20) -> PageOfList:
    """The page that the address asks for with `page`; the first for what is not a page's number.

    Args:
        size: results on a page.
    """
    number = tk.h.get_page_number(tk.request.args)
    return PageOfList(number=max(number, 1), size=size)


def filters(*names: str) -> dict[str, str]:
    """The filters of the address that are filled in, without spaces around them."""
    given = {name: tk.request.args.get(name, "").strip() for name in names}
    return {name: value for name, value in given.items() if value}


def filled_in(*names: str) -> dict[str, str]:
    """The fields of the form that are filled in, without spaces around them."""
    given = {name: tk.request.form.get(name, "").strip() for name in names}
    return {name: value for name, value in given.items() if value}


def user_names(user_ids: Iterable[str | None]) -> dict[str, str]:
    """What to call these users, in one query.

    Args:
        user_ids: identifiers; None (the portal itself) is passed over.
    """
    ids = {user_id for user_id in user_ids if user_id}
    if not ids:
        return {}
    query = sa.select(model.User).where(model.User.id.in_(ids))
    return {user.id: user.display_name for user in model.Session.scalars(query)}
