"""Asking other platforms, by their public APIs, whether a copy of what is withdrawn is there."""
