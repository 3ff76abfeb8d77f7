"""Texts that are put in by a shortcut, with variables in them."""
