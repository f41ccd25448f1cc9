"""What keeps the engine's promises: modes, all-or-nothing writes, copies, deep graphs freed."""
