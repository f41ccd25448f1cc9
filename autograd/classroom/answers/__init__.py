"""Exercises, and what is said about a student's answer to them."""
