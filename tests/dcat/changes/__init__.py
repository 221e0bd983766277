"""Tests of the changes of the catalogue."""
