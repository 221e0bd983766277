"""Namespace shared by CKAN and its extensions."""

import pkgutil

__path__ = pkgutil.extend_path(__path__, __name__)
