"""Questions to a graph; each file bears the name of the function that asks."""
