"""What a script needs to talk to a demo: a session that lasts, and an API token that may read everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from server import database, ids
from server.accounts.scopes import READ_SCOPES
from server.accounts.sessions import SignedIn, open_session
from server.demo.seed import Seeded
from server.models import ApiToken

# "As long as the demo": longer than anybody leaves one running.
LIFETIME = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Keys:
    """A session of the demo's user, and the API token."""

    session: SignedIn
    api_token: str


async def hand_out_keys(seeded: Seeded, *, api_token: str) -> Keys:
    """A new session for this start, and the folder's API token in force."""
    async with database.transaction():
        session = await open_session(seeded.user, device_name="parley demo", lifetime=LIFETIME)
        if not await ApiToken.exists(digest=ids.digest(api_token)):
            await ApiToken.create(
                account_id=seeded.account.id,
                user_id=seeded.user.id,
                name="parley demo",
                digest=ids.digest(api_token),
                scopes=sorted(READ_SCOPES),
            )
    return Keys(session, api_token)
