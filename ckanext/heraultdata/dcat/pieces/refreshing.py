"""Pieces brought up to date: serialised, given a place, and told of in the list of changes.

One process at a time does it. A piece is a transaction of its own, so that nobody who saves a
dataset waits for more than the writing of one row, and no two wait for each other.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from ... import clock
from ...database import engine_beside
from .making import Made, fingerprint, make

Say = Callable[[str], None]
"""Told how far it is."""

_LOCK = 0x64636174
_TRIES = 3
"""A dataset that is changed while it is described is described again; then by the next reader."""
_TOLD_EVERY = 100

_STALE = "is_public AND (serialised <> changes OR made_with IS DISTINCT FROM :made_with)"

_GIVE_SLOTS = sa.text(
    """
    WITH waiting AS (
        SELECT package_id FROM heraultdata_dcat_piece
        WHERE is_public AND slot IS NULL FOR UPDATE SKIP LOCKED
    ), ranked AS (
        SELECT package_id, row_number() OVER (ORDER BY metadata_created, package_id) AS rank
        FROM waiting JOIN package ON package.id = package_id
    ), free AS (
        SELECT slot, row_number() OVER (ORDER BY slot) AS rank FROM (
            SELECT generate_series(
                1,
                (SELECT coalesce(max(slot), 0) FROM heraultdata_dcat_piece)
                + (SELECT count(*) FROM waiting)
            ) AS slot
            EXCEPT SELECT slot FROM heraultdata_dcat_piece WHERE slot IS NOT NULL
        ) AS holes
    )
    UPDATE heraultdata_dcat_piece AS piece SET slot = free.slot
    FROM ranked JOIN free USING (rank) WHERE piece.package_id = ranked.package_id
    """
)
_STILL_WAITING = sa.text(
    "SELECT package_id FROM heraultdata_dcat_piece WHERE is_public AND slot IS NULL "
    "AND EXISTS (SELECT FROM package WHERE package.id = package_id) LIMIT 1"
)
_WAIT_FOR = sa.text(
    "SELECT 1 FROM heraultdata_dcat_piece WHERE package_id = :package_id FOR UPDATE"
)
_LET_GO = sa.text(
    """
    WITH gone AS (
        SELECT package_id, uri FROM heraultdata_dcat_piece
        WHERE NOT is_public AND digest IS NOT NULL
        ORDER BY package_id FOR UPDATE SKIP LOCKED
    ), emptied AS (
        UPDATE heraultdata_dcat_piece AS piece SET serialised = changes, made_with = NULL,
            uri = NULL, title = NULL, organization_id = NULL, digest = NULL,
            turtle = NULL, rdf_xml = NULL, json_ld = NULL, score = NULL, gaps = NULL
        FROM gone WHERE piece.package_id = gone.package_id
    ), blanked AS (
        UPDATE heraultdata_dcat_change AS change SET title = NULL
        FROM gone WHERE change.package_id = gone.package_id AND change.title IS NOT NULL
    )
    INSERT INTO heraultdata_dcat_change (package_id, uri, kind, at)
    SELECT package_id, uri, 'delete',
        greatest(:now, (SELECT max(at) FROM heraultdata_dcat_change)) FROM gone
    RETURNING package_id
    """
)
_FORGET = sa.text(
    "DELETE FROM heraultdata_dcat_piece WHERE package_id = ANY (:package_ids) AND digest IS NULL "
    "AND NOT EXISTS (SELECT 1 FROM package WHERE package.id = package_id)"
)
_STORE = sa.text(
    """
    WITH before AS (
        SELECT uri, digest, modified, uri <> :uri AS is_renamed
        FROM heraultdata_dcat_piece WHERE package_id = :package_id
    ), stored AS (
        UPDATE heraultdata_dcat_piece SET serialised = :changes, made_with = :made_with,
            uri = :uri, title = :title, organization_id = :organization_id, digest = :digest,
            modified = CASE WHEN digest <> :digest THEN :now ELSE coalesce(modified, :now) END,
            turtle = :ttl, rdf_xml = :xml, json_ld = :jsonld,
            score = :score, gaps = CAST(:gaps AS jsonb)
        WHERE package_id = :package_id AND changes = :changes AND is_public
        RETURNING package_id
    ), told AS (
        INSERT INTO heraultdata_dcat_change (package_id, uri, kind, at, title)
        SELECT package_id, uri, kind,
            greatest(:now, (SELECT max(at) FROM heraultdata_dcat_change)), title
        FROM (
            SELECT 1 AS rank, package_id, before.uri, 'delete' AS kind, NULL AS title
            FROM stored, before WHERE is_renamed
            UNION ALL
            SELECT 2, package_id, :uri,
                CASE WHEN digest IS NULL OR is_renamed THEN 'create' ELSE 'update' END, :title
            FROM stored, before WHERE digest IS DISTINCT FROM :digest OR modified IS NULL
        ) AS happened ORDER BY rank
    )
    SELECT count(*) FROM stored
    """
)
_CHANGES = sa.text(
    f"SELECT changes FROM heraultdata_dcat_piece WHERE package_id = :package_id AND {_STALE}"
)
_HIDE = sa.text(
    "UPDATE heraultdata_dcat_piece SET is_public = false, slot = NULL, modified = NULL "
    "WHERE package_id = :package_id AND changes = :changes"
)


def refresh(package_ids: Collection[str] | None = None, say: Say | None = None) -> int:
    """Bring pieces up to date, and let go of those that left the catalogue.

    Args:
        package_ids: the datasets whose texts are made; all that are stale by default. Places are
            given, and departures told, for all of them in any case.
        say: told how far it is.

    Returns:
        The number of texts that were made.
    """
    with _connected() as connection:
        with _alone(connection):
            _let_go(connection)
            _give_slots(connection)
        waiting = _stale(connection, package_ids)
        made = 0
        for rank, package_id in enumerate(waiting, start=1):
            # A reader who needs one piece waits for no more than the one that is being made.
            with _alone(connection):
                made += _bring_up_to_date(connection, package_id)
            if say and (rank % _TOLD_EVERY == 0 or rank == len(waiting)):
                say(f"Catalogue: {rank}/{len(waiting)}")
        return made


def stale() -> int:
    """How many datasets of the catalogue are not serialised as they are."""
    with engine_beside().connect() as connection:
        return len(_stale(connection, None))


def spoil() -> None:
    """Let all texts be made anew."""
    with engine_beside().begin() as connection:
        connection.execute(sa.text("UPDATE heraultdata_dcat_piece SET made_with = NULL"))


@contextmanager
def _connected() -> Iterator[Connection]:
    """A connection that commits each statement."""
    with engine_beside().connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """While no other process refreshes; those that wait take their turns."""
    connection.execute(sa.text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK})
    try:
        yield
    finally:
        connection.execute(sa.text("SELECT pg_advisory_unlock(:key)"), {"key": _LOCK})


def _give_slots(connection: Connection) -> None:
    connection.execute(_GIVE_SLOTS)
    # Those that were being saved: a walk that starts now must meet them too.
    while waiting := connection.scalar(_STILL_WAITING):
        connection.execute(_WAIT_FOR, {"package_id": waiting})
        connection.execute(_GIVE_SLOTS)


def _let_go(connection: Connection) -> None:
    gone = list(connection.scalars(_LET_GO, {"now": clock.now()}))
    if gone:
        connection.execute(_FORGET, {"package_ids": gone})


def _stale(connection: Connection, package_ids: Collection[str] | None) -> list[str]:
    among = "" if package_ids is None else " AND package_id = ANY (:package_ids)"
    query = sa.text(
        f"SELECT package_id FROM heraultdata_dcat_piece WHERE {_STALE}{among} ORDER BY slot"
    )
    values: dict[str, object] = {"made_with": fingerprint()}
    if package_ids is not None:
        values["package_ids"] = list(package_ids)
    return list(connection.scalars(query, values))


def _bring_up_to_date(connection: Connection, package_id: str) -> bool:
    for _ in range(_TRIES):
        asked = {"package_id": package_id, "made_with": fingerprint()}
        changes = connection.scalar(_CHANGES, asked)
        if changes is None:
            return False
        made = make(package_id)
        if made is None:
            connection.execute(_HIDE, {"package_id": package_id, "changes": changes})
            _let_go(connection)
            return False
        if connection.scalar(_STORE, _row(package_id, changes, made)):
            return True
    return False


def _row(package_id: str, changes: int, made: Made) -> dict[str, object]:
    texts = {kind.extension: text for kind, text in made.written.bodies.items()}
    return {
        **texts,
        "package_id": package_id,
        "changes": changes,
        "made_with": fingerprint(),
        "uri": made.uri,
        "title": made.title,
        "organization_id": made.organization_id,
        "digest": made.written.digest,
        "score": made.score.points,
        "gaps": json.dumps(list(made.score.gaps)),
        "now": clock.now(),
    }
