"""`make test`: all the set-up, then pytest on databases of its own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import databases, environment, packages
from .console import StackError, say
from .redis import with_database
from .services import Services
from .settings import CKAN_VERSIONS, Settings
from .state import State

# Redis has sixteen databases unless told otherwise: the first is the demo's, the others are shared
# out between the two versions of CKAN, one for the main process and one for each worker.
REDIS_DATABASES_OF_A_VERSION = 7
MOST_WORKERS = REDIS_DATABASES_OF_A_VERSION - 1
TESTS_OF_RULES = "test_*rules*.py"
"""The files whose tests go through every branch of the files named rules.py."""


def run_tests(settings: Settings, state: State, version: str, arguments: Sequence[str]) -> int:
    """Run the tests on a version of CKAN.

    Args:
        settings: The stack.
        state: What its folder remembers.
        version: `2.12` or `2.11`.
        arguments: Words for pytest. With some, a part of the tests runs, in one process, and the
            coverage of the rules is not judged.

    Returns:
        The exit status: that of pytest, or 1 where a rule's branch is not covered.
    """
    packages.ensure(
        [
            *packages.PYTHON_NEEDS,
            *packages.needs_of_services(settings),
            packages.BROWSER_NEED,
        ],
        settings.logs / "apt.log",
    )
    python = environment.ensure(settings, state, version, development=True)
    # One more than there are cores: a test waits for the services half of its time.
    workers = 0 if arguments else min((os.cpu_count() or 1) + 1, MOST_WORKERS)
    services = Services(settings, state, python)
    with state.lock(f"test-{version}"), services.in_use():
        variables = _variables(settings, state, services, python, workers)
        say(f"Running the tests on CKAN {version}")
        return _pytest(settings, python, variables, arguments, workers)


def _variables(
    settings: Settings,
    state: State,
    services: Services,
    python: environment.Environment,
    workers: int,
) -> dict[str, str]:
    """Make empty databases and give the addresses by CKAN's own variables.

    `tests/isolation.py` derives those of a worker from them.
    """
    purpose = f"test_{python.version.replace('.', '')}"
    purposes = [purpose, *(f"{purpose}_gw{number}" for number in range(workers))]
    main = databases.ensure(settings, state, services, python, purposes, empty=True)[0]
    rank = 1 + CKAN_VERSIONS.index(python.version) * REDIS_DATABASES_OF_A_VERSION
    folder = settings.folder / purpose
    variables = {
        **python.variables(),
        "CKAN_SQLALCHEMY_URL": main.main,
        "CKAN_DATASTORE_WRITE_URL": main.datastore,
        "CKAN_DATASTORE_READ_URL": main.datastore_readonly,
        "CKAN_REDIS_URL": with_database(services.redis.url, rank),
        "CKAN_SOLR_URL": services.solr.url,
        "CKAN_SITE_ID": f"heraultdata_{state.identity}_{purpose}",
        "CKAN_STORAGE_PATH": str(folder / "storage"),
        "COVERAGE_FILE": str(folder / "coverage"),
    }
    folder.mkdir(exist_ok=True)
    chromium = packages.chromium()
    if chromium:
        variables["HERAULTDATA_CHROMIUM"] = chromium
    return variables


def _pytest(
    settings: Settings,
    python: environment.Environment,
    variables: Mapping[str, str],
    arguments: Sequence[str],
    workers: int,
) -> int:
    command = [str(python.python), "-m", "pytest", "--ckan-ini=test.ini", "-p", "no:cacheprovider"]
    if arguments:
        return _status([*command, *arguments], settings.root, variables)
    # A worker takes its files one after the other; who has nothing left takes of the others' rest.
    command += ["-n", str(workers), "--dist", "worksteal"]
    # Coverage makes tests half as slow again: only those that it judges run under it.
    covered = ["--cov=ckanext.heraultdata", "--cov-branch", "--cov-report="]
    rules = [str(file) for file in sorted((settings.root / "tests").rglob(TESTS_OF_RULES))]
    judged = _status([*command, *covered, *rules], settings.root, variables) or _judge_rules(
        settings.root, python.python, variables
    )
    others = f"--ignore-glob=*/{TESTS_OF_RULES}"
    return _status([*command, others], settings.root, variables) or judged


def _judge_rules(root: Path, python: Path, variables: Mapping[str, str]) -> int:
    """Ask that the tests went through every branch of every rule."""
    if not any((root / "ckanext" / "heraultdata").glob("*/rules.py")):
        raise StackError("There is no rules.py whose coverage could be judged.")
    report = ["--include=*/rules.py", "--fail-under=100", "--show-missing"]
    return _status([str(python), "-m", "coverage", "report", *report], root, variables)


def _status(command: Sequence[str], root: Path, variables: Mapping[str, str]) -> int:
    return subprocess.run(command, cwd=root, env=dict(variables), check=False).returncode
