"""Life cycle and documents of the partnership convention."""
