"""Who reads the former versions of files: the département."""

from __future__ import annotations

from typing import Any

import ckan.plugins.toolkit as tk
from ckan.types import AuthResult, Context

from .. import access


def heraultdata_former_file_list(context: Context, data_dict: dict[str, Any]) -> AuthResult:
    """The département only: a version may have been replaced for what it told."""
    refusal = tk._("Only the département reads former versions of files.")
    return access.of_department(context, refusal)
