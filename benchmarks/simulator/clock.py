"""Simulated time, for one connection and this process.

The acts ask `timezone.now()`, the functions in the database `now()`. A schema that is searched before the system's has functions of these
names, which return a setting of the session; columns that are filled in by default get that time too while the clock is installed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

from django.db import connection
from django.utils import timezone

FUNCTIONS = ("now", "statement_timestamp", "clock_timestamp", "transaction_timestamp")
SCHEMA = "DROP SCHEMA IF EXISTS sim CASCADE; CREATE SCHEMA sim;" + "".join(
    f"CREATE FUNCTION sim.{name}() RETURNS timestamptz LANGUAGE sql STABLE AS"
    " $$ SELECT current_setting('sim.clock')::timestamptz $$;"
    for name in FUNCTIONS
)
# Columns whose default is the real time: the default is kept as a function's number, which no search path changes.
DEFAULTS = """
SELECT format('%%I.%%I', n.nspname, c.relname), quote_ident(a.attname), pg_get_expr(d.adbin, d.adrelid)
  FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
 WHERE n.nspname = 'public' AND pg_get_expr(d.adbin, d.adrelid) = ANY(%s) ORDER BY 1, 2
"""


class Clock:
    """What time it is; only `move` changes it."""

    def __init__(self, start: datetime) -> None:
        self.start = start
        self._now = start

    def now(self) -> datetime:
        """As `timezone.now()` says it."""
        return self._now

    def at(self, seconds: float) -> datetime:
        """The moment so many seconds after the start."""
        return self.start + timedelta(seconds=seconds)

    def move(self, seconds: float) -> None:
        """It is now so many seconds after the start, for Python and for the connection."""
        self._now = self.at(seconds)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('sim.clock', %s, false)", [self._now.isoformat()])


def install() -> list[tuple[str, str, str]]:
    """The functions and defaults, in a database that must be nobody else's; the columns with the defaults that they had."""
    with connection.cursor() as cursor:
        cursor.execute(DEFAULTS, [[f"{name}()" for name in FUNCTIONS]])
        columns: list[tuple[str, str, str]] = cursor.fetchall()
        cursor.execute(SCHEMA)
        for table, column, _ in columns:
            cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT sim.now()")
    return columns


@contextmanager
def ticking(clock: Clock) -> Iterator[None]:
    """This process and its connection ask this clock, in a database with the functions."""
    with connection.cursor() as cursor:
        cursor.execute("SET search_path = sim, public, pg_catalog")
    clock.move((clock.now() - clock.start).total_seconds())
    with patch.object(timezone, "now", clock.now):
        yield


@contextmanager
def installed(start: datetime) -> Iterator[Clock]:
    """A clock that stands at `start`; afterwards the database is as it was."""
    columns = install()
    clock = Clock(start)
    try:
        with ticking(clock):
            yield clock
    finally:
        with connection.cursor() as cursor:
            cursor.execute("RESET search_path")
            for table, column, default in columns:
                cursor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET DEFAULT {default}")
            cursor.execute("DROP SCHEMA sim CASCADE")
