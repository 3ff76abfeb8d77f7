"""An account's own words in its mails, by kind and language (E-25)."""
