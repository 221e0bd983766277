"""What somebody installs: the wheel has everything, every setting is declared and read."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ckanext" / "heraultdata"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built of the sources that git knows."""
    source = tmp_path_factory.mktemp("source")
    folder = tmp_path_factory.mktemp("wheel")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "ckanext", "*.toml", "setup.py", "*.md", "LICENSE", "*.in"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((ROOT / name).read_bytes())
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, source],
        check=True,
        capture_output=True,
    )
    [built] = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_every_file_of_the_package(wheel: set[str]) -> None:
    listed = subprocess.run(
        ["git", "ls-files", "ckanext/heraultdata"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert {name for name in listed if name not in wheel} == set()
    for needed in ("templates", "schemas", "i18n", "migration"):
        assert any(f"/{needed}/" in name for name in wheel), needed


def test_the_wheel_holds_the_translations_compiled(wheel: set[str]) -> None:
    assert "ckanext/heraultdata/i18n/fr/LC_MESSAGES/ckanext-heraultdata.mo" in wheel


def test_the_wheel_holds_nothing_else(wheel: set[str]) -> None:
    outside = {
        name
        for name in wheel
        if not name.startswith("ckanext/heraultdata/") and ".dist-info/" not in name
    }
    assert outside == {"ckanext/__init__.py"}


def declared() -> dict[str, str]:
    """Our settings and their descriptions."""
    text = (PACKAGE / "config_declaration.yaml").read_text(encoding="utf-8")
    return {
        option["key"]: option.get("description", "")
        for group in yaml.safe_load(text)["groups"]
        for option in group["options"]
    }


def test_every_setting_has_a_description() -> None:
    assert all(description.strip() for description in declared().values())


def test_settings_are_read_through_config_alone() -> None:
    read = re.compile(r"[\"'](heraultdata\.[a-z_]+)[\"']")
    for path in PACKAGE.rglob("*.py"):
        found = set(read.findall(path.read_text(encoding="utf-8")))
        if path.name == "config.py" and path.parent == PACKAGE:
            assert found == set(declared())
        else:
            assert found == set(), path


def test_every_setting_is_in_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {key for key in declared() if f"`{key}`" not in readme} == set()
