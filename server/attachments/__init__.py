"""Files that the team keeps with a meeting. They never leave the house (S2-22, S2-23)."""
