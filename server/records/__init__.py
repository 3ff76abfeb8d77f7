"""What a contact or record has been part of, and how many of them come in at once."""
