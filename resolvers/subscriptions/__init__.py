"""What is told as it happens, resumable from a cursor."""
