"""What arguments, parameters and data must be before anything is computed with them."""
