"""Registers the rooms with CKAN; holds no logic."""

from __future__ import annotations

import ckan.model as model
import ckan.plugins as p
import ckan.plugins.toolkit as tk
from ckan.common import CKANConfig
from ckan.config.declaration import Declaration, Key
from ckan.lib.plugins import DefaultTranslation

from . import cli, config, validators
from .conventions import actions as convention_actions
from .conventions import auth as convention_auth
from .conventions import helpers as convention_helpers
from .conventions import publication_actions
from .conventions.publication_pages import heraultdata_publication
from .conventions.views import heraultdata_convention
from .datasets import actions as dataset_actions
from .datasets import filling as dataset_filling
from .datasets import helpers as dataset_helpers
from .datasets import settings as dataset_settings
from .datasets import validators as dataset_validators
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


@tk.blanket.cli(cli.get_commands)
@tk.blanket.actions(
    public_functions(
        partner_actions,
        organization_actions,
        convention_actions,
        publication_actions,
        dataset_actions,
        journal_actions,
    )
)
@tk.blanket.auth_functions(
    public_functions(partner_auth, organization_auth, convention_auth, journal_auth)
)
@tk.blanket.blueprints(
    [heraultdata_partner, heraultdata_convention, heraultdata_publication, heraultdata_journal]
)
@tk.blanket.helpers(
    public_functions(dataset_helpers, partner_helpers, convention_helpers, journal_helpers)
)
@tk.blanket.validators(
    public_functions(
        validators, partner_validators, dataset_validators, dataset_filling, prefix="heraultdata_"
    )
)
class HeraultDataPlugin(p.SingletonPlugin, DefaultTranslation):
    """All of the extension but the adapter to ckanext-validation."""

    p.implements(p.IConfigDeclaration)
    p.implements(p.IConfigurer)
    p.implements(p.ITranslation)
    p.implements(p.IOrganizationController, inherit=True)
    p.implements(p.IGroupController, inherit=True)

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
