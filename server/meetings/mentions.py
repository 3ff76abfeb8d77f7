"""Colleagues who are named with @ in what only the team reads: found, checked, and told once."""

from __future__ import annotations

from server.accounts.viewer import Viewer
from server.complaints import Complaints
from server.devices.notices import NoticeKind, wake_user
from server.errors import ErrorCode
from server.models import InternalNote, Meeting, Mention, User
from server.models.enums import JobKind
from server.outbox import enqueue
from server.rich_text import as_html, mentioned_in, rich_text, shorthands_in, with_names

AT_MOST = 20


async def checked_note(account_id: int, text: str, maximum: int, found: Complaints, *path: str) -> str:
    """What a colleague wrote as rich text in which everybody named is a colleague (S2-38); `@[usr_3]` has become a
    mention with the name. Complaints: `TEXT_TOO_LONG`, `NOT_FOUND` for whoever is no active user of the account."""
    clean = found.ask(rich_text, text, maximum, *path, may_mention=True) or ""
    wanted = mentioned_in(clean) | shorthands_in(clean)
    if not wanted:
        return clean
    if len(wanted) > AT_MOST:
        found.add(ErrorCode.GUEST_LIMIT, f"A note names at most {AT_MOST} colleagues. Please name fewer.", *path)
        return clean
    known = {user.id: user.name for user in await User.filter(id__in=wanted, account_id=account_id, is_active=True)}
    if wanted - set(known):
        found.add(ErrorCode.NOT_FOUND, "One of those named with @ is no colleague. Please choose from the list.", *path)
    return as_html(with_names(clean, known), may_mention=True)


async def tell_mentioned(viewer: Viewer, meeting: Meeting, text: str, *, note: InternalNote | None = None) -> None:
    """Whoever the text names will get a notice and a mail, once for each note; whoever is named no more is forgotten.
    Neither holds a word of the note. Who names themselves knows already."""
    named = mentioned_in(text)
    of_this = Mention.filter(meeting_id=meeting.id, note_id=note.id if note is not None else None)
    known = {one.user_id for one in await of_this}
    if known - named:
        await of_this.filter(user_id__in=known - named).delete()
    fresh = sorted(named - known)
    await Mention.bulk_create(
        Mention(
            account_id=meeting.account_id,
            meeting_id=meeting.id,
            note_id=note.id if note is not None else None,
            user_id=one,
        )
        for one in fresh
    )
    author = await User.get_or_none(id=viewer.user_id or 0)
    for one in fresh:
        if one != viewer.user_id:
            await _tell(meeting, one, author)


async def _tell(meeting: Meeting, user_id: int, author: User | None) -> None:
    about = {"author": author.name if author is not None else ""}
    await wake_user(meeting, NoticeKind.MENTIONED, user_id, about=about)
    await enqueue(
        JobKind.MENTION_MAIL,
        account_id=meeting.account_id,
        meeting_id=meeting.id,
        lane=f"mention:{user_id}",
        payload={"user_id": user_id, **about},
    )
