"""Third stage of ``compile``: run the program on a batch of rows, forward and backward."""
