"""xlwings-server with the functions, asked over HTTP, and through its own page in Chromium.

xlwings' server code may be used without a licence for other than commercial purposes only: whoever may not
leaves these tests out.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.hosts.install import SERVER, XLWINGS
from tests.hosts.install import server as installed
from tests.hosts.office_js_cells import ERRORS, ask, held, read
from tests.hosts.questions import Question
from tests.hosts.replay import Answers, Asked, Host, asked_for, by_suffix
from tests.shared import ROOT

HERE = Path(__file__).parent
STARTED_WITHIN = 60.0
ANSWERED_WITHIN = 900.0

FUNCTIONS = "from excel_addin.server import *\n"
"""All a person writes."""


@contextlib.contextmanager
def server() -> Iterator[int]:
    """Yield the port that a server answers on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        for package, text in (("custom_functions", FUNCTIONS), ("custom_scripts", "")):
            (Path(folder) / package).mkdir()
            (Path(folder) / package / "__init__.py").write_text(text, encoding="utf-8")
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": folder,
            "PYTHONPATH": os.pathsep.join((folder, str(ROOT / "src"), str(ROOT))),
            "METRICSHEET_CACHE": "off",
            "XLWINGS_LICENSE_KEY": "noncommercial",
            "XLWINGS_PROJECT_DIR": folder,
            "XLWINGS_ENVIRONMENT": "dev",
            "XLWINGS_LOG_LEVEL": "WARNING",
            "XLWINGS_CDN_OFFICEJS": "false",
            "XLWINGS_ENABLE_HOTRELOAD": "false",
        }
        python = installed() / "environment" / "bin" / "python"
        command = [python, "-m", "uvicorn", "xlwings_server.main:main_app", "--port", str(port)]
        log = Path(folder) / "log"
        with (
            log.open("w") as written,
            subprocess.Popen(
                [*command, "--log-level", "warning"],
                env=environment,
                cwd=folder,
                stdout=written,
                stderr=written,
            ) as process,
        ):
            try:
                until = time.monotonic() + STARTED_WITHIN
                while True:
                    with (
                        contextlib.suppress(OSError),
                        socket.create_connection(("127.0.0.1", port), timeout=1),
                    ):
                        break
                    assert process.poll() is None, log.read_text()
                    assert time.monotonic() < until, f"the server did not start:\n{log.read_text()}"
                    time.sleep(0.2)
                yield port
            finally:
                process.kill()


def over_http(port: int, questions: Sequence[Asked]) -> list[Any]:
    """Return the answers of the server itself."""

    def call(asked: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json", "Authorization": "", "sid": "0"}
        connection.request("POST", "/xlwings/custom-functions-call", json.dumps(asked), headers)
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body
        return json.loads(body)["result"]

    with contextlib.closing(
        http.client.HTTPConnection("127.0.0.1", port, timeout=ANSWERED_WITHIN)
    ) as connection:
        return [read(ask(call, function, given)) for function, given in held(questions)]


def in_chromium(port: int, questions: Sequence[Asked]) -> tuple[list[Any], int, float]:
    """Return what the page's own functions answer, how many it registered, and the seconds of the answers."""
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder) / "asked.json"
        asked.write_text(json.dumps({"errors": ERRORS, "questions": held(questions)}), encoding="utf-8")
        command = ["node", str(HERE / "officejs_page.mjs"), _chromium(), str(port), str(asked)]
        done = subprocess.run(
            command,
            env={**os.environ, "OFFICEJS_MODULES": str(installed() / "node_modules")},
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=ANSWERED_WITHIN,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
    return [read(answer) for answer in said["answers"]], said["registered"], said["seconds"]


def _chromium() -> str:
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), "chromium")


def _over_http(asked: Sequence[Question]) -> list[Answers]:
    with server() as port:
        return by_suffix(over_http(port, asked_for(asked)))


def _in_chromium(asked: Sequence[Question]) -> list[Answers]:
    with server() as port:
        return by_suffix(in_chromium(port, asked_for(asked))[0])


def _versions() -> str:
    return f"xlwings {XLWINGS}, xlwings-server {SERVER}"


def _page_versions() -> str:
    said = subprocess.run([_chromium(), "--version"], capture_output=True, text=True, check=True).stdout
    return f"{_versions()}, Chromium {said.split()[1]}"


HOSTS = (
    Host("xlwings Server", _over_http, _versions),
    Host("its page in Chromium", _in_chromium, _page_versions),
)
