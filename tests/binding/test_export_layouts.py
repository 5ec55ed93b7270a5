"""Every column of an export is bound to the input that it is, and to no other."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.api import load_catalog
from metricsheet.binding.bind import bind
from metricsheet.binding.headers import AliasIndex
from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Dataset
from tests.binding.binding_catalog import book, sheet
from tests.binding.export_layouts import LAYOUTS, columns_of, rows_of
from tests.stages import few_cases

SOFT = {"segment", "touchpoint"}
"""Inputs that only name slices: which column they are is no matter of the kind."""


@lru_cache(maxsize=1)
def shipped() -> Catalog:
    return load_catalog(Path(__file__).parents[2] / "metrics.yaml")


@lru_cache(maxsize=1)
def headers() -> AliasIndex:
    return AliasIndex(shipped())


def bound(layout: str, order: list[int] | None = None) -> Dataset:
    cells = rows_of(layout)
    columns = order or list(range(len(cells[0])))
    table = sheet("Export", *([row[column] for column in columns] for row in cells))
    return bind(shipped(), book(table, text_only=True), headers=headers())


def by_header(dataset: Dataset) -> dict[str, str]:
    return {key: item.header.strip() for key, item in dataset.inputs.items() if key not in SOFT}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_columns_are_what_they_are(layout: str) -> None:
    found = bound(layout)
    assert by_header(found) == {key: header for header, _, key in columns_of(layout) if key}
    kinds = {table.taken_for.kind for table in found.tables.values() if table.taken_for is not None}
    assert kinds == ({LAYOUTS[layout][0]} - {""})


@few_cases
@given(st.data())
def test_the_order_of_columns_makes_no_difference(data: st.DataObject) -> None:
    layout = data.draw(st.sampled_from(sorted(LAYOUTS)))
    order = data.draw(st.permutations(range(len(columns_of(layout)))))
    assert by_header(bound(layout, list(order))) == by_header(bound(layout))


@few_cases
@given(st.data())
def test_no_input_of_another_kind_is_bound(data: st.DataObject) -> None:
    """Some columns of a table are taken away: what is left is one of the kind's inputs, or of none at all."""
    catalog: Catalog = shipped()
    layout = data.draw(st.sampled_from(sorted(LAYOUTS)))
    columns = data.draw(st.sets(st.sampled_from(range(len(columns_of(layout)))), min_size=1))
    right = {header: key for header, _, key in columns_of(layout)}
    found = bound(layout, sorted(columns))
    for table in found.tables.values():
        kind = table.taken_for.kind if table.taken_for is not None else ""
        if kind != LAYOUTS[layout][0] and kind:
            continue  # without what tells its kind a table may well look like another one
        for key, header in by_header(found).items():
            generic = headers().plain_keys_of(header) == ()
            # without what stands beside them, won and lost are deals
            deals = {"Won", "Lost"} <= set(by_header(found).values())
            assert right[header] == key or not generic or (deals and header in {"Won", "Lost"})
            assert not kind or any(
                key in catalog.tables[one].columns for one in (kind, *catalog.tables[kind].may_hold)
            )
