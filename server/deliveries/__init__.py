"""What leaves the house after a commit: each kind of job has one delivery, which fetches, words and sends."""
