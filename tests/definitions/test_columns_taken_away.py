"""The demo workbook without one of its columns: no finding goes in silence, none appears falsely."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from metricsheet.api import load_catalog
from metricsheet.binding.bind import bind
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.run import SourceResult, evaluate_dataset
from metricsheet.files.book import Book, Sheet
from metricsheet.files.read import read_book
from metricsheet.prepared import prepared_from
from metricsheet.rules.engine.outcome import RuleOutcome
from tests.stages import some

ROOT = Path(__file__).parents[2]
CATALOG = load_catalog(ROOT / "metrics.yaml")
RULES = prepared_from(CATALOG).rules
BOOK = read_book(ROOT / "examples" / "acme_lifecycle.xlsx")
HEADER_ROWS = {"Survey": 0, "Customers": 3, "Marketing": 0, "Subscriptions": 0, "Deals": 0}

WAYS = {
    "everything": RunOptions(),
    "by segment and quarter": RunOptions(by=("Segment",), period="quarter"),
    "by touch point": RunOptions(by=("Touchpoint",)),
    "by month": RunOptions(period="month"),
}

# rules whose business is that something is missing; the texts say so
ABOUT_MISSING = {
    "capture_outcome_missing",
    "nurture_outcome_missing",
    "convert_outcome_missing",
    "expand_outcome_missing",
    "satisfaction_not_tracked",
    "retention_not_tracked",
    "upsell_not_tracked",
}

Key = tuple[str, tuple[tuple[str, str], ...]]


def columns() -> Iterator[tuple[str, int, str]]:
    for sheet in BOOK.sheets:
        for place, header in enumerate(sheet.rows[HEADER_ROWS[sheet.name]]):
            yield sheet.name, place, str(header)


def without(name: str, place: int) -> Book:
    sheets = tuple(
        Sheet.of_rows(s.name, [[*row[:place], *row[place + 1 :]] for row in s.rows]) if s.name == name else s
        for s in BOOK.sheets
    )
    return Book(BOOK.name, sheets)


def evaluated(book: Book, way: str) -> SourceResult:
    return evaluate_dataset(CATALOG, RULES, bind(CATALOG, book, {}), WAYS[way])


def by_rule(found: SourceResult) -> dict[Key, RuleOutcome]:
    return {(f.rule, tuple(f.slice.items())): f for f in found.outcomes}


@cache
def before(way: str) -> dict[Key, RuleOutcome]:
    return by_rule(evaluated(BOOK, way))


CASES = some(((*column, way) for column, way in itertools.product(columns(), WAYS)), test=2)


@pytest.mark.parametrize(("sheet", "place", "header", "way"), CASES, ids=str)
def test_without_one_column(sheet: str, place: int, header: str, way: str) -> None:
    found = evaluated(without(sheet, place), way)
    after = by_rule(found)
    for key, was in before(way).items():
        now = after.get(key)
        if was.outcome == "not_evaluated" or (now is not None and now.outcome == was.outcome):
            continue
        if now is None:
            # the slices are gone with their column, and that is told
            assert header in {name for name, _ in key[1]}
            assert any(p.code == "cannot_slice" and header in str(p.message) for p in found.problems)
        elif now.outcome == "not_evaluated":
            assert now.missing
            assert now.reason is not None
        elif was.outcome == "suppressed":
            # the rule that spoke instead cannot be decided any more
            assert was.replaced_by is not None
            assert now.outcome == "fired"
            assert after[was.replaced_by, key[1]].outcome == "not_evaluated"
        else:
            assert key[0] in ABOUT_MISSING
            assert (was.outcome, now.outcome) == ("not_fired", "fired")


def test_findings_about_missing_metrics_say_so() -> None:
    for key in ABOUT_MISSING:
        said = CATALOG.rules[key].finding["en"]
        assert "not known" in said or said.startswith("No metric says"), said


def test_a_survey_that_cannot_be_dated_is_no_missing_survey() -> None:
    """Its answers are there, only in no month: the advice to ask customers would be wrong."""
    after = by_rule(evaluated(without("Survey", 0), "by month"))
    assert after["satisfaction_not_tracked", ()].outcome == "not_fired"
    negative = after["negative_nps", ()]
    assert negative.outcome == "not_evaluated"
    assert "date" in str(negative.reason)
