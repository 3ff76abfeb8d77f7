"""Subscriptions to the change log: what many hear alike is read, completed and written once."""
