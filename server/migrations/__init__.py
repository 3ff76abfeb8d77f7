"""The way from an empty database to the present tables. A released migration is never edited."""
