"""How a dataset is described in DCAT-AP."""
