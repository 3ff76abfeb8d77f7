"""Which changes a webhook is owed."""

from __future__ import annotations

from collections.abc import Sequence

from server.changes.wanted import LEFT_HOST
from server.models import Change, Meeting, Webhook

_Place = tuple[int | None, int | None]


async def wanted(webhook: Webhook, changes: Sequence[Change]) -> list[Change]:
    """Those of the changes that the webhook's filters let through, in their order: its kinds, its link, its host. The
    link and the host of a meeting are those it has now, and the host from whom the change took it; a change of a link
    itself belongs to that link and no host."""
    of_kind = [change for change in changes if not webhook.kinds or change.kind.value in webhook.kinds]
    if webhook.link_id is None and webhook.host_id is None:
        return of_kind
    places = await _places({change.meeting_id for change in of_kind if change.meeting_id is not None})
    return [change for change in of_kind if _fits(webhook, change, _place(change, places))]


async def _places(meeting_ids: set[int]) -> dict[int, _Place]:
    """The link and the host of each meeting."""
    rows = await Meeting.filter(id__in=meeting_ids).values_list("id", "link_id", "host_id")
    return {meeting_id: (link_id, host_id) for meeting_id, link_id, host_id in rows}


def _place(change: Change, places: dict[int, _Place]) -> _Place:
    if change.meeting_id is not None:
        return places.get(change.meeting_id, (None, None))
    return change.data.get("link_id"), None


def _fits(webhook: Webhook, change: Change, place: _Place) -> bool:
    link_id, host_id = place
    hosts = (None, host_id, change.data.get(LEFT_HOST))
    return webhook.link_id in (None, link_id) and webhook.host_id in hosts
