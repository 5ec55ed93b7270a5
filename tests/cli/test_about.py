"""``metricsheet --version``: the version, the definitions in use and the extras installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from metricsheet import __version__, load_catalog
from metricsheet.cli.about import extras_found
from metricsheet.cli.main import main

ROOT = Path(__file__).parents[2]
FAST = "numpy>=1.26; extra == 'fast'"
TWO = ["duckdb>=1; extra == 'scale'", 'pyarrow>=17; python_version < "4" and extra == "scale"']


def shown(capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert main(["--version"]) == 0
    return capsys.readouterr().out.splitlines()


def test_the_first_line_is_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(capsys)[0] == f"metricsheet {__version__}"


def test_more_tells_where_definitions_are_cached(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for given, told in ((str(tmp_path), str(tmp_path)), ("off", "nowhere")):
        monkeypatch.setenv("METRICSHEET_CACHE", given)
        assert main(["--version", "-v"]) == 0
        assert f"cached in    {told}\n" in capsys.readouterr().out


def test_the_definitions_in_use_and_their_digest(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(ROOT / "tests" / "compat" / "0.1" / "init")
    catalog = load_catalog()
    assert shown(capsys)[1] == f"definitions  metrics.yaml (digest {catalog.digest})"
    monkeypatch.chdir(ROOT)
    assert catalog.digest not in shown(capsys)[1]


def test_definitions_that_cannot_be_used_hide_no_version(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "metrics.yaml").write_text("version: 1\nmetrics: {a: {label: }}\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    first, second, _ = shown(capsys)
    assert first == f"metricsheet {__version__}"
    assert "metricsheet check" in second


def test_the_extras_are_those_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    found = shown(capsys)[2].removeprefix("extras").strip()
    assert "test" in found.split(", ")
    assert set(found.split(", ")) <= set(project["optional-dependencies"])


@pytest.mark.parametrize(
    ("requirements", "installed", "found"),
    [
        ([], {"numpy"}, []),
        (["pyyaml>=6.0"], {"pyyaml"}, []),
        ([FAST], {"numpy"}, ["fast"]),
        ([FAST], {"numpyro"}, []),
        ([FAST, *TWO], {"numpy", "duckdb"}, ["fast"]),
        ([*TWO, FAST], {"numpy", "duckdb", "pyarrow"}, ["fast", "scale"]),
        (["pyOpenVBA>=6.5 ; extra=='addin'"], {"pyopenvba"}, ["addin"]),
        (["Ruamel.Yaml_Clib; extra == 'x'"], {"ruamel-yaml-clib"}, ["x"]),
        (["metricsheet[fast,addin]; extra == 'all'", FAST], {"metricsheet", "numpy"}, ["fast"]),
    ],
)
def test_an_extra_is_found_when_all_its_packages_are(
    requirements: list[str], installed: set[str], found: list[str]
) -> None:
    assert extras_found(requirements, installed) == found


def test_help_needs_no_definitions() -> None:
    code = "import sys; from metricsheet.cli.main import main; main(['--help']); print(*sys.modules)"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    loaded = set(printed.splitlines()[-1].split())
    assert "metricsheet.cli.main" in loaded
    assert loaded & {"metricsheet.api", "metricsheet.catalog", "yaml", "importlib.metadata"} == set()
