"""Very many contacts and meetings, here few: no key leads nowhere, and everything that is asked finds its way."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

from benchmarks.fill import fill
from benchmarks.records.plans import plans
from benchmarks.records.rows import Size, tables
from benchmarks.records.timing import timed
from server.reports.meetings import GroupBy

FEW = Size(contacts=400, meetings=1_000, users=2)
STRAYS = """
    SELECT m.id FROM meeting m JOIN contact c ON c.id = m.contact_id JOIN app_user u ON u.id = m.host_id
    JOIN outcome o ON o.id = m.outcome_id
    WHERE (c.account_id, u.account_id, o.account_id) <> (m.account_id, m.account_id, m.account_id)
"""


async def test_rows_fit_and_each_question_is_timed_and_explained(tmp_path: Path) -> None:
    file = tmp_path / "few.sqlite3"
    url = f"sqlite:///{file}"
    await fill(url, tables(FEW), checks_keys=False)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute(STRAYS).fetchall() == []
        assert connection.execute("SELECT count(*), count(DISTINCT account_id) FROM meeting").fetchone() == (1_000, 10)
    asked = await timed(url, rounds=1)
    assert Counter(one.question.group for one in asked) == {"search": 15, "timeline": 3, "report": len(GroupBy)}
    assert [one.question.name for one in asked if not one.sent] == []
    told = await plans(url, asked)
    assert len(re.findall(r"(?m)^### ", told)) == len(asked)
    assert "USING" in told
