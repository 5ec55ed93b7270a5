"""Imports go one way, inside functions as well, and heavy libraries stay where they belong."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from metricsheet.language import LANGUAGES
from tests.source_trees import nodes_of, tree_of

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "metricsheet"

ORDER = [
    {"_version", "patterns", "precision", "records"},
    {"source"},
    {"language"},
    {"errors", "values"},
    {"dataset"},
    {"formula", "files"},
    {"catalog", "engines"},
    {"reading", "rules"},
    {"tables"},
    {"binding", "evaluation"},
    {"kept"},
    {"prepared", "watch"},
    {"report"},
    {"export", "scorecard"},
    {"options", "stored_source"},
    {"one_source"},
    {"held_parts", "part_cache", "processes"},
    {"bulk"},
    {"api"},
    {"excel_addin", "mcp"},
    {"cli"},
]
"""The packages and modules of each level; a level imports only from those above it in this list."""

INSIDE = {
    "catalog": [
        {"find", "frozen", "problems", "table_kinds"},
        {"yaml"},
        {"definitions", "derived", "shares", "bands_in_force", "named", "translations"},
        {"schema"},
        {"assembly"},
    ],
    "rules": [{"language"}, {"engine"}, {"proofs"}, {"testing"}, {"check"}],
    "report": [
        {
            "arrangement",
            "atomic",
            "benchmarks",
            "columns",
            "comparison",
            "finding_lines",
            "formatter",
            "frame",
            "in_words",
            "ledger",
            "lifetime",
            "overview",
            "overview_lines",
            "scorecard",
            "wording",
            "style",
        },
        {"data", "text", "xlsx"},
        {"html"},
        {"formats"},
        {"write"},
    ],
}
"""The same inside the packages that have folders; names without a folder may import each other."""

HOMES = {
    "yaml": {"catalog", "export"},
    "jsonschema": {"catalog"},
    "python_calamine": {"files"},
    "xlrd": {"files"},
    "xlsxwriter": {"export", "report"},
    "xlwings": {"excel_addin"},
    "unohelper": {"excel_addin"},
    "pyopenvba": {"excel_addin"},
    "pandas": {"files", "report", "scorecard", "api"},
    "numpy": {"engines"},
    "scipy": {"engines"},
    "duckdb": {"engines", "export"},
    "pyarrow": {"export", "files"},
    "pyspark": {"engines"},
    "sqlalchemy": {"engines", "export"},
    "psycopg": {"engines", "export"},
    "jinja2": {"report"},
    "mcp": {"mcp"},
}


FOLDERS = {path.name for package in INSIDE for path in (PACKAGE / package).iterdir() if path.is_dir()}


def level(order: list[set[str]], name: str) -> int | None:
    """Return the place of a name in an order, ``None`` when it has none."""
    return next((place for place, names in enumerate(order) if name in names), None)


def modules() -> list[Path]:
    return sorted([*PACKAGE.rglob("*.py"), *(ROOT / "excel_addin").rglob("*.py")])


def module_name(path: Path) -> str:
    """Return the dotted name of a module; a package has the name of its folder."""
    root = ROOT if ROOT / "excel_addin" in path.parents else PACKAGE.parent
    return ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")


@cache
def imports(path: Path) -> list[tuple[int, str]]:
    """Every import of a module, those inside functions too."""
    found = []
    for node in nodes_of(tree_of(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            found.append((node.lineno, node.module))
            found += [(node.lineno, f"{node.module}.{alias.name}") for alias in node.names]
    return found


def violations(module: str, imported: list[tuple[int, str]]) -> list[str]:
    """Return what is wrong with the imports of a module such as ``metricsheet.files.read``."""
    own = inside(module)
    layer = own[0]
    found = []
    for line, name in imported:
        top = name.split(".")[0]
        if top in HOMES and layer not in HOMES[top]:
            found.append(f"line {line}: {top} belongs to {', '.join(sorted(HOMES[top]))}")
        if top == "excel_addin" and layer not in ("cli", "excel_addin"):
            found.append(f"line {line}: {name} is a host, only the command line imports it")
        if top != "metricsheet":
            continue
        target = inside(public_home(name))
        if not target:
            continue
        if target[0] != layer:
            here, there = level(ORDER, layer), level(ORDER, target[0])
            assert here is not None, f"{layer} has no place in the order"
            if there is None or there >= here:
                found.append(f"line {line}: {layer} may not import {target[0]}")
        elif layer in INSIDE and len(own) > 1 and len(target) > 1 and own[1] != target[1]:
            here, there = level(INSIDE[layer], own[1]), level(INSIDE[layer], target[1])
            assert here is not None, f"{layer}/{own[1]} has no place in the order"
            if there is None or there > here or (there == here and {own[1], target[1]} & FOLDERS):
                found.append(f"line {line}: {layer}.{own[1]} may not import {layer}.{target[1]}")
    return found


def inside(name: str) -> list[str]:
    """Return the parts of a name below ``metricsheet``, ``["excel_addin", …]`` for the add-in."""
    parts = name.split(".")
    return parts if parts[0] == "excel_addin" else parts[1:]


def public_home(name: str) -> str:
    """Return where a public name such as ``metricsheet.evaluate`` is defined: importing it reaches there."""
    import metricsheet

    parts = name.split(".")
    if parts[0] == "metricsheet" and len(parts) > 1 and parts[1] in metricsheet._HOMES:
        return f"{metricsheet._HOMES[parts[1]]}.{parts[1]}"
    return name


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_one_way(path: Path) -> None:
    name = module_name(path)
    if name in ("metricsheet", "metricsheet.__main__"):
        return
    assert violations(name, imports(path)) == []


def test_the_guard_sees_wrong_imports() -> None:
    assert violations("metricsheet.catalog.assembly.make", [(1, "metricsheet.engines.cells")])
    assert violations("metricsheet.formula.plan", [(1, "metricsheet.evaluation.run")])
    assert violations("metricsheet.tables.blocks", [(1, "metricsheet.report.text.page")])
    assert violations("metricsheet.evaluation.run", [(1, "yaml")])
    assert not violations("metricsheet.evaluation.run", [(1, "metricsheet.formula.ast")])


def test_the_guard_sees_public_names_and_unknown_modules() -> None:
    assert violations("metricsheet.formula.plan", [(1, "metricsheet.evaluate")])
    assert violations("metricsheet.values", [(1, "metricsheet.Scorecard")])
    assert violations("metricsheet.values", [(1, "metricsheet.brand_new")])


def test_the_guard_sees_the_order_inside_a_package() -> None:
    assert violations("metricsheet.catalog.yaml.reader", [(1, "metricsheet.catalog.schema.explain")])
    assert violations("metricsheet.rules.language.facts", [(1, "metricsheet.rules.engine.trace")])
    assert violations("metricsheet.report.text.page", [(1, "metricsheet.report.xlsx.sheet")])
    assert not violations("metricsheet.catalog.assembly.make", [(1, "metricsheet.catalog.yaml.reader")])


def test_no_module_cycle() -> None:
    """Modules import each other in no cycle; imports inside functions and for types only count."""
    names = {module_name(p): p for p in modules()}
    graph = {
        name: {public_home(target) for _, target in imports(path)} & names.keys() - {name}
        for name, path in names.items()
    }
    # importing a public name from the face of the package reaches its home, which the guard above follows
    del graph["metricsheet"]
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


HEAVY = ("pandas", "numpy", "scipy", "xlwings", "xlsxwriter", "jsonschema", "openpyxl")


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
        "print([m for m in ('yaml', 'dataclasses', 'argparse') if m in sys.modules], file=sys.stderr)"
    )
    shown = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = [{str(PACKAGE.parent)!r}]; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stderr.strip() == "[]"


def test_no_file_is_a_god_module() -> None:
    """A file is as long as its subject; the words of a language are one table, whatever their number."""
    long = {
        str(p.relative_to(ROOT)): n
        for p in modules()
        if (n := len(p.read_text(encoding="utf-8").splitlines())) > 500
        and not (p.parent.name == "language" and p.stem in LANGUAGES)
    }
    assert long == {}
