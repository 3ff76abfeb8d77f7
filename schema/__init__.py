"""Nouns: what a client can see. Shapes only; what happens lives in `server`."""
