"""First stage of ``compile``: call the function once with operands that have no number."""
