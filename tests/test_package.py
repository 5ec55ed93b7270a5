"""The built wheel, installed away from the repository: it carries the definitions and runs."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel with the backend itself: no network and no second environment is needed."""
    folder = tmp_path_factory.mktemp("wheel")
    code = f"import hatchling.build as b; print(b.build_wheel({str(folder)!r}))"
    built = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return folder / built.stdout.split()[-1]


def test_the_wheel_carries_the_definitions(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        "metrics.yaml",
        *(f"lifecycle_rules/{p.name}" for p in (ROOT / "lifecycle_rules").glob("*.yaml")),
    }
    shipped |= {f"benchmark_packs/{p.name}" for p in (ROOT / "benchmark_packs").glob("*.yaml")}
    shipped |= {f"translations/{p.name}" for p in (ROOT / "translations").glob("*.yaml")}
    assert len(shipped) > 10
    assert {f"metricsheet/builtin/{name}" for name in shipped} <= names
    assert "excel_addin/functions.py" in names
    assert "metricsheet/py.typed" in names
    assert not [n for n in names if n.startswith(("tests/", "examples/", "benchmarks/"))]


def test_in_a_browser_the_wheel_asks_for_pyyaml_alone(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as file:
        (name,) = [name for name in file.namelist() if name.endswith(".dist-info/METADATA")]
        headers = Parser().parsestr(file.read(name).decode("utf-8"))
    asked = [Requirement(one) for one in headers.get_all("Requires-Dist", [])]

    def needed(platform: str) -> set[str]:
        here = {"sys_platform": platform, "extra": ""}
        return {one.name.lower() for one in asked if one.marker is None or one.marker.evaluate(here)}

    assert needed("emscripten") == {"pyyaml"}
    assert needed("linux") == needed("win32") >= {"pyyaml", "jsonschema", "pandas", "xlwings"}


def test_the_wheel_runs_away_from_the_repository(wheel: Path, tmp_path: Path) -> None:
    target = tmp_path / "environment"
    venv.create(target, with_pip=False)
    site = next(target.glob("lib/python*/site-packages"))
    zipfile.ZipFile(wheel).extractall(site)
    # the libraries come from the environment that runs the tests, without its own editable metricsheet
    libraries = [p for p in sys.path if p.endswith("site-packages")]
    (tmp_path / "survey.csv").write_text("NPS score\n10\n9\n8\n6\n", encoding="utf-8")
    code = (
        f"import sys; sys.path += {libraries!r}\n"
        "import metricsheet; from metricsheet.cli.main import main\n"
        "print(metricsheet.__file__)\n"
        "codes = [main(['evaluate', 'survey.csv', '--only', 'nps', '--format', 'csv']), main(['check'])]\n"
        "sys.exit(max(*codes, main(['demo'])))"
    )
    python = target / "bin" / "python"
    shown = subprocess.run(
        [python, "-I", "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert shown.returncode == 0, shown.stderr
    assert str(site) in shown.stdout
    assert "25" in shown.stdout
    assert "0 errors" in shown.stdout
    assert "CLV to CAC ratio" in shown.stdout
