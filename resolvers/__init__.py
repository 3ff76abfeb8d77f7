"""Doors: unpack, ask one verb or query, wrap."""
