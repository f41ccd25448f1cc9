"""The engine's half of the command ``chalkgrad``: draw, steps, diagnose, worksheet, doctor."""
