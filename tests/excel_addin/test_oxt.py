"""The extension of LibreOffice Calc as a file; ``tests/hosts/test_calc.py`` asks it in Calc."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import pytest

from excel_addin.definitions import Definitions
from excel_addin.oxt import write_oxt
from excel_addin.worksheet import worksheet_functions
from metricsheet._version import __version__
from metricsheet.cli.main import main
from tests.excel_addin.conftest import TEST_METRICS

OOR = "{http://openoffice.org/2001/registry}"


@pytest.fixture(scope="module")
def extension(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("extension") / "metricsheet.oxt"
    write_oxt(path, Definitions(str(TEST_METRICS)))
    return path


def test_it_declares_every_function_with_its_arguments(extension: Path) -> None:
    with zipfile.ZipFile(extension) as archive:
        types = archive.read("functions.idl").decode()
        configured = ElementTree.fromstring(archive.read("CalcAddIns.xcu"))
    declared = dict(re.findall(r"^(?:any|sequence< sequence<any> >) (\w+)\((.*)\);$", types, re.M))
    nodes = {node.get(f"{OOR}name"): node for node in configured.iter("node")}
    functions = worksheet_functions(Definitions(str(TEST_METRICS)))
    assert len(declared) == len(functions)
    for function in functions:
        method = f"ms{function.name.replace('_', 'u')}"
        assert re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", method)
        document, *taken = declared[method].split(", ")
        assert "XPropertySet" in document
        assert ["XCellRange" in one for one in taken] == [a.cells for a in function.arguments]
        texts = [value.text for value in nodes[method].iter("value")]
        assert {function.name, *(a.help for a in function.arguments)} <= set(texts)


def test_it_carries_all_it_needs(extension: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(extension).extractall(tmp_path)
    carried = json.loads((tmp_path / "carried.json").read_text())
    metrics = tmp_path / carried["metrics"]
    code = f"""
import sys
sys.path[:] = [{str(tmp_path / "pythonpath")!r}, *(p for p in sys.path if "site-packages" not in p)]
from excel_addin.definitions import Definitions
from excel_addin.worksheet import worksheet_functions
functions = {{f.name: f for f in worksheet_functions(Definitions({str(metrics)!r}))}}
print(functions["PROMOTERS"].ask([[[10.0], [9.0], [None], [0.0]]]))
print(dict(functions["METRIC_INFO"].ask(["promoters"]))["digest"])
print(functions["SCORECARD"].ask([[["Answers"], [10.0]]])[0][0])
print([name for name in ("xlwings", "pandas", "jsonschema", "numpy") if name in sys.modules])
"""
    shown = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code],
        cwd=tmp_path,
        env={"METRICSHEET_CACHE": "off"},
        capture_output=True,
        text=True,
        check=False,
    )
    digest = Definitions(str(TEST_METRICS)).catalog().digest
    assert shown.stdout.splitlines() == ["33.33333333333333", digest, "Metric", "[]"], shown.stderr
    assert (carried["digest"], carried["version"]) == (digest, __version__)
    assert digest in (tmp_path / "description.xml").read_text()


def test_the_same_definitions_give_the_same_bytes(extension: Path, tmp_path: Path) -> None:
    write_oxt(tmp_path / "again.oxt", Definitions(str(TEST_METRICS)))
    assert (tmp_path / "again.oxt").read_bytes() == extension.read_bytes()


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "own.oxt"
    command = ["addin", "build", "--for", "libreoffice", "--metrics", str(TEST_METRICS), "-o"]
    assert main([*command, str(target)]) == 0
    assert "functions of" in capsys.readouterr().out
    assert zipfile.is_zipfile(target)
    (tmp_path / "my.xlsx").write_text("precious")
    assert main([*command, str(tmp_path / "my.xlsx")]) == 2
    assert (tmp_path / "my.xlsx").read_text() == "precious"


def test_broken_definitions_write_nothing(tmp_path: Path) -> None:
    (tmp_path / "metrics.yaml").write_text("version: 1\nmetrics: {a: 1}\n")
    command = ["addin", "build", "--for", "libreoffice", "--metrics", str(tmp_path)]
    assert main([*command, "-o", str(tmp_path / "a.oxt")]) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["metrics.yaml"]
