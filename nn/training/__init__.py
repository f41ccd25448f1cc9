"""Training: ``fit``, the objective that it makes small, its history, and its checkpoints."""
