"""A computation told step by step: what is computed, and what the chain rule passes on."""
