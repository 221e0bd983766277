"""What the descriptions say in words, in French and in English whoever asks."""

from __future__ import annotations

from ...messages import N_, Message
from ...validation.engine.language import told
from .vocabulary import Label


def source(names: str) -> Label:
    """The mention of the origin of data (article 4 of the convention)."""
    return _label(N_("Source: {names}"), names=names)


def file_of(title: str) -> Label:
    """What a file is, where nobody has described it."""
    return _label(N_("File of the dataset “{title}”"), title=title)


def table_service(title: str) -> Label:
    """The service that answers with the rows of a file."""
    return _label(N_("API of the data: {title}"), title=title)


def file_service(title: str) -> Label:
    """The service that tells programs of a file, and where to get it."""
    return _label(N_("API of the portal: {title}"), title=title)


def api_specification() -> Label:
    """The specification that the services of the portal follow."""
    return _label(N_("Action API of CKAN, version 3"))


def own_schema() -> Label:
    """A schema that has no title."""
    return _label(N_("Schema of the file"))


def catalogue_of(name: str) -> Label:
    """What the catalogue is, where the site has no description."""
    return _label(N_("Open data: {name} and its partners"), name=name)


def _label(template: str, **values: object) -> Label:
    message = Message(template, values)
    return Label(told(message, "en"), told(message, "fr"))
