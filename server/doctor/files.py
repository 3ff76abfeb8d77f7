"""Where attachments are kept."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.parse import unquote, urlsplit

from server.doctor.environment import folder
from server.doctor.finding import Finding, State, look, ok, wrong
from server.gateways.files import StorageAway, reach
from server.settings import Settings

_CHOSEN = "Set PARLEY_FILES_URL if another folder is meant, or if the worker is started elsewhere."


async def files(settings: Settings) -> list[Finding]:
    """Whether attachments can be kept: a folder that is there or can be made, or a store that answers us."""
    parts = urlsplit(settings.files_url)
    if parts.scheme == "file":
        return [await asyncio.to_thread(_in_folder, Path(unquote(parts.path)), settings)]
    try:
        await reach(settings.files_url)
    except StorageAway as error:
        mend = "Look over PARLEY_FILES_URL, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and whether the store runs."
        return [wrong("files", f"The store s3://{parts.netloc} cannot be read: {error}", mend)]
    return [ok("files", f"The store s3://{parts.netloc} answers and lets us in.")]


def _in_folder(place: Path, settings: Settings) -> Finding:
    """A folder that is not there yet is made with the first file, if the one above it is ours to write in."""
    nearest = next(one for one in (place, *place.parents) if one.exists())
    found = folder("files", nearest)
    if found.state is not State.OK:
        return found
    if settings.database_url.startswith("postgres") and "files_url" not in settings.model_fields_set:
        return look("files", f"Attachments are kept in {place}, below where this was started.", _CHOSEN)
    return ok("files", f"Attachments are kept in {place}.")
