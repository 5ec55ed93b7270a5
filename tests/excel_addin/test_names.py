"""Names of functions and arguments that Excel, VBA and xlwings all take; nothing of a metric in the code."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import excel_addin.functions
from excel_addin.definitions import Definitions
from excel_addin.metric_functions import argument_names
from excel_addin.worksheet import worksheet_functions
from excel_addin.worksheet_function import shorten
from metricsheet.catalog.assembly.excel_words import OWN_FUNCTIONS
from metricsheet.errors import DefinitionError
from tests.excel_addin.conftest import TEST_METRICS

ADD_IN = Path(excel_addin.functions.__file__).parent
CELL_LIKE = re.compile(r"[A-Z]{1,3}[0-9]+|R[0-9]*C[0-9]*|R[0-9]+|C[0-9]+")
VBA_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,254}")
# What VBA would stop at in a list of arguments.
VBA_KEYWORDS = {
    "date",
    "type",
    "end",
    "next",
    "name",
    "string",
    "loop",
    "step",
    "to",
    "is",
    "in",
    "me",
    "new",
}


@pytest.fixture(scope="module")
def functions() -> tuple[object, ...]:
    return worksheet_functions(Definitions())


def test_every_function_name_is_one_that_excel_takes(functions: tuple[object, ...]) -> None:
    names = [function.name for function in functions]  # type: ignore[attr-defined]
    assert len(names) == len({name.upper() for name in names})
    for name in names:
        assert re.fullmatch(r"[A-Z][A-Z0-9_]{2,63}", name), name
        assert not CELL_LIKE.fullmatch(name), name


def test_every_argument_name_is_one_that_vba_takes(functions: tuple[object, ...]) -> None:
    for function in functions:
        names = [argument.name for argument in function.arguments]  # type: ignore[attr-defined]
        folded = [name.lower() for name in names]
        assert len(set(folded)) == len(folded)
        assert function.name.lower() not in folded  # type: ignore[attr-defined]
        for name in names:
            assert VBA_NAME.fullmatch(name), name
            assert name.lower() not in VBA_KEYWORDS, name


def test_optional_arguments_come_last(functions: tuple[object, ...]) -> None:
    for function in functions:
        optional = [argument.optional for argument in function.arguments]  # type: ignore[attr-defined]
        assert optional == sorted(optional)


def test_every_metric_has_its_three_functions() -> None:
    catalog = Definitions().catalog()
    offered = dir(excel_addin.functions)
    for metric in catalog.metrics.values():
        assert {metric.udf, f"{metric.udf}_FLAG", f"{metric.udf}_N"} <= set(offered)
    assert set(offered) >= OWN_FUNCTIONS


@pytest.mark.parametrize(
    ("keys", "function", "names"),
    [
        (["revenue", "customers"], "CLV", ("revenue", "customers")),
        (["date", "end", "caller", "array"], "X", ("date_", "end_", "caller_", "array_")),
        (["mrr", "mrr_"], "MRR", ("mrr_", "mrr__")),
        (["Revenue", "revenue"], "X", ("Revenue", "revenue_")),
    ],
)
def test_arguments_get_out_of_the_way_of_vba(keys: list[str], function: str, names: tuple[str, ...]) -> None:
    assert argument_names(keys, function) == names


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("two\n  lines ", "two lines"),
        ("word " * 60, ("word " * 50).strip() + "…"),
        ("x" * 300, "x" * 254 + "…"),
    ],
)
def test_help_is_cut_between_words(text: str, shown: str) -> None:
    assert shorten(text) == shown
    assert len(shorten(text)) <= 255


def test_two_functions_of_one_name_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "metrics.yaml"
    path.write_text(TEST_METRICS.read_text().replace("\n  worth_cost_ratio:", "\n  promoters_n:"))
    monkeypatch.setenv("METRICSHEET_METRICS", str(path))
    with pytest.raises(DefinitionError, match="PROMOTERS_N"):
        worksheet_functions(Definitions())


def test_no_metric_is_named_in_the_code_of_the_add_in() -> None:
    catalog = Definitions().catalog()
    # `NPS` and its like stand in docstrings, as examples of what a person types.
    code = "\n".join(
        re.sub(r'"""(?s:.*?)"""', "", path.read_text(encoding="utf-8")) for path in ADD_IN.glob("*.py")
    )
    words = {word.lower() for word in re.findall(r"\w+", code)}
    assert not words & {key.lower() for key in (*catalog.metrics, *catalog.inputs)} - {"date"}


def test_functions_are_plain_callables_without_excel() -> None:
    nps = excel_addin.functions.NPS
    assert nps([10.0, 9.0, 8.0, 6.0]) == 25.0
    assert nps([[10.0], [9.0], [8.0], [6.0]]) == 25.0
    assert nps(recommend_score=10) == 100.0
    assert nps(None) == "#N/A"
    assert list(inspect.signature(nps).parameters) == ["recommend_score"]
    with pytest.raises(TypeError, match="recommend_score"):
        nps()
    with pytest.raises(AttributeError):
        excel_addin.functions.NO_SUCH_METRIC  # noqa: B018


def test_an_unforeseen_exception_is_logged_and_answers_value(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fall_over(*_: object, **__: object) -> None:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("excel_addin.metric_functions.answer", fall_over)
    assert excel_addin.functions.NPS([10.0]) == "#VALUE!"
    assert "unforeseen" in caplog.text
