"""Names that are made up here: public ids, slugs, secrets."""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
import uuid

_SLUG_FORM = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,78}[a-z0-9])?")


def new_secret() -> str:
    """An unguessable text of 43 URL-safe characters (256 bits): refresh tokens, API tokens, manage links, holds."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> str:
    """What is stored in place of a secret: its sha256 in hex. The secrets are random, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_from(seed: str, *, key: str, purpose: str) -> str:
    """The secret that belongs to a random seed: 43 URL-safe characters, always the same ones for whoever has the
    server's key. A seed can be kept where the secret must not be."""
    mac = hmac.new(key.encode(), f"{purpose}:{seed}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac).decode().rstrip("=")


def new_uid() -> str:
    """A globally unique id, as iCalendar asks for a UID (RFC 5545, 3.8.4.7)."""
    return str(uuid.uuid4())


def short_random() -> str:
    """Six random letters and digits that are not easily mistaken for each other, to make a slug unique."""
    return "".join(secrets.choice("abcdefghjkmnpqrstuvwxyz23456789") for _ in range(6))


def slug_from(text: str) -> str:
    """`text` as a slug: ASCII, lower case, words joined by hyphens; empty if nothing of it can be kept."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].strip("-")


def is_slug(text: str) -> bool:
    """Whether `text` may stand in an address as it is."""
    return _SLUG_FORM.fullmatch(text) is not None


def public_id(prefix: str, number: int) -> str:
    """The id that clients see: `mtg_12`."""
    return f"{prefix}_{number}"


def number_of(prefix: str, text: str) -> int | None:
    """The row number inside a public id of that prefix; None for anything that is not one."""
    head, separator, tail = text.partition("_")
    if head != prefix or not separator or not tail.isascii() or not tail.isdigit() or len(tail) > 18:
        return None
    return int(tail)
