"""What is kept of the programs that read the catalogue."""

from __future__ import annotations

import threading
from collections.abc import Callable

import ckan.plugins.toolkit as tk
import pytest
from ckan.lib.redis import connect_to_redis
from redis.exceptions import RedisError

from ckanext.heraultdata.dcat.harvesters import visits
from ckanext.heraultdata.dcat.harvesters.visits import (
    Failure,
    Harvester,
    UnfinishedWalk,
    Walk,
    seen,
)
from tests.dcat.harvesters.visiting import BEGINNING, UDATA, moment, only, visit

pytestmark = pytest.mark.usefixtures("nothing_seen")


def walk(*pages: int, last: int) -> Harvester:
    """Keep visits of these pages, a minute apart, and give what is known then."""
    for minutes, page in enumerate(pages):
        visit(page, is_last=page == last, minutes=minutes)
    return only()


def test_nobody_is_known_at_first() -> None:
    assert seen() == []


def test_a_first_visit_is_all_that_is_known() -> None:
    visit(page=2)
    assert only() == Harvester(
        agent=UDATA,
        first_seen=BEGINNING,
        last_request=BEGINNING,
        last_walk=None,
        unfinished=None,
        requests=1,
        requests_today=1,
        requests_30_days=1,
        not_modified=0,
        client_errors=0,
        server_errors=0,
        last_error=None,
    )


@pytest.mark.parametrize(
    ("pages", "last", "whole", "unfinished"),
    [
        ((1, 2, 3), 3, (0, 2, 3), None),
        ((1,), 1, (0, 0, 1), None),
        # A page asked for twice, as after a time-out, or in two formats at once.
        ((1, 1, 2, 2, 3), 3, (1, 4, 3), None),
        ((1, 2, 3, 3), 3, (0, 2, 3), None),
        # A walk begun again counts from its new beginning.
        ((1, 2, 1, 2, 3), 3, (2, 4, 3), None),
        # A second walk stands beside the first until it is whole.
        ((1, 2, 3, 1, 2), 3, (0, 2, 3), (3, 2)),
        ((1, 2, 3, 1, 2, 3), 3, (3, 5, 3), None),
        # Neither in order nor from the beginning: no walk.
        ((1, 3), 3, None, None),
        ((2, 3), 3, None, None),
        ((3, 2, 1), 3, None, (2, 1)),
        ((1, 2, 1, 3), 3, None, None),
        ((1, 2), 3, None, (0, 2)),
        # What is asked for of a selection (page 0) is no part of a walk.
        ((0, 1, 0, 2, 0, 3, 0), 3, (1, 5, 3), None),
        ((0, 0), 0, None, None),
    ],
)
def test_a_walk_is_whole_from_the_first_page_to_the_last(
    pages: tuple[int, ...],
    last: int,
    whole: tuple[int, int, int] | None,
    unfinished: tuple[int, int] | None,
) -> None:
    known = walk(*pages, last=last)
    expected = whole and Walk(began=moment(whole[0]), ended=moment(whole[1]), pages=whole[2])
    assert known.last_walk == expected
    assert known.unfinished == (unfinished and UnfinishedWalk(moment(unfinished[0]), unfinished[1]))


def test_errors_are_counted_and_break_no_walk() -> None:
    visit(1)
    visit(2, status=503, minutes=1)
    visit(2, status=500, minutes=2)
    visit(2, is_last=True, minutes=3)
    visit(9, status=404, minutes=4)
    known = only()
    assert (known.client_errors, known.server_errors) == (1, 2)
    assert known.last_error == Failure(status=404, at=moment(4))
    assert known.last_walk == Walk(began=moment(0), ended=moment(3), pages=2)


def test_pages_that_have_not_changed_are_walked_too() -> None:
    visit(1)
    visit(2, status=304, minutes=1)
    visit(3, status=304, is_last=True, minutes=2)
    visit(1, status=304, minutes=3)
    known = only()
    assert known.last_walk == Walk(began=moment(0), ended=moment(2), pages=3)
    assert (known.requests, known.not_modified) == (4, 3)


def test_requests_are_counted_by_day_of_paris(at: Callable[[str], None]) -> None:
    day = 24 * 60
    visit(minutes=0)
    # Half past midnight in Paris, the day before in UTC.
    visit(minutes=15 * 60 + 30)
    visit(minutes=10 * day)
    at("2026-11-21")
    assert (only().requests_today, only().requests_30_days) == (1, 3)
    at("2026-11-30")
    assert (only().requests_today, only().requests_30_days) == (1, 3)
    at("2026-12-20")
    assert (only().requests_today, only().requests_30_days) == (0, 2)
    # A day that counts no more is forgotten with the next visit.
    visit(minutes=60 * day)
    at("2027-01-19")
    assert (only().requests, only().requests_today, only().requests_30_days) == (4, 1, 1)


def test_the_one_that_asked_last_comes_first() -> None:
    visit(agent="one", minutes=0)
    visit(agent="two", minutes=1)
    assert [known.agent for known in seen()] == ["two", "one"]
    visit(agent="one", minutes=2)
    assert [known.agent for known in seen()] == ["one", "two"]
    assert seen()[0].first_seen == BEGINNING


def test_the_oldest_are_forgotten_beyond_the_most() -> None:
    for rank in range(visits.MOST_AGENTS + 5):
        visit(agent=f"agent-{rank}", minutes=rank)
    names = [known.agent for known in seen()]
    assert len(names) == visits.MOST_AGENTS
    assert names[0] == f"agent-{visits.MOST_AGENTS + 4}"
    assert names[-1] == "agent-5"
    assert connect_to_redis().hlen(visits._key("records")) == visits.MOST_AGENTS


@pytest.mark.parametrize(
    "browser",
    [
        "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0.0.0 Safari/537.36",
    ],
)
def test_browsers_are_left_out(browser: str) -> None:
    visit(agent=browser)
    assert seen() == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("Mozilla/5.0 (compatible; Example/1.0)", "Mozilla/5.0 (compatible; Example/1.0)"),
        ("Mozilla/5.0 Examplebot/2.1", "Mozilla/5.0 Examplebot/2.1"),
        ("", ""),
        ("  a\r\n\tb\x00\x1b[31m  c ", "a b [31m c"),
        ("a\u202eb\ud800c", "a b c"),
        ("é" * 300, "é" * 200),
        ("<script>", "<script>"),
        ("null", "null"),
    ],
)
def test_names_are_kept_on_one_line_and_not_too_long(sent: str, kept: str) -> None:
    visit(agent=sent)
    assert only().agent == kept


def test_visits_at_once_are_all_counted() -> None:
    def visit_often() -> None:
        for _ in range(50):
            visit()

    threads = [threading.Thread(target=visit_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert only().requests == 200


def test_nothing_of_an_address_is_kept() -> None:
    visit()
    stored = connect_to_redis().hgetall(visits._key("records"))
    assert "127.0.0.1" not in str(stored)


def test_keys_are_those_of_the_site() -> None:
    visit()
    assert connect_to_redis().exists(
        f"ckan:{tk.config['ckan.site_id']}:heraultdata:harvesters:records"
    )


def test_a_visit_that_cannot_be_kept_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    connect_to_redis().set(visits._key("records"), "something else")
    visit()
    assert "could not be kept" in caplog.text
    with pytest.raises(RedisError):
        seen()
