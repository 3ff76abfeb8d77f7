"""Accounts at a video service."""

from __future__ import annotations

import pytest

from server.errors import ErrorCode, Refused
from server.meetings.host_availability import host_availability
from server.meetings.schedule import Location, schedule
from server.models import VideoAccount
from server.models.enums import LocationKind
from server.video.accounts import NewVideoAccount, connect_video, disconnect_video, make_default
from server.video.queries import video_accounts
from tests.factories import a_user, an_account
from tests.server.booking.scene import monday
from tests.server.meetings.scene import a_new_meeting
from tests.server.video.conftest import Cast, signed_in


async def refused(cast: Cast, wanted: NewVideoAccount, who: str = "ines") -> ErrorCode:
    with pytest.raises(Refused) as caught:
        await connect_video(signed_in(getattr(cast, who)), wanted)
    assert await VideoAccount.all().count() == 0
    return caught.value.complaints[0].code


@pytest.mark.capability("S2-15")
async def test_account_is_connected_where_the_provider_knows_the_same_address(cast: Cast) -> None:
    number = await connect_video(cast.viewer, NewVideoAccount(cast.extension.id, external_id="u-7"))
    account = await VideoAccount.get(id=number)
    assert (account.user_id, account.email, account.external_id, account.is_default) == (
        cast.ines.id,
        cast.ines.email,
        "u-7",
        True,
    )
    assert cast.service.types == ["accounts.list", "user.verify"]
    assert await connect_video(cast.viewer, NewVideoAccount(cast.extension.id, external_id="u-7")) == number


@pytest.mark.capability("S2-15")
async def test_another_address_at_the_provider_is_refused(cast: Cast) -> None:
    wanted = NewVideoAccount(cast.extension.id)
    cast.service.users[cast.ines.email] = "ines.private@mail.example"
    assert await refused(cast, wanted) is ErrorCode.VIDEO_EMAIL_MISMATCH
    del cast.service.users[cast.ines.email]
    assert await refused(cast, wanted) is ErrorCode.VIDEO_EMAIL_MISMATCH
    elsewhere = NewVideoAccount(cast.extension.id, email=cast.admin.email)
    assert await refused(cast, elsewhere) is ErrorCode.VIDEO_EMAIL_MISMATCH


@pytest.mark.capability("S2-15")
async def test_account_that_got_another_address_since_makes_no_meeting(cast: Cast) -> None:
    account = await cast.connect(cast.ines)
    account.email = "ines.private@mail.example"
    await account.save()
    with pytest.raises(Refused) as caught:
        await schedule(cast.viewer, a_new_meeting(starts_at=monday(9), location=Location(LocationKind.VIDEO)))
    assert [one.code for one in caught.value.complaints][-1] is ErrorCode.VIDEO_EMAIL_MISMATCH


async def test_account_is_chosen_among_those_that_the_provider_lists(cast: Cast) -> None:
    cast.service.accounts = [{"id": name, "name": name, "email": cast.ines.email} for name in ("main", "events")]
    assert await refused(cast, NewVideoAccount(cast.extension.id, external_id="nobody")) is ErrorCode.NOT_FOUND
    first = await connect_video(cast.viewer, NewVideoAccount(cast.extension.id))
    second = await connect_video(cast.viewer, NewVideoAccount(cast.extension.id, external_id="events", is_default=True))
    found = {one.id: (one.external_id, one.is_default) for one in await VideoAccount.all()}
    assert found == {first: ("main", False), second: ("events", True)}


async def test_provider_that_does_not_answer_is_said_so(cast: Cast) -> None:
    cast.service.answers.extend([500])
    assert await refused(cast, NewVideoAccount(cast.extension.id)) is ErrorCode.VIDEO_UNAVAILABLE


async def test_colleagues_accounts_are_for_administrators(cast: Cast) -> None:
    for_ada = NewVideoAccount(cast.extension.id, user_id=cast.admin.id)
    assert await refused(cast, for_ada) is ErrorCode.FORBIDDEN
    mine = await connect_video(signed_in(cast.admin), NewVideoAccount(cast.extension.id, user_id=cast.ines.id))
    theirs = await connect_video(signed_in(cast.admin), NewVideoAccount(cast.extension.id))
    for act in (make_default, disconnect_video):
        with pytest.raises(Refused) as caught:
            await act(cast.viewer, theirs)
        assert caught.value.complaints[0].code is ErrorCode.FORBIDDEN
    await disconnect_video(cast.viewer, mine)
    assert [one.id for one in await VideoAccount.all()] == [theirs]


async def test_default_goes_to_the_next_account(cast: Cast) -> None:
    first = await connect_video(cast.viewer, NewVideoAccount(cast.extension.id, external_id="one"))
    second = await connect_video(cast.viewer, NewVideoAccount(cast.extension.id, external_id="two"))
    await make_default(cast.viewer, second)
    assert [(one.id, one.is_default) for one in await VideoAccount.all().order_by("id")] == [
        (first, False),
        (second, True),
    ]
    await disconnect_video(cast.viewer, second)
    assert (await VideoAccount.get()).is_default is True


async def test_other_accounts_are_not_there(cast: Cast) -> None:
    stranger = signed_in(await a_user(await an_account("Other")))
    mine = await connect_video(cast.viewer, NewVideoAccount(cast.extension.id))
    with pytest.raises(Refused) as caught:
        await connect_video(stranger, NewVideoAccount(cast.extension.id))
    assert caught.value.complaints[0].code is ErrorCode.NOT_FOUND
    with pytest.raises(Refused) as caught:
        await disconnect_video(stranger, mine)
    assert caught.value.complaints[0].code is ErrorCode.NOT_FOUND
    assert video_accounts(stranger, cast.ines.id).parameters == (stranger.account_id, cast.ines.id)


@pytest.mark.capability("S2-47")
@pytest.mark.capability("S2-36")
async def test_places_follow_the_host(cast: Cast) -> None:
    await cast.connect(cast.ines)
    start, end = monday(8), monday(16)
    found = await host_availability(cast.viewer, [cast.ines.id, cast.admin.id], start, end)
    assert [set(one.location_kinds) for one in found] == [set(LocationKind), set(LocationKind) - {LocationKind.VIDEO}]
