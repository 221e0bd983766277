"""How fast and how small a check is, beside frictionless on the same files.

Both sides run in a fresh Python process with their imports, one after the other in turns, so that
what else the machine does weighs on both. frictionless runs no custom check.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import _deliberations

RUNS = 5
ROWS = 100_000
MANY_ROWS = 1_000_000
ROWS_OF_ROW_PATH = 20_000
SMALL_FILES = 10_000
ROWS_OF_SMALL_FILE = 20

_OURS = """
import resource, sys
from pathlib import Path
from ckanext.heraultdata.validation.engine.check import check_file
from ckanext.heraultdata.validation.engine.schema import read_schema
schema = read_schema(Path(sys.argv[1]).read_bytes())
columnar = {"auto": None, "rows": False}[sys.argv[2]]
for path in sys.argv[3:]:
    report = check_file(Path(path), schema, columnar=columnar)
print(report.valid, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
_THEIRS = """
import json, sys
from pathlib import Path
from frictionless import Resource, Schema, system, validate
fields = json.loads(Path(sys.argv[1]).read_text())["fields"]
with system.use_context(trusted=True):
    for path in sys.argv[3:]:
        schema = Schema.from_descriptor({"fields": fields})
        report = validate(Resource(path=path, schema=schema))
print(report.valid, 0)
"""


def main() -> None:
    """Measure, and print one figure a line."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _deliberations.write_schema(folder / "schema.json")
        _ratio_of_large_file(folder, "validation_ratio_valid", faulty=False)
        _ratio_of_large_file(folder, "validation_ratio_errors", faulty=True)
        _rows_by_second(folder)
        _memory(folder)
        _ratio_of_small_files(folder)


def _ratio_of_large_file(folder: Path, figure: str, faulty: bool) -> None:
    path = folder / "large.csv"
    _deliberations.write(path, ROWS, faulty)
    ratio, ours, theirs = _ratio(folder, [path], RUNS, is_valid=not faulty)
    _print(f"{figure}_seconds", ours)
    _print(f"{figure}_frictionless_seconds", theirs)
    _print(figure, ratio)


def _rows_by_second(folder: Path) -> None:
    path = folder / "rows.csv"
    _deliberations.write(path, ROWS_OF_ROW_PATH)
    seconds, _ = _run(_OURS, folder, "rows", [path], is_valid=True)
    _print("validation_row_path_rows_by_second", ROWS_OF_ROW_PATH / seconds)


def _memory(folder: Path) -> None:
    path = folder / "large.csv"
    _deliberations.write(path, MANY_ROWS)
    seconds, kilobytes = _run(_OURS, folder, "auto", [path], is_valid=True)
    path.unlink()
    _print("validation_million_rows_seconds", seconds)
    _print("validation_million_rows_mb", kilobytes / 1024)


def _ratio_of_small_files(folder: Path) -> None:
    small = folder / "small"
    small.mkdir()
    paths = [small / f"{number}.csv" for number in range(SMALL_FILES)]
    for path in paths:
        _deliberations.write(path, ROWS_OF_SMALL_FILE)
    ratio, ours, theirs = _ratio(folder, paths, 1, is_valid=True)
    _print("validation_small_files_seconds", ours)
    _print("validation_small_files_frictionless_seconds", theirs)
    _print("validation_small_files_ratio", ratio)


def _ratio(
    folder: Path, paths: Sequence[Path], runs: int, is_valid: bool
) -> tuple[float, float, float]:
    """How many times faster, and the median seconds of each side."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(runs):
        ours.append(_run(_OURS, folder, "auto", paths, is_valid)[0])
        theirs.append(_run(_THEIRS, folder, "auto", paths, is_valid)[0])
    medians = statistics.median(ours), statistics.median(theirs)
    return medians[1] / medians[0], *medians


def _run(
    code: str, folder: Path, path_choice: str, paths: Sequence[Path], is_valid: bool
) -> tuple[float, int]:
    """Seconds of a fresh process, and its peak of memory in kB where it tells.

    Raises:
        RuntimeError: the verdict is not the one expected.
    """
    words = [sys.executable, "-c", code, str(folder / "schema.json"), path_choice, *map(str, paths)]
    started = time.perf_counter()
    told = subprocess.run(words, check=True, capture_output=True, text=True).stdout  # noqa: S603
    seconds = time.perf_counter() - started
    verdict, kilobytes = told.split()
    if verdict != str(is_valid):
        raise RuntimeError(f"the verdict on {paths[0].name} should be {is_valid}")
    return seconds, int(kilobytes)


def _print(figure: str, value: float) -> None:
    print(f"FIGURE {figure}={value:.2f}", flush=True)


if __name__ == "__main__":
    main()
