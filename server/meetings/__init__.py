"""Meetings, once they exist: scheduled by a user, edited, given an outcome, deleted, looked up."""
