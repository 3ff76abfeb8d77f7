"""What other programs are told of, in which order, and how well it goes."""
