"""Whether a new description reaches those who were invited, by the host's calendar (S2-57). Pure."""

from __future__ import annotations

from server.models.enums import CalendarProvider


def description_reaches_attendees(provider: CalendarProvider | None, *, syncs: bool, is_two_way: bool) -> bool:
    """The calendar that this server keeps mails each new description. In a connected one the event belongs to the
    calendar: what is written here gets there with sync on and two ways, and in Microsoft's never; there the event
    itself is to be changed. Without any calendar the mails are all there is."""
    if provider is None:
        return True
    if provider is CalendarProvider.MICROSOFT or not syncs:
        return False
    return provider is CalendarProvider.BUILT_IN or is_two_way
