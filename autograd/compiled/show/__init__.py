"""The program that ``compile`` has found, as text and as a picture."""
