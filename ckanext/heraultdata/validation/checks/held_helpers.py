"""What the page of a dataset shows its editors of the files kept aside."""

from __future__ import annotations

from ... import access, pages
from . import held
from .model import HeldFile


def heraultdata_held_files(package_id: str) -> list[HeldFile]:
    """The files of a dataset that wait or were refused, for those who may edit it."""
    if not pages.may("package_update", id=package_id):
        return []
    waiting = held.not_let_in(package_id)
    if access.is_department(pages.context()):
        return waiting
    return [kept for kept in waiting if not held.is_out_of_reach(kept)]
