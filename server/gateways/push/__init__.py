"""The services that wake phones and browsers."""
