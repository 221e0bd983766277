"""Datasets and their files: what their forms ask, check, and fill in from the partner."""
