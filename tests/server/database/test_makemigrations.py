"""The migrations and the models say the same."""

from pathlib import Path

from server import migrations
from server.database.makemigrations import new_migrations


async def test_models_need_no_further_migration() -> None:
    assert [one.as_string() for one in await new_migrations(initial=False)] == []


async def test_initial_migration_is_made_from_the_models() -> None:
    (initial,) = await new_migrations(initial=True)

    assert initial.path() == Path(migrations.__file__).with_name("0001_initial.py")
    assert initial.as_string().count("ops.CreateModel(") == initial.path().read_text().count("ops.CreateModel(")
