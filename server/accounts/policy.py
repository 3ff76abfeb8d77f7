"""Who may do what: one predicate each, plain values in, no database. The table is in `docs/rights.md`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from server.accounts.scopes import Scope
from server.accounts.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Around:
    """Who stands around a meeting, as user ids: its host, its organizer, the colleagues who attend, and the owner of
    its contact."""

    account_id: int
    host_id: int
    organizer_id: int
    attendee_user_ids: Collection[int] = ()
    contact_owner_id: int | None = None


def may_see_meeting(viewer: Viewer, account_id: int) -> bool:
    """Every colleague: a meeting stands on the timeline of its records, with who organized and who hosted (S2-51)."""
    return _acts_for(viewer, account_id, Scope.MEETINGS_READ)


def may_see_title(viewer: Viewer, around: Around) -> bool:
    """Whether a busy block of a host says what it is: to host, organizer, attending colleague, contact owner, admin,
    and a program of the account. Others see "Busy" only (S2-53)."""
    return may_see_meeting(viewer, around.account_id) and (
        _is_over_all(viewer)
        or _runs(viewer, around)
        or viewer.user_id in around.attendee_user_ids
        or viewer.user_id == around.contact_owner_id
    )


def may_see_internal_notes(viewer: Viewer, account_id: int) -> bool:
    """Every colleague who sees the meeting: notes are kept from people outside the account, not from each other."""
    return may_see_meeting(viewer, account_id)


def may_write_note(viewer: Viewer, account_id: int) -> bool:
    """Every colleague, a program of the account too: who is named in a note answers there. Files are kept likewise."""
    return _acts_for(viewer, account_id, Scope.MEETINGS_WRITE)


def may_edit_note(viewer: Viewer, account_id: int, *, author_id: int | None) -> bool:
    """Its author: nobody puts words into somebody else's mouth. What a program wrote, a program."""
    return _acts_for(viewer, account_id, Scope.MEETINGS_WRITE) and viewer.user_id == author_id


def may_delete_note(viewer: Viewer, account_id: int, *, author_id: int | None) -> bool:
    """Its author, an admin, a program of the account."""
    is_own = viewer.user_id == author_id
    return _acts_for(viewer, account_id, Scope.MEETINGS_WRITE) and (is_own or _is_over_all(viewer))


def may_delete_attachment(viewer: Viewer, around: Around, *, uploader_id: int | None) -> bool:
    """Whoever brought it, and whoever may edit the meeting."""
    is_own = viewer.user_id is not None and viewer.user_id == uploader_id
    return may_edit_meeting(viewer, around) or (is_own and _acts_for(viewer, around.account_id, Scope.MEETINGS_WRITE))


def may_cancel_meeting(viewer: Viewer, around: Around) -> bool:
    """Whoever may edit it."""
    return may_edit_meeting(viewer, around)


def may_edit_snippet(viewer: Viewer, account_id: int, *, owner_id: int | None) -> bool:
    """One's own; everybody's (without an owner) an admin or a program of the account."""
    is_own = viewer.user_id is not None and viewer.user_id == owner_id
    is_shared = owner_id is None
    return _acts_for(viewer, account_id, Scope.MEETINGS_WRITE) and (is_own or (is_shared and _is_over_all(viewer)))


def may_edit_meeting(viewer: Viewer, around: Around) -> bool:
    """Host, organizer, admin, and a program of the account."""
    return _acts_for(viewer, around.account_id, Scope.MEETINGS_WRITE) and (
        _is_over_all(viewer) or _runs(viewer, around)
    )


def may_record_outcome(viewer: Viewer, around: Around) -> bool:
    """Whoever may edit the meeting; on every client, not on one platform only (S2-54, S2-59)."""
    return may_edit_meeting(viewer, around)


def may_delete_meeting(viewer: Viewer, around: Around) -> bool:
    """Whoever may edit it."""
    return may_edit_meeting(viewer, around)


def may_schedule(viewer: Viewer, account_id: int) -> bool:
    """Every user of the account, for themselves or a colleague; seats are asked for separately (`needs_seat`)."""
    return _acts_for(viewer, account_id, Scope.MEETINGS_WRITE)


def needs_seat(viewer: Viewer, *, host_has_seat: bool) -> bool:
    """Whether scheduling fails for want of a seat: both the scheduler and the host need one (S2-42). A program has
    none and needs none; its host does."""
    return not host_has_seat or (viewer.user_id is not None and not viewer.has_seat)


def may_see_link(viewer: Viewer, account_id: int) -> bool:
    """Every colleague: sharing somebody else's page is part of the work (S1-21)."""
    return _acts_for(viewer, account_id, Scope.LINKS_READ)


def may_edit_link(viewer: Viewer, account_id: int, *, owner_id: int) -> bool:
    """Its owner, an admin, a program of the account."""
    return _acts_for(viewer, account_id, Scope.LINKS_WRITE) and (_is_over_all(viewer) or viewer.user_id == owner_id)


def may_see_contact(viewer: Viewer, account_id: int) -> bool:
    """Every colleague."""
    return _acts_for(viewer, account_id, Scope.CONTACTS_READ)


def may_edit_contact(viewer: Viewer, account_id: int) -> bool:
    """Every colleague."""
    return _acts_for(viewer, account_id, Scope.CONTACTS_WRITE)


def may_see_report(viewer: Viewer, account_id: int) -> bool:
    """Every colleague: a report counts nothing but what each of them may look at (S2-52)."""
    return _acts_for(viewer, account_id, Scope.MEETINGS_READ)


def may_edit_account(viewer: Viewer, account_id: int) -> bool:
    """Admins, and a program that was given the scope."""
    return _acts_for(viewer, account_id, Scope.ACCOUNT_ADMIN) and _is_over_all(viewer)


def may_see_profile(viewer: Viewer, account_id: int, *, user_id: int) -> bool:
    """Whether hours, daily limit and quiet hours are shown: one's own, and everybody's to whoever may edit the account.
    Other colleagues see when somebody is free, not why."""
    is_own = viewer.user_id == user_id and _acts_for(viewer, account_id, Scope.ACCOUNT_READ)
    return is_own or may_edit_account(viewer, account_id)


def may_see_feed(viewer: Viewer, account_id: int, *, user_id: int) -> bool:
    """Whether the address of a calendar feed is shown: one's own, to whoever signed in. It is as good as a token, and a
    program that was given one for a while would keep the other."""
    is_own = viewer.session_id is not None and viewer.user_id == user_id
    return is_own and _acts_for(viewer, account_id, Scope.MEETINGS_READ)


def may_edit_profile(viewer: Viewer, account_id: int, *, user_id: int) -> bool:
    """One's own, of whoever signed in; anybody's by whoever may edit the account."""
    is_own = viewer.session_id is not None and viewer.user_id == user_id and viewer.account_id == account_id
    return is_own or may_edit_account(viewer, account_id)


def may_end_session(viewer: Viewer, account_id: int, *, user_id: int) -> bool:
    """One's own, of whoever signed in: a token that a user gave to a program does not sign the user out. An admin
    anybody's, with the scope for it."""
    is_own = viewer.session_id is not None and viewer.user_id == user_id
    return viewer.account_id == account_id and (is_own or (viewer.is_admin and viewer.may(Scope.ACCOUNT_ADMIN)))


def _acts_for(viewer: Viewer, account_id: int, scope: Scope) -> bool:
    return viewer.account_id == account_id and viewer.may(scope)


def _is_over_all(viewer: Viewer) -> bool:
    return viewer.is_admin or viewer.user_id is None


def _runs(viewer: Viewer, around: Around) -> bool:
    return viewer.user_id in (around.host_id, around.organizer_id)
