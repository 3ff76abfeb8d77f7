"""What clients send: one input a mutation."""
