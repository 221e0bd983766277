"""Tables of the catalogue: each dataset as it is served, and what happened to them, in order."""

from __future__ import annotations

from datetime import datetime

import ckan.plugins.toolkit as tk
import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped


class CataloguePiece(tk.BaseModel):
    """A dataset as the catalogue serves it; `package_id` is no foreign key: it tells who left.

    The database's triggers make the row, raise `changes` and empty `slot` in the transaction that
    changes the dataset; the rest follows (`refreshing.refresh`).

    Attributes:
        slot: its place, kept while it is in the catalogue; None when it is not.
        is_public: whether it may be served.
        changes: raised by each change of what it is made from.
        serialised: the `changes` that its texts were made from.
        made_with: the fingerprint of the profile and the settings that made its texts.
        digest: of its triples, SHA-256 in hexadecimal; None when it is not told to harvesters.
        modified: when its triples last changed, its publication included.
        score: points of data.europa.eu, of 405.
        gaps: codes of what it lacks of them.
    """

    __table__ = sa.Table(
        "heraultdata_dcat_piece",
        tk.BaseModel.metadata,
        sa.Column("package_id", sa.UnicodeText, primary_key=True),
        sa.Column("slot", sa.Integer, unique=True),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("changes", sa.BigInteger, nullable=False),
        sa.Column("serialised", sa.BigInteger, nullable=False),
        sa.Column("made_with", sa.UnicodeText),
        sa.Column("uri", sa.UnicodeText),
        sa.Column("title", sa.UnicodeText),
        sa.Column("organization_id", sa.UnicodeText),
        sa.Column("digest", sa.UnicodeText),
        sa.Column("modified", sa.DateTime(timezone=True)),
        sa.Column("turtle", sa.UnicodeText),
        sa.Column("rdf_xml", sa.UnicodeText),
        sa.Column("json_ld", sa.UnicodeText),
        sa.Column("score", sa.Integer),
        sa.Column("gaps", JSONB(none_as_null=True)),
        sa.Index("heraultdata_dcat_piece_score_idx", "score", "package_id"),
        sa.Index("heraultdata_dcat_piece_modified_idx", "modified"),
        sa.Index(
            "heraultdata_dcat_piece_waiting_idx",
            "package_id",
            postgresql_where=sa.text("is_public AND slot IS NULL"),
        ),
        sa.Index(
            "heraultdata_dcat_piece_stale_idx",
            "package_id",
            postgresql_where=sa.text("is_public AND serialised <> changes"),
        ),
        sa.Index(
            "heraultdata_dcat_piece_left_idx",
            "package_id",
            postgresql_where=sa.text("NOT is_public AND digest IS NOT NULL"),
        ),
    )

    package_id: Mapped[str]
    slot: Mapped[int | None]
    is_public: Mapped[bool]
    changes: Mapped[int]
    serialised: Mapped[int]
    made_with: Mapped[str | None]
    uri: Mapped[str | None]
    title: Mapped[str | None]
    organization_id: Mapped[str | None]
    digest: Mapped[str | None]
    modified: Mapped[datetime | None]
    turtle: Mapped[str | None]
    rdf_xml: Mapped[str | None]
    json_ld: Mapped[str | None]
    score: Mapped[int | None]
    gaps: Mapped[list[str] | None]


class CatalogueChange(tk.BaseModel):
    """What happened to a dataset in the catalogue, numbered in the order of the commits.

    Attributes:
        kind: `create`, `update` or `delete`.
        at: the moment; never before that of the change before.
        title: None once the dataset has left.
    """

    __table__ = sa.Table(
        "heraultdata_dcat_change",
        tk.BaseModel.metadata,
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=True),
        sa.Column("package_id", sa.UnicodeText, nullable=False),
        sa.Column("uri", sa.UnicodeText, nullable=False),
        sa.Column("kind", sa.UnicodeText, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("title", sa.UnicodeText),
        sa.Index("heraultdata_dcat_change_at_idx", "at", "id"),
        sa.Index("heraultdata_dcat_change_package_idx", "package_id"),
    )

    id: Mapped[int]
    package_id: Mapped[str]
    uri: Mapped[str]
    kind: Mapped[str]
    at: Mapped[datetime]
    title: Mapped[str | None]
