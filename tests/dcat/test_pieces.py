"""Pieces: what makes them stale, what makes them fresh, where they stand, what is told of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from rdflib import Graph
from rdflib.compare import isomorphic
from sqlalchemy.exc import OperationalError

from ckanext.heraultdata.database import engine
from ckanext.heraultdata.dcat.kinds import Serialisation
from ckanext.heraultdata.dcat.model import CatalogueChange, CataloguePiece
from ckanext.heraultdata.dcat.pieces import making, reading, refreshing, upkeep, writing
from ckanext.heraultdata.withdrawals import labels
from tests import factories
from tests.factories import act

pytestmark = pytest.mark.usefixtures(
    "with_plugins", "clean_db", "clean_index", "with_request_context"
)

TURTLE = Serialisation.TURTLE


@pytest.fixture
def partner() -> dict[str, Any]:
    partner = factories.partner(title="Aniane")
    factories.signed_convention(partner["id"])
    return partner


@pytest.fixture
def admin() -> model.User:
    return factories.user(sysadmin=True)


@pytest.fixture
def publish(admin: model.User, partner: dict[str, Any]) -> Callable[..., str]:
    def make(name: str, **fields: Any) -> str:
        wanted = {"name": name, "title": name.title(), "notes": "Texte."}
        return act(admin, "package_create", owner_org=partner["id"], **{**wanted, **fields})["id"]

    return make


def piece(package_id: str) -> CataloguePiece:
    model.Session.rollback()
    found = model.Session.get(CataloguePiece, package_id)
    assert found is not None
    return found


def is_stale(package_id: str) -> bool:
    found = piece(package_id)
    return found.serialised != found.changes


def told() -> list[tuple[str, str]]:
    model.Session.rollback()
    rows = model.Session.scalars(sa.select(CatalogueChange).order_by(CatalogueChange.id))
    return [(row.package_id, row.kind) for row in rows]


def turtle(package_id: str) -> str:
    found = reading.of_dataset(package_id, TURTLE)
    assert found is not None
    return found.body


def run(statement: str, **values: object) -> None:
    with engine().begin() as connection:
        connection.execute(sa.text(statement), values)


def test_what_is_public_is_in_the_catalogue(publish: Callable[..., str]) -> None:
    shown = publish("premier")
    publish("brouillon", private=True)

    window, members = reading.page(1, reading.ALL, TURTLE)

    assert [member.uri.rpartition("/")[2] for member in members] == [shown]
    assert (window.count, window.total, window.first, window.last) == (1, 1, 1, 1)
    assert (window.previous, window.next) == (None, None)
    assert told() == [(shown, "create")]


def test_nothing_in_the_catalogue() -> None:
    window, members = reading.page(1, reading.ALL, TURTLE)
    assert members == []
    assert (window.count, window.total, window.first, window.last) == (0, 0, 1, 1)
    assert window.modified is None
    assert reading.last_change() is None


def test_the_three_texts_say_the_same(publish: Callable[..., str]) -> None:
    package_id = publish("premier", tags=[{"name": "délibération"}])
    graphs = [
        Graph().parse(
            data="".join(writing.document(kind, [member.body for member in members])),
            format=kind.rdflib_name,
        )
        for kind in Serialisation
        for members in [reading.page(1, reading.ALL, kind)[1]]
    ]
    assert len(graphs[0]) > 5
    assert isomorphic(graphs[0], graphs[1])
    assert isomorphic(graphs[0], graphs[2])
    assert package_id in turtle(package_id)


def test_an_edit_is_an_update(publish: Callable[..., str], admin: model.User) -> None:
    package_id = publish("premier")
    reading.window(1)
    act(admin, "package_patch", id=package_id, title="Deuxième")

    assert is_stale(package_id)
    assert "Deuxième" in turtle(package_id)
    assert told() == [(package_id, "create"), (package_id, "update")]
    assert not is_stale(package_id)


def test_the_same_triples_are_no_update(publish: Callable[..., str]) -> None:
    package_id = publish("premier")
    reading.window(1)
    before = piece(package_id).modified
    run("UPDATE package SET plugin_data = '{}' WHERE id = :id", id=package_id)

    assert is_stale(package_id)
    assert refreshing.refresh() == 1
    assert piece(package_id).modified == before
    assert told() == [(package_id, "create")]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE package SET title = 'x' WHERE id = :id",
        "UPDATE resource SET name = 'x' WHERE package_id = :id",
        "DELETE FROM resource WHERE package_id = :id",
        "DELETE FROM package_tag WHERE package_id = :id",
        "UPDATE \"group\" SET title = 'x'"
        " WHERE id = (SELECT owner_org FROM package WHERE package.id = :id)",
        "UPDATE heraultdata_standard SET title = 'x' WHERE name = 'scdl-deliberations'",
        "UPDATE heraultdata_standard_version SET source_url = 'https://x.example' WHERE standard_id"
        " = (SELECT id FROM heraultdata_standard WHERE name = 'scdl-deliberations')"
        " AND :id IS NOT NULL",
    ],
)
def test_each_change_is_seen_by_the_database(publish: Callable[..., str], statement: str) -> None:
    standard = factories.standard(name="scdl-deliberations")
    factories.version(standard=standard["name"])
    file = {"url": "https://x.example/a.csv", "standard": "scdl-deliberations"}
    package_id = publish("premier", tags=[{"name": "eau"}], resources=[file])
    reading.window(1)
    assert not is_stale(package_id)

    run(statement, id=package_id)

    assert is_stale(package_id)


def test_an_address_that_becomes_a_referents_leaves_the_datasets_of_others_too(
    publish: Callable[..., str],
) -> None:
    contact = [{"name": "Camille", "email": "camille@private.example"}]
    package_id = publish("premier", contact=contact)
    other = factories.partner(title="Gignac")
    assert "camille@private.example" in turtle(package_id)

    factories.referent(other["id"], email="Camille@private.example")

    assert "camille@private.example" not in turtle(package_id)


def test_the_departement_stands_in_for_partners_that_say_nothing(
    publish: Callable[..., str],
) -> None:
    publish("premier")
    department = factories.department()
    package_id = publish("deuxieme", contact=[])
    reading.whole()
    run("UPDATE \"group\" SET title = 'Autre nom' WHERE id = :id", id=department["id"])
    assert is_stale(package_id)


def test_a_standard_that_is_only_planned(publish: Callable[..., str]) -> None:
    standard = factories.standard(name="scdl-deliberations")
    factories.version(standard=standard["name"])
    package_id = publish("premier", planned_standard="scdl-deliberations")
    reading.window(1)
    run("UPDATE heraultdata_standard SET title = 'x'")
    assert is_stale(package_id)


def test_a_version_that_comes_into_force_reaches_its_datasets(
    publish: Callable[..., str], app: Any, at: Callable[[str], None]
) -> None:
    at("2026-11-24")
    factories.standard(name="herault-arbres")
    factories.version(standard="herault-arbres", version="1.0.0")
    file = {"url": "https://x.example/a.csv", "standard": "herault-arbres"}
    package_id = publish("premier", resources=[file])
    run("UPDATE heraultdata_standard_version SET published_on = '2026-12-01'")
    before = turtle(package_id)
    at("2026-12-02")

    assert upkeep.refresh(app.flask_app, date(2026, 12, 2), print) == 1

    assert turtle(package_id) != before
    assert "conformsTo" in turtle(package_id)


def test_another_partner_is_left_alone(publish: Callable[..., str]) -> None:
    package_id = publish("premier")
    other = factories.partner(title="Gignac")
    reading.window(1)
    run("UPDATE \"group\" SET title = 'x' WHERE id = :id", id=other["id"])
    assert not is_stale(package_id)


def test_a_change_that_is_rolled_back_is_none(publish: Callable[..., str]) -> None:
    package_id = publish("premier")
    reading.window(1)
    model.Session.execute(sa.text("UPDATE package SET title = 'x', private = true"))
    model.Session.rollback()
    assert not is_stale(package_id)
    assert reading.window(1).count == 1


def test_what_leaves_is_out_in_the_same_transaction(publish: Callable[..., str]) -> None:
    package_id = publish("premier", title="Secret")
    reading.window(1)
    run("UPDATE package SET state = 'deleted' WHERE id = :id", id=package_id)

    assert piece(package_id).slot is None
    assert reading.window(1).count == 0
    assert reading.of_dataset("premier", TURTLE) is None

    refreshing.refresh()

    assert told() == [(package_id, "create"), (package_id, "delete")]
    gone = piece(package_id)
    assert (gone.title, gone.turtle, gone.rdf_xml, gone.json_ld, gone.gaps) == (None,) * 5
    titles = model.Session.scalars(sa.select(CatalogueChange.title))
    assert set(titles) == {None}


def test_what_comes_back_is_created_anew(
    publish: Callable[..., str], at: Callable[[str], None]
) -> None:
    at("2026-11-24")
    package_id = publish("premier")
    reading.window(1)
    run("UPDATE package SET state = 'deleted' WHERE id = :id", id=package_id)
    refreshing.refresh()
    at("2026-11-25")
    run("UPDATE package SET state = 'active' WHERE id = :id", id=package_id)
    reading.window(1)

    assert [kind for _, kind in told()] == ["create", "delete", "create"]
    modified = piece(package_id).modified
    assert modified is not None
    assert modified.date().isoformat() == "2026-11-25"


def test_what_left_and_came_back_unseen_is_an_update(
    publish: Callable[..., str], at: Callable[[str], None]
) -> None:
    at("2026-11-24")
    package_id = publish("premier")
    reading.window(1)
    at("2026-11-25")
    run("UPDATE package SET state = 'deleted' WHERE id = :id", id=package_id)
    run("UPDATE package SET state = 'active' WHERE id = :id", id=package_id)
    reading.window(1)

    assert [kind for _, kind in told()] == ["create", "update"]
    modified = piece(package_id).modified
    assert modified is not None
    assert modified.date().isoformat() == "2026-11-25"


def test_what_is_purged_is_told_and_forgotten(
    publish: Callable[..., str], admin: model.User
) -> None:
    package_id = publish("premier")
    reading.window(1)
    run("UPDATE package SET state = 'deleted' WHERE id = :id", id=package_id)
    act(admin, "dataset_purge", id=package_id)
    refreshing.refresh()

    assert told() == [(package_id, "create"), (package_id, "delete")]
    model.Session.rollback()
    assert model.Session.get(CataloguePiece, package_id) is None


@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", "2")
def test_places_do_not_move_and_holes_are_filled(publish: Callable[..., str]) -> None:
    made = [publish(f"d-{rank}") for rank in range(5)]
    assert [reading.package_ids(number) for number in (1, 2, 3)] == [[], [], []]
    reading.window(1)
    assert [reading.package_ids(number) for number in (1, 2, 3)] == [[*made[:2]], [], []]
    reading.window(2)
    reading.window(3)
    run("UPDATE package SET private = true WHERE id = ANY (:ids)", ids=[made[2], made[3]])

    first, third = reading.window(1), reading.window(3)

    assert (first.total, first.last, first.next) == (3, 3, 3)
    assert (third.previous, third.count) == (1, 1)
    assert reading.window(2).count == 0
    late = publish("d-5")
    assert reading.window(2).count == 1
    assert reading.package_ids(2) == [late]
    assert reading.package_ids(3) == [made[4]]


def test_chosen_datasets(publish: Callable[..., str], at: Callable[[str], None]) -> None:
    at("2026-11-20")
    old = publish("ancien")
    reading.window(1)
    at("2026-11-24")
    new = publish("recent")
    reading.window(1)
    since = piece(new).modified

    chosen = reading.Chosen(modified_since=since)
    assert reading.package_ids(1, chosen) == [new]
    assert reading.window(1, chosen).total == 1
    chosen = reading.Chosen(package_ids=frozenset({old, "none"}))
    assert reading.package_ids(1, chosen) == [old]
    nothing = reading.Chosen(package_ids=frozenset())
    assert reading.window(1, nothing).total == 0


@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", "1")
def test_what_changed_since_is_led_to_before_it_is_made(
    publish: Callable[..., str], at: Callable[[str], None]
) -> None:
    at("2026-11-20")
    made = [publish(f"d-{rank}") for rank in range(3)]
    reading.whole()
    at("2026-11-24")
    run("UPDATE package SET title = 'x' WHERE id = :id", id=made[2])
    chosen = reading.Chosen(modified_since=datetime(2026, 11, 23, tzinfo=timezone.utc))

    assert reading.window(1, chosen).next == 3
    assert reading.window(3, chosen).count == 1
    assert reading.window(3, chosen).total == 1


@pytest.mark.ckan_config("ckanext.dcat.datasets_per_page", "1")
def test_what_was_never_made_is_led_to(publish: Callable[..., str]) -> None:
    for rank in range(3):
        publish(f"d-{rank}")
    window = reading.window(1)
    assert (window.total, window.next, window.last) == (3, 2, 3)


def test_the_whole_is_streamed(publish: Callable[..., str]) -> None:
    made = {publish(f"d-{rank}") for rank in range(3)}
    window, members = reading.stream(TURTLE)
    assert {member.uri.rpartition("/")[2] for member in members} == made
    assert window == reading.whole()
    assert window.total == 3


def test_a_digest_tells_pages_apart_and_is_stable(publish: Callable[..., str]) -> None:
    publish("premier")
    first = reading.window(1)
    assert first == reading.window(1)
    assert refreshing.refresh() == 0
    refreshing.spoil()
    assert refreshing.refresh() == 1
    assert first == reading.window(1)
    publish("deuxieme")
    assert first.digest != reading.window(1).digest


def test_another_profile_reaches_all(
    publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package_id = publish("premier")
    reading.window(1)
    monkeypatch.setattr(reading, "fingerprint", lambda: "another")
    monkeypatch.setattr(refreshing, "fingerprint", lambda: "another")
    reading.window(1)
    assert piece(package_id).made_with == "another"


@pytest.mark.parametrize("setting", ["ckan.site_title", "heraultdata.department_email"])
def test_a_setting_is_part_of_the_fingerprint(ckan_config: dict[str, object], setting: str) -> None:
    before = making.fingerprint()
    ckan_config[setting] = "another"
    assert making.fingerprint() != before


def test_a_dataset_that_cannot_be_described_takes_no_other_away(
    publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    spoiled, whole = publish("gate"), publish("bon")
    describe = making.describe

    def fail(dataset: dict[str, Any]) -> making.Description:
        if dataset["id"] == spoiled:
            raise ValueError("spoiled")
        return describe(dataset)

    monkeypatch.setattr(making, "describe", fail)
    assert reading.window(1).total == 2
    assert "Gate" in turtle(spoiled)
    assert "Texte." not in turtle(spoiled)
    assert "Texte." in turtle(whole)


def test_a_database_that_is_away_spoils_no_dataset(
    publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package_id = publish("premier")
    whole = turtle(package_id)
    run("UPDATE package SET plugin_data = '{}' WHERE id = :id", id=package_id)

    def fail(dataset: dict[str, Any]) -> making.Description:
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection"))

    with monkeypatch.context() as patched:
        patched.setattr(making, "describe", fail)
        with pytest.raises(OperationalError):
            refreshing.refresh()

    assert turtle(package_id) == whole
    assert told() == [(package_id, "create")]


def test_what_another_plugin_hides_from_visitors_is_not_served(
    publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package_id = publish("premier")
    reading.window(1)
    monkeypatch.setattr(labels, "of_dataset", lambda package, ours: ["embargo"])
    run("UPDATE package SET title = 'x' WHERE id = :id", id=package_id)

    assert reading.of_dataset(package_id, TURTLE) is None
    assert reading.window(1).total == 0
    assert told() == [(package_id, "create"), (package_id, "delete")]


def test_another_address_takes_the_former_one_away(publish: Callable[..., str]) -> None:
    package_id = publish("premier")
    reading.window(1)
    run(
        "UPDATE heraultdata_dcat_piece SET uri = 'https://former.example/1', digest = 'x',"
        " changes = changes + 1"
    )
    reading.window(1)
    model.Session.rollback()
    changes = model.Session.scalars(sa.select(CatalogueChange).order_by(CatalogueChange.id)).all()
    assert [(change.kind, change.title) for change in changes[1:]] == [
        ("delete", None),
        ("create", "Premier"),
    ]
    assert changes[1].uri == "https://former.example/1"
    assert changes[2].uri.endswith(package_id)


def test_a_reader_waits_for_one_piece_not_for_all(publish: Callable[..., str]) -> None:
    made = [publish(f"d-{rank}") for rank in range(3)]
    free: list[bool] = []
    make = refreshing.make

    def make_and_look(package_id: str) -> making.Made | None:
        free.append(has_a_turn())
        return make(package_id)

    def has_a_turn() -> bool:
        with engine().connect() as connection:
            got = connection.scalar(sa.text("SELECT pg_try_advisory_xact_lock(1684234612)"))
            return bool(got)

    def say(_text: str) -> None:
        free.append(has_a_turn())

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(refreshing, "make", make_and_look)
        patched.setattr(refreshing, "_TOLD_EVERY", 1)
        assert refreshing.refresh(say=say) == len(made)
    assert free == [False, True] * len(made)


def test_changed_while_it_is_described(
    publish: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    package_id = publish("premier")
    make = refreshing.make
    edits = iter(["Deux", "Trois"])

    def make_and_edit(asked: str) -> making.Made | None:
        made = make(asked)
        for title in edits:
            run("UPDATE package SET title = :title WHERE id = :id", title=title, id=package_id)
            break
        return made

    monkeypatch.setattr(refreshing, "make", make_and_edit)
    assert refreshing.refresh() == 1
    assert "Trois" in turtle(package_id)
    assert told() == [(package_id, "create")]


def test_numbers_go_with_moments(publish: Callable[..., str], at: Callable[[str], None]) -> None:
    at("2026-11-24")
    publish("premier")
    reading.window(1)
    at("2026-11-20")
    publish("deuxieme")
    reading.window(1)
    model.Session.rollback()
    moments = list(model.Session.scalars(sa.select(CatalogueChange.at).order_by("id")))
    assert moments == sorted(moments)


def test_rebuild(publish: Callable[..., str], cli: CliRunner) -> None:
    publish("premier")
    from ckan.cli.cli import ckan

    done = cli.invoke(ckan, ["heraultdata", "dcat", "rebuild"])
    assert done.exit_code == 0, done.output
    assert "Catalogue: 1/1" in done.output
    assert "Datasets serialised: 1." in done.output
    done = cli.invoke(ckan, ["heraultdata", "dcat", "rebuild", "--stale"])
    assert "Datasets serialised: 0." in done.output
