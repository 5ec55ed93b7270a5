"""A PostgreSQL server for tests, in a folder of its own; reached through a socket in it."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from glob import glob
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

LOCKED = "locked"
"""This user has a password: ``PASSWORD``, and no right to anything."""
PASSWORD = "c0rrect-horse"


def programs() -> str | None:
    """Return the folder of the programs of the newest PostgreSQL here, ``None`` where there is none."""
    found = shutil.which("initdb")
    places = sorted(glob("/usr/lib/postgresql/*/bin"), key=lambda place: int(place.split("/")[4]))
    return os.path.dirname(found) if found else places[-1] if places else None


class Server:
    """A server that runs until ``stop``."""

    def __init__(self, programs: str) -> None:
        self._programs = programs
        self.folder = tempfile.mkdtemp(prefix="metricsheet-pg-")
        self._user = "postgres" if os.geteuid() == 0 else None  # it refuses to run as root
        if self._user is not None:
            shutil.chown(self.folder, self._user)
        self.data = Path(self.folder) / "data"
        self._run(
            "initdb", "-D", self.data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C.UTF-8"
        )
        access = self.data / "pg_hba.conf"
        access.write_text(f"local all {LOCKED} scram-sha-256\n" + access.read_text())
        self.start()
        with self.connect() as connection:
            connection.execute(f"CREATE ROLE {LOCKED} LOGIN PASSWORD '{PASSWORD}'")

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' -c fsync=off -c full_page_writes=off"
        self._run("pg_ctl", "-D", self.data, "-l", self.data / "log", "-o", options, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: object) -> None:
        command = [os.path.join(self._programs, program), *map(str, arguments)]
        done = subprocess.run(
            command, user=self._user, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False, cwd="/"
        )
        assert done.returncode == 0, done.stderr.decode()

    def connect(self) -> psycopg.Connection[Any]:
        return psycopg.connect(host=self.folder, user="postgres", dbname="postgres", autocommit=True)

    def run(self, query: str) -> None:
        with self.connect() as connection:
            connection.execute(query)

    def address(self, table: str = "", user: str = "postgres") -> str:
        return f"postgresql://{user}@/postgres?host={self.folder}" + (f"#{table}" if table else "")

    def shown(self, table: str) -> str:
        """Return the name of a source as scorecards say it."""
        return f"postgresql:///postgres#{table}"

    def make(self, name: str, columns: Mapping[str, Sequence[Any]]) -> str:
        """Make a table anew, each column of the type of its first filled cell; return its address."""
        table = sql.Identifier(name)
        kinds = [
            sql.SQL("{} " + kind_of(cells)).format(sql.Identifier(key)) for key, cells in columns.items()
        ]
        with self.connect() as connection, connection.transaction():
            connection.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(table))
            connection.execute(sql.SQL("CREATE TABLE {} ({})").format(table, sql.SQL(", ").join(kinds)))
            with connection.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(table)) as copy:
                for row in zip(*columns.values(), strict=True):
                    copy.write_row(row)
        return self.address(f"public.{name}")


def kind_of(cells: Sequence[Any]) -> str:
    """Return the type of a column."""
    first = next((cell for cell in cells if cell is not None), None)
    kinds = {
        bool: "boolean",
        int: "bigint",
        float: "double precision",
        Decimal: "numeric",
        dt.date: "date",
        dt.datetime: "timestamp",
        list: "bigint[]",
    }
    zoned = isinstance(first, dt.datetime) and first.tzinfo is not None
    return "timestamptz" if zoned else kinds.get(type(first), "text")
