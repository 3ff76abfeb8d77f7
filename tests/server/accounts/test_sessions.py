import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from server import clock, database
from server.accounts.bearer import viewer_of
from server.accounts.sessions import (
    SignedIn,
    end_session,
    end_sessions_of,
    forget_old_tokens,
    open_session,
    refresh_session,
    sessions,
    sign_out,
    sign_out_everywhere,
)
from server.accounts.viewer import Viewer
from server.errors import ErrorCode, Refused, Unauthenticated
from server.models import RefreshToken, Session, User
from server.models.enums import Role
from tests.factories import a_user, an_account


async def _opened(user: User | None = None, device_name: str = "phone") -> SignedIn:
    user = user or await a_user(await an_account())
    async with database.transaction():
        return await open_session(user, device_name=device_name)


async def _refused(refresh_token: str, *, idempotency_key: str | None = None) -> str:
    with pytest.raises(Refused) as caught:
        await refresh_session(refresh_token, idempotency_key=idempotency_key)
    (complaint,) = caught.value.complaints
    assert (complaint.code, complaint.path) == (ErrorCode.TOKEN_EXPIRED, ("refreshToken",))
    return complaint.message


async def test_refreshing_gives_a_new_pair_of_the_same_session(db: str) -> None:
    first = await _opened()
    second = await refresh_session(first.refresh_token)
    assert second.refresh_token != first.refresh_token
    assert (await viewer_of(second.access_token)).session_id == first.viewer.session_id


async def test_refreshing_notes_when_the_device_was_last_used(db: str) -> None:
    first = await _opened()
    with clock.travel(clock.now() + timedelta(days=3)):
        await refresh_session(first.refresh_token)
        assert (await Session.get()).last_used_at == clock.now()


async def test_a_token_used_twice_ends_the_session(db: str) -> None:
    first = await _opened()
    second = await refresh_session(first.refresh_token)
    third = await refresh_session(second.refresh_token)
    assert await _refused(first.refresh_token) == (
        "This token was used before, so its session was ended, to be safe. Sign in again."
    )
    assert (await Session.get()).end_reason == "REUSED"
    assert await _refused(third.refresh_token) == "This session has ended. Sign in again."
    with pytest.raises(Unauthenticated):
        await viewer_of(third.access_token)


async def test_a_token_used_twice_at_once_ends_the_session(db: str) -> None:
    first = await _opened()
    second = await refresh_session(first.refresh_token)
    await _refused(first.refresh_token)
    assert (await Session.get()).end_reason == "REUSED"
    assert await _refused(second.refresh_token) == "This session has ended. Sign in again."


async def test_a_token_used_twice_with_another_key_or_none_ends_the_session(db: str) -> None:
    user = await a_user(await an_account())
    for second_key in ("another", None):
        first = await _opened(user)
        await refresh_session(first.refresh_token, idempotency_key="one")
        await _refused(first.refresh_token, idempotency_key=second_key)
    assert await Session.filter(end_reason="REUSED").count() == 2


async def test_a_token_used_twice_later_than_the_grace_ends_the_session(db: str) -> None:
    first = await _opened()
    await refresh_session(first.refresh_token, idempotency_key="one")
    with clock.travel(clock.now() + timedelta(seconds=31)):
        await _refused(first.refresh_token, idempotency_key="one")
    assert (await Session.get()).end_reason == "REUSED"


async def test_a_phone_whose_answer_was_lost_gets_the_same_pair_again(db: str) -> None:
    first = await _opened()
    lost = await refresh_session(first.refresh_token, idempotency_key="one")
    with clock.travel(clock.now() + timedelta(seconds=20)):
        assert await refresh_session(first.refresh_token, idempotency_key="one") == lost
    assert (await Session.get()).ended_at is None


async def test_a_phone_that_refreshes_five_times_at_once_stays_signed_in(db: str) -> None:
    first = await _opened()
    tries = (refresh_session(first.refresh_token, idempotency_key="one") for _ in range(5))
    answers = await asyncio.gather(*tries)
    assert len({answer.refresh_token for answer in answers}) == 1
    assert await RefreshToken.all().count() == 2
    await refresh_session(answers[0].refresh_token)


async def test_a_token_older_than_sixty_days_has_expired(db: str) -> None:
    first = await _opened()
    with clock.travel(clock.now() + timedelta(days=60)):
        await _refused(first.refresh_token)


async def test_tokens_that_open_nothing_are_forgotten(db: str) -> None:
    user = await a_user(await an_account())
    first, ended = await _opened(user), await _opened(user, "lost phone")
    await sign_out(ended.viewer)
    with clock.travel(clock.now() + timedelta(days=50)):
        second = await refresh_session(first.refresh_token)
    with clock.travel(clock.now() + timedelta(days=61)):
        third = await refresh_session(second.refresh_token)
        assert await forget_old_tokens() == 2
        await refresh_session(third.refresh_token)
        assert await _refused(second.refresh_token) != await _refused(first.refresh_token)
    assert await RefreshToken.all().count() == 3


async def test_a_token_nobody_gave_out_is_refused(db: str) -> None:
    assert await _refused("made up") == "This session has ended. Sign in again."


async def test_a_user_put_out_cannot_refresh(db: str) -> None:
    user = await a_user(await an_account())
    first = await _opened(user)
    await User.filter(id=user.id).update(is_active=False)
    await _refused(first.refresh_token)


async def test_signing_out_ends_the_session_and_twice_is_once(db: str) -> None:
    first = await _opened()
    await sign_out(first.viewer)
    ended_at = (await Session.get()).ended_at
    with clock.travel(clock.now() + timedelta(minutes=1)):
        await sign_out(first.viewer)
    assert (await Session.get()).ended_at == ended_at
    with pytest.raises(Unauthenticated, match="Sign in again"):
        await viewer_of(first.access_token)


async def test_the_list_has_ones_own_open_sessions_the_last_used_first(db: str) -> None:
    user = await a_user(await an_account())
    phone = await _opened(user)
    with clock.travel(clock.now() + timedelta(hours=1)):
        tablet = await _opened(user)
    await sign_out((await _opened(user)).viewer)
    await _opened(await a_user(await an_account()))
    rows = sessions(phone.viewer)
    found = await database.fetch(
        f"SELECT t.id FROM {rows.table} t WHERE {rows.condition} ORDER BY {rows.order_sql}", *rows.parameters
    )
    assert [row[0] for row in found] == [tablet.viewer.session_id, phone.viewer.session_id]


async def test_one_can_end_ones_own_session_and_an_admin_a_colleagues(db: str) -> None:
    account = await an_account()
    admin, member = await a_user(account, role=Role.ADMIN), await a_user(account)
    chief, phone, tablet = await _opened(admin), await _opened(member), await _opened(member)
    await end_session(phone.viewer, _number(tablet.viewer))
    await end_session(chief.viewer, _number(phone.viewer))
    assert await Session.filter(ended_at=None).values_list("id", flat=True) == [_number(chief.viewer)]


async def test_ending_somebody_elses_session_answers_like_an_unknown_one(db: str) -> None:
    account = await an_account()
    mine, theirs = await _opened(await a_user(account)), await _opened(await a_user(account))
    foreign = await _opened(await a_user(await an_account()))
    answers = []
    for number in (_number(theirs.viewer), _number(foreign.viewer), 999_999):
        with pytest.raises(Refused) as caught:
            await end_session(mine.viewer, number)
        answers.append(caught.value.complaints)
    assert len(set(answers)) == 1
    assert answers[0][0].code is ErrorCode.NOT_FOUND
    assert await Session.filter(ended_at=None).count() == 3


async def test_ending_all_sessions_spares_the_one_named(db: str) -> None:
    user = await a_user(await an_account())
    phone, _ = await _opened(user), await _opened(user)
    await end_sessions_of(user.id, but=phone.viewer.session_id, reason="PASSWORD_CHANGED")
    assert await Session.filter(ended_at=None).values_list("id", flat=True) == [phone.viewer.session_id]


async def test_a_program_that_acts_as_a_user_signs_nobody_out(db: str) -> None:
    phone = await _opened(await a_user(await an_account(), role=Role.ADMIN))
    program = replace(phone.viewer, session_id=None, token_id=1, scopes=frozenset({"bookings:read"}))
    await sign_out_everywhere(program)
    with pytest.raises(Refused):
        await end_session(program, _number(phone.viewer))
    assert await Session.filter(ended_at=None).count() == 1


def _number(viewer: Viewer) -> int:
    assert viewer.session_id is not None
    return viewer.session_id
