"""A file against a standard: the adapter to ckanext-validation."""
