"""The networks' half of the command ``chalkgrad``: train, predict, show, demo and the course."""
