"""The mails to platforms that still show what was withdrawn: when, to whom, in what words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
from ckan import model
from ckan.tests.helpers import CKANTestApp, call_action

from ckanext.heraultdata.mailing.letters import Line, Paragraph
from ckanext.heraultdata.mailing.service import reading_in
from ckanext.heraultdata.withdrawals import platform_mails, probe_run
from tests import factories
from tests.mails import Mailbox

from . import making
from .platforms_fakes import FakeCkan, running
from .test_platforms import REGION, platform

pytestmark = [
    pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index"),
    pytest.mark.ckan_config("heraultdata.fetch_private_addresses", "true"),
]

START = datetime(2026, 3, 2, 10, tzinfo=timezone.utc)
FIRST_MAIL = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _today(at: Callable[[str], None]) -> None:
    at("2026-03-02")


@pytest.fixture
def partner() -> dict[str, Any]:
    """A partner."""
    return factories.partner(title="Gignac")


@pytest.fixture
def ckan() -> Iterator[FakeCkan]:
    """Another CKAN that copies the catalogue."""
    with running(FakeCkan()) as fake:
        platform(url=fake.url)
        yield fake


@pytest.fixture
def request_(partner: dict[str, Any], ckan: FakeCkan) -> dict[str, Any]:
    """A request for two datasets, one of which the other CKAN still shows."""
    kept, gone = (making.public_dataset(partner, title=title) for title in ("Budget", "Arbres"))
    ckan.datasets = [{key: kept[key] for key in ("id", "name", "title")}]
    request = making.executed(partner, kept, gone)
    probe_run.probe_due(START + timedelta(hours=1))
    return request


def lines(today: date = FIRST_MAIL) -> list[Line]:
    """The lines of a day."""
    return [*platform_mails.lines(today)]


def told(app: CKANTestApp, line: Line, locale: str = "en") -> Paragraph:
    """A line in words."""
    with reading_in(app.flask_app, locale):
        return line.tell()


def test_the_contact_is_written_to_after_the_delay_and_again(request_: dict[str, Any]) -> None:
    assert lines(FIRST_MAIL - timedelta(days=1)) == []
    (line,) = lines()
    assert (line.recipient.name, line.recipient.address) == ("Occitanie", REGION["contact_email"])
    assert (line.due_on, line.is_legal) == (FIRST_MAIL, True)
    assert line.subject_id.startswith(request_["id"])
    (same,) = lines(FIRST_MAIL + timedelta(days=7))
    assert same.key == line.key
    (again,) = lines(FIRST_MAIL + timedelta(days=8))
    assert again.due_on == FIRST_MAIL + timedelta(days=8)
    assert again.key != line.key


@pytest.mark.ckan_config("heraultdata.platform_mail_days", 30)
def test_the_delay_is_a_setting(request_: dict[str, Any]) -> None:
    assert lines(date(2026, 3, 31)) == []
    assert lines(date(2026, 4, 1))[0].due_on == date(2026, 4, 1)


def test_the_mail_lists_what_is_still_there(app: CKANTestApp, request_: dict[str, Any]) -> None:
    paragraph = told(app, lines()[0])
    assert paragraph.title == (
        "Occitanie still shows 1 item withdrawn from the open data portal "
        f"({request_['reference']})"
    )
    assert "On March 2, 2026, 8 days ago, data of Gignac were withdrawn" in paragraph.sentences[0]
    (copy,) = paragraph.details
    assert copy.startswith("Budget – http://127.0.0.1:")
    assert paragraph.links[0].address.endswith("/register")


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("udata", "archives what left the catalogue after 7 days"),
        ("ckan", "harvester of other CKAN sites never deletes"),
        ("opendatasoft", "only where that option is switched on"),
        ("dcat", "at its next run"),
    ],
)
def test_the_mail_says_what_to_do_on_each_kind(
    app: CKANTestApp, request_: dict[str, Any], kind: str, words: str
) -> None:
    made = call_action("heraultdata_platform_list")["results"][0]
    call_action("heraultdata_platform_update", **{**REGION, "id": made["id"], "kind": kind})
    assert words in told(app, lines()[0]).sentences[1]


def test_a_copy_known_by_its_title_is_to_be_checked(
    app: CKANTestApp, partner: dict[str, Any], ckan: FakeCkan
) -> None:
    dataset = making.public_dataset(partner, title="Budget")
    ckan.datasets = [{"id": "x", "name": "x", "title": "Budget"}]
    making.executed(partner, dataset)
    probe_run.probe_due(START + timedelta(hours=1))
    (copy,) = told(app, lines()[0]).details
    assert "known by its title only: please check that it is this one" in copy


def test_a_file_is_told_with_its_dataset(
    app: CKANTestApp, partner: dict[str, Any], ckan: FakeCkan
) -> None:
    dataset = making.public_dataset(partner, title="Budget", files={"2025.csv": b"a\n1\n"})
    ckan.datasets = [{key: dataset[key] for key in ("id", "name", "title", "resources")}]
    making.execute(making.ask_for_files(partner, dataset["resources"][0]))
    probe_run.probe_due(START + timedelta(hours=1))
    (copy,) = told(app, lines()[0]).details
    assert copy.startswith("2025.csv, in Budget – ")


def test_personal_data_are_told_by_addresses_alone(
    app: CKANTestApp, partner: dict[str, Any], ckan: FakeCkan
) -> None:
    files = {"camille-fabre.csv": b"a\n1\n"}
    one = making.public_dataset(partner, title="Camille Fabre", files=files)
    other = making.public_dataset(partner, title="Divorce de Camille Fabre", files=files)
    ckan.datasets = [
        {key: one[key] for key in ("id", "name", "title", "resources")},
        {key: other[key] for key in ("id", "title")},
    ]
    file = one["resources"][0]
    making.execute(making.ask_for_files(partner, file, reason_class="personal_data"))
    making.executed(partner, other, reason_class="personal_data")
    probe_run.probe_due(START + timedelta(hours=1))
    of_file, of_dataset = (told(app, line) for line in lines())
    assert "Camille" not in repr((of_file, of_dataset))
    (copy,) = of_file.details
    assert copy.startswith(f"{ckan.url}/dataset/{one['name']} – ")
    assert copy.endswith(f"/dataset/{one['id']}/resource/{file['id']}")
    (copy,) = of_dataset.details
    assert copy.endswith(f"/dataset/{other['id']}")


def test_nobody_is_written_to_about_what_was_never_seen(
    partner: dict[str, Any], ckan: FakeCkan
) -> None:
    ckan.broken = (503, "text/html", b"maintenance")
    making.executed(partner, making.public_dataset(partner))
    probe_run.probe_due(START + timedelta(hours=1))
    assert lines() == []


def test_a_platform_that_does_not_answer_any_more_is_written_to(
    request_: dict[str, Any], ckan: FakeCkan
) -> None:
    ckan.broken = (503, "text/html", b"maintenance")
    probe_run.probe_due(START + timedelta(days=2))
    assert len(lines()) == 1


def test_a_platform_without_a_contact_is_not_written_to(request_: dict[str, Any]) -> None:
    made = call_action("heraultdata_platform_list")["results"][0]
    fields = {key: made[key] for key in ("id", "name", "kind", "url")}
    call_action("heraultdata_platform_update", **fields)
    assert lines() == []


def test_what_is_confirmed_or_restored_is_not_written_about(request_: dict[str, Any]) -> None:
    shown = call_action("heraultdata_withdrawal_show", making.site_context(), id=request_["id"])
    pending = next(line for line in shown["followups"] if line["state"] == "pending")
    call_action("heraultdata_followup_update", id=pending["id"], state="confirmed")
    assert lines() == []
    call_action("heraultdata_followup_update", id=pending["id"], state="pending")
    assert len(lines()) == 1
    call_action(
        "heraultdata_withdrawal_restore",
        making.site_context(),
        id=request_["id"],
        item_ids=[pending["item_id"]],
    )
    assert lines() == []


def test_the_time_line_says_that_the_platform_was_written_to(request_: dict[str, Any]) -> None:
    found = lines()
    model.Session.rollback()
    platform_mails.note_sent(found, START)
    shown = call_action("heraultdata_withdrawal_show", making.site_context(), id=request_["id"])
    written = [each for each in shown["events"] if each["action"].endswith("platform_written")]
    assert [each["details"] for each in written] == [{"platform": "Occitanie"}]
    platform_mails.note_sent([], START)


def test_the_daily_work_writes_once(
    request_: dict[str, Any], mailbox: Mailbox, daily: Callable[..., Any]
) -> None:
    daily("2026-03-10")
    daily("2026-03-10")
    daily("2026-03-11")
    to_contact = [mail for mail in mailbox.mails if REGION["contact_email"] in str(mail["To"])]
    assert len(to_contact) == 1
    assert request_["reference"] in str(to_contact[0]["Subject"])
