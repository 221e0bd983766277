"""The order of a dataset's files as some of them are withdrawn and put back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Ranked:
    """A file of a dataset.

    Attributes:
        rank: among those in reach for one that is; among all of them for one that is withdrawn.
    """

    id: str
    rank: int


def whole_order(in_reach: Sequence[Ranked], withdrawn: Sequence[Ranked]) -> list[str]:
    """The files of a dataset, each withdrawn one at its place among the others.

    Args:
        in_reach: the files that CKAN lists.
        withdrawn: those that it does not.
    """
    order = [each.id for each in sorted(in_reach, key=lambda each: each.rank)]
    for each in sorted(withdrawn, key=lambda each: each.rank):
        order.insert(each.rank, each.id)
    return order


def ranks(order: Sequence[str], withdrawn: Collection[str]) -> dict[str, int]:
    """The ranks to store: without a gap for the files in reach, which CKAN counts on.

    Args:
        order: all the files of a dataset.
        withdrawn: those among them that CKAN does not list.
    """
    places = {each: place for place, each in enumerate(order)}
    listed = [each for each in order if each not in withdrawn]
    return places | {each: place for place, each in enumerate(listed)}
