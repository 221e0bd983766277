"""Settings of other parts that the datasets need."""

from __future__ import annotations

from ckan.common import CKANConfig

from . import licences

# What a site need not write in its configuration: one line of plugins is enough.
_DEFAULTS = {
    "licenses_group_url": licences.FILE.as_uri(),
    "scheming.dataset_schemas": "ckanext.heraultdata:schemas/dataset.yaml",
    "scheming.organization_schemas": "ckanext.heraultdata:schemas/partner.yaml",
    "scheming.presets": (
        "ckanext.scheming:presets.json ckanext.dcat.schemas:presets.yaml "
        "ckanext.heraultdata:schemas/presets.yaml"
    ),
    "ckanext.dcat.rdf.profiles": "euro_dcat_ap_3 euro_dcat_ap_scheming",
}
_LICENCE_OF_FILES = "ckanext.dcat.resource.inherit.license"


def apply_defaults(config: CKANConfig) -> None:
    """Give ckanext-scheming our forms, CKAN our licences, ckanext-dcat the profile that reads them.

    Must run before the `update_config` of these plugins: `heraultdata` comes before them.

    Args:
        config: CKAN's settings; what the site has set itself is left as it is.
    """
    for key, value in _DEFAULTS.items():
        if key not in config or not config[key]:
            config[key] = value
    # DCAT-AP knows the licence of files alone: without this the catalogue would show none.
    config[_LICENCE_OF_FILES] = True
