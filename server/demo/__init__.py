"""A company to look at: what `parley demo` shows, and what the recorded examples are taken from."""
