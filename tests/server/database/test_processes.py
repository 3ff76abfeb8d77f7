"""Several processes on one database, as in production."""

import asyncio
import sys

import pytest

from server import database
from server.models import Account

PROCESSES = 4
ROUNDS = 50
READ_THEN_WRITE = """
import asyncio, sys
from server import database

async def main():
    await database.connect(sys.argv[1])
    for _ in range(int(sys.argv[2])):
        async with database.transaction():
            lock = "" if database.dialect() == "sqlite" else " FOR UPDATE"
            row = await database.fetch_one("SELECT data_version FROM account" + lock)
            await database.execute("UPDATE account SET data_version = $1", row[0] + 1)
    await database.disconnect()

asyncio.run(main())
"""
DIE_INSIDE = """
import asyncio, os, signal, sys
from server import database

async def main():
    await database.connect(sys.argv[1])
    async with database.transaction():
        await database.execute("UPDATE account SET data_version = 99")
        os.kill(os.getpid(), signal.SIGKILL)

asyncio.run(main())
"""


async def run(program: str, *arguments: str) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-c", program, *arguments)


async def test_four_processes_that_read_and_then_write_lose_no_update(db: str) -> None:
    await Account.create(name="counted")

    started = [await run(READ_THEN_WRITE, db, str(ROUNDS)) for _ in range(PROCESSES)]
    codes = [await process.wait() for process in started]

    assert codes == [0] * PROCESSES
    assert await database.fetch("SELECT data_version FROM account") == [(PROCESSES * ROUNDS,)]


async def test_process_killed_inside_a_transaction_leaves_nothing_and_blocks_nobody(db: str) -> None:
    await Account.create(name="counted")

    process = await run(DIE_INSIDE, db)
    assert await process.wait() == -9

    async with asyncio.timeout(10):
        async with database.transaction():
            assert await database.fetch("SELECT data_version FROM account") == [(0,)]
            await database.execute("UPDATE account SET data_version = 1")


HOLD_THE_LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.read()
"""


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_reader_does_not_wait_while_another_process_writes(db: str) -> None:
    path = db.removeprefix("sqlite:///")
    pipe = asyncio.subprocess.PIPE
    holder = await asyncio.create_subprocess_exec(sys.executable, "-c", HOLD_THE_LOCK, path, stdin=pipe, stdout=pipe)
    assert holder.stdin is not None
    assert holder.stdout is not None
    async with asyncio.timeout(20):
        await holder.stdout.readline()
        writer = asyncio.create_task(write())
        await asyncio.sleep(0.1)
        assert await database.fetch("SELECT count(*) FROM account") == [(0,)]
        assert not writer.done()
        holder.stdin.close()
        await holder.wait()
        await writer

    assert await database.fetch("SELECT count(*) FROM account") == [(1,)]


async def write() -> None:
    await Account.create(name="waited")
