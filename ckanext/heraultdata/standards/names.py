"""What a standard is called here, told from the registry's name or from a path or address."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

_LONGEST = 100
_PREFIX = re.compile(r"(?:^|(?<=/))schema[-_]")
_OUTSIDE = re.compile(r"[^a-z0-9]+")
VERSION = re.compile(r"[0-9A-Za-z][0-9A-Za-z.+_-]{0,49}")
"""Numbers of versions that the registry takes, such as 2.1.0 or 0.5beta."""
_FOLDER = re.compile(r"v?\d+(?:\.\d+)+[0-9A-Za-z.+_-]*")
# The registry keeps its files as .../schemas/<owner>/<schema>/<version>/...
_REGISTRY_FOLDER = "schemas"


@dataclass(frozen=True)
class Placed:
    """What the folders of a schema tell; None for what they do not."""

    name: str | None = None
    version: str | None = None


def standard_name(name: str) -> str:
    """The name of a standard, made of the registry's `owner/schema-name` or of any other text.

    Args:
        name: the text.

    Returns:
        Lower-case letters, digits and hyphens, at most 100: `etalab/schema-irve-statique` gives
        `etalab-irve-statique`. Empty where nothing is left.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii").lower()
    return _OUTSIDE.sub("-", _PREFIX.sub("", plain)).strip("-")[:_LONGEST].strip("-")


def placed(place: str) -> Placed:
    """What the path or the address of a schema tells of its standard and its version.

    Args:
        place: a path or an address, such as `scdl-budget/0.8.3/schema.json`.
    """
    folders = [unquote(part) for part in urlsplit(place).path.split("/")[:-1]]
    for rank in range(len(folders) - 1, 0, -1):
        if not _FOLDER.fullmatch(folders[rank]):
            continue
        inside = folders[:rank]
        if len(inside) >= 3 and inside[-3] == _REGISTRY_FOLDER:
            name = "/".join(inside[-2:])
        else:
            name = inside[-1]
        return Placed(standard_name(name) or None, folders[rank].removeprefix("v"))
    return Placed()
