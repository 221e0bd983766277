"""A public file of a partner keeps the standard that it follows, unless the département lets it go.

Article 5 of the convention makes the partner follow the standards: a file that names none any more
would pass the gate whatever it holds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import ckan.model as model
import ckan.plugins.toolkit as tk
from ckan.types import Context

from ... import access, config
from ...conformance.bindings import Binding, bindings
from ...conformance.rules import Gate
from ...conventions.publication import Visibility
from ...conventions.rules import Party
from ...messages import N_, Message
from ...partners.service import title_of
from ...words import sentence
from . import gate


def check(
    package: model.Package,
    resources: Sequence[Mapping[str, Any]],
    context: Context,
    today: date,
) -> None:
    """Refuse that a public file loses its standard, or takes one that obliges nobody instead.

    Another standard that obliges may come: the gate then checks the file against that one.

    Args:
        package: the dataset as it is stored.
        resources: its files as the change makes them.
        context: the context of the action.
        today: the date in Paris.

    Raises:
        tk.ValidationError: on `standard` of each such file.
    """
    if config.publication_gate() is not Gate.STRICT or not Visibility.of(package).is_public:
        return
    organization_id = package.owner_org
    if not organization_id or title_of(organization_id) is None or access.is_department(context):
        return
    changed = _changed_standards(package, resources)
    names = {name for pair in changed.values() for name in pair if name}
    known = bindings(names, organization_id, today) if changed else {}
    lost = {
        position: before
        for position, (before, after) in changed.items()
        if _obliges(known.get(before)) and not _obliges(known.get(after))
    }
    if not lost:
        return
    errors: list[dict[str, list[str]]] = [{} for _ in range(max(lost) + 1)]
    for position, name in lost.items():
        errors[position] = {"standard": [sentence(_kept(known[name]))]}
    raise tk.ValidationError({"resources": errors})  # pyright: ignore[reportArgumentType]


def _changed_standards(
    package: model.Package, resources: Sequence[Mapping[str, Any]]
) -> dict[int, tuple[str, str]]:
    """The standard before and after, by rank of the file, of those where they differ."""
    before = {item.id: gate.standard_of(item.extras or {}) for item in package.resources}
    return {
        position: (before[identifier], gate.standard_of(resource))
        for position, resource in enumerate(resources)
        if (identifier := str(resource.get("id"))) in before
        and before[identifier] not in ("", gate.standard_of(resource))
    }


def _obliges(binding: Binding | None) -> bool:
    """Whether the gate may refuse files of a standard."""
    return binding is not None and not binding.is_de_facto


def _kept(binding: Binding) -> Message:
    return Message(
        N_(
            "This file is public and follows the standard “{standard}”: by article 5 of the "
            "convention, it keeps it. If the standard is not the right one, write to {contact}, "
            "who can take it off."
        ),
        {
            "standard": binding.title,
            "contact": config.department_email() or Party.DEPARTMENT,
        },
    )
