"""Registers the rooms with CKAN; holds no logic."""

from __future__ import annotations

from typing import Any

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.config.declaration import Declaration, Key
from ckan.lib.plugins import DefaultTranslation

from ckanext.dcat.interfaces import IDCATURIGenerator

from . import cli, config, validators
from .conformance import actions as conformance_actions
from .conformance import auth as conformance_auth
from .conformance import (
    board_helpers,
    calendar_actions,
    calendar_auth,
    freshness_actions,
    freshness_auth,
)
from .conformance import helpers as conformance_helpers
from .conformance.calendar_views import heraultdata_calendar
from .conformance.export_views import heraultdata_conformance_export
from .conformance.freshness_views import heraultdata_freshness
from .conformance.partner_views import heraultdata_partner_conformance
from .conformance.recording_views import (
    heraultdata_absence,
    heraultdata_declaration,
    heraultdata_extension,
)
from .conformance.reminder_views import heraultdata_reminder
from .conformance.views import heraultdata_conformance
from .conventions import actions as convention_actions
from .conventions import auth as convention_auth
from .conventions import helpers as convention_helpers
from .conventions import publication_actions
from .conventions.publication_pages import heraultdata_publication
from .conventions.views import heraultdata_convention
from .datasets import actions as dataset_actions
from .datasets import file_validators as dataset_file_validators
from .datasets import filling as dataset_filling
from .datasets import helpers as dataset_helpers
from .datasets import settings as dataset_settings
from .datasets import standard_helpers as dataset_standard_helpers
from .datasets import validators as dataset_validators
from .datasets.standard_form_views import heraultdata_dataset_form
from .dcat.catalogue import actions as catalogue_actions
from .dcat.catalogue.views import heraultdata_catalogue
from .dcat.changes import actions as catalogue_change_actions
from .dcat.changes import auth as catalogue_change_auth
from .dcat.changes.views import heraultdata_catalogue_changes
from .dcat.harvesters import actions as harvester_actions
from .dcat.harvesters import auth as harvester_auth
from .dcat.harvesters.views import heraultdata_harvester
from .dcat.pieces import queueing as catalogue_queueing  # noqa: F401 - it listens to the session
from .dcat.profile import addresses as catalogue_addresses
from .dcat.quality import actions as catalogue_quality_actions
from .dcat.quality import auth as catalogue_quality_auth
from .dcat.quality.views import heraultdata_catalogue_quality
from .dcat.schemaorg import dataset_helpers as structured_data_helpers
from .dcat.schemaorg import helpers as catalogue_data_helpers
from .dcat.sitemap.views import heraultdata_sitemap
from .journal import actions as journal_actions
from .journal import auth as journal_auth
from .journal import helpers as journal_helpers
from .journal.views import heraultdata_journal
from .partners import actions as partner_actions
from .partners import auth as partner_auth
from .partners import helpers as partner_helpers
from .partners import organization_actions, organization_auth, organization_journal
from .partners import validators as partner_validators
from .partners.views import heraultdata_partner
from .rooms import public_functions
from .standards import actions as standard_actions
from .standards import auth as standard_auth
from .standards import comment_actions, comment_auth
from .standards.comment_views import heraultdata_standard_comment
from .standards.model_files_views import heraultdata_standard_file
from .standards.publication_views import heraultdata_standard_publication
from .standards.views import heraultdata_standard
from .validation.checks import actions as check_actions
from .validation.checks import auth as check_auth
from .validation.checks import held_helpers
from .validation.checks import helpers as check_helpers
from .validation.checks import publication_actions as gate_actions
from .validation.checks.held_views import heraultdata_held
from .validation.checks.views import heraultdata_check
from .withdrawals import actions as withdrawal_actions
from .withdrawals import (
    activity_actions,
    former_file_actions,
    former_file_auth,
    keeping_actions,
    keeping_auth,
    keeping_harvest_actions,
    keeping_helpers,
    keeping_rows,  # noqa: F401 - it listens to the session
    keeping_table_actions,
    labels,
    platform_actions,
    platform_auth,
    reading_auth,
    register_actions,
    register_auth,
    search_actions,
)
from .withdrawals import auth as withdrawal_auth
from .withdrawals import helpers as withdrawal_helpers
from .withdrawals.former_file_views import heraultdata_former_file
from .withdrawals.message_views import heraultdata_withdrawal_message
from .withdrawals.platform_views import heraultdata_platform
from .withdrawals.reading_views import heraultdata_reading
from .withdrawals.register_views import heraultdata_withdrawal_register
from .withdrawals.tombstone_views import heraultdata_tombstone
from .withdrawals.views import heraultdata_withdrawal


@tk.blanket.cli(cli.get_commands)
@tk.blanket.actions(
    lambda: public_functions(
        partner_actions,
        organization_actions,
        convention_actions,
        publication_actions,
        dataset_actions,
        journal_actions,
        standard_actions,
        comment_actions,
        check_actions,
        gate_actions,
        conformance_actions,
        calendar_actions,
        freshness_actions,
        withdrawal_actions,
        search_actions,
        keeping_actions,
        former_file_actions,
        # CKAN chains no action that is not there.
        *([keeping_table_actions] if p.plugin_loaded("datastore") else []),
        *([activity_actions] if p.plugin_loaded("activity") else []),
        *([keeping_harvest_actions] if p.plugin_loaded("harvest") else []),
        platform_actions,
        register_actions,
        harvester_actions,
        catalogue_quality_actions,
        catalogue_change_actions,
        *([catalogue_actions] if p.plugin_loaded("dcat") else []),
    )
)
@tk.blanket.auth_functions(
    public_functions(
        partner_auth,
        organization_auth,
        convention_auth,
        journal_auth,
        standard_auth,
        comment_auth,
        check_auth,
        conformance_auth,
        calendar_auth,
        freshness_auth,
        withdrawal_auth,
        keeping_auth,
        reading_auth,
        former_file_auth,
        platform_auth,
        register_auth,
        harvester_auth,
        catalogue_quality_auth,
        catalogue_change_auth,
    )
)
@tk.blanket.blueprints(
    [
        heraultdata_partner,
        heraultdata_convention,
        heraultdata_publication,
        heraultdata_journal,
        heraultdata_standard,
        heraultdata_standard_publication,
        heraultdata_standard_file,
        heraultdata_standard_comment,
        heraultdata_dataset_form,
        heraultdata_check,
        heraultdata_held,
        heraultdata_calendar,
        heraultdata_conformance,
        heraultdata_extension,
        heraultdata_declaration,
        heraultdata_absence,
        heraultdata_freshness,
        heraultdata_partner_conformance,
        heraultdata_conformance_export,
        heraultdata_reminder,
        heraultdata_withdrawal,
        heraultdata_withdrawal_message,
        heraultdata_withdrawal_register,
        heraultdata_platform,
        heraultdata_former_file,
        heraultdata_tombstone,
        heraultdata_reading,
        heraultdata_harvester,
        heraultdata_catalogue_quality,
        heraultdata_catalogue,
        heraultdata_sitemap,
        heraultdata_catalogue_changes,
    ]
)
@tk.blanket.helpers(
    lambda: public_functions(
        dataset_helpers,
        dataset_standard_helpers,
        partner_helpers,
        convention_helpers,
        journal_helpers,
        check_helpers,
        held_helpers,
        conformance_helpers,
        board_helpers,
        withdrawal_helpers,
        keeping_helpers,
        catalogue_data_helpers,
        # CKAN chains no helper that is not there.
        *([structured_data_helpers] if p.plugin_loaded("structured_data") else []),
    )
)
@tk.blanket.validators(
    public_functions(
        validators,
        partner_validators,
        dataset_validators,
        dataset_file_validators,
        dataset_filling,
        prefix="heraultdata_",
    )
)
class HeraultDataPlugin(p.SingletonPlugin, DefaultTranslation):
    """All of the extension but the adapter to ckanext-validation."""

    p.implements(p.IConfigDeclaration)
    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    p.implements(p.IOrganizationController, inherit=True)
    p.implements(p.IGroupController, inherit=True)
    p.implements(p.IPermissionLabels)
    p.implements(IDCATURIGenerator, inherit=True)

    def dataset_uri(self, dataset_dict: dict[str, Any], default_uri: str) -> str:
        """What the catalogue knows a dataset by."""
        return catalogue_addresses.dataset_identity(dataset_dict, default_uri)

    def resource_uri(self, resource_dict: dict[str, Any], default_uri: str) -> str:
        """What the catalogue knows a file by."""
        return catalogue_addresses.file_identity(resource_dict, default_uri)

    def get_dataset_labels(self, dataset_obj: model.Package) -> list[str]:
        """Who sees a dataset."""
        return labels.of_dataset(dataset_obj, self)

    def get_user_dataset_labels(self, user_obj: model.User) -> list[str]:
        """What a user sees."""
        return labels.of_user(user_obj, self)

    def create(self, entity: model.Group) -> None:
        """An organisation was made, and is not committed yet."""
        organization_journal.record_created(entity)

    def edit(self, entity: model.Group) -> None:
        """An organisation was changed, and is not committed yet."""
        organization_journal.record_changed(entity)

    def delete(self, entity: model.Group) -> None:
        """An organisation was deleted, and is not committed yet."""
        organization_journal.record_deleted(entity)

    def declare_config_options(self, declaration: Declaration, key: Key) -> None:
        """Declare our settings, and our defaults for those of other parts."""
        config.declare(declaration)
        dataset_settings.declare_defaults(declaration)

    def update_config(self, config: CKANConfig) -> None:
        """Add the templates and the assets."""
        tk.add_template_directory(config, "templates")
        tk.add_resource("assets", "heraultdata")
