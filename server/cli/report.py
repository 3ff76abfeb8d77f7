"""`parley report`: meetings counted by group, for a terminal or a spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Annotated, Any

import typer

from server.accounts.scopes import READ_SCOPES
from server.accounts.viewer import Viewer
from server.cli.accounts import AccountOption, account_named
from server.cli.answering import Json, answer
from server.cli.running import on_database, plainly
from server.errors import ErrorCode, refusal
from server.models.enums import Role
from server.reports.meetings import Counts, GroupBy, Report, meeting_report

HEADER = (
    "key",
    "label",
    "count",
    "completed",
    "no_show",
    "canceled",
    "completion_rate",
    "no_show_rate",
    "minutes",
    "organized_by_host",
)


def report(
    first: Annotated[str, typer.Option("--from", help="The first day, such as 2026-11-01, in the account's zone.")],
    last: Annotated[str, typer.Option("--to", help="The last day.")],
    by: Annotated[GroupBy, typer.Option("--by", case_sensitive=False, help="What the rows are.")] = GroupBy.HOST,
    account: AccountOption = "",
    as_csv: Annotated[bool, typer.Option("--csv", help="Answer in CSV on standard output.")] = False,
    as_json: Json = False,
) -> None:
    """Count the meetings of some days: by who hosted or arranged them, how they went, where they came from, by week."""
    with plainly():
        days = _day(first, "--from"), _day(last, "--to")

    async def count() -> Report:
        return await meeting_report(_over_all((await account_named(account)).id), *days, by)

    found = on_database(count)
    answer(_facts(found, by), sentence=_csv(found) if as_csv else _table(found), as_json=as_json and not as_csv)


def _over_all(account_id: int) -> Viewer:
    """Whoever may use this machine's command line sees what an account's own program would."""
    return Viewer(
        account_id=account_id,
        user_id=None,
        role=Role.MEMBER,
        has_seat=False,
        time_zone="UTC",
        locale="en",
        scopes=READ_SCOPES,
    )


def _day(text: str, option: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        message = f"{text!r} behind {option} is no day. Write it like 2026-11-24."
        raise refusal(ErrorCode.TIME_RANGE_INVALID, message) from error


def _values(counts: Counts) -> tuple[Any, ...]:
    return (
        counts.count,
        counts.completed,
        counts.no_show,
        counts.canceled,
        counts.completion_rate,
        counts.no_show_rate,
        counts.minutes,
        counts.organized_by_host,
    )


def _lines(found: Report) -> list[tuple[Any, ...]]:
    return [(row.key, row.label, *_values(row.counts)) for row in found.rows]


def _csv(found: Report) -> str:
    """The rows as a spreadsheet reads them; a text that it would take for a formula is kept from being one."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows(tuple(_harmless(value) for value in line) for line in _lines(found))
    return out.getvalue().rstrip("\n")


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _table(found: Report) -> str:
    columns = ("count", "completed", "no show", "canceled", "held", "missed", "minutes")
    lines = [f"{'':<32}" + "".join(f"{name:>11}" for name in columns)]
    for label, counts in [*((row.label, row.counts) for row in found.rows), ("All together", found.totals)]:
        rates = (_percent(counts.completion_rate), _percent(counts.no_show_rate))
        told = (counts.count, counts.completed, counts.no_show, counts.canceled, *rates, counts.minutes)
        lines.append(f"{label[:31]:<32}" + "".join(f"{value:>11}" for value in told))
    return "\n".join([*lines, f"Days of {found.time_zone}."])


def _percent(rate: float | None) -> str:
    return "-" if rate is None else f"{rate:.1%}"


def _facts(found: Report, by: GroupBy) -> dict[str, Any]:
    rows = [dict(zip(HEADER, line, strict=True)) for line in _lines(found)]
    totals = dict(zip(HEADER[2:], _values(found.totals), strict=True))
    return {"groupBy": by.value, "timeZone": found.time_zone, "rows": rows, "totals": totals}
