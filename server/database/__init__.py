"""The one door to SQL: connections, transactions, raw statements, migrations. The same on SQLite and PostgreSQL."""

from server.database.checks import check
from server.database.connection import connect, dialect, disconnect
from server.database.failures import Overlap, TooLong, TransactionMisused, TryAgain
from server.database.migrating import DatabaseTooNew, migrate, pending_migrations
from server.database.searching import finds_inside_words
from server.database.statements import execute, fetch, fetch_one, lock_hosts
from server.database.together import Lookup, Select
from server.database.transactions import Transaction, after_commit, in_transaction, transaction

__all__ = [
    "DatabaseTooNew",
    "Lookup",
    "Overlap",
    "Select",
    "TooLong",
    "Transaction",
    "TransactionMisused",
    "TryAgain",
    "after_commit",
    "check",
    "connect",
    "dialect",
    "disconnect",
    "execute",
    "fetch",
    "fetch_one",
    "finds_inside_words",
    "in_transaction",
    "lock_hosts",
    "migrate",
    "pending_migrations",
    "transaction",
]
