"""Registers ckanext-validation, mended, with CKAN; loaded instead of its plugin `validation`."""

from __future__ import annotations

from typing import Any

import ckan.plugins as p
import ckan.plugins.toolkit as tk
import click
from ckan.common import CKANConfig
from ckan.exceptions import CkanConfigurationException
from ckan.types import Action, ChainedAction, Context
from flask import Blueprint

from . import actions, cli, helpers, hooks, indexing, schema_fields, upstream, validators


@tk.blanket.config_declarations
class HeraultDataValidationPlugin(p.SingletonPlugin):
    """Checks of tabular files, as users of ckanext-validation know them, on a current CKAN."""

    p.implements(p.IConfigurer)
    p.implements(p.IActions)
    p.implements(p.IAuthFunctions)
    p.implements(p.IResourceController, inherit=True)
    p.implements(p.IPackageController, inherit=True)
    p.implements(p.ITemplateHelpers)
    p.implements(p.IValidators)
    p.implements(p.IBlueprint)
    p.implements(p.IClick)

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates and the assets of upstream, and over them those of this room."""
        if p.plugin_loaded("validation"):
            raise CkanConfigurationException(
                f"In ckan.plugins, {hooks.PLUGIN} stands in for validation: name only one of them"
            )
        tk.add_template_directory(config, str(upstream.DIRECTORY / "templates"))
        tk.add_template_directory(config, "templates")
        tk.add_resource(str(upstream.DIRECTORY / "webassets"), "ckanext-validation")

    def get_actions(self) -> dict[str, Action | ChainedAction]:
        """The four actions of upstream and the two of CKAN that may check first."""
        return actions.get_actions()

    def get_auth_functions(self) -> dict[str, Any]:
        """Upstream's own."""
        return upstream.auth.get_auth_functions()

    def get_helpers(self) -> dict[str, Any]:
        """Upstream's own, one of them mended."""
        return helpers.get_helpers()

    def get_validators(self) -> dict[str, Any]:
        """Those of the fields `schema` and `validation_options`."""
        return validators.get_validators()

    def get_blueprint(self) -> list[Blueprint]:
        """The page of a report."""
        return upstream.views.get_blueprints()

    def get_commands(self) -> list[click.Command]:
        """The command `ckan validation`."""
        return cli.get_commands()

    def before_resource_create(self, context: Context, resource: dict[str, Any]) -> None:
        """Make one of the three fields in which the form gives a schema."""
        schema_fields.merge(resource)

    def before_resource_update(
        self, context: Context, current: dict[str, Any], resource: dict[str, Any]
    ) -> None:
        """Make one of the three fields in which the form gives a schema."""
        schema_fields.merge(resource)

    def before_dataset_index(self, pkg_dict: dict[str, Any]) -> dict[str, Any]:
        """Make the statuses of a dataset's files a facet of the search."""
        return indexing.with_statuses(pkg_dict)
