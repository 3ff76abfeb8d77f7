"""The table of docs/rights.md, cell by cell."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from server.accounts import policy
from server.accounts.policy import Around
from server.accounts.scopes import Scope, scopes_of
from server.accounts.viewer import Viewer
from server.models.enums import Role

ACCOUNT, OTHER_ACCOUNT = 1, 2
HOST, ORGANIZER, ATTENDEE, OWNER, COLLEAGUE, ADMIN = 11, 12, 13, 14, 15, 16
AROUND = Around(ACCOUNT, HOST, ORGANIZER, attendee_user_ids=(ATTENDEE,), contact_owner_id=OWNER)


def _user(user_id: int, *, role: Role = Role.MEMBER, account: int = ACCOUNT, has_seat: bool = True) -> Viewer:
    return Viewer(account, user_id, role, has_seat, "UTC", "en", scopes_of(role), session_id=1)


def _program(*scopes: str, account: int = ACCOUNT) -> Viewer:
    return Viewer(account, None, Role.MEMBER, False, "UTC", "en", frozenset(scopes), token_id=1)


VIEWERS = {
    "host": _user(HOST),
    "organizer": _user(ORGANIZER),
    "attendee": _user(ATTENDEE),
    "contact owner": _user(OWNER),
    "colleague": _user(COLLEAGUE),
    "admin": _user(ADMIN, role=Role.ADMIN),
    "program": _program(*Scope),
    "program as the host": replace(_user(HOST), session_id=None, token_id=2),
    "program that reads": _program(Scope.MEETINGS_READ, Scope.LINKS_READ, Scope.CONTACTS_READ),
    "foreign admin": _user(ADMIN, role=Role.ADMIN, account=OTHER_ACCOUNT),
    "foreign program": _program(*Scope, account=OTHER_ACCOUNT),
}
EVERY_COLLEAGUE = {"host", "organizer", "attendee", "contact owner", "colleague", "admin", "program"}
EVERY_COLLEAGUE |= {"program as the host"}
RUN_IT = {"host", "program as the host", "organizer", "admin", "program"}

TABLE: dict[str, tuple[Callable[[Viewer], bool], set[str]]] = {
    "see a meeting": (lambda viewer: policy.may_see_meeting(viewer, ACCOUNT), EVERY_COLLEAGUE | {"program that reads"}),
    "see a title in a calendar": (
        lambda viewer: policy.may_see_title(viewer, AROUND),
        EVERY_COLLEAGUE - {"colleague"} | {"program that reads"},
    ),
    "see internal notes": (
        lambda viewer: policy.may_see_internal_notes(viewer, ACCOUNT),
        EVERY_COLLEAGUE | {"program that reads"},
    ),
    "write a note, attach a file": (lambda viewer: policy.may_write_note(viewer, ACCOUNT), EVERY_COLLEAGUE),
    "change a note of the attendee": (
        lambda viewer: policy.may_edit_note(viewer, ACCOUNT, author_id=ATTENDEE),
        {"attendee"},
    ),
    "change a note of a program": (
        lambda viewer: policy.may_edit_note(viewer, ACCOUNT, author_id=None),
        {"program"},
    ),
    "delete a note of the attendee": (
        lambda viewer: policy.may_delete_note(viewer, ACCOUNT, author_id=ATTENDEE),
        {"attendee", "admin", "program"},
    ),
    "delete a file of the attendee": (
        lambda viewer: policy.may_delete_attachment(viewer, AROUND, uploader_id=ATTENDEE),
        RUN_IT | {"attendee"},
    ),
    "cancel": (lambda viewer: policy.may_cancel_meeting(viewer, AROUND), RUN_IT),
    "change a snippet of the contact owner": (
        lambda viewer: policy.may_edit_snippet(viewer, ACCOUNT, owner_id=OWNER),
        {"contact owner"},
    ),
    "change a snippet of everybody": (
        lambda viewer: policy.may_edit_snippet(viewer, ACCOUNT, owner_id=None),
        {"admin", "program"},
    ),
    "edit": (lambda viewer: policy.may_edit_meeting(viewer, AROUND), RUN_IT),
    "record an outcome": (
        lambda viewer: policy.may_record_outcome(viewer, AROUND),
        RUN_IT,
    ),
    "delete": (lambda viewer: policy.may_delete_meeting(viewer, AROUND), RUN_IT),
    "schedule": (lambda viewer: policy.may_schedule(viewer, ACCOUNT), EVERY_COLLEAGUE),
    "see a link": (lambda viewer: policy.may_see_link(viewer, ACCOUNT), EVERY_COLLEAGUE | {"program that reads"}),
    "edit a link of the contact owner": (
        lambda viewer: policy.may_edit_link(viewer, ACCOUNT, owner_id=OWNER),
        {"contact owner", "admin", "program"},
    ),
    "see a contact": (lambda viewer: policy.may_see_contact(viewer, ACCOUNT), EVERY_COLLEAGUE | {"program that reads"}),
    "edit a contact": (lambda viewer: policy.may_edit_contact(viewer, ACCOUNT), EVERY_COLLEAGUE),
    "see a report": (lambda viewer: policy.may_see_report(viewer, ACCOUNT), EVERY_COLLEAGUE | {"program that reads"}),
    "edit the account": (lambda viewer: policy.may_edit_account(viewer, ACCOUNT), {"admin", "program"}),
    "see the hours and limits of the host": (
        lambda viewer: policy.may_see_profile(viewer, ACCOUNT, user_id=HOST),
        {"host", "program as the host", "admin", "program"},
    ),
    "edit the profile of the host": (
        lambda viewer: policy.may_edit_profile(viewer, ACCOUNT, user_id=HOST),
        {"host", "admin", "program"},
    ),
    "see the address of the host's feed": (lambda viewer: policy.may_see_feed(viewer, ACCOUNT, user_id=HOST), {"host"}),
    "end a session of the host": (
        lambda viewer: policy.may_end_session(viewer, ACCOUNT, user_id=HOST),
        {"host", "admin"},
    ),
}


@pytest.mark.parametrize(("right", "who"), list(itertools.product(TABLE, VIEWERS)))
def test_a_right_is_had_by_whom_the_table_says(right: str, who: str) -> None:
    predicate, holders = TABLE[right]
    assert predicate(VIEWERS[who]) is (who in holders)


@pytest.mark.parametrize(
    ("viewer", "host_has_seat", "is_missing"),
    [
        (_user(COLLEAGUE), True, False),
        (_user(COLLEAGUE), False, True),
        (_user(COLLEAGUE, has_seat=False), True, True),
        (_program(Scope.MEETINGS_WRITE), True, False),
        (_program(Scope.MEETINGS_WRITE), False, True),
    ],
)
def test_scheduling_needs_a_seat_on_both_sides(viewer: Viewer, host_has_seat: bool, is_missing: bool) -> None:
    assert policy.needs_seat(viewer, host_has_seat=host_has_seat) is is_missing
