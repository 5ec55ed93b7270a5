"""xlwings Lite as it is written about: a main.py of one line, PyYAML alone, and definitions with mistakes."""

from __future__ import annotations

import json
import subprocess

import pytest

from excel_addin.definitions import Definitions
from excel_addin.worksheet import worksheet_functions
from tests.hosts.office_js import pyodide_installed
from tests.hosts.replay import NotInstalledError
from tests.shared import ROOT

pytestmark = [pytest.mark.hosts, pytest.mark.officejs]


def test_one_line_registers_all_functions_with_pyyaml_alone() -> None:
    try:
        folder = pyodide_installed()
    except NotInstalledError as error:
        pytest.skip(f"Pyodide is not asked, it cannot be installed here: {error}")
    script = ROOT / "tests" / "hosts" / "pyodide_lite.mjs"
    ran = subprocess.run(["node", script, folder], check=True, capture_output=True, text=True, timeout=300)
    said = json.loads(ran.stdout.splitlines()[-1])
    assert set(said["names"]) == {one.name for one in worksheet_functions(Definitions())}
    assert "yaml" in said["imported"]
    others = {"jsonschema", "pandas", "numpy", "python_calamine", "xlrd", "xlsxwriter", "jinja2"}
    assert not others & set(said["imported"])
    assert "lable" in said["faulty"]
    assert "did you mean 'label'?" in said["faulty"]
