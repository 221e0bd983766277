"""Who did what when: append-only, used by all the rooms."""
