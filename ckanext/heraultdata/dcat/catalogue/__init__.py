"""The catalogue over HTTP: its pages, its datasets one by one, and the whole in one file."""
