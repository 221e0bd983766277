"""GeoJSON (RFC 7946) as JSON Schema, under the addresses of geojson.org that standards refer to."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ADDRESS = re.compile(r"https?://geojson\.org/schema/(?P<name>\w+)\.json#?")

Schema = Mapping[str, object]

# RFC 7946, 3.1.1: longitude, latitude, and an altitude.
_POSITION: Schema = {"type": "array", "minItems": 2, "items": {"type": "number"}}
_BOX: Schema = {"type": "array", "minItems": 4, "items": {"type": "number"}}


def _list_of(items: Schema, least: int = 0) -> Schema:
    return {"type": "array", "minItems": least, "items": items}


_LINE = _list_of(_POSITION, 2)
_RINGS = _list_of(_list_of(_POSITION, 4))
_COORDINATES: Mapping[str, Schema] = {
    "Point": _POSITION,
    "MultiPoint": _list_of(_POSITION),
    "LineString": _LINE,
    "MultiLineString": _list_of(_LINE),
    "Polygon": _RINGS,
    "MultiPolygon": _list_of(_RINGS),
}


def _object(name: str, **properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": ["type", *properties],
        "properties": {"type": {"type": "string", "enum": [name]}, "bbox": _BOX, **properties},
    }


def _schemas() -> dict[str, Schema]:
    geometries = {
        name: _object(name, coordinates=coordinates) for name, coordinates in _COORDINATES.items()
    }
    simple: Schema = {"oneOf": list(geometries.values())}
    geometries["GeometryCollection"] = _object("GeometryCollection", geometries=_list_of(simple))
    geometry: Schema = {"oneOf": list(geometries.values())}
    feature = _object(
        "Feature",
        geometry={"oneOf": [{"type": "null"}, geometry]},
        properties={"type": ["object", "null"]},
    )
    collection = _object("FeatureCollection", features=_list_of(feature))
    return {
        **geometries,
        "Geometry": geometry,
        "Feature": feature,
        "FeatureCollection": collection,
        "GeoJSON": {"oneOf": [geometry, feature, collection]},
    }


_SCHEMAS = _schemas()


def geojson_schema(address: str) -> Schema | None:
    """The schema of a part of GeoJSON.

    Args:
        address: such as `https://geojson.org/schema/Point.json`.

    Returns:
        The JSON Schema, None where the address is another one.
    """
    found = _ADDRESS.fullmatch(address)
    return _SCHEMAS.get(found["name"]) if found else None
