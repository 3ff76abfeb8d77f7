import time

import pytest
from argon2 import PasswordHasher

from server import database
from server.accounts.passwords import hash_password, is_outdated, is_password, valid_password
from server.errors import Complaint, ErrorCode, Refused


async def test_a_password_is_known_by_its_hash() -> None:
    kept = await hash_password("four quiet words here")
    assert kept.startswith("$argon2id$")
    assert await is_password("four quiet words here", kept)
    assert not await is_password("four quiet words", kept)


async def test_nobody_has_a_password_and_it_takes_as_long_to_say_so() -> None:
    kept = await hash_password("four quiet words here")
    await is_password("warm up", None)
    known = min([await _seconds("wrong but known", kept) for _ in range(5)])
    unknown = min([await _seconds("wrong and unknown", None) for _ in range(5)])
    assert unknown > known / 2


async def test_a_hash_that_is_none_matches_nothing() -> None:
    assert not await is_password("anything at all", "not a hash")


async def test_hashing_inside_a_transaction_is_refused(db: str) -> None:
    async with database.transaction():
        with pytest.raises(RuntimeError, match="before the transaction"):
            await hash_password("four quiet words here")


async def test_a_hash_made_with_other_figures_is_outdated() -> None:
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash("x"))
    assert not is_outdated(await hash_password("four quiet words here"))


@pytest.mark.parametrize("password", ["short", "", "x" * 257])
def test_a_password_too_short_or_too_long_is_refused(password: str) -> None:
    with pytest.raises(Refused) as caught:
        valid_password(password, "password")
    assert caught.value.complaints == (
        Complaint(
            ErrorCode.CREDENTIALS_INVALID,
            "A password has 12 to 256 characters; a few words in a row are easy to remember.",
            ("password",),
        ),
    )


async def _seconds(password: str, kept: str | None) -> float:
    begun = time.perf_counter()
    await is_password(password, kept)
    return time.perf_counter() - begun
