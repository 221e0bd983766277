"""Checks of the files of the portal against its standards: made, kept, shown."""
