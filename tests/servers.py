"""Programs beside us that tests start: PostgreSQL, in a folder that goes with it, dbt and Sidemantic.

``make servers`` installs what is no server of the system into ``.venv/servers``.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


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
def postgresql(_: Path) -> Iterator[str]:
    """Start a PostgreSQL and give its address; it may not run as root, so then it runs as ``postgres``."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        pytest.skip("PostgreSQL is not installed")
    folder = tempfile.mkdtemp(prefix="metricsheet-pg-")
    user = {"user": "postgres"} if os.geteuid() == 0 else {}
    if user:
        shutil.chown(folder, "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    def run(name: str, *words: str) -> None:
        command = [str(found[-1].parent / name), "-D", f"{folder}/data", *words]
        subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL, **user)  # type: ignore[call-overload]

    try:
        run("initdb", "--auth=trust", "--username=kpi", "--no-sync")
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        run("pg_ctl", "-o", options, "-l", f"{folder}/log", "-w", "start")
        try:
            yield f"postgresql://kpi@127.0.0.1:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
