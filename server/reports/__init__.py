"""How many meetings there were, and how they went."""
