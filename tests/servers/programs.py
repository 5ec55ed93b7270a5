"""Programs beside us that tests start: PostgreSQL, dbt and Sidemantic.

``make servers`` installs what is no server of the system into ``.venv/servers``.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.servers.postgresql_server import Server, programs

ROOT = Path(__file__).parents[2]


def program(name: str) -> str:
    """Return the path of a program of ``.venv/servers``, or of the folder that METRICSHEET_SERVERS names."""
    folder = Path(os.environ.get("METRICSHEET_SERVERS", ROOT / ".venv" / "servers" / "bin"))
    if not (folder / name).exists():
        pytest.skip(f"{name} is not in {folder}: run make servers")
    return str(folder / name)


def run(*command: str, cwd: Path, given: str = "") -> str:
    """Return what a program prints; it fails the test with all of it where it ends in another way."""
    env = {key: value for key, value in os.environ.items() if key not in ("PYTHONPATH", "VIRTUAL_ENV")}
    done = subprocess.run(command, check=False, cwd=cwd, input=given, capture_output=True, text=True, env=env)
    assert not done.returncode, f"{' '.join(command)[:200]}\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@contextmanager
def postgresql() -> Iterator[Server]:
    """Give a PostgreSQL that runs for some tests, and skip them where there is none."""
    found = programs()
    if found is None:
        pytest.skip("PostgreSQL is not installed")
    server = Server(found)
    try:
        yield server
    finally:
        server.remove()
