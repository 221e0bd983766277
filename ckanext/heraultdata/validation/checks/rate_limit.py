"""How many files one caller may have checked in an hour, counted in Redis."""

from __future__ import annotations

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis

from ...messages import N_, Message, RuleError

WINDOW_SECONDS = 3600


def count_one(caller: str, most: int) -> None:
    """Count a check of a caller.

    Args:
        caller: a user or an address.
        most: the most checks in an hour; 0 for no limit.

    Raises:
        RuleError: the caller has had that many already.
    """
    if not most:
        return
    redis = connect_to_redis()
    key = f"ckan:{tk.config['ckan.site_id']}:heraultdata:checks-of:{caller}"
    with redis.pipeline() as pipeline:
        # The window begins with the first check, and no later one moves its end.
        pipeline.set(key, 0, ex=WINDOW_SECONDS, nx=True)
        pipeline.incr(key)
        pipeline.ttl(key)
        _, count, seconds_left = pipeline.execute()
    if count <= most:
        return
    raise RuleError(
        "rate_limit",
        Message(
            N_("At most {most} files can be checked in an hour: try again in {minutes} minutes."),
            {"most": most, "minutes": max(seconds_left // 60, 1)},
        ),
    )
