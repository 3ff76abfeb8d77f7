from datetime import timedelta
from pathlib import Path

import pytest

from server import clock, database, settings
from server.doctor.finding import Finding, State
from server.doctor.tables import tables
from server.models import Change, Job, User
from server.models.enums import ChangeKind, JobKind, JobState
from tests.factories import a_user, a_webhook, an_account


async def _looked(own: settings.Settings) -> dict[str, Finding]:
    """The findings that are not as they should be, by subject."""
    return {one.subject: one for one in await tables(own) if one.state is not State.OK}


async def _prepared(own: settings.Settings) -> User:
    await database.connect(own.database_url)
    return await a_user(await an_account())


async def test_a_database_in_use_is_fine(in_use: settings.Settings) -> None:
    await _prepared(in_use)
    await database.disconnect()
    found = await tables(in_use)
    assert [(one.subject, one.state) for one in found] == [("database", State.OK), ("clock", State.OK)]


async def test_a_search_that_goes_by_beginnings_only_deserves_a_look(in_use: settings.Settings) -> None:
    await _prepared(in_use)
    if database.dialect() == "postgresql":
        await database.execute("DROP EXTENSION pg_trgm CASCADE")
    else:
        for table in ("contact", "record"):
            for trigger in ("new", "changed", "gone"):
                await database.execute(f"DROP TRIGGER {table}_trigram_{trigger}")
            await database.execute(f"DROP TABLE {table}_trigram")
    await database.disconnect()
    found = await _looked(in_use)
    assert list(found) == ["search"]
    assert found["search"].state is State.LOOK
    assert found["search"].mend.endswith("then run `parley migrate` again.")


async def test_an_empty_database_says_how_to_begin(in_use: settings.Settings) -> None:
    found = await _looked(in_use)
    assert [(one.subject, one.state) for one in found.values()] == [("users", State.LOOK)]
    assert "parley create-account" in found["users"].mend


@pytest.mark.parametrize("url", ["postgresql://parley:hush@127.0.0.1:1/parley", "sqlite:////nowhere/at/all.sqlite3"])
async def test_a_database_that_is_away_is_told_without_its_password(url: str, in_use: settings.Settings) -> None:
    found = await _looked(in_use.model_copy(update={"database_url": url}))
    assert found["database"].state is State.WRONG
    assert "cannot be reached" in found["database"].said
    assert "hush" not in found["database"].said


async def test_a_database_without_tables_is_sent_to_migrate(tmp_path: Path, in_use: settings.Settings) -> None:
    found = await _looked(in_use.model_copy(update={"database_url": f"sqlite:///{tmp_path}/new.sqlite3"}))
    assert found["database"].state is State.WRONG
    assert found["database"].mend == "Run `parley migrate`."


async def test_a_rule_that_is_gone_is_missed(in_use: settings.Settings) -> None:
    await _prepared(in_use)
    await database.execute("DROP INDEX meeting_link_one_default")
    await database.disconnect()
    found = await _looked(in_use)
    assert found["database"].state is State.WRONG
    assert "meeting_link_one_default" in found["database"].said


async def test_a_clock_behind_what_is_written_is_wrong(in_use: settings.Settings) -> None:
    user = await _prepared(in_use)
    await Change.create(
        account_id=user.account_id,
        number=1,
        kind=ChangeKind.LINK_CHANGED,
        actor="system",
        occurred_at=clock.now() + timedelta(hours=1),
    )
    is_sqlite = database.dialect() == "sqlite"
    await database.disconnect()
    with clock.travel(clock.now() - timedelta(minutes=0 if is_sqlite else 10)):
        found = await _looked(in_use)
    assert found["clock"].state is State.WRONG
    assert "NTP" in found["clock"].mend


async def test_a_zone_without_data_is_named(in_use: settings.Settings) -> None:
    user = await _prepared(in_use)
    await User.filter(id=user.id).update(time_zone="Mars/Olympus")
    await database.disconnect()
    assert (await _looked(in_use))["zones"].said == "No zone data for Mars/Olympus."


async def test_deliveries_that_nobody_makes_are_seen(in_use: settings.Settings) -> None:
    user = await _prepared(in_use)
    for minutes, state in [(-30, JobState.WAITING), (-20, JobState.WAITING), (30, JobState.WAITING)]:
        await Job.create(
            account_id=user.account_id,
            kind=JobKind.REMINDER_MAIL,
            run_at=clock.now() + timedelta(minutes=minutes),
            state=state,
        )
    await database.disconnect()
    found = (await _looked(in_use))["worker"]
    assert (found.state, found.said) == (State.WRONG, "2 deliveries wait, the oldest for 30 minutes.")


async def test_deliveries_given_up_are_told(in_use: settings.Settings) -> None:
    user = await _prepared(in_use)
    await Job.create(account_id=user.account_id, kind=JobKind.REMINDER_MAIL, run_at=clock.now(), state=JobState.DEAD)
    await database.disconnect()
    found = (await _looked(in_use))["worker"]
    assert (found.state, found.said) == (State.LOOK, "1 deliveries were given up after many attempts.")


async def test_webhooks_that_fail_are_told(in_use: settings.Settings) -> None:
    user = await _prepared(in_use)
    await a_webhook(user, "https://hooks.example/", failing_since=clock.now())
    await database.disconnect()
    found = (await _looked(in_use))["webhooks"]
    assert (found.state, found.said) == (State.LOOK, "1 webhooks fail, or were disabled after days of failing.")
