"""Each dataset as the catalogue serves it: serialised once, kept fresh, read by windows."""
