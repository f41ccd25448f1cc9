"""What is asked of arguments, parameters and data before anything is computed with them."""
