"""xlwings' code for Office.js (Lite and Server), under its licence for what earns nothing.

Two hosts: that code on this Python, and the same in Pyodide under Node with xlwings' own WebAssembly wheel
and the runtime that xlwings Server gives to a browser.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.hosts.questions import Question, write
from tests.hosts.replay import Answers, Host, NotInstalledError
from tests.shared import ROOT

PYODIDE = "314.0.7"
XLWINGS = "0.37.8"  # the newest with a wheel for this Pyodide
SERVER = "1.20.0"
PLATFORM = (
    *("--platform", "pyemscripten_2026_0_wasm32", "--only-binary=:all:"),
    *("--python-version", "3.14", "--implementation", "cp", "--abi", "cp314"),
)
LICENSE = {"XLWINGS_LICENSE_KEY": "noncommercial"}
INSTALLED = Path(os.environ.get("METRICSHEET_HOSTS", ROOT / ".venv" / "hosts"))


def on_python(asked: Sequence[Question]) -> list[Answers]:
    """Return the answers of xlwings' Office.js code on this Python."""
    environment = {**os.environ, **LICENSE, "XLWINGS_ON_SERVER": "true"}
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    return _run([sys.executable, "-m", "tests.hosts.office_js_process"], asked, environment)


def in_pyodide(asked: Sequence[Question]) -> list[Answers]:
    """Return the answers of Pyodide under Node."""
    folder = pyodide_installed()
    command = ["node", "--stack-size=4000", str(ROOT / "tests" / "hosts" / "pyodide_replay.mjs"), str(folder)]
    return _run(command, asked, {**os.environ, **LICENSE})


def _run(command: list[str], asked: Sequence[Question], environment: dict[str, str]) -> list[Answers]:
    with TemporaryDirectory() as folder:
        file, answers = Path(folder, "questions.jsonl.gz"), Path(folder, "answers.jsonl")
        write(file, asked)
        command = [*command, str(file), str(answers)]
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=environment, capture_output=True, timeout=600
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace")[-3000:])
        return [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines()]


@cache
def pyodide_installed() -> Path:
    """Return the folder of Pyodide, xlwings' wheel for it, its runtime, our wheel and a pure PyYAML.

    Raises ``NotInstalledError`` where one of them cannot be had.
    """
    folder = INSTALLED / f"pyodide-{PYODIDE}"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "pyodide").exists():
        _installed("npm", "install", "--silent", "--prefix", str(folder), f"pyodide@{PYODIDE}")
    wheels = folder / "wheels"
    if not [*wheels.glob("xlwings-*.whl")]:
        pip = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels))
        _installed(*pip, *PLATFORM, f"xlwings=={XLWINGS}")
        _installed(*pip, f"xlwings-server=={SERVER}")
    import yaml

    if not (folder / "yaml").exists():
        shutil.copytree(
            Path(yaml.__file__).parent, folder / "yaml", ignore=shutil.ignore_patterns("__pycache__", "*.so")
        )
    ours = folder / "ours"
    for old in ours.glob("*.whl"):
        old.unlink()
    _installed(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(ours))
    return folder


def _installed(*command: str) -> None:
    try:
        done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, timeout=300)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NotInstalledError(f"{command[0]}: {error}") from error
    if done.returncode:
        text = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise NotInstalledError(f"{' '.join(command[:4])} …: {text[-500:]}")


@cache
def _python_versions() -> str:
    import xlwings

    return f"xlwings {xlwings.__version__}, Python {sys.version.split()[0]}"


def _pyodide_versions() -> str:
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout
    return f"xlwings {XLWINGS}, Pyodide {PYODIDE}, Node {re.sub('[^0-9.]', '', node)}"


HOSTS = (
    Host("Office.js", on_python, _python_versions),
    Host("Pyodide", in_pyodide, _pyodide_versions),
)
