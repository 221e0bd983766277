"""What the environment may say to the stack."""

from __future__ import annotations

from pathlib import Path

import pytest
from stack.console import StackError
from stack.settings import read_settings

ROOT = Path("/somewhere/checkout")


def test_the_folder_is_in_the_checkout_unless_said_otherwise() -> None:
    assert read_settings({}, ROOT).folder == ROOT / "dev" / "var"
    assert read_settings({"HERAULTDATA_VAR": "/elsewhere"}, ROOT).folder == Path("/elsewhere")
    assert read_settings({"HERAULTDATA_VAR": "other"}, ROOT).folder == ROOT / "other"


def test_an_empty_variable_counts_as_absent() -> None:
    names = ["HERAULTDATA_PORT", "HERAULTDATA_SOLR_URL", "HERAULTDATA_REDIS_PORT"]
    assert read_settings(dict.fromkeys(names, ""), ROOT) == read_settings({}, ROOT)


def test_the_port_of_the_portal_is_in_its_address() -> None:
    settings = read_settings({"HERAULTDATA_PORT": "5055"}, ROOT)
    assert settings.site_url == "http://127.0.0.1:5055"


@pytest.mark.parametrize("text", ["0", "65536", "-1", "http", "５０００", "5000.0"])
def test_what_is_no_port_is_refused_by_name(text: str) -> None:
    with pytest.raises(StackError, match="HERAULTDATA_POSTGRES_PORT"):
        read_settings({"HERAULTDATA_POSTGRES_PORT": text}, ROOT)
