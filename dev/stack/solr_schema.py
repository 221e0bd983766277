"""CKAN's Solr schema, made fit for both versions and for French text."""

from __future__ import annotations

import re

from .console import StackError

# The two versions ship the same schema under their own names; 2.12 takes the name of 2.11 too.
COMMON_NAME = "ckan-2.11"
NAME = re.compile(r'(?<=<schema name=")ckan-2\.\d+(?=")')
STEMMER = re.compile(
    r'(?P<indent>\s*)(?P<english><filter class="solr\.SnowballPorterFilterFactory"[^>]*/>)'
    r'\s*(?P<folding><filter class="solr\.ASCIIFoldingFilterFactory"/>)'
)
# Accents go first, so that "ecole" finds "école"; then French plurals, then what CKAN has.
FRENCH_STEMMER = (
    r'\g<indent>\g<folding>\g<indent><filter class="solr.FrenchLightStemFilterFactory"/>'
    r"\g<indent>\g<english>"
)
ANALYSERS_OF_TEXT = 2  # one for the index, one for the queries


def for_portal(schema: str) -> str:
    """Give the schema of the core.

    Args:
        schema: Text of the `schema.xml` of an installed CKAN.

    Returns:
        The same fields, under a name that CKAN 2.11 and 2.12 both accept; words are found
        whatever their accents and whether they are plural, in French as in English.

    Raises:
        StackError: The text is not the schema that was expected.
    """
    renamed, names = NAME.subn(COMMON_NAME, schema)
    french, analysers = STEMMER.subn(FRENCH_STEMMER, renamed)
    if names != 1 or analysers != ANALYSERS_OF_TEXT:
        raise StackError("The Solr schema of this CKAN is not the one that the stack knows.")
    return french
