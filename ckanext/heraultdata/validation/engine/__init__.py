"""A file against a standard: from bytes and a schema to a report, with no CKAN in it."""
