"""The content of the demo: what `python -m demo` puts into a portal, where it is missing."""
