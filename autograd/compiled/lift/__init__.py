"""Second stage of ``compile``: find the matrix products that are hidden in the scalars."""
