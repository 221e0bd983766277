"""Command line of the stack: what the Makefile and `dev/ckan` call."""

from __future__ import annotations

import argparse
import subprocess
import sys

from . import demo, environment, packages, quality, testing
from .console import StackError
from .portal import Portal
from .services import Services
from .settings import CKAN_VERSIONS, Settings, read_settings
from .state import State
from .supervisor import Interrupted, stop_on_signal

INTERRUPTED_STATUS = 130


def main(arguments: list[str]) -> int:
    """Run a command of the stack.

    Args:
        arguments: Words of the command line, without the program.

    Returns:
        The exit status.
    """
    options = _parser().parse_args(arguments)
    try:
        with stop_on_signal():
            settings = read_settings()
            return _run(options, settings, State(settings.folder))
    except StackError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    except Interrupted:
        return 0 if options.command == "demo" else INTERRUPTED_STATUS


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("demo", "services", "stop", "lint", "bench", "translations"):
        commands.add_parser(name)
    tests = commands.add_parser("test")
    tests.add_argument("--ckan", choices=CKAN_VERSIONS, default=CKAN_VERSIONS[0])
    tests.add_argument("pytest", nargs=argparse.REMAINDER)
    commands.add_parser("ckan").add_argument("words", nargs=argparse.REMAINDER)
    return parser


def _run(options: argparse.Namespace, settings: Settings, state: State) -> int:
    match options.command:
        case "demo":
            demo.serve(settings, state)
        case "services":
            _services(settings, state).keep()
        case "stop":
            _stop(settings, state)
        case "ckan":
            return _ckan(options.words, settings, state)
        case "test":
            return testing.run_tests(settings, state, options.ckan, options.pytest)
        case "lint":
            return quality.lint(settings, state)
        case "bench":
            return quality.bench(settings, state)
        case "translations":
            quality.update_translations(settings, state)
    return 0


def _services(settings: Settings, state: State) -> Services:
    packages.ensure(
        [*packages.PYTHON_NEEDS, *packages.needs_of_services(settings)], settings.logs / "apt.log"
    )
    return Services(
        settings, state, environment.ensure(settings, state, CKAN_VERSIONS[0], development=False)
    )


def _stop(settings: Settings, state: State) -> None:
    version = CKAN_VERSIONS[0]
    python = environment.Environment(version, settings.folder / f"venv-{version}")
    Services(settings, state, python).release()


def _ckan(words: list[str], settings: Settings, state: State) -> int:
    services = _services(settings, state)
    python = environment.ensure(settings, state, CKAN_VERSIONS[0], development=False)
    with services.in_use():
        portal = Portal(settings, state, services, python)
        portal.prepare()
        command = portal.ckan(*words)
        return subprocess.run(command, env=portal.variables(), check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
