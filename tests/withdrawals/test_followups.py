"""Copies followed from the execution of a request to the last one that is gone."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from typing import Any

import ckan.plugins.toolkit as tk
import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action
from click.testing import CliRunner

from ckanext.heraultdata import clock
from ckanext.heraultdata.withdrawals import followup_service, followups, probe_run
from ckanext.heraultdata.withdrawals.cli import withdrawal_commands
from ckanext.heraultdata.withdrawals.model import Followup, WithdrawalItem
from tests import factories
from tests.factories import act, sentence_of
from tests.reading import Reader, counted_queries, text_of

from . import making
from .platforms_fakes import FakeCatalogue, FakeCkan, FakeUdata, running
from .test_platforms import platform

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.ckan_config("heraultdata.fetch_private_addresses", "true"),
]

START = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner()


@pytest.fixture
def ckan() -> Iterator[FakeCkan]:
    """Another CKAN that copies the catalogue."""
    with running(FakeCkan()) as fake:
        platform(name="Other CKAN", url=fake.url)
        yield fake


def copy_of(dataset: dict[str, Any]) -> dict[str, Any]:
    """The copy that a CKAN harvester makes of a dataset."""
    return {
        key: dataset[key]
        for key in ("id", "name", "title", "resources", "extras")
        if key in dataset
    }


def after(**past: float) -> datetime:
    """A moment after the execution."""
    return START + timedelta(**past)


def shown(request: dict[str, Any]) -> dict[str, Any]:
    """A request as it stands now."""
    return call_action("heraultdata_withdrawal_show", making.site_context(), id=request["id"])


def line_of(request: dict[str, Any]) -> dict[str, Any]:
    """The only line of a request."""
    (line,) = shown(request)["followups"]
    return line


def events_of(request: dict[str, Any]) -> list[str]:
    """What happened to a request."""
    return [event["action"].removeprefix("withdrawal.") for event in shown(request)["events"]]


def test_one_line_for_each_item_and_platform(partner: dict[str, Any]) -> None:
    platform(name="One")
    platform(name="Two", kind="udata")
    deleted = platform(name="Three")
    call_action("heraultdata_platform_delete", id=deleted["id"])
    datasets = [making.public_dataset(partner, title=f"Dataset {rank}") for rank in (1, 2)]
    request = making.ask(partner, *datasets)
    assert request["followups"] == []

    done = making.execute(request)
    assert done["state"] == "executed"
    assert [(line["title"], line["platform"]) for line in done["followups"]] == [
        ("Dataset 1", "One"),
        ("Dataset 1", "Two"),
        ("Dataset 2", "One"),
        ("Dataset 2", "Two"),
    ]
    first = done["followups"][0]
    assert (first["state"], first["days"], first["evidence"]) == ("pending", 0, None)
    assert first["next_probe_at"] == after(hours=1).isoformat()


def test_a_request_is_closed_at_once_where_no_platform_is_known(partner: dict[str, Any]) -> None:
    assert making.executed(partner, making.public_dataset(partner))["state"] == "closed"


def test_what_never_was_public_is_asked_of_nobody(partner: dict[str, Any]) -> None:
    platform()
    never = making.executed(partner, making.private_dataset(partner))
    assert (never["state"], never["followups"]) == ("closed", [])

    once = making.public_dataset(partner)
    package = model.Package.get(once["id"])
    assert package is not None
    package.private = True
    model.Session.commit()
    assert len(making.executed(partner, once)["followups"]) == 1


def test_a_copy_is_followed_until_it_is_gone(partner: dict[str, Any], ckan: FakeCkan) -> None:
    dataset = making.public_dataset(partner)
    ckan.datasets = [copy_of(dataset)]
    request = making.executed(partner, dataset)

    assert probe_run.probe_due(after(minutes=59)) == 0
    assert ckan.asked == []
    assert probe_run.probe_due(after(hours=1)) == 0
    line = line_of(request)
    assert line["state"] == "pending"
    assert line["evidence"] == {
        "address": line["evidence"]["address"],
        "status": 200,
        "found": True,
        "by": "identifier",
        "at": after(hours=1).isoformat(),
        "error": None,
        "page": f"{ckan.url}/dataset/{dataset['name']}",
        "key": dataset["id"],
    }
    assert line["evidence"]["address"].startswith(f"{ckan.url}/api/3/action/package_search?")
    assert line["next_probe_at"] == after(hours=7).isoformat()
    assert line["seen_at"] == after(hours=1).isoformat()

    ckan.datasets = []
    assert probe_run.probe_due(after(days=3)) == 1
    line = line_of(request)
    assert (line["state"], line["days"], line["next_probe_at"]) == ("gone", 3, None)
    assert (line["evidence"]["found"], line["evidence"]["status"]) == (False, 200)
    done = shown(request)
    assert (done["state"], done["closed_on"]) == ("closed", "2026-03-05")
    assert events_of(request).count("copies_gone") == 1
    assert "closed" in events_of(request)

    asked = len(ckan.asked)
    assert probe_run.probe_due(after(days=300)) == 0
    assert len(ckan.asked) == asked


def test_what_is_absent_at_the_first_probe_is_gone(partner: dict[str, Any], ckan: FakeCkan) -> None:
    request = making.executed(partner, making.public_dataset(partner))
    assert probe_run.probe_due(after(hours=1)) == 1
    line = line_of(request)
    assert (line["state"], line["seen_at"]) == ("gone", None)
    assert shown(request)["state"] == "closed"


def test_unreachable_is_not_gone(partner: dict[str, Any], ckan: FakeCkan) -> None:
    dataset = making.public_dataset(partner)
    ckan.datasets = [copy_of(dataset)]
    request = making.executed(partner, dataset)
    probe_run.probe_due(after(hours=1))
    ckan.broken = (503, "text/html", b"<h1>maintenance</h1>")
    moment = after(hours=1)
    for probes, wait in enumerate((6, 24, 48, 96, 168, 168), start=1):
        moment += timedelta(hours=wait)
        assert probe_run.probe_due(moment) == 0
        line = line_of(request)
        assert line["state"] == "pending"
        assert (line["evidence"]["found"], line["evidence"]["error"]) == (None, "refused")
        assert line["evidence"]["status"] == 503
        # Where the copy was seen is not forgotten.
        assert line["evidence"]["page"] == f"{ckan.url}/dataset/{dataset['name']}"
        assert line["seen_at"] == after(hours=1).isoformat()
        assert model.Session.scalar(sa.select(Followup.probes)) == probes + 1
        model.Session.rollback()
    assert shown(request)["state"] == "executed"


def test_a_file_is_followed_within_its_dataset(partner: dict[str, Any], ckan: FakeCkan) -> None:
    dataset = making.public_dataset(partner, files={"a.csv": b"a\n1\n", "b.csv": b"b\n2\n"})
    ckan.datasets = [copy_of(dataset)]
    request = making.execute(making.ask_for_files(partner, dataset["resources"][0]))
    probe_run.probe_due(after(hours=1))
    line = line_of(request)
    assert (line["state"], line["resource_name"]) == ("pending", "a.csv")
    assert line["evidence"]["by"] == "identifier"

    ckan.datasets[0]["resources"] = dataset["resources"][1:]
    assert probe_run.probe_due(after(days=1)) == 1
    assert line_of(request)["state"] == "gone"


def test_a_copy_is_found_by_a_former_name_and_by_the_identifier_of_the_catalogue(
    partner: dict[str, Any], ckan: FakeCkan
) -> None:
    renamed = making.public_dataset(partner, name="former-name")
    identified = making.public_dataset(partner, identifier="gignac-budget")
    call_action(
        "package_patch", making.site_context(), id=renamed["id"], name="new-name", title="Renamed"
    )
    ckan.datasets = [
        {"name": "x", "title": "X", "url": "http://test.ckan.net/dataset/former-name"},
        {"name": "y", "title": "Y", "identifier": "gignac-budget"},
    ]
    request = making.executed(partner, renamed, identified)
    probe_run.probe_due(after(hours=1))
    ways = {line["title"]: line["evidence"]["by"] for line in shown(request)["followups"]}
    assert ways == {"Renamed": "landing_page", identified["title"]: "identifier"}


def test_a_platform_that_is_down_delays_no_other(partner: dict[str, Any], ckan: FakeCkan) -> None:
    down = running(FakeUdata())
    with down as fake:
        platform(name="Down", kind="udata", url=fake.url)
    for _ in range(5):
        making.executed(partner, making.public_dataset(partner))
    assert probe_run.probe_due(after(hours=1)) == 5
    rows = model.Session.execute(
        sa.select(Followup.probes, sa.func.count())
        .where(Followup.state == "pending")
        .group_by(Followup.probes)
    )
    # Two were tried: after that the platform is left alone until the next run.
    assert {row[0]: row[1] for row in rows} == {0: 3, 1: 2}


def test_what_breaks_within_one_platform_stops_no_other(
    partner: dict[str, Any], ckan: FakeCkan, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform(name="A first one")
    request = making.executed(partner, making.public_dataset(partner))
    whole = probe_run.platform_at

    def broken(kind: Any, url: str, asker: Any) -> Any:
        if url != ckan.url:
            raise ZeroDivisionError
        return whole(kind, url, asker)

    monkeypatch.setattr(probe_run, "platform_at", broken)
    assert probe_run.probe_due(after(hours=1)) == 1
    states = {line["platform"]: line["state"] for line in shown(request)["followups"]}
    assert states == {"A first one": "pending", "Other CKAN": "gone"}


def test_a_catalogue_is_read_once_for_all_that_is_due(partner: dict[str, Any]) -> None:
    with running(FakeCatalogue(), "/catalog.ttl") as fake:
        platform(kind="dcat", url=fake.url)
        making.executed(partner, *(making.public_dataset(partner) for _ in range(4)))
        assert probe_run.probe_due(after(hours=1)) == 4
        assert len(fake.asked) == 1


def test_probes_make_few_queries_whatever_the_number(
    partner: dict[str, Any], ckan: FakeCkan
) -> None:
    counts = []
    for number in (2, 6):
        making.executed(partner, *(making.public_dataset(partner) for _ in range(number)))
        with counted_queries() as queries:
            assert probe_run.probe_due(after(hours=1)) == number
        counts.append(len(queries))
    # Each line is one UPDATE; all the rest is done once.
    assert counts[1] - counts[0] <= 4


def test_a_person_confirms_that_a_copy_is_gone(partner: dict[str, Any]) -> None:
    platform()
    people = factories.people(partner["id"])
    request = making.executed(partner, making.public_dataset(partner))
    line = line_of(request)
    said = act(
        people.department_admin,
        "heraultdata_followup_update",
        id=line["id"],
        state="confirmed",
        note="Told by telephone",
    )
    assert (said["state"], said["note"]) == ("confirmed", "Told by telephone")
    assert said["settled_by"] == people.department_admin.id
    assert said["next_probe_at"] is None
    assert shown(request)["state"] == "closed"
    assert {"copy_confirmed", "closed"} <= set(events_of(request))
    events = act(people.partner_admin, "heraultdata_withdrawal_show", id=request["id"])
    assert "telephone" not in str(events)


def test_a_confirmed_copy_is_taken_up_again(partner: dict[str, Any]) -> None:
    platform()
    request = making.executed(partner, making.public_dataset(partner))
    line = line_of(request)
    call_action("heraultdata_followup_update", id=line["id"], state="confirmed")
    again = call_action(
        "heraultdata_followup_update", id=line["id"], state="pending", note="It came back"
    )
    assert (again["state"], again["settled_at"], again["settled_by"]) == ("pending", None, None)
    assert again["next_probe_at"] == START.isoformat()
    assert shown(request)["state"] == "executed"
    assert shown(request)["closed_on"] is None


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"state": "gone"}, "state", "gone is none of: confirmed, pending."),
        ({"state": "pending"}, "state", "This copy is followed already"),
        ({"state": "confirmed", "note": "x" * 2001}, "note", "Too long"),
        ({}, "state", "Missing value"),
    ],
)
def test_what_a_person_cannot_say_is_refused(
    partner: dict[str, Any], fields: dict[str, str], field: str, words: str
) -> None:
    platform()
    request = making.executed(partner, making.public_dataset(partner))
    with pytest.raises(tk.ValidationError) as refusal:
        call_action("heraultdata_followup_update", id=line_of(request)["id"], **fields)
    assert words in sentence_of(refusal, field)
    assert line_of(request)["state"] == "pending"


def test_a_copy_is_not_confirmed_twice(partner: dict[str, Any]) -> None:
    platform()
    request = making.executed(partner, making.public_dataset(partner))
    call_action("heraultdata_followup_update", id=line_of(request)["id"], state="confirmed")
    with pytest.raises(tk.ValidationError) as refusal:
        call_action("heraultdata_followup_update", id=line_of(request)["id"], state="confirmed")
    assert "This copy is settled already" in sentence_of(refusal, "state")
    assert events_of(request).count("copy_confirmed") == 1


def test_copies_of_what_is_restored_are_not_followed(
    partner: dict[str, Any], ckan: FakeCkan
) -> None:
    datasets = [making.public_dataset(partner, title=f"Dataset {rank}") for rank in (1, 2)]
    request = making.executed(partner, *datasets)
    items = {item["title"]: item["id"] for item in request["items"]}
    lines = {line["title"]: line["id"] for line in request["followups"]}
    call_action(
        "heraultdata_withdrawal_restore",
        making.site_context(),
        id=request["id"],
        item_ids=[items["Dataset 1"]],
    )
    assert [line["title"] for line in shown(request)["followups"]] == ["Dataset 2"]
    with pytest.raises(tk.ValidationError) as refusal:
        call_action("heraultdata_followup_update", id=lines["Dataset 1"], state="confirmed")
    assert "was restored" in sentence_of(refusal, "id")
    assert probe_run.probe_due(after(hours=1)) == 1
    assert shown(request)["state"] == "closed"


def test_copies_of_what_is_erased_are_followed_still(
    partner: dict[str, Any], ckan: FakeCkan
) -> None:
    dataset = making.public_dataset(partner)
    ckan.datasets = [copy_of(dataset)]
    request = making.executed(partner, dataset)
    model.Session.execute(sa.update(WithdrawalItem).values(state="erased"))
    model.Session.commit()
    probe_run.probe_due(after(hours=1))
    assert line_of(request)["evidence"]["by"] == "identifier"


def test_a_deleted_platform_keeps_its_lines(partner: dict[str, Any], ckan: FakeCkan) -> None:
    request = making.executed(partner, making.public_dataset(partner))
    call_action("heraultdata_platform_delete", id=line_of(request)["platform_id"])
    listed = call_action("heraultdata_platform_list")["results"]
    assert [(each["pending"], each["deleted_at"] is not None) for each in listed] == [(1, True)]
    assert making.executed(partner, making.public_dataset(partner))["followups"] == []
    assert probe_run.probe_due(after(hours=1)) == 1
    assert line_of(request)["state"] == "gone"
    assert call_action("heraultdata_platform_list")["count"] == 0


def test_what_a_platform_still_holds_is_counted(partner: dict[str, Any], ckan: FakeCkan) -> None:
    dataset = making.public_dataset(partner)
    ckan.datasets = [copy_of(dataset)]
    making.executed(partner, dataset, making.public_dataset(partner))
    (before,) = call_action("heraultdata_platform_list")["results"]
    assert (before["pending"], before["seen"]) == (2, 0)
    probe_run.probe_due(after(hours=1))
    (now,) = call_action("heraultdata_platform_list")["results"]
    assert (now["pending"], now["seen"]) == (1, 1)


def test_a_confirmation_during_a_probe_is_not_overwritten(
    partner: dict[str, Any], ckan: FakeCkan
) -> None:
    dataset = making.public_dataset(partner)
    ckan.datasets = [copy_of(dataset)]
    request = making.executed(partner, dataset)
    line = line_of(request)
    model.Session.commit()
    whole = ckan.answer
    said = threading.Event()

    def confirm_first(path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        if not said.is_set():
            said.set()
            followup_service.confirm(line["id"], None, followup_service.journal.PORTAL, START)
            model.Session.remove()
        return whole(path, query)

    ckan.answer = confirm_first
    assert probe_run.probe_due(after(hours=1)) == 0
    assert line_of(request)["state"] == "confirmed"


def test_days_are_those_of_paris(partner: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    platform()
    late = datetime(2026, 3, 2, 23, 30, tzinfo=timezone.utc)
    monkeypatch.setattr(clock, "now", lambda: late)
    request = making.executed(partner, making.public_dataset(partner))
    (line,) = followups.of_request(request["id"])
    assert line.days(datetime(2026, 3, 4, tzinfo=timezone.utc).date()) == 1


def test_the_page_of_a_request_tells_where_its_copies_stand(
    app: CKANTestApp, partner: dict[str, Any], ckan: FakeCkan, at: Callable[[str], None]
) -> None:
    people = factories.people(partner["id"])
    department = Reader.of(app, people.department_admin)
    editor = Reader.of(app, people.partner_editor)
    dataset = making.public_dataset(partner, title="Budget")
    ckan.datasets = [copy_of(dataset)]
    request = making.executed(partner, dataset)
    probe_run.probe_due(after(hours=1))
    at("2026-03-12")
    page = f"/withdrawals/{request['reference']}"
    seen = department.get(page)
    text = text_of(seen)
    assert "Still there, 10 days after the withdrawal" in text
    assert "Seen by its identifier on" in text
    assert "This copy is gone" in text
    assert seen.find("a", href=f"{ckan.url}/dataset/{dataset['name']}")
    member = text_of(editor.get(page))
    assert "Still there, 10 days after the withdrawal" in member
    assert "This copy is gone" not in member

    line = line_of(request)
    done = department.post(
        f"/platforms/copy/{line['id']}",
        {"state": "confirmed", "note": "Told so", "reference": request["reference"]},
    )
    assert "the copy at Other CKAN is gone" in text_of(done)
    assert "Gone, confirmed on March 12, 2026" in text_of(done)


def test_the_command_looks_for_what_is_due(
    partner: dict[str, Any], ckan: FakeCkan, at: Callable[[str], None]
) -> None:
    making.executed(partner, making.public_dataset(partner))
    done = CliRunner().invoke(withdrawal_commands, ["probe"])
    assert (done.exit_code, done.output) == (0, "0 copies gone.\n")
    at("2026-03-03")
    done = CliRunner().invoke(withdrawal_commands, ["probe"])
    assert done.output.splitlines() == ["Other CKAN: 1/1", "1 copies gone."]
