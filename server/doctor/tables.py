"""The database: reachable, up to date, sound, in time, and attended to by a worker."""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urlsplit

import asyncpg
from tortoise.exceptions import BaseORMException

from server import clock, database
from server.checks import time_zones
from server.doctor.finding import Finding, look, ok, wrong
from server.settings import Settings
from server.webhooks.lag import failing_count

LATE_SECONDS = 600
CLOCK_SECONDS = 5
_DUE = "SELECT COUNT(*), MIN(run_at) FROM job WHERE state = 'WAITING' AND run_at <= $1"
_DEAD = "SELECT COUNT(*) FROM job WHERE state = 'DEAD'"
_ZONES = """
SELECT time_zone FROM account UNION SELECT time_zone FROM app_user
UNION SELECT time_zone FROM meeting_link WHERE time_zone IS NOT NULL
"""


async def tables(settings: Settings) -> list[Finding]:
    """What there is to say about the database at PARLEY_DATABASE_URL."""
    try:
        await database.connect(settings.database_url, pool_size=1)
    except (BaseORMException, asyncpg.PostgresError, OSError) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        mend = "Start it, or set PARLEY_DATABASE_URL to where it is."
        return [wrong("database", f"{_place(settings)} cannot be reached: {reason}.", mend)]
    try:
        return await _looked_at(settings)
    finally:
        await database.disconnect()


async def _looked_at(settings: Settings) -> list[Finding]:
    complaints = await database.check()
    found = [wrong("database", *_halves(complaint)) for complaint in complaints]
    if complaints:
        return found
    found = [ok("database", f"{_place(settings)} has every migration and every rule.")]
    return (
        found + await _search() + await _clock() + await _zones() + await _people() + await _jobs() + await _webhooks()
    )


async def _clock() -> list[Finding]:
    """PostgreSQL's clock beside ours; on SQLite, whether something was written in what is now the future."""
    if database.dialect() == "postgresql":
        row = await database.fetch_one("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) AS BIGINT)")
        other, whose = int(row[0]) if row else clock.now_epoch(), "the database server's"
        is_off = abs(other - clock.now_epoch()) > CLOCK_SECONDS
    else:
        row = await database.fetch_one("SELECT MAX(occurred_at) FROM change")
        other, whose = int(row[0] or 0) if row else 0, "the last change"
        is_off = other > clock.now_epoch() + CLOCK_SECONDS
    if is_off:
        said = f"This clock says {clock.now():%Y-%m-%d %H:%M:%S} UTC, {whose} {_utc(other)}."
        return [wrong("clock", said, "Set both by NTP (`timedatectl set-ntp true`); reminders and tokens rely on it.")]
    return [ok("clock", f"It is {clock.now():%Y-%m-%d %H:%M:%S} UTC.")]


async def _search() -> list[Finding]:
    """Whether a search finds what stands inside words, or beginnings only."""
    if await database.finds_inside_words():
        return []
    needs = "pg_trgm" if database.dialect() == "postgresql" else "FTS5"
    mends = {
        "pg_trgm": "Install postgresql-contrib, let the database's owner run `CREATE EXTENSION pg_trgm`",
        "FTS5": "Use a Python whose SQLite, 3.34 or later, has it",
    }
    said = f"Search finds contacts and records by the beginnings of words only: {needs} is missing."
    return [look("search", said, f"{mends[needs]}, then run `parley migrate` again.")]


async def _zones() -> list[Finding]:
    used = {row[0] for row in await database.fetch(_ZONES)}
    missing = sorted(used - time_zones())
    mend = "Renew tzdata, or give these users, accounts and links another zone."
    return [wrong("zones", f"No zone data for {', '.join(missing)}.", mend)] if missing else []


async def _people() -> list[Finding]:
    row = await database.fetch_one("SELECT COUNT(*) FROM app_user WHERE is_active")
    if row and row[0]:
        return []
    mend = "Make an account and a user: `parley create-account --help`, `parley create-user --help`."
    return [look("users", "Nobody can sign in yet.", mend)]


async def _jobs() -> list[Finding]:
    now = clock.now_epoch()
    due, dead = await database.fetch_one(_DUE, now), await database.fetch_one(_DEAD)
    found = []
    if due is not None and due[1] is not None and now - due[1] > LATE_SECONDS:
        said = f"{due[0]} deliveries wait, the oldest for {(now - due[1]) // 60} minutes."
        found.append(wrong("worker", said, "Start `parley worker`, or look into its log."))
    if dead is not None and dead[0]:
        said = f"{dead[0]} deliveries were given up after many attempts."
        found.append(look("worker", said, "The column last_error of the table job says why."))
    return found


async def _webhooks() -> list[Finding]:
    failing = await failing_count()
    said = f"{failing} webhooks fail, or were disabled after days of failing."
    return [look("webhooks", said, "The query `webhooks` tells which, since when, and why.")] if failing else []


def _place(settings: Settings) -> str:
    """Where the database is, without the password."""
    parts = urlsplit(settings.database_url)
    if parts.scheme == "sqlite":
        return settings.database_url
    return f"PostgreSQL at {parts.hostname or 'the local socket'}{parts.path}"


def _halves(complaint: str) -> tuple[str, str]:
    """What the database floor says, as what is wrong and what to do about it."""
    said, _, mend = complaint.rpartition(": ")
    return (
        (said, f"{mend[:1].upper()}{mend[1:]}") if said else (complaint, "Restore a backup, or start a newer release.")
    )


def _utc(epoch: int) -> str:
    return f"{datetime.fromtimestamp(epoch, UTC):%Y-%m-%d %H:%M:%S}"
