"""What an account is set to, for all of its users."""
