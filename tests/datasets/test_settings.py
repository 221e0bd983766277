"""One line of plugins is enough: what a portal that has just started knows."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import ckan.plugins.toolkit as tk
from ckan.config.declaration import Declaration

from ckanext.heraultdata.datasets import licences, settings

# A process of its own: the plugins of a test are loaded again and again over the same settings.
START = """
import json, sys
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app
make_app(CKANConfigLoader(sys.argv[1]).get_config())
import ckan.plugins.toolkit as tk
from ckanext.scheming.plugins import SchemingDatasetsPlugin, SchemingOrganizationsPlugin
print(json.dumps({
    "datasets": list(SchemingDatasetsPlugin.instance._schemas),
    "organizations": list(SchemingOrganizationsPlugin.instance._schemas),
    "licences": tk.config["licenses_group_url"],
    "licence_of_files": tk.config["ckanext.dcat.resource.inherit.license"],
}))
"""


def test_portal_that_starts_has_our_forms_and_licences() -> None:
    ini = str(tk.config["__file__"])
    started = subprocess.run(
        [sys.executable, "-c", START, ini],
        capture_output=True,
        check=True,
        text=True,
        cwd=Path(ini).parent,
    )
    assert json.loads(started.stdout.splitlines()[-1]) == {
        "datasets": ["dataset"],
        "organizations": ["organization"],
        "licences": licences.FILE.as_uri(),
        "licence_of_files": True,
    }


def test_what_the_site_sets_stays() -> None:
    declaration = Declaration()
    declaration.load_core_declaration()
    settings.declare_defaults(declaration)
    config = {"licenses_group_url": "https://portal.example/licences.json"}
    declaration.make_safe(config)  # type: ignore[arg-type]
    assert config["licenses_group_url"] == "https://portal.example/licences.json"
    assert config["scheming.dataset_schemas"] == "ckanext.heraultdata:schemas/dataset.yaml"
