"""What is done to a running installation on purpose, and what must still be true afterwards. `make faults` runs it."""
