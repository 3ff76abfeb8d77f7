"""Meeting links: which there are, what their pages are made of, and how they are made and changed."""
