"""Colleagues as the rooms see them."""

from __future__ import annotations

from server.accounts.viewer import Viewer, viewer_of_user
from server.meetings.schedule import NewMeeting
from server.models import User
from server.models.enums import Role
from tests.server.booking.scene import monday


def viewer_of(user: User) -> Viewer:
    """The user, signed in."""
    return viewer_of_user(user)


def a_program(account_id: int, *scopes: str) -> Viewer:
    """A notification service with an API token of the account."""
    return Viewer(
        account_id=account_id,
        user_id=None,
        role=Role.MEMBER,
        has_seat=False,
        time_zone="UTC",
        locale="en",
        scopes=frozenset(scopes),
        token_id=3,
    )


def a_new_meeting(**fields: object) -> NewMeeting:
    """Half an hour on Monday at ten in Warsaw."""
    given: dict[str, object] = {"title": "Roof plans", "starts_at": monday(9), "ends_at": monday(9, 30)}
    return NewMeeting(**(given | fields))  # type: ignore[arg-type]  # the tests name the fields they are about
