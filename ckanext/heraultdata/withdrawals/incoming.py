"""A mail that asks for a withdrawal: made a request, or left to a person; executed never."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

import ckan.model as model
import ckan.plugins.toolkit as tk
import sqlalchemy as sa

from .. import clock
from ..journal.service import PORTAL
from ..messages import N_, Message, RuleError
from ..partners import service as partners
from ..partners.model import Referent
from . import incoming_rules, requests, service, tray
from .incoming_rules import Found, Incoming, Portal
from .kinds import Channel, ReasonClass, Scope
from .model import FormerName
from .rules import NewRequest

_MOST_NAMED = 5
_MOST_REASON = 2000
_FILE_NAME = "message.eml"
_MESSAGE = "message/rfc822"

UNKNOWN_SENDER = Message(
    N_(
        "The sender is neither a référent nor an admin of a partner: find out who it is, and "
        "whether this person may ask."
    )
)
OTHER_PARTNER = N_("The sender does not speak for the partner of these data: {addresses}.")
NOT_FOUND = N_(
    "There is no dataset and no file at these addresses of the message: {addresses}. Find what it "
    "is about, or ask the sender."
)
SEVERAL_PARTNERS = Message(
    N_("This message is about data of several partners: make a request for each of them.")
)
MIXED = Message(
    N_(
        "This message names whole datasets and single files: find out what is to go, and make the "
        "request."
    )
)


@dataclass(frozen=True)
class Kept:
    """What became of a message.

    Attributes:
        reference: of the request that was made of it, None where a person must look.
        why: why a person must look; None where a request was made, or where it came before.
    """

    reference: str | None = None
    why: Message | None = None


@dataclass(frozen=True)
class _Asked:
    """What the addresses of a message are: datasets, or files where it names no whole dataset."""

    organization_id: str
    package_ids: tuple[str, ...]
    resource_ids: tuple[str, ...]


class _LeftToAPersonError(Exception):
    """Nothing can be made of the message by itself."""

    def __init__(self, why: Message, organization_id: str | None = None) -> None:
        super().__init__(str(why))
        self.why = why
        self.organization_id = organization_id


def portal() -> Portal:
    """Where this portal is, as messages write it."""
    languages = tk.config["ckan.locales_offered"] or [tk.config["ckan.locale_default"]]
    root = tk.config["ckan.root_path"] or ""
    return Portal(tk.config["ckan.site_url"].rstrip("/") + root, tuple(languages))


def read_whole(stream: BinaryIO) -> bytes:
    """The bytes of a message, one more than the most that is kept where it is larger."""
    return stream.read(incoming_rules.MOST_BYTES + 1)


def keep(content: bytes, now: datetime) -> Kept:
    """Keep a message, as a request or in the tray; nothing is suspended and nothing executed.

    A message that comes twice is kept once. Should anything fail it may be given again.

    Args:
        content: its bytes, as `read_whole` reads them.
        now: the moment, with a zone.
    """
    message = incoming_rules.read(content, portal())
    kept = content
    if len(content) > incoming_rules.MOST_BYTES:
        kept = content[: incoming_rules.BEGINNING]
    message_id = tray.take_in(message, kept, now)
    if message_id is None:
        return Kept()
    try:
        withdrawal_id = _request(message, content, now)
    except _LeftToAPersonError as left:
        model.Session.rollback()
        tray.leave_to_a_person(message_id, left.why, message.says_urgent, left.organization_id)
        return Kept(why=left.why)
    tray.made(message_id, withdrawal_id, message.says_urgent, now)
    return Kept(reference=requests.get(withdrawal_id).reference)


@dataclass(frozen=True)
class Named:
    """A dataset that a message names, or a file of one; `organization` is the name of its own."""

    title: str
    organization: str
    dataset: str
    file: str | None


def named(found: Collection[Found]) -> list[Named]:
    """What the addresses of a message are, in the order of their titles; unknown ones left out.

    Args:
        found: the addresses.
    """
    dataset_ids, file_ids, _ = _resolved(found)
    rows = model.Session.execute(
        sa.select(model.Package.id, model.Package.name, model.Package.title, model.Group.name)
        .join(model.Group, model.Group.id == model.Package.owner_org)
        .where(model.Package.id.in_(dataset_ids | set(file_ids.values())))
        .order_by(model.Package.title, model.Package.name)
    )
    told = []
    for package_id, name, title, organization in rows:
        if package_id in dataset_ids:
            told.append(Named(title or name, organization, name, None))
        for file_id, of_dataset in file_ids.items():
            if of_dataset == package_id:
                told.append(Named(title or name, organization, name, file_id))
    return told


def _request(message: Incoming, content: bytes, now: datetime) -> str:
    if message.refusal:
        raise _LeftToAPersonError(message.refusal)
    organization_ids = _partners_of(message.sender)
    if not organization_ids:
        raise _LeftToAPersonError(UNKNOWN_SENDER)
    asked = _asked(message.found, organization_ids)
    new = NewRequest(
        organization_id=asked.organization_id,
        scope=Scope.RESOURCES if asked.resource_ids else Scope.DATASETS,
        package_ids=asked.package_ids,
        resource_ids=asked.resource_ids,
        reason_class=ReasonClass.OTHER,
        reason=f"{message.subject}\n\n{message.text}".strip()[:_MOST_REASON],
        urgent=False,
        channel=Channel.MAIL,
        received_on=clock.date_in_paris(now),
    )
    paper = service.NewPaper(_FILE_NAME, _MESSAGE, content)
    try:
        # Anybody can write another's address on a mail: the portal makes the request, no account.
        return service.create(new, PORTAL, now, [paper])
    except RuleError as refusal:
        raise _LeftToAPersonError(refusal.message, asked.organization_id) from refusal


def _partners_of(sender: str) -> set[str]:
    """The partners for which an address speaks: as a référent, or as an admin of it."""
    as_referent = sa.select(Referent.organization_id).where(sa.func.lower(Referent.email) == sender)
    as_admin = (
        sa.select(model.Member.group_id)
        .join(model.User, model.User.id == model.Member.table_id)
        .where(
            model.Member.table_name == "user",
            model.Member.capacity == "admin",
            model.Member.state == model.State.ACTIVE,
            model.User.state == model.State.ACTIVE,
            # A sysadmin is an admin of all the organisations that it made.
            model.User.sysadmin.is_not(True),
            sa.func.lower(model.User.email) == sender,
        )
    )
    found = model.Session.scalars(as_referent.union(as_admin))
    return set(partners.types({each for each in found if each}))


def _asked(found: Collection[Found], organization_ids: set[str]) -> _Asked:
    dataset_ids, file_ids, unknown = _resolved(found)
    known = dataset_ids | set(file_ids.values())
    owners = _owners(known)
    if unknown:
        raise _LeftToAPersonError(_naming(NOT_FOUND, unknown), _only(organization_ids))
    foreign = [id_ for id_ in known if owners[id_] not in organization_ids]
    if foreign:
        names = _names(foreign)
        raise _LeftToAPersonError(_naming(OTHER_PARTNER, names), _only(organization_ids))
    organizations = organization_ids & set(owners.values())
    if len(organizations) > 1:
        raise _LeftToAPersonError(SEVERAL_PARTNERS)
    organization_id = organizations.pop()
    if dataset_ids and file_ids:
        raise _LeftToAPersonError(MIXED, organization_id)
    return _Asked(organization_id, tuple(sorted(dataset_ids)), tuple(sorted(file_ids)))


def _resolved(found: Collection[Found]) -> tuple[set[str], dict[str, str], list[str]]:
    """The datasets named whole, the files with their datasets, and what there is nothing at."""
    datasets = _datasets({each.dataset for each in found if each.dataset and not each.file})
    files = _files({each.file for each in found if each.file})
    dataset_ids: set[str] = set()
    file_ids: dict[str, str] = {}
    unknown: list[str] = []
    for each in found:
        if each.file and each.file in files:
            file_ids[each.file] = files[each.file]
        elif not each.file and each.dataset in datasets:
            dataset_ids.add(datasets[each.dataset])
        else:
            unknown.append(str(each))
    return dataset_ids, file_ids, unknown


def _datasets(names: set[str]) -> dict[str, str]:
    """Identifiers of datasets by what names them: identifier, name, a name that they had."""
    package = model.Package
    former = model.Session.execute(
        sa.select(FormerName.name, FormerName.package_id)
        .join(package, package.id == FormerName.package_id)
        .where(FormerName.name.in_(names))
        # Of two datasets that had a name, the last one.
        .order_by(FormerName.left_at)
    )
    found = {row.name: row.package_id for row in former}
    rows = model.Session.execute(
        sa.select(package.id, package.name).where(
            sa.or_(package.id.in_(names), package.name.in_(names))
        )
    )
    for row in rows:
        found.update({row.id: row.id, row.name: row.id})
    return found


def _files(ids: set[str]) -> dict[str, str]:
    rows = model.Session.execute(
        sa.select(model.Resource.id, model.Resource.package_id).where(model.Resource.id.in_(ids))
    )
    return {row.id: row.package_id for row in rows}


def _owners(package_ids: Collection[str]) -> dict[str, str | None]:
    rows = model.Session.execute(
        sa.select(model.Package.id, model.Package.owner_org).where(
            model.Package.id.in_(list(package_ids))
        )
    )
    return {row.id: row.owner_org for row in rows}


def _names(package_ids: Collection[str]) -> list[str]:
    return sorted(
        model.Session.scalars(
            sa.select(model.Package.name).where(model.Package.id.in_(list(package_ids)))
        )
    )


def _naming(template: str, names: list[str]) -> Message:
    told = ", ".join(names[:_MOST_NAMED]) + (" …" if len(names) > _MOST_NAMED else "")
    return Message(template, {"addresses": told})


def _only(organization_ids: set[str]) -> str | None:
    """The partner that a message comes from, where there is no doubt which."""
    return next(iter(organization_ids)) if len(organization_ids) == 1 else None
