"""The command line. Every command has an example, answers in JSON if asked, and asks nothing without a terminal."""

from __future__ import annotations

from typing import Any

import typer

from server.cli.accounts import create_account, create_token, create_user
from server.cli.availability import explain, slots
from server.cli.deliveries import deliveries, retry_delivery
from server.cli.demo import demo
from server.cli.doctor import doctor
from server.cli.import_contacts import import_contacts
from server.cli.inbound_mail import receive_mail
from server.cli.migrate import migrate
from server.cli.plan import plan
from server.cli.report import report
from server.cli.schema import export_schema
from server.cli.serve import serve, worker

app = typer.Typer(
    name="parley",
    help="Meetings, scheduling pages and a live change log, on a server of your own.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

COMMANDS: tuple[tuple[Any, str, str], ...] = (
    (demo, "demo", "parley demo --port 8000 --data demo-data"),
    (serve, "serve", "parley serve --host 0.0.0.0 --port 8000 --workers 2"),
    (worker, "worker", "parley worker"),
    (migrate, "migrate", "parley migrate --json"),
    (doctor, "doctor", "parley doctor"),
    (create_account, "create-account", "parley create-account 'Linden & Co' --time-zone Europe/Warsaw"),
    (create_user, "create-user", "parley create-user ines@linden.example --name 'Ines Marek' --admin"),
    (create_token, "create-token", "parley create-token 'CRM import' --scope contacts:write --days 90"),
    (import_contacts, "import-contacts", "parley import-contacts contacts.csv --dry-run"),
    (report, "report", "parley report --from 2026-11-01 --to 2026-11-30 --by HOST --csv"),
    (slots, "slots", "parley slots ines-marek --days 3"),
    (explain, "explain", "parley explain ines-marek 2026-11-24T10:00:00+01:00"),
    (deliveries, "deliveries", "parley deliveries --json"),
    (retry_delivery, "retry-delivery", "parley retry-delivery --all"),
    (receive_mail, "receive-mail", "parley receive-mail reply.eml --json"),
    (plan, "plan", "parley plan today_tab --database postgresql"),
    (export_schema, "export-schema", "parley export-schema --out schema.graphql"),
)

for _command, _name, _example in COMMANDS:
    app.command(_name, epilog=f"Example: {_example}")(_command)
