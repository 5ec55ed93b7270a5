"""Any formula over any cells ends in a value or in diagnostics, in few steps, and says the same twice."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metricsheet.errors import DefinitionError
from metricsheet.evaluation.calculate import calculate
from metricsheet.formula.ast import to_text
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.functions import SPELLINGS, Function
from metricsheet.formula.plan import NameInfo
from metricsheet.values import ERROR_CODES, Cell, ExcelError
from tests.stages import few_cases
from tests.steps import at_most

pytestmark = pytest.mark.fuzz

numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.integers(),
    st.sampled_from([0, 1, -1, 0.5, 60, 45000, 1e308]),
)
texts = st.one_of(
    st.text(max_size=6), st.sampled_from(["", "a", "A", "5", "8%", "2024-01-31", "TRUE", "*", ">1", "~"])
)
cells = st.one_of(
    numbers, texts, st.booleans(), st.none(), st.sampled_from(ERROR_CODES).map(ExcelError), st.dates()
)
inputs = st.fixed_dictionaries(
    {"x": st.lists(cells, max_size=6), "y": st.lists(cells, max_size=6), "z": cells}
)

atoms = st.one_of(
    st.sampled_from(
        ["x", "y", "z", "TRUE", "#N/A", "{1,2;3,4}", '"a"', '">=1"', '"<>"', '"*"', '""', "1", "0", "2.5"]
    ),
    st.floats(0, 1e12).map(lambda number: f"{number:g}"),
)


def _deeper(parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    operators = st.sampled_from(["+", "-", "*", "/", "^", "&", "=", "<>", "<", ">", "<=", ">="])
    calls = st.sampled_from(sorted(SPELLINGS)).flatmap(lambda name: _call(SPELLINGS[name], name, parts))
    return st.one_of(
        st.builds("({}{}{})".format, parts, operators, parts),
        st.builds("-{}".format, parts),
        st.builds("({}%)".format, parts),
        calls,
        calls,
    )


def _call(function: Function, name: str, parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    counts = [count for count in range(7) if function.fits(count)]
    return st.sampled_from(counts).flatmap(
        lambda count: st.lists(parts, min_size=count, max_size=count).map(
            lambda args: f"{name}({','.join(args)})"
        )
    )


formulas = st.recursive(atoms, _deeper, max_leaves=10)


def outcome(formula: str, given_: dict[str, object]) -> tuple[str, Cell]:
    try:
        found = calculate(formula, given_)  # type: ignore[arg-type]
    except DefinitionError as refused:
        return "refused", str(refused.diagnostics[0])
    assert isinstance(found, (float, str, bool, ExcelError))
    if isinstance(found, float):
        assert found - found == 0
    return type(found).__name__, found


@few_cases
@given(formulas, inputs)
@example("COUNTIF(x,y)", {"x": [1], "y": [], "z": None})
@example("SUMPRODUCT(x,{1,2;3,4})", {"x": [1, 2, 3, 4], "y": [], "z": None})
def test_any_formula_ends_in_a_value_or_diagnostics(formula: str, given_: dict[str, object]) -> None:
    size = len(formula) + sum(len(value) if isinstance(value, list) else 1 for value in given_.values())
    with at_most(1000 * size):
        first = outcome(formula, given_)
    assert outcome(formula, given_) == first


@few_cases
@given(formulas, inputs)
def test_the_canonical_text_gives_the_same(formula: str, given_: dict[str, object]) -> None:
    names = {name: NameInfo("cell" if isinstance(v, list) else "parameter") for name, v in given_.items()}
    plan, _ = compile_formula(formula, names, strict=False)
    if plan is not None:
        assert outcome(to_text(plan.ast), given_) == outcome(formula, given_)


@given(st.text(max_size=80))
def test_any_text_compiles_or_is_refused(text: str) -> None:
    plan, diagnostics = compile_formula(text, {"x": NameInfo("input", "number", "money")}, unit="money")
    assert (plan is None) == bool(diagnostics)
    for diagnostic in diagnostics:
        assert diagnostic.render()


@few_cases
@given(formulas, st.sampled_from(["money", "percent", "count", "days", "months", "ratio", None]))
def test_strict_checks_never_fail_themselves(formula: str, unit: str | None) -> None:
    names = {
        "x": NameInfo("input", "number", "money"),
        "y": NameInfo("input", "text"),
        "z": NameInfo("metric", "number", "days"),
    }
    plan, diagnostics = compile_formula(formula, names, unit=unit)
    assert (plan is None) == bool(diagnostics)
    assert compile_formula(formula, names, unit=unit, row_level=True)[1] == diagnostics
