"""What an operator is told about a database."""

from server import database


async def test_check_of_a_sound_database_finds_nothing(db: str) -> None:
    assert await database.check() == []


async def test_check_names_a_missing_migration(db: str) -> None:
    await database.execute("DELETE FROM migration WHERE name = '0002_integrity'")

    assert await database.check() == ["1 migrations are missing (0002_integrity): run `parley migrate`."]


async def test_check_names_a_rule_that_was_taken_away(db: str) -> None:
    await database.execute("DROP INDEX contact_email_folded")
    if database.dialect() == "sqlite":
        await database.execute("DROP TRIGGER busy_span_overlap_update")
        lost = ["busy_span_overlap_update", "contact_email_folded"]
    else:
        await database.execute("ALTER TABLE meeting DROP CONSTRAINT meeting_times")
        lost = ["contact_email_folded", "meeting_times"]

    assert await database.check() == [
        f"The database no longer refuses what {name} forbids: restore a backup." for name in lost
    ]
