"""Registers the rooms with CKAN; holds no logic."""

from __future__ import annotations

import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.lib.plugins import DefaultTranslation


@tk.blanket.config_declarations
class HeraultDataPlugin(p.SingletonPlugin, DefaultTranslation):
    """All of the extension but the adapter to ckanext-validation."""

    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates and the assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "heraultdata")
