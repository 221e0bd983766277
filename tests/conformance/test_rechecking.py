"""Files checked again when a version is published or its day has come: once each."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from typing import Any

import ckan.model as model
import pytest
import sqlalchemy as sa
from ckan.lib import jobs
from ckan.tests.helpers import call_action

from ckanext.heraultdata.conformance.rechecking import check_again, files_to_check
from ckanext.heraultdata.validation.service import create_tables
from tests import factories
from tests.conformance.test_actions import check

pytestmark = pytest.mark.usefixtures("clean_index", "clean_queues")

NOW = datetime(2026, 3, 10, 10, tzinfo=timezone.utc)
TODAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def _table(with_plugins: None, clean_db: None) -> None:
    create_tables()


def made(standard: str, format_: str = "CSV") -> dict[str, Any]:
    """The file of a new dataset, which follows a standard."""
    return call_action(
        "package_create",
        context={"user": factories.user(sysadmin=True).name},
        name=f"dataset-{standard}",
        title="Arbres",
        notes="Les arbres",
        owner_org=factories.partner()["id"],
        private=True,
        resources=[{"url": "https://data.example/1.csv", "format": format_, "standard": standard}],
    )["resources"][0]


def set_row(resource: dict[str, Any], status: str, moment: datetime) -> None:
    """Say how far the check of a file is."""
    parameters = {
        "status": status,
        "moment": moment.replace(tzinfo=None),
        "id": resource["id"],
    }
    model.Session.execute(
        sa.text(
            "UPDATE validation SET status = :status, created = :moment WHERE resource_id = :id"
        ),
        parameters,
    )
    model.Session.commit()


@pytest.fixture
def resource() -> dict[str, Any]:
    """A file that was checked against the only version of its standard."""
    factories.standard(name="arbres", level="territorial")
    version = factories.version(standard="arbres", version="1.0.0", published_on="2025-01-10")
    file = made("arbres")
    check(file, version, date(2026, 1, 1), valid=True)
    set_row(file, "success", NOW - timedelta(days=60))
    return file


def test_what_has_all_its_checks_is_left_alone(resource: dict[str, Any]) -> None:
    assert files_to_check(TODAY, NOW) == []


def test_a_published_version_is_checked_once(resource: dict[str, Any]) -> None:
    factories.version(standard="arbres", version="2.0.0", published_on="2026-03-10")
    found = files_to_check(TODAY, NOW)
    assert found == [resource["id"]]
    waiting = len(jobs.get_queue())
    check_again(found, NOW)
    assert len(jobs.get_queue()) == waiting + 1
    assert files_to_check(TODAY, NOW) == []


def test_a_version_published_ahead_waits_for_its_day(resource: dict[str, Any]) -> None:
    factories.version(standard="arbres", version="2.0.0", published_on="2026-03-11")
    assert files_to_check(TODAY, NOW) == []
    assert files_to_check(date(2026, 3, 11), NOW + timedelta(days=1)) == [resource["id"]]


def test_neither_texts_nor_drafts_are_checked(resource: dict[str, Any]) -> None:
    factories.version(standard="arbres", version="2.0.0")
    factories.version(
        standard="arbres", version="3.0.0", kind="document", schema=None, published_on="2026-03-09"
    )
    assert files_to_check(TODAY, NOW) == []


def test_nor_files_that_no_program_reads() -> None:
    factories.standard(name="menus", level="territorial")
    factories.version(standard="menus", published_on="2025-01-10")
    made("menus", format_="PDF")
    assert files_to_check(TODAY, NOW) == []


def test_the_check_of_a_file_kept_aside_is_none_of_the_file_in_place(
    resource: dict[str, Any],
) -> None:
    model.Session.execute(sa.text("UPDATE heraultdata_check SET held_file_id = 'held'"))
    model.Session.commit()
    assert files_to_check(TODAY, NOW) == [resource["id"]]


@pytest.mark.parametrize(
    ("status", "age", "asked"),
    [
        ("created", timedelta(hours=1), False),
        ("running", timedelta(hours=1), False),
        ("created", timedelta(days=2), True),
        ("running", timedelta(days=2), True),
        ("success", timedelta(hours=1), True),
        ("failure", timedelta(hours=1), True),
    ],
)
def test_what_waits_is_not_asked_again_unless_it_was_lost(
    resource: dict[str, Any], status: str, age: timedelta, asked: bool
) -> None:
    factories.version(standard="arbres", version="2.0.0", published_on="2026-03-01")
    set_row(resource, status, NOW - age)
    assert bool(files_to_check(TODAY, NOW)) is asked


def test_what_could_not_be_checked_is_tried_once_for_each_version(
    resource: dict[str, Any],
) -> None:
    factories.version(standard="arbres", version="2.0.0", published_on="2026-03-01")
    known = datetime.now(timezone.utc)
    set_row(resource, "error", known - timedelta(days=1))
    assert files_to_check(TODAY, NOW) == [resource["id"]]
    set_row(resource, "error", known + timedelta(days=1))
    assert files_to_check(TODAY, NOW) == []
