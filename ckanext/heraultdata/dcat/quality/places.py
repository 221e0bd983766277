"""Where in the form of a dataset each gap is closed."""

from __future__ import annotations

from collections.abc import Mapping

from .rules import Gap

OF_FILES = "resources"
"""The field of a dataset that holds its files, which have a form of their own."""

FIELDS: Mapping[Gap, str] = {
    Gap.FILES: OF_FILES,
    Gap.KEYWORDS: "tag_string",
    Gap.THEME: "theme",
    Gap.SPATIAL: "spatial_coverage",
    Gap.TEMPORAL: "temporal_coverage",
    Gap.ACCESS_URL: OF_FILES,
    Gap.DOWNLOAD_URL: OF_FILES,
    Gap.DOWNLOAD_ANSWER: OF_FILES,
    Gap.FORMAT: OF_FILES,
    Gap.MEDIA_TYPE: OF_FILES,
    Gap.VOCABULARIES: OF_FILES,
    Gap.NON_PROPRIETARY: OF_FILES,
    Gap.MACHINE_READABLE: OF_FILES,
    Gap.DCAT_AP: "title",
    Gap.LICENCE: "license_id",
    Gap.KNOWN_LICENCE: "license_id",
    Gap.ACCESS_RIGHTS: "access_rights",
    Gap.KNOWN_ACCESS_RIGHTS: "access_rights",
    Gap.CONTACT: "contact",
    Gap.PUBLISHER: "owner_org",
    Gap.RIGHTS: "license_id",
    Gap.SIZE: OF_FILES,
    Gap.ISSUED: "issued",
    Gap.MODIFIED: "modified",
}
"""The field that closes each gap, by its name in the schema of datasets."""
