"""The Solr schema of the installed CKAN, made fit for French."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import ckan
import pytest
from ckan.lib.search import SUPPORTED_SCHEMA_VERSIONS
from stack.console import StackError
from stack.solr_schema import COMMON_NAME, for_portal

SCHEMA = Path(str(ckan.__file__)).parent.joinpath("config", "solr", "schema.xml")


def test_the_installed_ckan_accepts_the_name() -> None:
    schema = ElementTree.fromstring(for_portal(SCHEMA.read_text()))  # noqa: S314 - CKAN's own file
    assert schema.get("name") == COMMON_NAME
    assert COMMON_NAME.removeprefix("ckan-") in SUPPORTED_SCHEMA_VERSIONS


def test_both_analysers_fold_accents_before_they_stem() -> None:
    schema = ElementTree.fromstring(for_portal(SCHEMA.read_text()))  # noqa: S314 - CKAN's own file
    analysers = schema.findall(".//fieldType[@name='text']/analyzer")
    assert {analyser.get("type") for analyser in analysers} == {"index", "query"}
    for analyser in analysers:
        filters = [each.get("class") for each in analyser.findall("filter")]
        assert filters[-3:] == [
            "solr.ASCIIFoldingFilterFactory",
            "solr.FrenchLightStemFilterFactory",
            "solr.SnowballPorterFilterFactory",
        ]


def test_another_schema_is_refused() -> None:
    with pytest.raises(StackError):
        for_portal('<schema name="mine-1" version="1.6"></schema>')
