"""METRICSHEET_CHECK: a host that changes cells is told from one that does not."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from excel_addin.definitions import Definitions
from excel_addin.host_check import check
from metricsheet.language import LANGUAGES
from metricsheet.records import replace
from tests.excel_addin.excel import ErrorCell, Excel, Range, column
from tests.excel_addin.test_parity import CATALOG

DAY = dt.datetime(2024, 3, 31)
CELLS = (None, 0.0, "text", True, ErrorCell("#N/A"), DAY, Decimal("12.50"))


def test_cells_as_they_are_are_ok(builtin_excel: Excel) -> None:
    assert builtin_excel.call("METRICSHEET_CHECK", column(*CELLS)) == "ok"
    assert builtin_excel.call("METRICSHEET_CHECK", Range([[*CELLS]])) == "ok"


# the place of a cell, what a host makes of it, and what is said of it
@pytest.mark.parametrize(
    ("place", "arrives", "said"),
    [
        (0, 0.0, "blank → 0"),
        (0, "remark", 'blank → "remark"'),
        (1, None, "0 → blank"),
        (1, False, "0 → FALSE"),
        (2, None, "text → blank"),
        (2, 0.0, "text → 0"),
        (3, 1.0, "TRUE → 1"),
        (3, "TRUE", 'TRUE → "TRUE"'),
        (4, None, "#N/A → blank"),
        (4, 0.0, "#N/A → 0"),
        (4, ErrorCell("#VALUE!"), "#N/A → #VALUE!"),
        (5, "2024-03-31", '2024-03-31 → "2024-03-31"'),
        (5, dt.datetime(2024, 3, 30, 23, 0), "2024-03-31 → 45381.9583333333"),
        (6, "12.50 €", '12.50 € → "12.50 €"'),
        (6, 13.0, "12.50 € → 13"),
    ],
)
def test_what_a_host_changes_is_named(builtin_excel: Excel, place: int, arrives: Any, said: str) -> None:
    cells = column(*(arrives if n == place else cell for n, cell in enumerate(CELLS)))
    assert builtin_excel.call("METRICSHEET_CHECK", cells).endswith(f"may be wrong: {said}")


@pytest.mark.parametrize("cells", [column(*CELLS[:-1]), column(*CELLS, None), 5.0])
def test_other_cells_are_not_the_block(builtin_excel: Excel, cells: Any) -> None:
    assert builtin_excel.call("METRICSHEET_CHECK", cells).startswith("select the seven cells")


def test_every_language_says_it() -> None:
    said = set()
    for language in LANGUAGES:
        definitions = Definitions()
        definitions.catalog = lambda now=language: replace(CATALOG, language=now)  # type: ignore[method-assign]
        said.add(check(definitions, [[0.0]] * 7).partition(":")[0])
    assert len(said) == len(LANGUAGES)


def test_it_answers_without_definitions(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICSHEET_METRICS", str(tmp_path / "nowhere.yaml"))
    known = [[None], [0.0], ["text"], [True], ["#N/A"], [DAY], [12.5]]
    assert check(Definitions(), known) == "ok"
    assert "blank → 0" in check(Definitions(), [[0.0], *known[1:]])
