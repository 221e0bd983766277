"""The DCAT catalogue: profile, pieces, addresses, changes, quality, harvesters."""
