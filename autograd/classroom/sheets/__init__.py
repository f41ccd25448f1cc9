"""Worksheets and assignments: exercises with numbers of one's own, and their keys."""
