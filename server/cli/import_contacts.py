"""`parley import-contacts`: what another system knows of people, taken over from a CSV file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from server.cli.accounts import AccountOption, account_named
from server.cli.answering import Json, answer, console, remark
from server.cli.running import on_database, plainly
from server.errors import ErrorCode, refusal
from server.records.checked_lines import BadLine
from server.records.csv_table import FIELDS, Table, read_table
from server.records.import_contacts import Imported, RepeatedLine
from server.records.import_contacts import import_contacts as take_over

SHOWN = 50

Columns = Annotated[
    list[str] | None,
    typer.Option("--column", help="Which field a column is, such as 'Contact address=email'; repeat for several."),
]


def import_contacts(
    file: Annotated[Path, typer.Argument(help="A CSV file whose first line names the columns.", dir_okay=False)],
    account: AccountOption = "",
    column: Columns = None,
    keep_others: Annotated[
        bool, typer.Option("--keep-others", help="Keep columns that are no field of ours as properties.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Look everything over and write nothing.")] = False,
    skip_bad_lines: Annotated[
        bool, typer.Option("--skip-bad-lines", help="Take over the good lines where some are bad.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Take over contacts from a CSV file: all of them, or none if a line is bad. Safe to run twice."""
    with plainly():
        table = read_table(_bytes(file), named=dict(_named(one) for one in column or ()))
    _tell_what_was_found_out(table)

    async def work() -> Imported:
        owner = await account_named(account)
        with _progress() as progress:
            bars = {what: progress.add_task(what, total=len(table.lines)) for what in ("checked", "written")}
            return await take_over(
                owner.id,
                table,
                keeps_others=keep_others,
                skips_bad_lines=skip_bad_lines,
                is_dry_run=dry_run,
                on_step=lambda what: progress.advance(bars[what]),
            )

    done = on_database(work)
    answer(_facts(done, table, dry_run), sentence=_sentence(done, dry_run), as_json=as_json)
    if done.bad and not done.is_written:
        raise typer.Exit(1)


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise refusal(ErrorCode.NOT_FOUND, f"{file} cannot be read: {error.strerror}.") from error


def _named(option: str) -> tuple[str, str]:
    """A column and the field it is, from `Column=field`."""
    name, _, field = option.rpartition("=")
    if not name or field not in FIELDS:
        message = f"{option!r} should be the name of a column, =, and one of {', '.join(FIELDS)}."
        raise refusal(ErrorCode.SETTING_INVALID, message)
    return name, field


def _tell_what_was_found_out(table: Table) -> None:
    if table.encoding == "cp1250":
        remark("This file is not UTF-8, so it was read as Windows-1250. Look over the names with --dry-run.")
    known = ", ".join(f"{name} is {field}" for field, name in table.columns.items())
    remark(f"{len(table.lines)} lines, {table.delimiter!r} between cells. {known}.")
    if table.others:
        remark(f"Not fields of ours: {', '.join(table.others)}. With --keep-others they become properties.")


def _progress() -> Progress:
    columns = TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    # Without a terminal rich draws nothing but a last line; that line would be noise in a log.
    return Progress(*columns, console=console(), disable=not console().is_terminal)


def _facts(done: Imported, table: Table, is_dry_run: bool) -> dict[str, Any]:
    return {
        "written": done.is_written,
        "dryRun": is_dry_run,
        "lines": len(table.lines),
        "made": done.made,
        "changed": done.changed,
        "unchanged": done.unchanged,
        "repeated": len(done.repeated),
        "companiesMade": done.companies_made,
        "encoding": table.encoding,
        "delimiter": table.delimiter,
        "repeatedLines": [{"line": one.line, "firstLine": one.first_line, "email": one.email} for one in done.repeated],
        "errors": [asdict(one) for one in done.bad],
    }


def _sentence(done: Imported, is_dry_run: bool) -> str:
    would = "" if done.is_written else "would be "
    counts = (
        f"Contacts: {done.made} {would}made, {done.changed} {would}changed, {done.unchanged} as they were. "
        f"Companies: {done.companies_made} {would}made."
    )
    if done.repeated:
        counts += f" Lines that repeat an earlier one's contact, and add to it: {len(done.repeated)}."
    is_held_up = bool(done.bad) and not done.is_written and not is_dry_run
    end = ["Nothing was written. Mend these lines, or say --skip-bad-lines."] if is_held_up else []
    told = [*_told([_line(one) for one in done.bad]), *_told([_again(one) for one in done.repeated])]
    return "\n".join([*told, counts, *end])


def _told(lines: list[str]) -> list[str]:
    """The first of the lines, and how many more there are."""
    left = len(lines) - SHOWN
    return [*lines[:SHOWN], f"... and {left} more; --json tells all of them."] if left > 0 else lines


def _again(one: RepeatedLine) -> str:
    return f"line {one.line}: {one.email} is the contact of line {one.first_line} again."


def _line(one: BadLine) -> str:
    where = f"line {one.line}, {one.column}" if one.column else f"line {one.line}"
    return f"{where}: {one.wrong} ({one.code})"
