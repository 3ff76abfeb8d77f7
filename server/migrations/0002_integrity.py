"""What the database itself refuses: overlapping meetings, values that cannot be, two defaults."""

from typing import Any

from tortoise import migrations
from tortoise.migrations import operations as ops

from server.database.integrity import add_rules


async def add(_apps: Any, editor: Any) -> None:
    """The rules of this migration are in force."""
    await add_rules(editor, since="0002_integrity")


class Migration(migrations.Migration):
    dependencies = [("models", "0001_initial")]
    operations = [ops.RunPython(add)]
