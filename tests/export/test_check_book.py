"""The workbook for a person with Excel is what its script makes, and another engine agrees with it."""

from __future__ import annotations

import re

import pytest

pytest.importorskip("formulon", reason="the extra oracles has formulon")

from tests.export import check_book
from tests.export.formulon_host import loaded
from tests.report.test_graft import parts
from tests.stages import in_deep


@in_deep
def test_the_committed_workbook_is_what_the_script_makes() -> None:
    assert parts(check_book.PATH.read_bytes()) == parts(check_book.made())


@in_deep
def test_another_engine_agrees_with_every_answer() -> None:
    book = loaded(check_book.PATH.read_bytes())
    book.recalc()
    said = book.get_value(0, 1, 0).to_python()
    agree, of = map(int, re.fullmatch(r"(\d+) of (\d+) agree", said).groups())  # type: ignore[union-attr]
    assert agree == of > 1000
    assert book.get_value(0, 3, 0).to_python() == "L.METRICSHEET_CHECK: ok"
