"""The change log: what happened, in the order in which it was committed, for whoever follows it."""
