"""Members who take turns: whose turn it is, and how the turns are counted."""
