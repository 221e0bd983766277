"""How fast harvesters are served, beside ckanext-dcat as published, in the same CKAN.

2 000 datasets of 2 files with every field, in a database of its own (`HERAULTDATA_BENCH_DATABASE`).
Both answer the same requests in turn through the whole WSGI application of one process; the
figures are ratios of medians. The page is timed with 1 000 and with 20 000 datasets too.
"""

from __future__ import annotations

import argparse
import ctypes
import gc
import itertools
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import EnvironBuilder

DATASETS = 2_000
FEW, MANY = 1_000, 20_000
PAGE = 100
PAGES = {extension: f"/catalog.{extension}?page=3" for extension in ("ttl", "xml", "jsonld")}
PAGE_ROUNDS = 5
WALK_ROUNDS = 2
GROWTH_ROUNDS = 25
OURS_FOR_ONE = 5
"""How often ours answers while the other answers once: it takes too little to be timed once."""
SAVE_ROUNDS = 60
SAVES_IN_TURN = 10
DATABASE = "HERAULTDATA_BENCH_DATABASE"
STOCK_PROFILES = "euro_dcat_ap_3"
_ROOM = "ckanext.heraultdata.dcat"
_ACTIONS = ("dcat_catalog_show", "dcat_catalog_search", "dcat_dataset_show")

Switch = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Answer:
    """What a request got.

    Attributes:
        status: of HTTP.
        headers: by name.
        body: its bytes, where they were wanted.
        length: of the body, in bytes.
        seconds: until the last byte was there.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    length: int
    seconds: float


class Client:
    """A client of a WSGI application, which adds next to nothing to the time that one takes."""

    def __init__(self, application: Any) -> None:  # noqa: ANN401 - CKAN's application
        """Take the application."""
        self._application = application

    def get(self, address: str, *, keep: bool = True, **headers: str) -> Answer:
        """Read an answer to its end.

        Args:
            address: path and query.
            keep: whether its bytes are wanted.
            headers: by name, as WSGI spells them.
        """
        environ = {**EnvironBuilder(address).get_environ(), **headers}
        told: list[Any] = []
        started = time.perf_counter()
        parts = self._application(environ, lambda *given: told.extend(given))
        kept, length = [], 0
        try:
            for part in parts:
                length += len(part)
                if keep:
                    kept.append(part)
        finally:
            if hasattr(parts, "close"):
                parts.close()
        seconds = time.perf_counter() - started
        return Answer(int(told[0].split()[0]), dict(told[1]), b"".join(kept), length, seconds)

    def page(self, address: str, *, keep: bool = True) -> Answer:
        """Read a page that must be there."""
        answer = self.get(address, keep=keep)
        if answer.status != HTTPStatus.OK:
            raise SystemExit(f"{address}: {answer.status}")
        return answer


def main() -> None:
    """Measure, and print one figure a line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--config", required=True)
    configuration = arguments.parse_args().config
    os.environ["CKAN_SQLALCHEMY_URL"] = os.environ[DATABASE]
    # An index of its own, so that the demo's datasets are in neither catalogue.
    os.environ["CKAN_SITE_ID"] = urlsplit(os.environ[DATABASE]).path.strip("/") + "_catalogue"
    program = Path(sys.executable).with_name("ckan")
    subprocess.run(  # noqa: S603 - our own words
        [str(program), "-c", configuration, "db", "upgrade"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    _measure(configuration)


def _measure(configuration: str) -> None:
    from ckan.cli import load_config
    from ckan.config.middleware import make_app

    app = make_app(load_config(configuration))
    client = Client(app)
    with app._wsgi_app.test_request_context():
        import _catalogue_site as site
        from ckan.lib import search
        from ckan.lib.jobs import get_queue

        from ckanext.heraultdata.dcat.pieces import refreshing

        site.empty()
        search.clear_all()
        site.make_partners()
        try:
            ids = site.make_datasets(DATASETS)
            started = time.perf_counter()
            made = refreshing.refresh()
            _print("dcat_serialise_ms", (time.perf_counter() - started) / made * 1000, digits=1)
            search.rebuild(package_ids=ids, defer_commit=True)
            search.commit()
            _measure_reading(client, _published(app._wsgi_app))
            _measure_saving(ids)
            refreshing.refresh()
            site.multiply_pieces(MANY)
            _measure_memory(client)
            large = _median_page(client)
            site.keep_pieces(FEW)
            _print("dcat_growth", large / _median_page(client))
        finally:
            search.clear_all()
            get_queue().empty()


def _measure_reading(client: Client, as_published: Switch) -> None:
    _require_same_work(client, as_published)
    stock_pages = {}
    for extension, page in PAGES.items():
        ours, stock_pages[extension] = _in_turn(
            PAGE_ROUNDS,
            lambda page=page: client.page(page).seconds,
            lambda page=page: client.page(f"{page}&profiles={STOCK_PROFILES}").seconds,
            as_published,
        )
        _print(f"dcat_page_{extension}_ms", ours * 1000, digits=1)
        _print(f"dcat_ratio_{extension}", stock_pages[extension] / ours, digits=0)
    unchanged = _median_unchanged(client)
    _print("dcat_304_ms", unchanged * 1000)
    _print("dcat_ratio_304", stock_pages["ttl"] / unchanged, digits=0)
    ours, stock = _in_turn(
        WALK_ROUNDS,
        lambda: _walk(client),
        lambda: _walk(client, f"&profiles={STOCK_PROFILES}"),
        as_published,
    )
    _print("dcat_walk_s", ours)
    _print("dcat_ratio_walk", stock / ours, digits=0)


def _median_unchanged(client: Client) -> float:
    known = client.page(PAGES["ttl"]).headers["ETag"]

    def again() -> float:
        answer = client.get(PAGES["ttl"], HTTP_IF_NONE_MATCH=known)
        if answer.status != HTTPStatus.NOT_MODIFIED:
            raise SystemExit(f"A page that is known: {answer.status}")
        return answer.seconds

    return statistics.median(again() for _ in range(GROWTH_ROUNDS))


def _walk(client: Client, parameters: str = "") -> float:
    pages = range(1, DATASETS // PAGE + 1)
    return sum(client.page(f"/catalog.ttl?page={number}{parameters}").seconds for number in pages)


def _in_turn(
    rounds: int, ours: Callable[[], float], stock: Callable[[], float], as_published: Switch
) -> tuple[float, float]:
    """The medians of the seconds that both take, in turn; the first round does not count."""
    ours_seconds, stock_seconds = [], []
    for rank in range(rounds + 1):
        with as_published():
            of_stock = stock()
        of_ours = [ours() for _ in range(OURS_FOR_ONE)]
        if rank:
            stock_seconds.append(of_stock)
            ours_seconds.extend(of_ours)
    return statistics.median(ours_seconds), statistics.median(stock_seconds)


def _published(flask: Any) -> Switch:  # noqa: ANN401 - CKAN's application
    """A switch under which the catalogue's addresses answer as ckanext-dcat's own."""
    from ckan import logic
    from ckanext.dcat import logic as dcat

    @contextmanager
    def switch() -> Iterator[None]:
        functions = (flask.before_request_funcs[None], flask.after_request_funcs[None])
        kept = [list(each) for each in functions]
        chained = {name: logic.get_action(name) for name in _ACTIONS}
        for each in functions:
            each[:] = [one for one in each if not one.__module__.startswith(_ROOM)]
        logic._actions.update({name: getattr(dcat, name) for name in _ACTIONS})
        try:
            yield
        finally:
            logic._actions.update(chained)
            for each, was in zip(functions, kept, strict=True):
                each[:] = was

    return switch


def _require_same_work(client: Client, as_published: Switch) -> None:
    """Refuse figures of two things that are not the same."""
    ours = client.page(f"{PAGES['ttl']}")
    with as_published():
        stock = client.page(f"{PAGES['ttl']}&profiles={STOCK_PROFILES}")
    if "ETag" in stock.headers or "ETag" not in ours.headers:
        raise SystemExit("ckanext-dcat's own page and ours were taken for each other")
    if (count := _datasets(ours.body)) != (theirs := _datasets(stock.body)) or count != PAGE:
        raise SystemExit(f"Datasets in a page: {count} in ours, {theirs} in ckanext-dcat's own")


def _datasets(turtle: bytes) -> int:
    from rdflib import Graph
    from rdflib.namespace import DCAT, RDF

    return len(set(Graph().parse(data=turtle, format="turtle").subjects(RDF.type, DCAT.Dataset)))


def _median_page(client: Client) -> float:
    client.page(PAGES["ttl"])
    return statistics.median(client.page(PAGES["ttl"]).seconds for _ in range(GROWTH_ROUNDS))


def _measure_saving(ids: list[str]) -> None:
    """Save datasets with all that the catalogue does when they are, and without, in turn."""
    import ckan.plugins.toolkit as tk

    from ckanext.heraultdata.dcat.pieces import queueing

    user = tk.get_action("get_site_user")({"ignore_auth": True}, {})["name"]
    ranks = itertools.count()

    def save() -> float:
        rank = next(ranks)
        change = {"id": ids[rank % len(ids)], "notes": f"Version {rank}"}
        started = time.perf_counter()
        tk.get_action("package_patch")({"ignore_auth": True, "user": user}, change)
        return time.perf_counter() - started

    def save_watched() -> float:
        seconds = save()
        # As a worker does, so that the next one queues a job again.
        queueing.refresh_catalogue()
        return seconds

    watched, unwatched = [], []
    for _ in range(SAVE_ROUNDS // SAVES_IN_TURN):
        # The first after the tables changed is slower: PostgreSQL plans anew.
        watched += [save_watched() for _ in range(SAVES_IN_TURN + 1)][1:]
        with _unwatched():
            unwatched += [save() for _ in range(SAVES_IN_TURN + 1)][1:]
    ours, stock = statistics.median(watched), statistics.median(unwatched)
    _print("save_ms", ours * 1000, digits=1)
    _print("save_overhead", ours / stock - 1)


@contextmanager
def _unwatched() -> Iterator[None]:
    """Without the catalogue's triggers and its job."""
    from ckanext.heraultdata.dcat.pieces import queueing

    queue = queueing.queue
    _switch_triggers("DISABLE")
    queueing.queue = lambda: None
    try:
        yield
    finally:
        queueing.queue = queue
        _switch_triggers("ENABLE")


def _switch_triggers(what: str) -> None:
    import ckan.model as model
    import sqlalchemy as sa

    model.Session.rollback()
    named = sa.text(
        "SELECT tgrelid::regclass, tgname FROM pg_trigger WHERE tgname LIKE 'heraultdata_dcat_%'"
    )
    for table, trigger in model.Session.execute(named).all():
        model.Session.execute(sa.text(f"ALTER TABLE {table} {what} TRIGGER {trigger}"))
    model.Session.commit()


def _measure_memory(client: Client) -> None:
    """How much more memory the process takes at most while it sends the whole catalogue."""
    client.page("/catalog/complete.ttl", keep=False)
    # What is free by now would hide what is taken.
    gc.collect()
    ctypes.CDLL("libc.so.6").malloc_trim(0)
    before = _memory("VmRSS")
    # Linux forgets the peak so far.
    Path("/proc/self/clear_refs").write_text("5")
    whole = client.page("/catalog/complete.ttl", keep=False)
    _print("dcat_whole_mb", whole.length / 1e6, digits=0)
    _print("dcat_whole_s", whole.seconds, digits=1)
    _print("dcat_stream_mb", (_memory("VmHWM") - before) / 1e6, digits=1)


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


def _print(name: str, value: float, digits: int = 2) -> None:
    print(f"FIGURE {name}={value:.{digits}f}", flush=True)


if __name__ == "__main__":
    main()
