"""What nobody needs any more of the files: swept away by the worker, every hour."""

from __future__ import annotations

from datetime import timedelta

import structlog

from server import clock, database
from server.attachments.attach import FOLDER
from server.database.placeholders import placeholders
from server.gateways import files
from server.models import Attachment

BROUGHT_WITHIN = timedelta(days=1)
"""After so long a file that was announced and not brought is forgotten, and bytes without a file are dropped."""

KEPT_AFTER_DELETION = timedelta(days=30)
"""For so long files outlast the meeting that they belonged to."""

_AT_ONCE = 500
_log = structlog.get_logger(__name__)


async def sweep_files() -> int:
    """Files that were never brought, or whose meeting was deleted long ago, are gone, and so are bytes that belong to
    no file. How many that was. While the storage is away, what is left of it waits for the next time."""
    try:
        return await _sweep_rows() + await _sweep_bytes()
    except files.StorageAway as error:
        _log.warning("attachments.not_swept", reason=str(error))
        return 0


async def _sweep_rows() -> int:
    now = clock.now()
    late = Attachment.filter(uploaded_at=None, created_at__lt=now - BROUGHT_WITHIN)
    left = Attachment.filter(meeting__deleted_at__lt=now - KEPT_AFTER_DELETION)
    unwanted = {one.id: one.storage_key for some in (late, left) for one in await some.limit(_AT_ONCE)}
    for number, key in unwanted.items():
        # The bytes first: a file without bytes is found again, bytes without a file take a look at everything.
        await files.drop(key)
        await Attachment.filter(id=number).delete()
    return len(unwanted)


async def _sweep_bytes() -> int:
    dropped = 0
    async for keys in files.kept_keys(FOLDER, before=clock.now() - BROUGHT_WITHIN):
        for start in range(0, len(keys), _AT_ONCE):
            some = keys[start : start + _AT_ONCE]
            rows = await database.fetch(
                f"SELECT storage_key FROM attachment WHERE storage_key IN ({placeholders(some)})", *some
            )
            for key in set(some) - {row[0] for row in rows}:
                await files.drop(key)
                dropped += 1
    return dropped
