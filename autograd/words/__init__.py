"""What the engine says: one namer, one printer of formulas, and every error message."""
