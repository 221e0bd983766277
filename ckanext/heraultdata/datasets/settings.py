"""Settings of other parts that the datasets need."""

from __future__ import annotations

from ckan.common import CKANConfig

from . import licences

_LICENCES = "licenses_group_url"
_LICENCE_OF_FILES = "ckanext.dcat.resource.inherit.license"


def apply_defaults(config: CKANConfig) -> None:
    """Let CKAN offer our licences, and ckanext-dcat give files that of their dataset.

    Args:
        config: CKAN's settings; a list of licences that the site has set is left as it is.
    """
    if not config.get(_LICENCES):
        config[_LICENCES] = licences.FILE.as_uri()
    # DCAT-AP knows the licence of files alone: without this the catalogue would show none.
    config[_LICENCE_OF_FILES] = True
