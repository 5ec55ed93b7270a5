"""xlwings' COM server and a client of it under Wine: Python for Windows, real pywin32, real COM."""

from __future__ import annotations

import contextlib
import json
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.hosts.install import PYWIN32, WINE_FOLDER, XLWINGS, windows_path
from tests.hosts.install import wine as installed
from tests.hosts.replay import Asked, Host, asked_for, by_suffix

HERE = Path(__file__).parent
ANSWERED_WITHIN = 600.0


def ask(questions: Sequence[Asked], before: Sequence[Asked] = ()) -> tuple[list[Any], float]:
    """Return the answer to each question and the seconds that they took, but for the start and ``before``."""
    python = installed()
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "asked.json", Path(folder) / "answered.json"
        asked.write_text(json.dumps([list(before), list(questions)]), encoding="utf-8")
        environment = {
            "PATH": f"{WINE_FOLDER}:/usr/bin:/bin",
            "HOME": folder,
            "WINEPREFIX": str(Path(folder) / "prefix"),
            "WINEARCH": "win64",
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=;winemenubuilder.exe=d",
            "PYTHONDONTWRITEBYTECODE": "1",
            "METRICSHEET_CACHE": "off",
        }

        def run(*arguments: str) -> subprocess.Popen[bytes]:
            command = [f"{WINE_FOLDER}/wine64", str(python), *arguments]
            # Python for Windows under Wine falls over where its output is a file
            return subprocess.Popen(
                command,
                env=environment,
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
            )

        with run("-c", "pass") as first:  # makes the prefix
            first.communicate(timeout=ANSWERED_WITHIN)
        server = run("-u", windows_path(HERE / "wine_server.py"))
        try:
            paths = (windows_path(path) for path in (HERE / "wine_client.py", asked, answered))
            with run("-u", *paths) as client:
                try:
                    said, _ = client.communicate(timeout=ANSWERED_WITHIN)
                finally:
                    client.kill()
            assert answered.exists(), said.decode(errors="replace")
            found = json.loads(answered.read_text(encoding="utf-8"))
        finally:
            server.kill()
            server.communicate()
            with contextlib.suppress(OSError):
                subprocess.run(
                    [f"{WINE_FOLDER}/wineserver64", "-k", "-w"], env=environment, timeout=60, check=False
                )
    return found["answers"], found["seconds"]


def _versions() -> str:
    said = subprocess.run([f"{WINE_FOLDER}/wine64", "--version"], capture_output=True, text=True, check=True)
    return f"xlwings {XLWINGS}, pywin32 {PYWIN32}, {said.stdout.split()[0]}"


HOST = Host("COM under Wine", lambda asked: by_suffix(ask(asked_for(asked))[0]), _versions)
