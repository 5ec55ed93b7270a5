"""The examples of the kinds of tables, run: what headers are read as against what their author wrote."""

from __future__ import annotations

from collections.abc import Iterable

from metricsheet.binding.headers import AliasIndex
from metricsheet.binding.kind_words import KindIndex
from metricsheet.binding.kinds import TableColumns, read_kind
from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.table_kinds import HeadersExample, TableKind
from metricsheet.language.message import Message, Value, one_of
from metricsheet.records import record
from metricsheet.source import Place


@record
class KindOutcome:
    """One example of a kind: what was ``wanted`` and ``got``, and where it is written."""

    kind: str
    number: int
    passed: bool
    wanted: Message
    got: Message
    place: Place | None


def run_kind_examples(catalog: Catalog, kinds: Iterable[str]) -> list[KindOutcome]:
    """Return the outcome of every example of ``kinds``; all kinds of the catalog may take each of them."""
    index = KindIndex(AliasIndex(catalog))
    return [
        _run(index, catalog.tables[key], number, example)
        for key in kinds
        for number, example in enumerate(catalog.tables[key].examples, 1)
    ]


def _run(index: KindIndex, kind: TableKind, number: int, example: HeadersExample) -> KindOutcome:
    inputs, cells = index.index.catalog.inputs, [() for _ in example.headers]
    table = TableColumns(inputs, example.headers, cells, lambda *_: True)
    reading = read_kind(index, table)
    found = {key: example.headers[column] for key, column in reading.found.items()}
    taken: Value = one_of([k.key for k in reading.tied]) if reading.tied else Message("about.none")
    if reading.kind is not None:
        taken = reading.kind.key
    wanted, got = _said(kind.key, dict(example.meant)), _said(taken, found)
    return KindOutcome(kind.key, number, wanted == got, wanted, got, example.place)


def _said(kind: Value, found: dict[str, str]) -> Message:
    return Message("with_hint", reason=kind, hint=tuple(f"{key}: {found[key]}" for key in sorted(found)))
