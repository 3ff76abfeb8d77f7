import pytest

from server.accounts.create import create_account, create_user
from server.accounts.passwords import is_password
from server.errors import ErrorCode, Refused
from server.models import Account, CalendarAccount, Outcome, User
from server.models.enums import AccountKind, CalendarProvider, Role


@pytest.mark.capability("S2-54")
async def test_an_account_begins_with_the_five_outcomes(db: str) -> None:
    account = await create_account("Linden & Co", time_zone="Europe/Warsaw", locale="pl")
    outcomes = await Outcome.filter(account_id=account.id).order_by("position")
    assert [(one.key, one.label, one.is_default, one.is_archived) for one in outcomes] == [
        ("SCHEDULED", "Scheduled", True, False),
        ("COMPLETED", "Completed", True, False),
        ("RESCHEDULED", "Rescheduled", True, False),
        ("NO_SHOW", "No show", True, False),
        ("CANCELED", "Canceled", True, False),
    ]
    assert (account.kind, account.time_zone, account.locale, account.sender_name) == (
        AccountKind.STANDARD,
        "Europe/Warsaw",
        "pl",
        "Linden & Co",
    )


async def test_a_user_begins_with_office_hours_and_a_calendar_kept_here(db: str) -> None:
    account = await create_account("Linden & Co", time_zone="Europe/Warsaw", locale="pl")
    user = await create_user(
        account.id, email="Ines@Linden.example", name=" Ines  Marek ", password="four quiet words", role=Role.ADMIN
    )
    kept = await User.get(id=user.id)
    assert (kept.email, kept.name, kept.role, kept.has_seat, kept.time_zone, kept.locale) == (
        "ines@linden.example",
        "Ines Marek",
        Role.ADMIN,
        True,
        "Europe/Warsaw",
        "pl",
    )
    assert kept.weekly_hours == {str(weekday): [[540, 1020]] for weekday in range(5)}
    assert await is_password("four quiet words", kept.password_hash)
    calendar = await CalendarAccount.get(user_id=user.id)
    assert (calendar.provider, calendar.is_default, calendar.syncs) == (CalendarProvider.BUILT_IN, True, True)


async def test_a_user_may_have_a_zone_and_language_of_their_own_and_no_seat(db: str) -> None:
    account = await create_account("Linden & Co")
    user = await create_user(
        account.id, email="aiko@linden.example", name="Aiko", time_zone="Asia/Tokyo", locale="en", has_seat=False
    )
    assert (user.time_zone, user.locale, user.has_seat, user.password_hash) == ("Asia/Tokyo", "en", False, None)


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"email": "ines@"}, ErrorCode.EMAIL_INVALID, ("email",)),
        ({"name": "  "}, ErrorCode.NAME_REQUIRED, ("name",)),
        ({"name": "x" * 201}, ErrorCode.TEXT_TOO_LONG, ("name",)),
        ({"password": "short"}, ErrorCode.CREDENTIALS_INVALID, ("password",)),
        ({"time_zone": "Warsaw"}, ErrorCode.TIME_ZONE_INVALID, ("timeZone",)),
    ],
)
async def test_a_user_that_cannot_be_is_refused_and_not_half_made(
    db: str, changes: dict[str, str], code: ErrorCode, path: tuple[str, ...]
) -> None:
    account = await create_account("Linden & Co")
    with pytest.raises(Refused) as caught:
        await create_user(account.id, **({"email": "a@linden.example", "name": "A"} | changes))  # type: ignore[arg-type]  # all of them texts
    assert [(one.code, one.path) for one in caught.value.complaints] == [(code, path)]
    assert (await User.all().count(), await CalendarAccount.all().count()) == (0, 0)


async def test_an_address_signs_in_to_one_account_of_the_server_only(db: str) -> None:
    first, second = await create_account("Linden & Co"), await create_account("Beech")
    await create_user(first.id, email="ines@linden.example", name="Ines")
    with pytest.raises(Refused) as caught:
        await create_user(second.id, email="INES@linden.example", name="Ines")
    assert [(one.code, one.path) for one in caught.value.complaints] == [(ErrorCode.CONFLICT, ("email",))]


async def test_an_account_that_is_not_there_is_not_found(db: str) -> None:
    with pytest.raises(Refused) as caught:
        await create_user(404, email="ines@linden.example", name="Ines")
    assert [one.code for one in caught.value.complaints] == [ErrorCode.NOT_FOUND]


async def test_an_account_without_a_name_or_a_known_zone_is_refused(db: str) -> None:
    for name, zone, code in [(" ", "UTC", ErrorCode.NAME_REQUIRED), ("A", "Nowhere", ErrorCode.TIME_ZONE_INVALID)]:
        with pytest.raises(Refused) as caught:
            await create_account(name, time_zone=zone)
        assert [one.code for one in caught.value.complaints] == [code]
    assert await Account.all().count() == 0
