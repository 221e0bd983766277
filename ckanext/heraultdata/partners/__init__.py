"""Partner organisations, their référents, their territory and their legal obligation."""
