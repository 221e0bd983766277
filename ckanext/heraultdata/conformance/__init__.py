"""Where each dataset stands with each standard, on any day."""
