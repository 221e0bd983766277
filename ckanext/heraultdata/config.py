"""Typed settings of the extension, as declared in `config_declaration.yaml`."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
import yaml
from ckan.config.declaration import Declaration

MEBIBYTE = 1024 * 1024
_DECLARATION = Path(__file__).parent / "config_declaration.yaml"


def declare(declaration: Declaration) -> None:
    """Declare the settings of the extension.

    Args:
        declaration: the settings that CKAN knows, to which ours are added.
    """
    declaration.load_dict(yaml.safe_load(_DECLARATION.read_text(encoding="utf-8")))


def department_organization() -> str:
    """Name of the organisation of the département, empty where the site has not said."""
    return tk.config["heraultdata.department_organization"]


def department_email() -> str:
    """Address to which mails to the département go, empty where the site has not said."""
    return tk.config["heraultdata.department_email"]


def obligation_population() -> int:
    """Population (inhabitants) from which the legal obligation holds."""
    return tk.config["heraultdata.obligation_population"]


def obligation_agents() -> int:
    """Number of agents (full-time equivalents) from which the legal obligation holds."""
    return tk.config["heraultdata.obligation_agents"]


def document_max_size() -> int:
    """Greatest size of a document of a convention, in bytes."""
    return tk.config["heraultdata.document_max_size"] * MEBIBYTE
