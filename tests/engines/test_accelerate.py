"""numpy gives, bit for bit, what plain Python gives."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metricsheet.engines import accelerate
from metricsheet.engines.cells import CellsEngine
from metricsheet.engines.columns import Column
from metricsheet.formula.aggregates import aggregate_numbers
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.plan import NameInfo
from metricsheet.values import Cell, ExcelError
from tests.stages import cases

numpy = pytest.importorskip("numpy", reason="numpy is an optional accelerator and not installed")

numbers = st.lists(
    st.one_of(
        st.floats(allow_nan=False, allow_infinity=False),
        st.floats(-1e3, 1e3),
        st.integers(-10, 10).map(float),
        st.sampled_from([1e308, -1e308, 5e-324, 1e16, 1.0, -1e16, 0.1]),
    ),
    max_size=60,
)
KINDS = ("sum", "min", "max", "moments", "ordered")


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=cases(1000, 20))
@given(numbers)
def test_every_primitive_is_the_same_bit_for_bit(kind: str, values: list[float]) -> None:
    plain = aggregate_numbers(kind, values)  # type: ignore[arg-type]
    fast = accelerate.part(kind, accelerate.packed(values))  # type: ignore[arg-type]
    assert repr(fast) == repr(plain) or fast == plain


@given(numbers)
def test_the_exact_sum_is_that_of_fsum(values: list[float]) -> None:
    try:
        exact = math.fsum(values)
    except OverflowError:
        assert accelerate.total(numpy.array(values)) == ExcelError("#NUM!")
    else:
        assert accelerate.total(numpy.array(values)) == exact


FORMULAS = """
SUM(a) | AVERAGE(a) | MIN(a) | MAX(a) | MEDIAN(a) | STDEV.S(a) | VAR.P(a) | COUNT(a) | COUNTA(a) | MODE(a)
PERCENTILE(a, 0.9) | COUNTUNIQUE(a) | COUNTIF(a, ">=9") | COUNTIF(a, "<50") | COUNTIF(a, 7)
COUNTIF(a, "<>7") | SUMIF(a, ">50") | COUNTIFS(a, ">50", b, "x") | AVERAGEIFS(a, b, "x", a, "<90") | a + 1
SUM(a * 2) | SUM(IF(b = "x", a, 0)) | SUMPRODUCT((a > 50) * (a < 70))
"""


@pytest.mark.parametrize("formula", [f for line in FORMULAS.strip().splitlines() for f in line.split(" | ")])
@pytest.mark.parametrize("clean", [True, False])
def test_long_columns_give_what_short_ones_would(
    formula: str, clean: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cell(i: int) -> Cell:
        if not clean and i % 17 == 0:
            return (None, "n/a", True)[i % 3]
        return (i * 7919 % 10007) / 97

    columns: dict[str, list[Cell]] = {
        "a": [cell(i) for i in range(3000)],
        "b": ["x" if i % 3 else None for i in range(3000)],
    }
    plan, _ = compile_formula(formula, {name: NameInfo("input") for name in columns})
    assert plan is not None

    def answers() -> list[object]:
        engine = CellsEngine({name: Column(cells) for name, cells in columns.items()})
        found = []
        for p in plan.primitives:
            given_ = tuple(getattr(c.criterion, "value", None) for c in p.conditions)
            found.append(engine.primitive(p, given_))
        return found

    plain = answers()
    monkeypatch.setattr(accelerate, "LONG", 100)
    assert answers() == plain


def test_numpy_is_not_imported_for_short_columns() -> None:
    code = (
        "import sys\n"
        "from metricsheet.evaluation.calculate import calculate\n"
        "calculate('SUM(x) + MEDIAN(x) + STDEV.S(x)', {'x': list(range(1000))})\n"
        "print([m for m in ('numpy', 'pandas', 'difflib', 'decimal', 'statistics') if m in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def test_without_numpy_long_columns_still_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numpy", None)
    monkeypatch.setattr(accelerate, "LONG", 10)
    column = Column([float(i) for i in range(50)])
    assert column.packed is None
    assert column.part("sum") == 1225
