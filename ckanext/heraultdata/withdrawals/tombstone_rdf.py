"""What is withdrawn, told to harvesters in RDF: adms:status, prov:invalidatedAtTime.

It is no `dcat:Dataset`: harvesters take one for a dataset that is there, and one without a title
stops them.
"""

from __future__ import annotations

from datetime import timezone

import ckan.model as model
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.namespace import DCTERMS, PROV, RDF, RDFS, XSD

from ckanext.dcat import utils as dcat

from .tombstones import Tombstone

WITHDRAWN = URIRef("http://publications.europa.eu/resource/authority/distribution-status/WITHDRAWN")
"""The status, in the vocabulary of the Publications Office of the EU that DCAT-AP names."""

_ADMS = Namespace("http://www.w3.org/ns/adms#")


def graph(tombstone: Tombstone, sentence: str, language: str, register: str) -> Graph:
    """The statements about a dataset or a file that is withdrawn.

    Args:
        tombstone: what is withdrawn.
        sentence: what happened, for people.
        language: of the sentence, such as `fr`.
        register: address of the register.
    """
    subject = URIRef(uri(tombstone))
    at = tombstone.withdrawn_at.astimezone(timezone.utc)
    told = Graph()
    told.bind("adms", _ADMS)
    told.add((subject, RDF.type, PROV.Entity))
    told.add((subject, _ADMS.status, WITHDRAWN))
    told.add((subject, PROV.invalidatedAtTime, Literal(at.isoformat(), datatype=XSD.dateTime)))
    told.add((subject, RDFS.comment, Literal(sentence, lang=language)))
    told.add((subject, RDFS.seeAlso, URIRef(register)))
    title = tombstone.file_name if tombstone.is_of_file else tombstone.title
    if title:
        told.add((subject, DCTERMS.title, Literal(title)))
    return told


def uri(tombstone: Tombstone) -> str:
    """The URI that the catalogue gave to the dataset or the file.

    Args:
        tombstone: what is withdrawn.
    """
    if tombstone.resource_id:
        resource = model.Session.get(model.Resource, tombstone.resource_id)
        return dcat.resource_uri(
            {
                "id": tombstone.resource_id,
                "package_id": tombstone.package_id,
                "uri": (resource.extras or {}).get("uri") if resource else None,
            }
        )
    package = model.Session.get(model.Package, tombstone.package_id)
    return dcat.dataset_uri(
        {
            "id": tombstone.package_id,
            "name": tombstone.name,
            "uri": (package.extras or {}).get("uri") if package else None,
        }
    )
