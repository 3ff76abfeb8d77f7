"""The migrations of a later release: those of this one, and one more that remakes tables on SQLite."""
