"""Networks in files: readable, checked, and loaded without executing anything."""
