"""`python -m server.cli`, where the script `parley` is not on the path."""

from server.cli import app

app()
