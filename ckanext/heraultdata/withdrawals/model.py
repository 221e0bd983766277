"""Tables of the withdrawals: requests, their items and papers, work left, platforms, copies."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from ckan.model.types import make_uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped


def _request() -> sa.Column:
    return sa.Column(
        "withdrawal_id",
        sa.UnicodeText,
        sa.ForeignKey("heraultdata_withdrawal.id", ondelete="RESTRICT"),
        nullable=False,
    )


def _item() -> sa.Column:
    return sa.Column(
        "item_id",
        sa.UnicodeText,
        sa.ForeignKey("heraultdata_withdrawal_item.id", ondelete="RESTRICT"),
        nullable=False,
    )


class Withdrawal(tk.BaseModel):
    """A request; `organization_id` is no foreign key: the register outlives organisations.

    Attributes:
        reference: what people quote, `R-2026-0001`, counted by year of receipt.
        suspended_at: the moment at which access was closed before execution (urgent).
        confirmed_on: the day of the writing that followed a call.
        confirmation_note: what the département wrote about it for itself.
        decision_reason: why it was declared inadmissible.
        erase_on: the day from which what was ordered to be erased is destroyed.
    """

    __table__ = sa.Table(
        "heraultdata_withdrawal",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column("reference", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("organization_id", sa.UnicodeText, nullable=False),
        sa.Column("organization_title", sa.UnicodeText, nullable=False),
        sa.Column("scope", sa.UnicodeText, nullable=False),
        sa.Column("reason_class", sa.UnicodeText, nullable=False),
        sa.Column("reason", sa.UnicodeText),
        sa.Column("urgent", sa.Boolean, nullable=False, default=False),
        sa.Column("channel", sa.UnicodeText, nullable=False),
        sa.Column("initiative", sa.UnicodeText, nullable=False),
        sa.Column("received_on", sa.Date, nullable=False),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True)),
        sa.Column("confirmed_on", sa.Date),
        sa.Column("confirmation_note", sa.UnicodeText),
        sa.Column("executed_at", sa.DateTime(timezone=True)),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("decision_reason", sa.UnicodeText),
        sa.Column("erase_on", sa.Date),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by", sa.UnicodeText),
    )

    id: Mapped[str]
    reference: Mapped[str]
    organization_id: Mapped[str]
    organization_title: Mapped[str]
    scope: Mapped[str]
    reason_class: Mapped[str]
    reason: Mapped[str | None]
    urgent: Mapped[bool]
    channel: Mapped[str]
    initiative: Mapped[str]
    received_on: Mapped[date]
    state: Mapped[str]
    suspended_at: Mapped[datetime | None]
    confirmed_on: Mapped[date | None]
    confirmation_note: Mapped[str | None]
    executed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    decision_reason: Mapped[str | None]
    erase_on: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[str | None]


class WithdrawalItem(tk.BaseModel):
    """A dataset of a request, or a file of one where `resource_id` is there.

    Its titles are kept: the partner reads them when the dataset is out of its reach, and the
    register when it is erased.

    Attributes:
        name: the dataset's name, as in its address.
        was_state: what CKAN's column `state` held before access was closed.
        was_public: whether everybody could read it.
        closed_at: the moment from which it was out of reach.
    """

    __table__ = sa.Table(
        "heraultdata_withdrawal_item",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        _request(),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("resource_id", sa.UnicodeText),
        sa.Column("name", sa.UnicodeText, nullable=False),
        sa.Column("title", sa.UnicodeText, nullable=False),
        sa.Column("resource_name", sa.UnicodeText),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("was_state", sa.UnicodeText, nullable=False),
        sa.Column("was_public", sa.Boolean, nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True)),
        sa.Column("restored_at", sa.DateTime(timezone=True)),
        sa.Column("erased_at", sa.DateTime(timezone=True)),
    )

    id: Mapped[str]
    withdrawal_id: Mapped[str]
    package_id: Mapped[str]
    resource_id: Mapped[str | None]
    name: Mapped[str]
    title: Mapped[str]
    resource_name: Mapped[str | None]
    state: Mapped[str]
    was_state: Mapped[str]
    was_public: Mapped[bool]
    closed_at: Mapped[datetime | None]
    restored_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class WithdrawalPaper(tk.BaseModel):
    """The letter, the scan or the message of a request; its bytes stand in the database."""

    __table__ = sa.Table(
        "heraultdata_withdrawal_paper",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        _request(),
        sa.Column("file_name", sa.UnicodeText, nullable=False),
        sa.Column("media_type", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )

    id: Mapped[str]
    withdrawal_id: Mapped[str]
    file_name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    content: Mapped[bytes]
    created_at: Mapped[datetime]


class WithdrawalWork(tk.BaseModel):
    """What the index, the file store and the DataStore still have to follow; gone once done.

    Attributes:
        target_id: the dataset for the index, the file (resource) for the others.
        next_at: not tried before.
        error: why the last try failed.
    """

    __table__ = sa.Table(
        "heraultdata_withdrawal_work",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), primary_key=True),
        _item(),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("aim", sa.UnicodeText, nullable=False),
        sa.Column("target_id", sa.UnicodeText, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, default=0),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("error", sa.UnicodeText),
        sa.UniqueConstraint("kind", "target_id", name="heraultdata_withdrawal_work_target"),
    )

    id: Mapped[int]
    item_id: Mapped[str]
    kind: Mapped[str]
    aim: Mapped[str]
    target_id: Mapped[str]
    attempts: Mapped[int]
    next_at: Mapped[datetime]
    error: Mapped[str | None]


class WithdrawnFile(tk.BaseModel):
    """Where the bytes of a withdrawn file are kept, and what they were, to put them back exactly.

    Attributes:
        address: the name under which the file store held it.
        kept_as: path under the folder of withdrawn files.
        sha256: of the bytes, compared before anything is taken away and after it is put back.
    """

    __table__ = sa.Table(
        "heraultdata_withdrawn_file",
        tk.BaseModel.metadata,
        sa.Column("resource_id", sa.UnicodeText, primary_key=True),
        sa.Column("address", sa.UnicodeText, nullable=False),
        sa.Column("kept_as", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
    )

    resource_id: Mapped[str]
    address: Mapped[str]
    kept_as: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    kept_at: Mapped[datetime]


class FormerFile(tk.BaseModel):
    """The bytes of a file that has been public, from before a newer version took its place.

    Attributes:
        file_name: the name under which it was uploaded.
        kept_as: path under the folder of withdrawn files.
        replaced_by: who sent the newer version.
    """

    __table__ = sa.Table(
        "heraultdata_former_file",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column("resource_id", sa.UnicodeText, nullable=False),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("file_name", sa.UnicodeText, nullable=False),
        sa.Column("kept_as", sa.UnicodeText, nullable=False),
        sa.Column("size", sa.BigInteger, nullable=False),
        sa.Column("sha256", sa.UnicodeText, nullable=False),
        sa.Column("replaced_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("replaced_by", sa.UnicodeText),
    )

    id: Mapped[str]
    resource_id: Mapped[str]
    package_id: Mapped[str]
    file_name: Mapped[str]
    kept_as: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str]
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[str | None]


class FormerName(tk.BaseModel):
    """A name that a dataset had: its old address answers 410 too once the dataset is withdrawn."""

    __table__ = sa.Table(
        "heraultdata_former_name",
        tk.BaseModel.metadata,
        sa.Column("name", sa.UnicodeText, primary_key=True),
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=False),
    )

    name: Mapped[str]
    package_id: Mapped[str]
    left_at: Mapped[datetime]


class BeenPublic(tk.BaseModel):
    """A dataset of a partner that everybody could read once: only a withdrawal takes it away."""

    __table__ = sa.Table(
        "heraultdata_been_public",
        tk.BaseModel.metadata,
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    )

    package_id: Mapped[str]
    since: Mapped[datetime]


class Platform(tk.BaseModel):
    """A portal known to copy the catalogue."""

    __table__ = sa.Table(
        "heraultdata_platform",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column("name", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("url", sa.UnicodeText, nullable=False),
        sa.Column("contact_email", sa.UnicodeText),
        sa.Column("deleted_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
    )

    id: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    url: Mapped[str]
    contact_email: Mapped[str | None]
    deleted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class Followup(tk.BaseModel):
    """The copy of an item at a platform, followed until it is gone.

    Attributes:
        evidence: the last probe, `{address, status, found, at, error}`; `found` is null where the
            platform could not be asked: unreachable is not gone.
        next_probe_at: null once nothing is left to ask.
        settled_by: the person who confirmed it.
    """

    __table__ = sa.Table(
        "heraultdata_followup",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        _item(),
        sa.Column(
            "platform_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_platform.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        sa.Column("state", sa.UnicodeText, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("probes", sa.Integer, nullable=False, default=0),
        sa.Column("next_probe_at", sa.DateTime(timezone=True)),
        sa.Column("evidence", JSONB(none_as_null=True)),
        sa.Column("seen_at", sa.DateTime(timezone=True)),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.UnicodeText),
        sa.Column("note", sa.UnicodeText),
        sa.UniqueConstraint("item_id", "platform_id", name="heraultdata_followup_copy"),
    )

    id: Mapped[str]
    item_id: Mapped[str]
    platform_id: Mapped[str]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    probes: Mapped[int]
    next_probe_at: Mapped[datetime | None]
    evidence: Mapped[dict[str, Any] | None]
    seen_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
    note: Mapped[str | None]


class WithdrawalMessage(tk.BaseModel):
    """A mail that asks for a withdrawal and could not be made a request by itself: to be looked at.

    Attributes:
        fingerprint: SHA-256 of the message, so that one that comes twice stands once.
        why: why a person must look, as a `Message` (`{template, values}`).
        withdrawal_id: the request that was made of it.
        settled_at: when a person made a request of it, or put it away.
    """

    __table__ = sa.Table(
        "heraultdata_withdrawal_message",
        tk.BaseModel.metadata,
        sa.Column("id", sa.UnicodeText, primary_key=True, default=make_uuid),
        sa.Column("fingerprint", sa.UnicodeText, nullable=False, unique=True),
        sa.Column("sender", sa.UnicodeText, nullable=False),
        sa.Column("subject", sa.UnicodeText, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.Column("why", JSONB(none_as_null=True)),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column(
            "withdrawal_id",
            sa.UnicodeText,
            sa.ForeignKey("heraultdata_withdrawal.id", ondelete="RESTRICT"),
        ),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True)),
        sa.Column("settled_by", sa.UnicodeText),
    )

    id: Mapped[str]
    fingerprint: Mapped[str]
    sender: Mapped[str]
    subject: Mapped[str]
    content: Mapped[bytes]
    why: Mapped[dict[str, Any] | None]
    organization_id: Mapped[str | None]
    withdrawal_id: Mapped[str | None]
    received_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
