"""Settings of other parts that the datasets need, given where the site has not set its own."""

from __future__ import annotations

from ckan.config.declaration import Declaration

from . import licences

# One line of plugins is enough: what a site need not write in its configuration.
_DEFAULTS: dict[str, object] = {
    "licenses_group_url": licences.FILE.as_uri(),
    "scheming.dataset_schemas": "ckanext.heraultdata:schemas/dataset.yaml",
    "scheming.organization_schemas": "ckanext.heraultdata:schemas/partner.yaml",
    "scheming.presets": (
        "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml "
        "ckanext.heraultdata:schemas/presets.yaml"
    ),
    "ckanext.dcat.rdf.profiles": "heraultdata_dcat_ap",
    # DCAT-AP knows the licence of files alone: without this the catalogue would show none.
    "ckanext.dcat.resource.inherit.license": True,
}


def declare_defaults(declaration: Declaration) -> None:
    """Give ckanext-scheming our forms, CKAN our licences, ckanext-dcat the profile that reads them.

    As defaults of declared settings: CKAN asks for these before any plugin reads its settings, and
    asks `heraultdata`, which comes first in `ckan.plugins`, after those that declare them.

    Args:
        declaration: the settings that CKAN and the plugins have declared so far.
    """
    for key, value in _DEFAULTS.items():
        option = declaration.get(key) or declaration.declare(key)
        option.set_default(value)
