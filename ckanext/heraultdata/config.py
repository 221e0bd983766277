"""Typed settings of the extension, as declared in `config_declaration.yaml`."""

from __future__ import annotations

from pathlib import Path

import ckan.plugins.toolkit as tk
import yaml
from ckan.config.declaration import Declaration
from ckan.exceptions import CkanConfigurationException

from .conformance.rules import Gate

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


def check_max_bytes() -> int:
    """Greatest size of a file that is checked, in bytes, and of what an archive unpacks to."""
    return tk.config["heraultdata.check_max_size"] * MEBIBYTE


def check_at_once_bytes() -> int:
    """Size in bytes up to which a file is checked while its editor waits."""
    return tk.config["heraultdata.check_at_once_bytes"]


def file_checks_per_hour() -> int:
    """Files that one visitor may have checked in an hour; 0 for no limit."""
    return tk.config["heraultdata.file_checks_per_hour"]


def fetch_private_addresses() -> bool:
    """Whether files are fetched from addresses of private networks too."""
    # The adapter asks too, on sites that load it alone: nothing declares the setting there.
    return tk.asbool(tk.config.get("heraultdata.fetch_private_addresses", False))


def publication_gate() -> Gate:
    """What publication does with files that do not meet their standard."""
    return Gate(tk.config["heraultdata.publication_gate"])


def due_soon_days() -> int:
    """Days left at which a deadline is near."""
    return tk.config["heraultdata.due_soon_days"]


def public_conformance() -> bool:
    """Whether everybody sees by name where public datasets stand with standards."""
    return tk.config["heraultdata.public_conformance"]


def freshness_tolerance_days() -> int:
    """Days after the period of a dataset's frequency during which nothing is late yet."""
    return tk.config["heraultdata.freshness_tolerance_days"]


def standards_registry_url() -> str:
    """Address of the list of the national registry of standards."""
    return tk.config["heraultdata.standards_registry_url"]


def reminder_days() -> tuple[int, ...]:
    """Days before a deadline on which it is called to mind.

    Raises:
        CkanConfigurationException: the setting holds something else than whole numbers.
    """
    days = tk.config["heraultdata.reminder_days"]
    if not all(each.isdecimal() for each in days):
        raise CkanConfigurationException(
            "heraultdata.reminder_days: give whole numbers of days, such as 180 90 30 7"
        )
    return tuple(int(each) for each in days)


def withdrawal_target_days() -> int:
    """Working days in which a withdrawal is to be executed."""
    return tk.config["heraultdata.withdrawal_target_days"]


def erase_delay_days() -> int:
    """Days between the order to erase what is withdrawn and its destruction."""
    return tk.config["heraultdata.erase_delay_days"]


def platform_mail_days() -> int:
    """Days after which a platform that still has a copy is written to, and written to again."""
    return tk.config["heraultdata.platform_mail_days"]


def withdrawn_files_path() -> Path:
    """Folder of the files of what is withdrawn; beside CKAN's uploads where the site names none."""
    named = tk.config["heraultdata.withdrawn_files_path"]
    return Path(named) if named else Path(tk.config["ckan.storage_path"]) / "heraultdata_withdrawn"
