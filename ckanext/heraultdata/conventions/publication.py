"""Publication needs a convention in force: the check, and why it refuses.

What is public stays public and editable when a convention ends; what becomes public, or passes to
another partner while public, needs one on that day (design, section 2, "Publication").
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import config
from ..database import engine_beside
from ..messages import N_, Message, RuleError
from ..partners import service as partners
from . import rules, service


class PublicationRefusedError(tk.ValidationError):
    """A refusal of publication; `publication_pages` answers it where a page of CKAN does not."""


@dataclass(frozen=True)
class Visibility:
    """What decides whether a dataset is public, and under whose name."""

    organization_id: str | None
    private: bool
    state: str

    @classmethod
    def of(cls, package: model.Package) -> Visibility:
        """That of a dataset as it is stored."""
        return cls(package.owner_org, bool(package.private), package.state)

    @property
    def is_public(self) -> bool:
        """Whether everybody sees it."""
        return self.state == model.State.ACTIVE and not self.private


def check(package_id: str, after: Visibility, today: date) -> None:
    """Refuse that a dataset becomes public for a partner without a convention in force.

    Args:
        package_id: the dataset.
        after: what the change under way makes of it.
        today: the date in Paris.

    Raises:
        RuleError: on the field `private`.
    """
    if not after.is_public or after.organization_id is None:
        return
    before = _committed(package_id)
    if before and before.is_public and before.organization_id == after.organization_id:
        return
    check_organization(after.organization_id, today)


def check_bulk(package_ids: Sequence[str], organization_id: str, today: date) -> None:
    """Refuse the same for datasets of one organisation that are published together.

    Raises:
        RuleError: on the field `private`; none of them is published.
    """
    becomes_public = (
        sa.select(model.Package.id)
        .where(
            model.Package.id.in_(list(package_ids)),
            model.Package.owner_org == organization_id,
            model.Package.state == model.State.ACTIVE,
            model.Package.private.is_(True),
        )
        .exists()
    )
    if model.Session.scalar(sa.select(becomes_public)):
        check_organization(organization_id, today)


def check_organization(organization_id: str, today: date) -> None:
    """Refuse publication where the organisation is a partner without a convention in force.

    Raises:
        RuleError: on the field `private`, with the convention that is missing and whom to write to.
    """
    refusal = refusal_for(organization_id, today)
    if refusal is not None:
        raise RuleError("private", refusal)


def refusal_for(organization_id: str, today: date) -> Message | None:
    """Why an organisation cannot publish on a day, None where it can."""
    partner = partners.title_of(organization_id)
    if partner is None:
        return None
    conventions = service.find(organization_ids=[organization_id])
    if any(rules.is_in_force(convention.events, today) for convention in conventions):
        return None
    values: dict[str, object] = {
        "partner": partner,
        "contact": config.department_email() or rules.Party.DEPARTMENT,
    }
    return _what_is_missing(service.current(conventions, today), today, values)


def _what_is_missing(
    convention: service.ConventionRecord | None, today: date, values: dict[str, object]
) -> Message:
    if convention is None:
        return Message(
            N_(
                "{partner} has no partnership convention with the département, so this dataset "
                "cannot be public. Keep it private, and write to {contact} to sign one."
            ),
            values,
        )
    state = convention.on(today)
    if state.state is rules.State.ENDED:
        return Message(
            N_(
                "The convention of {partner} ended on {ends_on}, so this dataset cannot be public. "
                "Keep it private, and write to {contact} to sign a new one."
            ),
            values | {"ends_on": state.ends_on},
        )
    return Message(
        N_(
            "The convention of {partner} is not signed by both parties yet, so this dataset "
            "cannot be public. Keep it private, and write to {contact}."
        ),
        values,
    )


def _committed(package_id: str) -> Visibility | None:
    # A connection of its own sees what is committed, not what the change under way has written.
    table = model.package_table
    with engine_beside().connect() as connection:
        row = connection.execute(
            sa.select(table.c.owner_org, table.c.private, table.c.state).where(
                table.c.id == package_id
            )
        ).first()
    return Visibility(row.owner_org, bool(row.private), row.state) if row else None
