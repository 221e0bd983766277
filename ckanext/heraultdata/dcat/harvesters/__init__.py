"""Who harvests the catalogue: which programs, how far they come, what they meet."""
