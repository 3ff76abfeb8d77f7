"""Whose certificates are believed where this server asks another one."""

from __future__ import annotations

import ssl
from functools import cache

import httpx


@cache
def usual_tls() -> ssl.SSLContext:
    """Certificates are checked against the usual authorities, or those of SSL_CERT_FILE. Made once, because reading all
    of them holds up everybody else for a while."""
    return httpx.create_ssl_context()
