"""What finds contacts and records by their words, kept right by the database itself on every write.

Each row with a `search_text` has its words in a table of their own, in order: a beginning is a short stretch of it.
Where the database can (FTS5 on SQLite, pg_trgm on PostgreSQL) a second index finds what stands inside words."""

from __future__ import annotations

from typing import Any
from weakref import WeakKeyDictionary

import asyncpg
from tortoise.exceptions import BaseORMException

from server.database.connection import Client, client, dialect

SEARCHED = ("contact", "record")
_known: WeakKeyDictionary[Client, bool] = WeakKeyDictionary()

_WORDS = """
CREATE TABLE {0}_word (
    account_id BIGINT NOT NULL, word TEXT {collate} NOT NULL,
    {0}_id BIGINT NOT NULL REFERENCES "{0}" (id) ON DELETE CASCADE, PRIMARY KEY (account_id, word, {0}_id)
){options}
"""
_WORDS_OF = "CREATE INDEX {0}_word_of ON {0}_word ({0}_id, word)"

# The text is a list of words without blanks in them, so it is JSON but for these two marks.
_SPLIT = """
    INSERT INTO {0}_word (account_id, word, {0}_id) SELECT DISTINCT NEW.account_id, value, NEW.id FROM json_each(
        '["' || replace(replace(replace(trim(NEW.search_text), '\\', '\\\\'), '"', '\\"'), ' ', '","') || '"]'
    ) WHERE NEW.search_text <> '';
"""
_SQLITE_TRIGGERS = {
    "words_new": "CREATE TRIGGER {0}_words_new AFTER INSERT ON {0} BEGIN" + _SPLIT + "END",
    "words_changed": "CREATE TRIGGER {0}_words_changed AFTER UPDATE OF search_text ON {0}"
    " WHEN NEW.search_text <> OLD.search_text BEGIN DELETE FROM {0}_word WHERE {0}_id = NEW.id;" + _SPLIT + "END",
}
_POSTGRESQL_TRIGGERS = """
CREATE FUNCTION {0}_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        DELETE FROM {0}_word WHERE {0}_id = NEW.id;
    END IF;
    INSERT INTO {0}_word (account_id, word, {0}_id)
    SELECT DISTINCT NEW.account_id, word, NEW.id
    FROM unnest(string_to_array(btrim(NEW.search_text), ' ')) AS word WHERE word <> '';
    RETURN NULL;
END $$;
CREATE TRIGGER {0}_words_new AFTER INSERT ON {0} FOR EACH ROW EXECUTE FUNCTION {0}_words();
CREATE TRIGGER {0}_words_changed AFTER UPDATE OF search_text ON {0} FOR EACH ROW
    WHEN (NEW.search_text <> OLD.search_text) EXECUTE FUNCTION {0}_words();
"""

# Without positions the index is a third as large; what is found is looked over again anyway.
_FTS5 = (
    "CREATE VIRTUAL TABLE {0}_trigram USING fts5(search_text, content='{0}', content_rowid='id',"
    " tokenize='trigram case_sensitive 1', detail='none', columnsize=0)",
    "CREATE TRIGGER {0}_trigram_new AFTER INSERT ON {0} BEGIN"
    " INSERT INTO {0}_trigram (rowid, search_text) VALUES (NEW.id, NEW.search_text); END",
    "CREATE TRIGGER {0}_trigram_changed AFTER UPDATE OF search_text ON {0}"
    " WHEN NEW.search_text <> OLD.search_text BEGIN"
    " INSERT INTO {0}_trigram ({0}_trigram, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text);"
    " INSERT INTO {0}_trigram (rowid, search_text) VALUES (NEW.id, NEW.search_text); END",
    "CREATE TRIGGER {0}_trigram_gone AFTER DELETE ON {0} BEGIN"
    " INSERT INTO {0}_trigram ({0}_trigram, rowid, search_text) VALUES ('delete', OLD.id, OLD.search_text); END",
    "INSERT INTO {0}_trigram ({0}_trigram) VALUES ('rebuild')",
)
_PG_TRGM = ("CREATE INDEX {0}_trigram ON {0} USING gin (search_text gin_trgm_ops)",)
_IS_THERE = {
    "sqlite": "SELECT count(*) FROM sqlite_master WHERE name IN ('contact_trigram', 'record_trigram')",
    "postgresql": "SELECT count(*) FROM pg_indexes WHERE indexname IN ('contact_trigram', 'record_trigram')"
    " AND schemaname = current_schema()",
}
_CAN = {
    "sqlite": "SELECT count(*) FROM pragma_compile_options WHERE compile_options = 'ENABLE_FTS5'"
    " AND sqlite_version() >= '3.34'",
    "postgresql": "SELECT count(*) FROM pg_available_extensions WHERE name = 'pg_trgm'",
}


async def add_words(editor_client: Any, *, is_sqlite: bool) -> None:
    """The words of every contact and record have their table, and triggers that keep it right."""
    how = {"collate": "", "options": " WITHOUT ROWID"} if is_sqlite else {"collate": 'COLLATE "C"', "options": ""}
    for table in SEARCHED:
        triggers = _SQLITE_TRIGGERS.values() if is_sqlite else (_POSTGRESQL_TRIGGERS,)
        for statement in (_WORDS.format(table, **how), _WORDS_OF.format(table), *_for(table, triggers)):
            await (editor_client.execute_query if is_sqlite else editor_client.execute_script)(statement)


async def index_inside_words() -> None:
    """What stands inside words is found too, where the database can; asked after every migration, because the extension
    may have come meanwhile. Nothing happens where it is so already, or cannot be."""
    connected, kind = client(), dialect()
    if await finds_inside_words() or not (await connected.read(_CAN[kind], []))[0][0]:
        return
    try:
        async with connected.schema_transaction() as inside:
            if (await inside.read(_IS_THERE[kind], []))[0][0]:
                return
            if kind == "postgresql":
                await inside.execute_script("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for table in SEARCHED:
                for statement in _for(table, _FTS5 if kind == "sqlite" else _PG_TRGM):
                    await inside.execute_query(statement)
    except (BaseORMException, asyncpg.PostgresError):
        # The user of this database may not make extensions. Search goes by beginnings, and the doctor says so.
        return
    finally:
        _known.pop(connected, None)


async def finds_inside_words() -> bool:
    """Whether the connected database finds what stands inside words; asked of it once for each connection."""
    connected = client()
    if connected not in _known:
        _known[connected] = (await connected.read(_IS_THERE[dialect()], []))[0][0] == len(SEARCHED)
    return _known[connected]


def expected_of_words() -> set[str]:
    """The names of what keeps the words right."""
    return {f"{table}_{name}" for table in SEARCHED for name in ("words_new", "words_changed", "word_of")}


def _for(table: str, statements: Any) -> list[str]:
    return [statement.replace("{0}", table) for statement in statements]
