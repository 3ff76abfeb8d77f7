"""The people outside whom meetings are with: found by e-mail address, or made."""
