"""Moments and numbers as addresses write them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import ckan.plugins.toolkit as tk
import pytest
from ckan.tests.helpers import CKANTestApp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ckanext.heraultdata.dcat.changes.schemas import LARGEST_NUMBER, change_number, moment

pytestmark = pytest.mark.usefixtures("speaking")


@pytest.fixture
def speaking(with_plugins: None, app: CKANTestApp) -> Iterator[None]:
    """A request, in whose language refusals are."""
    with app.flask_app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20", "2026-11-20T00:00:00+01:00"),
        ("2026-07-20", "2026-07-20T00:00:00+02:00"),
        (" 2026-11-20 ", "2026-11-20T00:00:00+01:00"),
        ("2026-11-20T10:00", "2026-11-20T10:00:00+01:00"),
        ("2026-11-20T10:00:30", "2026-11-20T10:00:30+01:00"),
        ("2026-11-20T10:00:30Z", "2026-11-20T10:00:30+00:00"),
        ("2026-11-20T10:00Z", "2026-11-20T10:00:00+00:00"),
        ("2026-11-20T10:00:30.5Z", "2026-11-20T10:00:30.500000+00:00"),
        ("2026-11-20T10:00:30.123456789Z", "2026-11-20T10:00:30.123456+00:00"),
        ("2026-11-20T10:00:30-0530", "2026-11-20T10:00:30-05:30"),
        ("2026-11-20T10:00:30 02:00", "2026-11-20T10:00:30+02:00"),
        ("0001-01-01", "1970-01-01T00:00:00+00:00"),
        ("0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00+00:00"),
        ("9999-12-31T23:59:59-14:00", "9000-01-01T00:00:00+00:00"),
    ],
)
def test_a_moment(text: str, expected: str) -> None:
    found = moment(text)
    assert found == datetime.fromisoformat(expected)
    assert found.tzinfo is not None


@pytest.mark.parametrize(
    "text",
    [
        "yesterday",
        "20/11/2026",
        "2026-02-30",
        "2026-11-20T24:30",
        "2026-11-20T10",
        "2026-11-20T10:00+99:00",
        "2026-11-20T10:00:00,5",
        "20261120",
        "٢٠٢٦-١١-٢٠",
        "2026-11-20\x00",
        "",
    ],
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(tk.Invalid):
        moment(text)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.datetimes(min_value=datetime(1970, 1, 3), max_value=datetime(8999, 12, 30)),  # noqa: DTZ001 - the zone is drawn
    st.integers(-840, 840),
)
def test_every_moment_is_read_as_it_is_written(local: datetime, minutes: int) -> None:
    written = local.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert moment(written.isoformat()) == written
    assert moment(written.isoformat().replace("+", " ")) == written


@pytest.mark.parametrize(("value", "number"), [("0", 0), (" 250 ", 250), (250, 250)])
def test_a_number(value: object, number: int) -> None:
    assert change_number(value) == number


@pytest.mark.parametrize(
    "value", ["", "-1", "1.0", "1_0", "٣", "x", True, LARGEST_NUMBER + 1, "+3"]
)
def test_what_is_no_number(value: object) -> None:
    with pytest.raises(tk.Invalid):
        change_number(value)
