"""What the pages tell search engines, in the words of schema.org."""
