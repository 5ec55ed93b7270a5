"""Which table is a list of subscriptions, and what its ledger gives; made only where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Dataset, DataTable, Problem
from metricsheet.evaluation.prepare import PreparedInput
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.records import field, record

if TYPE_CHECKING:
    from metricsheet.evaluation.ledger_report import LedgerReport


@record
class Ledgers:
    """What the ledger of a dataset gives: inputs, tables and refusals in the place of its own.

    ``dataset`` is the rest of it, ``maker`` (a ``LedgerMaker``) makes the ledgers, ``reports`` are what is
    shown beside metrics.
    """

    dataset: Dataset
    inputs: Mapping[str, PreparedInput] = field(default_factory=dict)
    tables: Mapping[str, TableRows] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    notices: tuple[Problem, ...] = ()
    reports: tuple[LedgerReport, ...] = ()
    maker: Any = None


def ledger_table(catalog: Catalog, dataset: Dataset) -> DataTable | None:
    """Return the table of subscriptions that says who pays since when."""
    for table in dataset.tables.values():
        kind = catalog.tables.get(table.taken_for.kind) if table.taken_for is not None else None
        here = {key for key, bound in dataset.inputs.items() if bound.table == table.name}
        if kind is not None and kind.ledger and {"customer_id", "start_date"} <= here:
            return table
    return None
