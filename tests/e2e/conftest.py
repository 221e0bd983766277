"""A portal that runs, a browser, and people who have accounts."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
import pytest
from ckan import model
from ckan.lib import jobs
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Page,
    ViewportSize,
    expect,
    sync_playwright,
)
from playwright.sync_api import Error as BrowserError
from sqlalchemy.exc import IntegrityError

from ckanext.heraultdata import clock
from ckanext.heraultdata.standards import catalogue
from ckanext.heraultdata.validation import service as validation
from tests import factories
from tests.e2e.processes import SECONDS_TO_ANSWER, Portal

SECONDS_TO_WORK = 120
MILLISECONDS_TO_SHOW = SECONDS_TO_ANSWER * 1000
PASSWORD = "correct-horse-battery"
WIDE: ViewportSize = {"width": 1280, "height": 900}
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# What a failure is told with: the windows that were open, and the portal that answered them.
_WINDOWS = pytest.StashKey[list[BrowserContext]]()
LINES_OF_LOG = 60
_LOGS = ("web", "worker")
_OF_ASSETS = re.compile(r"GET /(webassets|base|api/i18n)/")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Tell with a failure what its windows showed and what the portal wrote."""
    report = yield
    if report.when != "call" or not report.failed:
        return report
    for context in item.stash.get(_WINDOWS, []):
        report.sections += [(f"Window of {page.url}", _text_of(page)) for page in context.pages]
    portal = getattr(item, "funcargs", {}).get("portal")
    if isinstance(portal, Portal):
        report.sections += [(f"Log of {name}", _end_of_log(portal, name)) for name in _LOGS]
    return report


def _end_of_log(portal: Portal, name: str) -> str:
    """The last that a process wrote, but for the files that pages are made of."""
    lines = [line for line in portal.log(name).splitlines() if not _OF_ASSETS.search(line)]
    return "\n".join(lines[-LINES_OF_LOG:])


def _text_of(page: Page) -> str:
    """What a window shows, or why that cannot be told."""
    try:
        return page.locator("body").inner_text(timeout=5_000)
    except BrowserError as error:
        return str(error)


@dataclass(frozen=True)
class Member:
    """Somebody with an account and a token."""

    name: str
    token: str


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The processes, from the first test of this folder to the last."""
    running = Portal(tmp_path_factory.mktemp("portal"))
    _forget_jobs()
    try:
        running.start()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """A Chromium; its path may be given by HERAULTDATA_CHROMIUM."""
    path = os.environ.get("HERAULTDATA_CHROMIUM", "/usr/bin/chromium")
    expect.set_options(timeout=MILLISECONDS_TO_SHOW)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=list(_FLAGS))
        yield started
        started.close()


@pytest.fixture
def empty_portal(
    portal: Portal, with_plugins: None, clean_db: None, clean_index: None
) -> Iterator[Portal]:
    """The portal with the organisation of the département and nothing else."""
    validation.create_tables()
    _make_site_user()
    factories.department()
    portal.mailbox.received.clear()
    yield portal
    _wait_for_worker()
    _forget_jobs()
    model.Session.remove()


def _forget_jobs() -> None:
    """Leave out what was queued, or put off: it is of tables that are empty by now."""
    queue = jobs.get_queue()
    queue.empty()
    for job_id in queue.scheduled_job_registry.get_job_ids():
        queue.scheduled_job_registry.remove(job_id, delete_job=True)


def _make_site_user() -> None:
    """Make the user of the site, which a request that is still served may make just then."""
    try:
        tk.get_action("get_site_user")({"ignore_auth": True}, {})
    except IntegrityError:
        model.Session.rollback()


def _wait_for_worker() -> None:
    """Let the worker end its jobs: the next test empties the tables that they read."""
    queue = jobs.get_queue()
    deadline = time.monotonic() + SECONDS_TO_WORK
    while queue.count or queue.started_job_registry.count:
        assert time.monotonic() < deadline, "The worker does not come to an end"
        time.sleep(0.1)


@pytest.fixture
def registry(empty_portal: Portal) -> None:
    """The standards that come with the extension, in the registry of the portal."""
    catalogue.load(clock.now())
    model.Session.commit()


@pytest.fixture
def member(empty_portal: Portal) -> Callable[[str, str], Member]:
    """Make an account in an organisation."""

    def make(organization: str, role: str) -> Member:
        user = factories.user(password=PASSWORD)
        factories.join(user, organization, role)
        made = Member(user.name, factories.token(user))
        model.Session.commit()
        return made

    return make


@pytest.fixture
def department_admin(member: Callable[[str, str], Member]) -> Member:
    """An administrator of the département."""
    return member(factories.DEPARTMENT, "admin")


@pytest.fixture
def page_of(
    portal: Portal, browser: Browser, request: pytest.FixtureRequest
) -> Iterator[Callable[[Member | None], Page]]:
    """Open a browser window, logged in as somebody; a script that fails fails the test."""
    faults: list[str] = []
    contexts = request.node.stash.setdefault(_WINDOWS, [])

    def open_page(who: Member | None) -> Page:
        context = browser.new_context(base_url=portal.url, viewport=WIDE, locale="fr-FR")
        context.set_default_timeout(MILLISECONDS_TO_SHOW)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        if who is not None:
            page.goto("/user/login")
            page.fill("#field-login", who.name)
            page.fill("#field-password", PASSWORD)
            page.locator("form:has(#field-password) button[type=submit]").click()
            page.wait_for_url("**/dashboard/**")
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert faults == []
