"""CKAN's Solr schema, made fit for both versions and for French text."""

from __future__ import annotations

import re

from .console import StackError

# The two versions ship the same schema under their own names; 2.12 takes the name of 2.11 too.
COMMON_NAME = "ckan-2.11"


def for_portal(schema: str) -> str:
    """Give the schema of the core.

    Args:
        schema: Text of the `schema.xml` of an installed CKAN.

    Returns:
        The same fields, under a name that CKAN 2.11 and 2.12 both accept.

    Raises:
        StackError: The text is not the schema that was expected.
    """
    renamed, count = re.subn(r'<schema name="ckan-2\.\d+"', f'<schema name="{COMMON_NAME}"', schema)
    if count != 1:
        raise StackError("The Solr schema of this CKAN has no name of the form ckan-2.x.")
    return renamed
