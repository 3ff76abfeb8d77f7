"""Replies to invitations that come back by mail (RFC 6047)."""
