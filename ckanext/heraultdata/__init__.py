"""The open data partnership convention of a French département, run on CKAN."""
