"""Changes of tables on SQLite that lose nothing: neither rows of child tables, nor indexes, triggers or constraints.

SQLite cannot alter most things in place, so a table is made anew from its own text and takes over the rows of the old
one (sqlite.org/lang_altertable.html, section 7)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from tortoise.migrations.constraints import CheckConstraint, UniqueConstraint
from tortoise.migrations.schema_editor import SqliteSchemaEditor

_NAME = re.compile(r'\s*(?:CONSTRAINT\s+)?(?:"(?P<quoted>[^"]+)"|(?P<bare>\w+))', re.IGNORECASE)
_TOKEN = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|[(),]")

Definitions = list[str]


class KeepingSchemaEditor(SqliteSchemaEditor):
    """Tortoise's editor, with every rebuild of a table done from the table's own text."""

    async def _run_sql(self, sql: str) -> None:
        if self.collect_sql:
            self.collected_sql.append(sql)
            return
        for statement in statements_of(sql):
            await self.client.execute_query(statement)

    async def add_constraint(self, model: Any, constraint: Any) -> None:
        """The table has one more constraint; a conditional unique one becomes a partial unique index."""
        if isinstance(constraint, CheckConstraint):
            await self.add_definition(
                model._meta.db_table, f'CONSTRAINT "{constraint.name}" CHECK ({constraint.check})'
            )
        elif isinstance(constraint, UniqueConstraint) and constraint.condition:
            await self._add_partial_unique(model, constraint)
        else:
            await super().add_constraint(model, constraint)

    async def remove_constraint(self, model: Any, constraint: Any) -> None:
        """The table has one constraint less."""
        if isinstance(constraint, CheckConstraint):
            await self._rebuild(model._meta.db_table, lambda found: without(found, str(constraint.name)))
        else:
            await super().remove_constraint(model, constraint)

    async def add_definition(self, table: str, definition: str) -> None:
        """The table's text ends with one more constraint, which every row in it has to satisfy."""
        await self._rebuild(table, lambda found: [*found, definition])

    async def refuse_broken_references(self) -> None:
        """Raises if any row refers to one that is not there. Foreign keys are off while tables are rebuilt."""
        _, broken = await self.client.execute_query("PRAGMA foreign_key_check")
        if broken:
            tables = ", ".join(sorted({f"{row[0]} -> {row[2]}" for row in map(tuple, broken)}))
            raise sqlite3.IntegrityError(f"{len(broken)} rows would refer to rows that are gone: {tables}")

    async def _add_partial_unique(self, model: Any, constraint: UniqueConstraint) -> None:
        fields = self._resolve_fields_to_columns(model, constraint.fields)
        name = self._constraint_name_for_model(model, UniqueConstraint(tuple(fields), constraint.name))
        columns = ", ".join(self.quote(field) for field in fields)
        await self._run_sql(
            f'CREATE UNIQUE INDEX "{name}" ON "{model._meta.db_table}" ({columns}) WHERE {constraint.condition}'
        )

    async def _remake_table(
        self, model: Any, create_field: Any = None, delete_field: Any = None, alter_fields: Any = None
    ) -> None:
        if create_field is not None:
            raise NotImplementedError("a column is added by ALTER TABLE, never by making the table anew")
        table = model._meta.db_table
        if delete_field is not None:
            gone = _column(model, delete_field)
            await self._rebuild(table, lambda found: without(found, gone))
        for old, new in alter_fields or []:
            await self._alter_column(model, old, new)

    async def _alter_column(self, model: Any, old: Any, new: Any) -> None:
        before, after = _column(model, old), _column(model, new)
        value = self.quote(before)
        if old.null and not new.null and new.default is not None and not callable(new.default):
            value = f"COALESCE({value}, {self._default_to_sql_literal(new.default)})"
        definition = self._definition(model, new, after)
        await self._rebuild(
            model._meta.db_table,
            lambda found: [definition if name_of(one) == before else one for one in found],
            {after: value},
        )

    def _definition(self, model: Any, field: Any, column: str) -> str:
        reference = getattr(field, "reference", None)
        if reference:
            return str(self._get_fk_field_definition(model, field.model_field_name))
        text = self._get_field_sql(
            db_field=column,
            field_type=field.get_for_dialect(self.DIALECT, "SQL_TYPE"),
            nullable=field.null,
            unique=field.unique,
            is_pk=field.pk,
            comment="",
        )
        if field.has_db_default():
            text += f" DEFAULT {self._escape_default_value(field.to_db_value(field.db_default, model))}"
        return text

    async def _rebuild(
        self, table: str, change: Callable[[Definitions], Definitions], values: dict[str, str] | None = None
    ) -> None:
        """The table has the definitions that `change` makes of its present ones. Columns take over their old values,
        or the expression over the old row that `values` has for them."""
        found = await self._master(table, "table")
        head, definitions, tail = split(found[0])
        changed = change(definitions)
        if changed == definitions:
            raise ValueError(f"{table}: nothing to change in {definitions}")
        kept = await self._master(table, "index") + await self._master(table, "trigger")
        last_id = await self._rows("SELECT seq FROM sqlite_sequence WHERE name = ?", table)
        columns = [name_of(one) for one in changed if not is_constraint(one)]
        taken = ", ".join((values or {}).get(one, f'"{one}"') for one in columns)
        named = ", ".join(f'"{one}"' for one in columns)
        await self._statements(
            f'CREATE TABLE "new__{table}" ({", ".join(changed)}){tail}',
            f'INSERT INTO "new__{table}" ({named}) SELECT {taken} FROM "{table}"',
            f'DROP TABLE "{table}"',
            # Otherwise SQLite refuses to rename while a trigger of another table mentions this one.
            "PRAGMA legacy_alter_table=ON",
            f'ALTER TABLE "new__{table}" RENAME TO "{table}"',
            "PRAGMA legacy_alter_table=OFF",
            *kept,
        )
        for row in last_id:
            await self._rows("UPDATE sqlite_sequence SET seq = ? WHERE name = ?", row[0], table)

    async def _master(self, table: str, kind: str) -> list[str]:
        sql = "SELECT sql FROM sqlite_master WHERE tbl_name = ? AND type = ? AND sql IS NOT NULL ORDER BY rowid"
        return [row[0] for row in await self._rows(sql, table, kind)]

    async def _rows(self, sql: str, *parameters: Any) -> list[Sequence[Any]]:
        _, rows = await self.client.execute_query(sql, list(parameters))
        return [tuple(row) for row in rows]

    async def _statements(self, *statements: str) -> None:
        for statement in statements:
            await self.client.execute_query(statement)


def statements_of(script: str) -> list[str]:
    """The statements of a script; a semicolon inside quotes or a trigger does not end one."""
    found, begun = [], ""
    for piece in re.split(r"(?<=;)", script):
        begun += piece
        if sqlite3.complete_statement(begun):
            found.append(begun.strip())
            begun = ""
    return [one for one in [*found, begun.strip()] if one.strip(";")]


def split(create: str) -> tuple[str, Definitions, str]:
    """A CREATE TABLE text as what stands before the parentheses, the definitions inside, and what stands after."""
    depth, start, definitions = 0, 0, []
    for token in _TOKEN.finditer(create):
        if token[0] == "(":
            depth += 1
            start = start or token.end()
        elif depth == 1 and token[0] in ",)":
            definitions.append(create[start : token.start()].strip())
            start = token.end()
        if token[0] == ")":
            depth -= 1
            if depth == 0:
                break
    return create[: create.index("(")], definitions, create[start:]


def name_of(definition: str) -> str:
    """The column or constraint that a definition is about."""
    found = _NAME.match(definition)
    return (found["quoted"] or found["bare"]) if found else ""


def is_constraint(definition: str) -> bool:
    """Whether a definition is about the table, not about one column."""
    return re.match(r"\s*(CONSTRAINT|PRIMARY|UNIQUE|CHECK|FOREIGN)\b", definition, re.IGNORECASE) is not None


def without(definitions: Definitions, name: str) -> Definitions:
    """The definitions but for the one called `name`. Refused while another one still mentions that column."""
    rest = [one for one in definitions if name_of(one) != name]
    if mentioning := [one for one in rest if f'"{name}"' in one]:
        raise ValueError(f"remove first what mentions {name}: {mentioning}")
    return rest


def _column(model: Any, field: Any) -> str:
    name = field.model_field_name
    return str(model._meta.fields_db_projection.get(name, field.source_field or name))
