"""Every row of the database, and whose it is."""

from __future__ import annotations

from typing import Any

from tortoise import Tortoise
from tortoise.models import Model

Rows = dict[tuple[str, int], dict[str, Any]]


async def everything() -> Rows:
    """Every row there is, by table and number."""
    found = {}
    for model in Tortoise.apps["models"].values():
        for row in await model.all().values():
            found[(model._meta.db_table, row["id"])] = row
    return found


def of_account(rows: Rows, account_id: int) -> Rows:
    """Those of the rows that belong to an account."""
    return {key: row for key, row in rows.items() if _owner(rows, key) == account_id}


def _owner(rows: Rows, key: tuple[str, int]) -> int | None:
    table, row = key[0], rows[key]
    if table == "account":
        return key[1]
    if "account_id" in row:
        return int(row["account_id"])
    parent = {"link_member": "link", "link_slug": "link", "rotation_member": "rotation", "refresh_token": "session"}
    held = {"link": "meeting_link"}.get(parent[table], parent[table])
    return _owner(rows, (held, row[f"{parent[table]}_id"]))


def strangers(rows: Rows) -> list[str]:
    """The columns that point from one account into another."""
    found = []
    models: dict[str, type[Model]] = {model._meta.db_table: model for model in Tortoise.apps["models"].values()}
    for (table, number), row in rows.items():
        for name in models[table]._meta.fk_fields:
            target: Any = models[table]._meta.fields_map[name]
            there = (target.related_model._meta.db_table, row[f"{name}_id"])
            if there[1] is not None and _owner(rows, there) != _owner(rows, (table, number)):
                found.append(f"{table}.{name}")
    return found
