"""What is kept of the programs that read the catalogue, in Redis: one record for each agent.

No address of a caller is kept: the address of a machine is personal data (Court of Justice of the
EU, C-582/14), and what the département wants to know, whether a portal still harvests and what it
meets, needs none. Browsers are left out too: a person who looks at the catalogue is no harvester.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from redis.commands.core import Script
from redis.exceptions import RedisError

from ... import clock
from .agents import cleaned, is_browser

MOST_AGENTS = 200
DAYS_COUNTED = 30

_logger = logging.getLogger(__name__)

# A script, so that Redis reads and writes a record at once, whichever process gives the answer.
_RECORD = """
local records, order = KEYS[1], KEYS[2]
local agent, at, seconds, day = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
local page, is_last, status = tonumber(ARGV[5]), ARGV[6] == '1', tonumber(ARGV[7])
local days_counted, most_agents = tonumber(ARGV[8]), tonumber(ARGV[9])

local kept = redis.call('HGET', records, agent)
local record = kept and cjson.decode(kept) or {
  first_seen = at, requests = 0, not_modified = 0, client_errors = 0, server_errors = 0, days = {}
}
record.last_request = at
record.requests = record.requests + 1

for counted in pairs(record.days) do
  if tonumber(counted) <= day - days_counted then record.days[counted] = nil end
end
local today = tostring(day)
record.days[today] = (record.days[today] or 0) + 1

if status >= 400 then
  local kind = status >= 500 and 'server_errors' or 'client_errors'
  record[kind] = record[kind] + 1
  record.last_error = { status = status, at = at }
elseif status == 304 then
  record.not_modified = record.not_modified + 1
end

if status < 400 and page > 0 then
  local walk = record.walk
  if page == 1 then
    walk = { began = at, reached = 1 }
  elseif walk and page == walk.reached + 1 then
    walk.reached = page
  elseif not walk or page ~= walk.reached then
    walk = nil
  end
  if walk and is_last then
    record.whole_walk = { began = walk.began, ended = at, pages = page }
    walk = nil
  end
  record.walk = walk
end

redis.call('HSET', records, agent, cjson.encode(record))
redis.call('ZADD', order, seconds, agent)
local oldest = redis.call('ZRANGE', order, 0, -most_agents - 1)
for _, forgotten in ipairs(oldest) do
  redis.call('ZREM', order, forgotten)
  redis.call('HDEL', records, forgotten)
end
"""


@dataclass(frozen=True)
class Visit:
    """A request for a page of the catalogue, and how it was answered.

    Attributes:
        agent: the `User-Agent` of the request, as it came; empty where there was none.
        page: number of the page; 1 for the catalogue in one file, 0 for a page of a selection of
            it, which is no part of a walk.
        is_last: whether the catalogue ends with this page.
        status: of the answer, such as 200, 304 or 400.
        at: a moment with a time zone.
    """

    agent: str
    page: int
    is_last: bool
    status: int
    at: datetime


@dataclass(frozen=True)
class Walk:
    """A walk from the first page of the catalogue to the last, in order."""

    began: datetime
    ended: datetime
    pages: int


@dataclass(frozen=True)
class UnfinishedWalk:
    """A walk that has not met the last page: under way, or broken off."""

    began: datetime
    reached: int


@dataclass(frozen=True)
class Failure:
    """An answer that was an error."""

    status: int
    at: datetime


@dataclass(frozen=True)
class Harvester:
    """What is known of an agent.

    Attributes:
        agent: what it calls itself; empty where it does not.
        last_walk: its last whole walk, None where there was none.
        unfinished: the walk that it began since, None where there is none.
        requests: since it was first seen.
        requests_today: since midnight in Paris.
        requests_30_days: in the last 30 days, today included.
        not_modified: how many were answered "not modified".
        client_errors: answers from 400 to 499.
        server_errors: answers from 500.
    """

    agent: str
    first_seen: datetime
    last_request: datetime
    last_walk: Walk | None
    unfinished: UnfinishedWalk | None
    requests: int
    requests_today: int
    requests_30_days: int
    not_modified: int
    client_errors: int
    server_errors: int
    last_error: Failure | None


def record(visit: Visit) -> None:
    """Keep a visit, in one exchange with Redis; never an obstacle to the answer.

    Args:
        visit: the request and its answer; that of a browser is passed over.
    """
    agent = cleaned(visit.agent)
    if is_browser(agent):
        return
    try:
        _script()(
            keys=[_key("records"), _key("order")],
            args=[
                agent,
                visit.at.isoformat(),
                visit.at.timestamp(),
                clock.date_in_paris(visit.at).toordinal(),
                visit.page,
                int(visit.is_last),
                visit.status,
                DAYS_COUNTED,
                MOST_AGENTS,
            ],
        )
    except RedisError:
        _logger.warning("A visit of a harvester could not be kept", exc_info=True)


def seen() -> list[Harvester]:
    """The harvesters that are known, the one that asked last first.

    Raises:
        RedisError: Redis does not answer.
    """
    with connect_to_redis().pipeline() as pipeline:
        pipeline.zrevrange(_key("order"), 0, -1)
        pipeline.hgetall(_key("records"))
        order, records = pipeline.execute()
    today = clock.today()
    return [
        _harvester(agent.decode(), json.loads(records[agent]), today)
        for agent in order
        if agent in records
    ]


@cache
def _script() -> Script:
    # Kept, since to make a client takes longer than the exchange; CKAN's pool is one for a process.
    return connect_to_redis().register_script(_RECORD)


def _key(part: str) -> str:
    return f"ckan:{tk.config['ckan.site_id']}:heraultdata:harvesters:{part}"


def _harvester(agent: str, kept: dict[str, Any], today: date) -> Harvester:
    days = {date.fromordinal(int(day)): count for day, count in kept["days"].items()}
    lately = today - timedelta(days=DAYS_COUNTED)
    return Harvester(
        agent=agent,
        first_seen=datetime.fromisoformat(kept["first_seen"]),
        last_request=datetime.fromisoformat(kept["last_request"]),
        last_walk=_walk(kept.get("whole_walk")),
        unfinished=_unfinished(kept.get("walk")),
        requests=kept["requests"],
        requests_today=days.get(today, 0),
        requests_30_days=sum(count for day, count in days.items() if day > lately),
        not_modified=kept["not_modified"],
        client_errors=kept["client_errors"],
        server_errors=kept["server_errors"],
        last_error=_failure(kept.get("last_error")),
    )


def _walk(kept: dict[str, Any] | None) -> Walk | None:
    if kept is None:
        return None
    return Walk(
        began=datetime.fromisoformat(kept["began"]),
        ended=datetime.fromisoformat(kept["ended"]),
        pages=kept["pages"],
    )


def _unfinished(kept: dict[str, Any] | None) -> UnfinishedWalk | None:
    if kept is None:
        return None
    return UnfinishedWalk(began=datetime.fromisoformat(kept["began"]), reached=kept["reached"])


def _failure(kept: dict[str, Any] | None) -> Failure | None:
    if kept is None:
        return None
    return Failure(status=kept["status"], at=datetime.fromisoformat(kept["at"]))
