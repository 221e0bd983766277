"""Build hook: the catalogues of translations are compiled into the package.

Everything that is not code stands in pyproject.toml.
"""

from __future__ import annotations

from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).parent
TRANSLATIONS = ROOT / "ckanext" / "heraultdata" / "i18n"


def compile_translations() -> None:
    """Write a `.mo` file beside each `.po` file of the package."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    for source in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"):
        with source.open("rb") as catalogue_file:
            catalogue = read_po(catalogue_file)
        with source.with_suffix(".mo").open("wb") as compiled_file:
            write_mo(compiled_file, catalogue)


class BuildWithTranslations(build_py):
    """Compile the translations first, so that wheels and editable installs have them."""

    def run(self) -> None:
        """Compile, then build as usual."""
        compile_translations()
        super().run()


setup(cmdclass={"build_py": BuildWithTranslations})
