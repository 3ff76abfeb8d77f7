"""Up to three mails before a meeting: when they are due, and whether they are still wanted."""
