"""Search, timeline and report with 100,000 contacts and 1,000,000 meetings: milliseconds of the database for each."""
