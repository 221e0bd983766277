"""Placeholder of the adapter, replaced whole by its own change."""

from __future__ import annotations

import ckan.plugins as p


class HeraultDataValidationPlugin(p.SingletonPlugin):
    """Adapter to ckanext-validation."""
