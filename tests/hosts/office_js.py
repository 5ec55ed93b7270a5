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
from typing import Any

from tests.hosts.install import INSTALLED, SERVER, XLWINGS, pip, run
from tests.hosts.office_js_cells import ERRORS, held, read, request
from tests.hosts.replay import Asked, Host, asked_for, by_suffix
from tests.shared import ROOT

PYODIDE = "314.0.7"
PLATFORM = (
    *("--platform", "pyemscripten_2026_0_wasm32", "--only-binary=:all:"),
    *("--python-version", "3.14", "--implementation", "cp", "--abi", "cp314"),
)
LICENSE = {"XLWINGS_LICENSE_KEY": "noncommercial"}


def on_python(asked: Sequence[Asked], before: Sequence[Asked] = ()) -> tuple[list[Any], float]:
    """Return the answers of xlwings' Office.js code on this Python, and the seconds but for ``before``."""
    environment = {**os.environ, **LICENSE, "XLWINGS_ON_SERVER": "true"}
    environment["PYTHONPATH"] = os.pathsep.join((str(ROOT), str(ROOT / "src")))
    return _run([sys.executable, "-m", "tests.hosts.office_js_process"], asked, before, environment)


def in_pyodide(asked: Sequence[Asked], before: Sequence[Asked] = ()) -> tuple[list[Any], float]:
    """Return the answers of Pyodide under Node, and the seconds but for ``before``."""
    folder = pyodide_installed()
    command = ["node", "--stack-size=4000", str(ROOT / "tests" / "hosts" / "pyodide_replay.mjs"), str(folder)]
    return _run(command, asked, before, {**os.environ, **LICENSE})


def _run(
    command: list[str], asked: Sequence[Asked], before: Sequence[Asked], environment: dict[str, str]
) -> tuple[list[Any], float]:
    with TemporaryDirectory() as folder:
        file, answers = Path(folder, "asked.json"), Path(folder, "answers.json")
        given = {
            "errors": ERRORS,
            "before": held(before),
            "questions": held(asked),
            "request": request("", ()),
        }
        file.write_text(json.dumps(given), encoding="utf-8")
        command = [*command, str(file), str(answers)]
        done = subprocess.run(
            command, check=False, cwd=ROOT, env=environment, capture_output=True, timeout=600
        )
        if done.returncode:
            raise RuntimeError(done.stderr.decode(errors="replace")[-3000:])
        said = json.loads(answers.read_text(encoding="utf-8"))
        return [read(answer) for answer in said["answers"]], said["seconds"]


@cache
def pyodide_installed() -> Path:
    """Return the folder of Pyodide, xlwings' wheel for it, its runtime, our wheel and a pure PyYAML.

    Raises ``NotInstalledError`` where one of them cannot be had.
    """
    folder = INSTALLED / f"pyodide-{PYODIDE}"
    folder.mkdir(parents=True, exist_ok=True)
    if not (folder / "node_modules" / "pyodide").exists():
        run("npm", "install", "--silent", "--prefix", folder, f"pyodide@{PYODIDE}")
    wheels = folder / "wheels"
    if not [*wheels.glob("xlwings-*.whl")]:
        download = ("download", "--no-deps", "--dest", str(wheels))
        pip(sys.executable, *download, *PLATFORM, f"xlwings=={XLWINGS}")
        pip(sys.executable, *download, f"xlwings-server=={SERVER}")
    import yaml

    if not (folder / "yaml").exists():
        shutil.copytree(
            Path(yaml.__file__).parent, folder / "yaml", ignore=shutil.ignore_patterns("__pycache__", "*.so")
        )
    ours = folder / "ours"
    for old in ours.glob("*.whl"):
        old.unlink()
    run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(ours))
    return folder


@cache
def _python_versions() -> str:
    import xlwings

    return f"xlwings {xlwings.__version__}, Python {sys.version.split()[0]}"


def _pyodide_versions() -> str:
    node = subprocess.run(["node", "--version"], check=True, capture_output=True, text=True).stdout
    return f"xlwings {XLWINGS}, Pyodide {PYODIDE}, Node {re.sub('[^0-9.]', '', node)}"


HOSTS = (
    Host("Office.js", lambda asked: by_suffix(on_python(asked_for(asked))[0]), _python_versions),
    Host("Pyodide", lambda asked: by_suffix(in_pyodide(asked_for(asked))[0]), _pyodide_versions),
)
