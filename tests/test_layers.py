"""Imports go one way, inside functions as well, and heavy libraries stay where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "metricsheet"

ORDER = [
    {"records"},
    {"source"},
    {"errors"},
    {"values"},
    {"formula"},
    {"catalog", "engines"},
    {"rules"},
    {"evaluation"},
    {"workbook", "report"},
    {"api"},
    {"cli", "excel_addin"},
]
LEVEL = {name: level for level, names in enumerate(ORDER) for name in names}

HOMES = {
    "yaml": {"catalog"},
    "jsonschema": {"catalog"},
    "python_calamine": {"workbook"},
    "xlsxwriter": {"report"},
    "xlwings": {"excel_addin"},
    "pandas": {"workbook", "evaluation", "api"},
    "numpy": {"engines"},
}


def modules() -> list[Path]:
    return sorted([*PACKAGE.rglob("*.py"), *(ROOT / "excel_addin").rglob("*.py")])


def layer_of(path: Path) -> str:
    if ROOT / "excel_addin" in path.parents:
        return "excel_addin"
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imports(path: Path) -> list[tuple[int, str]]:
    """Every import of a module, those inside functions too."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            found.append((node.lineno, node.module))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def violations(layer: str, imported: list[tuple[int, str]]) -> list[str]:
    found = []
    for line, name in imported:
        parts = name.split(".")
        if parts[0] in HOMES and layer not in HOMES[parts[0]]:
            found.append(f"line {line}: {parts[0]} belongs to {', '.join(sorted(HOMES[parts[0]]))}")
        if parts[0] == "excel_addin" and layer != "excel_addin":
            found.append(f"line {line}: {name} is a host, nothing imports it")
        if parts[0] != "metricsheet" or len(parts) == 1 or parts[1] not in LEVEL:
            continue
        target = parts[1]
        if target != layer and LEVEL[target] >= LEVEL[layer]:
            found.append(f"line {line}: {layer} may not import {target}")
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    layer = layer_of(path)
    if layer in ("__init__", "__main__"):
        return
    assert layer in LEVEL, f"{path} stands in no layer"
    assert violations(layer, imports(path)) == []


def test_the_guard_sees_wrong_imports() -> None:
    assert violations("catalog", [(1, "metricsheet.engines.cells")])
    assert violations("formula", [(1, "metricsheet.evaluation.run")])
    assert violations("workbook", [(1, "metricsheet.report.text")])
    assert violations("evaluation", [(1, "yaml")])
    assert not violations("evaluation", [(1, "metricsheet.formula.ast")])


def test_no_module_knot() -> None:
    """Modules import each other in no circle, imports inside functions counted."""
    graph: dict[str, set[str]] = {}
    names = {
        ".".join(p.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): p
        for p in PACKAGE.rglob("*.py")
    }
    for name, path in names.items():
        type_checking = _type_checking_lines(path)
        graph[name] = {
            target
            for line, imported in imports(path)
            if line not in type_checking
            for target in (imported,)
            if target in names and target != name
        }
    del graph["metricsheet"]  # the lazy public face points at everything on purpose
    state: dict[str, int] = {}

    def visit(name: str, trail: list[str]) -> None:
        if state.get(name) == 2:
            return
        assert state.get(name) != 1, " → ".join([*trail[trail.index(name) :], name])
        state[name] = 1
        for target in sorted(graph.get(name, ())):
            visit(target, [*trail, name])
        state[name] = 2

    for name in sorted(graph):
        visit(name, [])


def _type_checking_lines(path: Path) -> set[int]:
    lines: set[int] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            lines |= {child.lineno for child in ast.walk(node) if hasattr(child, "lineno")}
    return lines


HEAVY = ("pandas", "numpy", "xlwings", "xlsxwriter", "jsonschema", "openpyxl")


@pytest.mark.parametrize(
    "module",
    ["metricsheet", "metricsheet.api", "metricsheet.evaluation.answer", "metricsheet.cli.evaluate_command"],
)
def test_the_core_starts_without_heavy_libraries(module: str) -> None:
    code = f"import {module}, sys; print([m for m in {HEAVY!r} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_help_imports_next_to_nothing() -> None:
    code = (
        "import sys; from metricsheet.cli.main import main; main(['--help']);"
        "print([m for m in ('yaml', 'dataclasses', 're', 'argparse') if m in sys.modules], file=sys.stderr)"
    )
    shown = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = [{str(PACKAGE.parent)!r}]; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stderr.strip() == "[]"


def test_no_file_is_a_god_module() -> None:
    long = {
        str(p.relative_to(ROOT)): n
        for p in modules()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 320
    }
    assert long == {}
