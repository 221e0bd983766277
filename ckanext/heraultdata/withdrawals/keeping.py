"""What has been public, or is withdrawn, and who may still take it away or change it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.types import Context

from .. import access
from ..messages import N_, Message
from ..partners import service as partners
from ..words import sentence
from .kinds import CLOSED, NO_DATASETS, stored
from .model import BeenPublic, Withdrawal, WithdrawalItem

_by_the_request: ContextVar[bool] = ContextVar("heraultdata_by_the_request", default=False)


class KeptError(tk.NotAuthorized):
    """A refusal to take away what has been public, or to change what is withdrawn: 403."""


@contextmanager
def by_the_request() -> Iterator[None]:
    """Let what follows change what is out of reach: only a request's own course does."""
    token = _by_the_request.set(True)
    try:
        yield
    finally:
        _by_the_request.reset(token)


def is_by_the_request() -> bool:
    """Whether what is under way is the course of a request."""
    return _by_the_request.get()


def package_of(identifier: object) -> model.Package | None:
    """A dataset by its identifier or its name; None where there is none, or it is no text."""
    return model.Package.get(identifier) if isinstance(identifier, str) else None


def is_kept(package_id: str) -> bool:
    """Whether a dataset is a partner's and has been public: only a withdrawal takes it away.

    Args:
        package_id: identifier of the dataset.
    """
    return kept_among(sa.select(sa.literal(package_id))) is not None


def kept_among(package_ids: sa.Select[tuple[str]]) -> str | None:
    """A dataset among some that is a partner's and has been public; None where there is none.

    A source of ckanext-harvest is kept among the datasets, and is none: its owner deletes it.

    Args:
        package_ids: query that gives their identifiers.
    """
    packages = model.package_table.c
    one_of_each_owner = model.Session.execute(
        sa.select(packages.owner_org, sa.func.min(packages.id))
        .join(BeenPublic, BeenPublic.package_id == packages.id)
        .where(
            packages.id.in_(package_ids),
            packages.type != NO_DATASETS,
            packages.owner_org.is_not(None),
        )
        .group_by(packages.owner_org)
    ).all()
    return next(
        (kept for owner, kept in one_of_each_owner if partners.title_of(owner) is not None), None
    )


def is_kept_from(context: Context, package_id: str) -> bool:
    """Whether the user of a context may not take a dataset away by himself.

    Args:
        context: the context of an action.
        package_id: identifier of the dataset.
    """
    return not access.is_department(context) and is_kept(package_id)


def out_of_reach_reference(package_id: str, resource_id: str | None = None) -> str | None:
    """The reference of the request that put a dataset, or one of its files, out of reach.

    Args:
        package_id: identifier of the dataset.
        resource_id: a file of it; without, only the dataset as a whole counts.
    """
    references = _references().where(WithdrawalItem.package_id == package_id)
    of_dataset = WithdrawalItem.resource_id.is_(None)
    if resource_id is not None:
        of_dataset = sa.or_(of_dataset, WithdrawalItem.resource_id == resource_id)
    return model.Session.scalar(references.where(of_dataset))


def reference_within(package_id: str) -> str | None:
    """The reference of a request that put a dataset, or any of its files, out of reach."""
    return model.Session.scalar(_references().where(WithdrawalItem.package_id == package_id))


def reference_among(package_ids: sa.Select[tuple[str]]) -> str | None:
    """The reference of a request that put one of some datasets, or a file of one, out of reach.

    Args:
        package_ids: query that gives their identifiers.
    """
    return model.Session.scalar(_references().where(WithdrawalItem.package_id.in_(package_ids)))


def reference_of_files(resource_ids: list[str]) -> str | None:
    """The reference of a request that put one of these files out of reach, in whatever dataset."""
    if not resource_ids:
        return None
    return model.Session.scalar(_references().where(WithdrawalItem.resource_id.in_(resource_ids)))


def _references() -> sa.Select[tuple[str]]:
    return (
        sa.select(Withdrawal.reference)
        .join(WithdrawalItem, WithdrawalItem.withdrawal_id == Withdrawal.id)
        .where(WithdrawalItem.state.in_(stored(CLOSED)))
        .order_by(Withdrawal.created_at.desc())
        .limit(1)
    )


def refuse_out_of_reach(reference: str | None) -> None:
    """Refuse to change what a request put out of reach.

    Args:
        reference: the reference of the request, None where there is none.

    Raises:
        KeptError: there is one; the sentence names it, and where it is restored.
    """
    if reference is not None and not is_by_the_request():
        raise KeptError(sentence(out_of_reach_message(reference)))


def require_in_reach(package_id: str, resource_id: str | None = None) -> None:
    """Refuse to change a dataset, or a file, that is out of reach.

    Raises:
        KeptError: it is.
    """
    refuse_out_of_reach(out_of_reach_reference(package_id, resource_id))


def require_takeable(context: Context, package_id: str, resource_id: str | None = None) -> None:
    """Refuse to take away what is out of reach, and to members of partners what has been public.

    Raises:
        KeptError: with where the withdrawal is asked for, or was.
    """
    refusal = refusal_of(context, package_id, resource_id)
    if refusal is not None:
        raise KeptError(refusal)


def refusal_of(context: Context, package_id: str, resource_id: str | None = None) -> str | None:
    """Why the user of a context cannot take a dataset or a file away; None where nothing is kept.

    Args:
        context: the context of an action.
        package_id: identifier of the dataset.
        resource_id: a file of it, None for the whole.
    """
    if is_by_the_request():
        return None
    reference = out_of_reach_reference(package_id, resource_id)
    if reference is not None:
        return sentence(out_of_reach_message(reference))
    if is_kept_from(context, package_id):
        return sentence(kept_message(package_id, resource_id))
    return None


def out_of_reach_message(reference: str) -> Message:
    """Why nothing changes what is out of reach."""
    address = tk.h.url_for("heraultdata_withdrawal.show", reference=reference, qualified=True)
    return Message(
        N_(
            "This is withdrawn by the request {reference}, and stays as it is. The département "
            "restores it from the page of the request: {address}"
        ),
        {"reference": reference, "address": address},
    )


def kept_message(package_id: str, resource_id: str | None = None) -> Message:
    """Why a partner does not take away by itself what has been public, and the way out."""
    return Message(
        N_(
            "This has been public: it is taken away by a withdrawal, which the département carries "
            "out on simple request. Ask for it here: {address}"
        ),
        {"address": asking_address(package_id, resource_id, qualified=True)},
    )


def emptied_message(package_id: str, resource_id: str) -> Message:
    """Why a file without data does not take the place of one that holds some."""
    return Message(
        N_(
            "This file holds no data, and would empty the one that has been public, which stays as "
            "it was. Send the new version, or ask for its withdrawal here: {address}"
        ),
        {"address": asking_address(package_id, resource_id, qualified=True)},
    )


def asking_address(package_id: str, resource_id: str | None = None, qualified: bool = False) -> str:
    """Where the withdrawal of a dataset, or of one of its files, is asked for."""
    package = model.Session.get(model.Package, package_id)
    organization = model.Session.get(model.Group, package.owner_org) if package else None
    named = {
        "organization": organization.name if organization else None,
        "dataset": package.name if package else None,
        "resource": resource_id,
    }
    return tk.h.url_for(
        "heraultdata_withdrawal.new",
        qualified=qualified,
        **{key: value for key, value in named.items() if value},
    )


def require_file_in_reach(
    name: str, context: Context, data_dict: dict[str, Any], resource_id: object
) -> None:
    """Refuse an action on a file that is out of reach, once its caller is known to be allowed it.

    Args:
        name: the action.
        context: its context.
        data_dict: its arguments.
        resource_id: the file that it is about.

    Raises:
        KeptError: the file is out of reach.
    """
    resource = model.Resource.get(resource_id) if isinstance(resource_id, str) else None
    if resource is None or not resource.package_id:
        return
    reference = out_of_reach_reference(resource.package_id, resource.id)
    if reference is not None:
        tk.check_access(name, context, data_dict)
        refuse_out_of_reach(reference)
