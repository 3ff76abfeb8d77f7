"""What an account and a user start with."""

from __future__ import annotations

from server.models import CalendarAccount, Outcome, User
from server.models.enums import CalendarProvider

# Keys and words of S2-54, in the order in which they are offered.
OUTCOMES: tuple[tuple[str, str], ...] = (
    ("SCHEDULED", "Scheduled"),
    ("COMPLETED", "Completed"),
    ("RESCHEDULED", "Rescheduled"),
    ("NO_SHOW", "No show"),
    ("CANCELED", "Canceled"),
)


def weekly_hours() -> dict[str, list[list[int]]]:
    """Monday to Friday, 9:00 to 17:00, as weekday to blocks of minutes of the day."""
    return {str(weekday): [[9 * 60, 17 * 60]] for weekday in range(5)}


def outcomes_of(account_id: int) -> list[Outcome]:
    """The five outcomes that every account has (S2-54), not saved yet."""
    return [
        Outcome(account_id=account_id, key=key, label=label, position=position, is_default=True)
        for position, (key, label) in enumerate(OUTCOMES)
    ]


def calendar_of(user: User) -> CalendarAccount:
    """The calendar that this server keeps for a user, not saved yet."""
    return CalendarAccount(
        account_id=user.account_id, user_id=user.id, provider=CalendarProvider.BUILT_IN, name="Parley", is_default=True
    )
