"""A check in a process of its own, which ends when its time is over, whatever it is busy with.

A schema that anybody sends may hold a pattern that Python would search for years, and nothing stops
a search but the end of its process. Without CKAN, so that the process begins at once.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ...messages import N_, Message, RuleError
from ..engine.check import check_file
from ..engine.limits import Limits
from ..engine.report import Report, from_storage, to_storage
from ..engine.schema import SchemaError, read_schema

_PROGRAM = "from ckanext.heraultdata.validation.checks import beside; beside.main()"
_TO_BEGIN_AND_TELL = 5


def check(path: Path, name: str, schema: str, limits: Limits) -> Report:
    """Check a file against a schema, neither of which is to be trusted.

    Args:
        path: the file.
        name: its name in the report.
        schema: the text of a Table Schema or of a JSON Schema.
        limits: what may be read of the file, and for how long.

    Raises:
        RuleError: on `schema`: it is none, or the check against it does not end.
    """
    asked = {"path": str(path), "name": name, "schema": schema, "limits": asdict(limits)}
    try:
        done = subprocess.run(  # noqa: S603 - our own program, what it is given stands in its input
            [_python(), "-c", _PROGRAM],
            input=json.dumps(asked),
            capture_output=True,
            text=True,
            check=True,
            timeout=limits.seconds + _TO_BEGIN_AND_TELL,
        )
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        raise RuleError("schema", _NO_END) from None
    told = json.loads(done.stdout)
    if "refusal" in told:
        raise RuleError("schema", Message(**told["refusal"]))
    return from_storage(told["report"])


_NO_END = Message(
    N_(
        "The check against this schema took too long and was stopped: "
        "make its patterns simpler, or check a smaller file."
    )
)


def _python() -> str:
    # Within a web server `sys.executable` may be the server.
    own = Path(sys.exec_prefix, "bin", "python3")
    return str(own) if own.exists() else sys.executable


def main() -> None:
    """Check what the input asks for, and write what is found: the program of that process."""
    asked = json.load(sys.stdin)
    limits = Limits(**asked["limits"])
    seconds = int(limits.seconds) + _TO_BEGIN_AND_TELL
    # Should whoever waits die first.
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    json.dump(_answer(asked, limits), sys.stdout)


def _answer(asked: dict[str, Any], limits: Limits) -> dict[str, Any]:
    try:
        schema = read_schema(asked["schema"])
    except SchemaError as refusal:
        message = refusal.message
        return {"refusal": {"template": message.template, "values": dict(message.values)}}
    report = check_file(Path(asked["path"]), schema, name=asked["name"], limits=limits)
    return {"report": to_storage(report)}
