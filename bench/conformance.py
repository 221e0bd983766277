"""How fast the tracker answers on a site as large as the département can become.

358 partners, 30 standards of 2 versions, 10 000 datasets of 2 files, 40 000 checks, in a database
of its own (`HERAULTDATA_BENCH_DATABASE`). The list is timed at 1 000 datasets too.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path

DATASETS = (1_000, 10_000)
RUNS = 7
DATABASE = "HERAULTDATA_BENCH_DATABASE"


def main() -> None:
    """Measure, and print one figure a line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--config", required=True)
    configuration = arguments.parse_args().config
    os.environ["CKAN_SQLALCHEMY_URL"] = os.environ[DATABASE]
    _ckan(configuration, "db", "upgrade")
    _measure(configuration)
    started = time.perf_counter()
    _ckan(configuration, "heraultdata", "daily", "--dry-run")
    print(f"FIGURE conformance_daily_seconds={time.perf_counter() - started:.1f}")


def _ckan(configuration: str, *arguments: str) -> None:
    program = Path(sys.executable).with_name("ckan")
    command = [str(program), "-c", configuration, *arguments]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own words


def _measure(configuration: str) -> None:
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    app = make_app(load_config(configuration))
    flask = app._wsgi_app
    with flask.test_request_context():
        import _tracked_site
        import ckan.plugins.toolkit as tk

        _tracked_site.make_partners_and_standards()
        _tracked_site.make_datasets(0, DATASETS[0])
        small = _median_ms(lambda: _list(tk))
        _tracked_site.make_datasets(*DATASETS)
        large = _median_ms(lambda: _list(tk))
        _print("conformance_list_ms", large)
        _print("conformance_growth", large / small, digits=1)
        _print("conformance_summary_ms", _median_ms(lambda: _summary(tk)))
        with _queries() as count:
            _list(tk)
        _print("conformance_list_queries", count[0])
        token = _token_of_sysadmin(tk)
    client = flask.test_client()

    def page(address: str) -> Callable[[], None]:
        def ask() -> None:
            answer = client.get(address, headers={"Authorization": token})
            if answer.status_code != HTTPStatus.OK:
                raise SystemExit(f"{address}: {answer.status}")

        return ask

    for name, address in (("dashboard", "/conformance"), ("matrix", "/conformance/matrix")):
        _print(f"conformance_{name}_ms", _median_ms(page(address)))
        with _queries() as count:
            page(address)()
        _print(f"conformance_{name}_queries", count[0])


def _list(tk) -> None:  # noqa: ANN001 - CKAN's toolkit, which is there once it is configured
    tk.get_action("heraultdata_conformance_list")({"ignore_auth": True}, {})


def _summary(tk) -> None:  # noqa: ANN001 - CKAN's toolkit, which is there once it is configured
    tk.get_action("heraultdata_conformance_summary")({"ignore_auth": True}, {})


def _token_of_sysadmin(tk) -> str:  # noqa: ANN001 - CKAN's toolkit
    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    made = tk.get_action("api_token_create")({"ignore_auth": True}, {"user": user, "name": "Bench"})
    return made["token"]


def _median_ms(call: Callable[[], None]) -> float:
    call()
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds) * 1000


@contextmanager
def _queries() -> Iterator[list[int]]:
    import ckan.model as model
    import sqlalchemy as sa

    counted = [0]

    def count(*_: object) -> None:
        counted[0] += 1

    sa.event.listen(model.meta.engine, "before_cursor_execute", count)
    try:
        yield counted
    finally:
        sa.event.remove(model.meta.engine, "before_cursor_execute", count)


def _print(name: str, value: float, digits: int = 0) -> None:
    print(f"FIGURE {name}={value:.{digits}f}", flush=True)


if __name__ == "__main__":
    main()
