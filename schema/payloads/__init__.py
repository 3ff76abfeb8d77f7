"""What mutations answer: the object they are about, and what was wrong."""
