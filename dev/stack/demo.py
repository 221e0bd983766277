"""`make demo`: all the set-up, then the portal until somebody stops it."""

from __future__ import annotations

import json
import urllib.error
import urllib.request

from . import environment, packages, ports
from .console import StackError, say
from .portal import Portal
from .services import Services
from .settings import CKAN_VERSIONS, Settings
from .state import State
from .supervisor import Supervisor

ANSWER_SECONDS = 120


def serve(settings: Settings, state: State) -> None:
    """Set everything up and serve the portal, with a worker for its jobs, until interrupted.

    Raises:
        StackError: Something is missing or does not work.
    """
    if not ports.is_free(settings.web_port):
        raise StackError(
            f"Port {settings.web_port} is taken: stop what listens there, or choose another one"
            " with HERAULTDATA_PORT."
        )
    packages.ensure(
        [*packages.PYTHON_NEEDS, *packages.needs_of_services(settings)], settings.logs / "apt.log"
    )
    python = environment.ensure(settings, state, CKAN_VERSIONS[0], development=False)
    services = Services(settings, state, python)
    with services.in_use():
        portal = Portal(settings, state, services, python)
        portal.prepare()
        portal.fill()
        _serve_until_interrupted(settings, portal)


def _serve_until_interrupted(settings: Settings, portal: Portal) -> None:
    supervisor = Supervisor(settings.logs, portal.variables())
    port = str(settings.web_port)
    try:
        supervisor.start("web", portal.ckan("run", "-H", ports.HOST, "-p", port, "-r", "-D", "-t"))
        supervisor.start("worker", portal.ckan("jobs", "worker"))
        supervisor.wait_until(lambda: _answers(settings), ANSWER_SECONDS)
        say(f"The portal: {settings.site_url}")
        say(f"Accounts, passwords and tokens: {settings.folder / 'demo.json'}")
        say(f"Logs: {settings.logs}. Ctrl-C stops everything.")
        supervisor.watch()
    finally:
        say("Stopping the portal")
        supervisor.stop()


def _answers(settings: Settings) -> bool:
    address = f"{settings.site_url}/api/3/action/status_show"
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 - our own address
            return bool(json.load(answer)["success"])
    except (urllib.error.URLError, OSError, ValueError):
        return False
