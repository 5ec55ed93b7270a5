"""Several datasets as one: the rows of every file below each other, inputs still side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain, repeat
from pathlib import Path

from metricsheet.binding.data_tables import is_scenario
from metricsheet.dataset import (
    FILE_COLUMN,
    BoundInput,
    Dataset,
    DataTable,
    OtherRow,
    Part,
    Problem,
    SourceDates,
    TakenFor,
)
from metricsheet.language.message import Message, and_more
from metricsheet.records import replace
from metricsheet.values import Cell

_SHOWN = 3
_MOST_COMPARED = 500


def pool(datasets: Sequence[Dataset], unread: Sequence[str] = (), *, column: str = FILE_COLUMN) -> Dataset:
    """Return ``datasets`` as one, in their order.

    Inputs are joined, each file read by itself. Inputs that share a table in every file share the pooled
    table; its columns are those of all files, blank where a file has none, and ``column`` names the source of
    a row. An input that a file lacks, or that a file which is ``unread`` may have, has no figure over rows of
    that file, because a part would pass for the whole; so figures by file stay. One that is in thousands in
    some files only is reported, and so are files with the same cells.
    """
    if not datasets:
        return Dataset("no files", {})
    if len(datasets) == 1 and not unread:
        return datasets[0]
    source = _listed([dataset.source for dataset in datasets], " + ")
    keys = dict.fromkeys(key for dataset in datasets for key in dataset.inputs)
    inputs: dict[str, BoundInput] = {}
    tables: dict[str, DataTable] = {}
    names: dict[tuple[str, ...], str] = {}
    problems = [problem for dataset in datasets for problem in dataset.problems]
    refused = _refused_everywhere(datasets)
    # those of all files first: they say which tables belong together
    for key in sorted(keys, key=lambda key: any(key not in dataset.inputs for dataset in datasets)):
        lacking = [dataset.source for dataset in datasets if key not in dataset.inputs]
        reason = None
        if lacking:
            having = [dataset.source for dataset in datasets if key in dataset.inputs]
            reason = Message(
                "not_in_every_file",
                input=key,
                having=and_more(having, _SHOWN),
                lacking=and_more(lacking, _SHOWN),
            )
            hint = Message("map_in_every_file", input=key)
            problems.append(Problem(source, "not_in_every_file", reason, hint, (), (key,)))
        parts = [dataset.inputs[key] for dataset in datasets if key in dataset.inputs]
        units = {part.worth: part.where for part in parts}
        if len(units) > 1:
            mixed = Message("mixed_units.files", input=key, places=and_more(list(units.values()), _SHOWN))
            problems.append(Problem(source, "mixed_units", mixed, Message("convert_units"), (), (key,)))
        if reason is None:
            table = _pooled_table(datasets, parts, names, tables, problems, source, column)
        else:
            table = _table_of_others(datasets, key, names)
            if table is None:
                refused[key] = reason
                continue
        behind = next((tables_of for tables_of, name in names.items() if name == table), ())
        shares = [
            _share(dataset, key, behind[place] if behind else "", reason)
            for place, dataset in enumerate(datasets)
        ]
        reason = Message("pool_needs_every_file", names=tuple(unread)) if unread else None
        shares += [Part(name, None, 0, reason) for name in unread]
        inputs[key] = _joined(key, shares, table)
    problems += _copies(datasets, source)
    unused = tuple(one for dataset in datasets for one in dataset.unused)
    campaigns = {one.key: one for dataset in datasets for one in dataset.campaigns}
    read, named = datasets[0].read, tuple(campaigns.values())
    return Dataset(source, inputs, tables, refused, tuple(problems), unused, read, named)


def _copies(datasets: Sequence[Dataset], source: str) -> list[Problem]:
    """Return the problem that names files with the same cells: a copy counts everything twice."""
    found: list[Message] = []
    known: list[tuple[Dataset, dict[str, Sequence[Cell]]]] = []
    for dataset in datasets:
        cells = {key: item.cells for key, item in dataset.inputs.items()}
        first = next((other for other, theirs in known if theirs == cells), None) if cells else None
        if first is not None:
            found.append(Message("same_as", source=dataset.source, other=first.source))
        elif len(known) < _MOST_COMPARED:
            known.append((dataset, cells))
    if not found:
        return []
    message = Message("same_content", files=and_more(found, _SHOWN))
    return [Problem(source, "same_content", message, Message("leave_copies_out"))]


def _refused_everywhere(datasets: Sequence[Dataset]) -> dict[str, Message]:
    """Return the reasons of inputs that no file has; where they differ, with the file of the first."""
    refused: dict[str, Message] = {}
    for key in dict.fromkeys(key for dataset in datasets for key in dataset.refused):
        reasons = [(d.source, d.refused[key]) for d in datasets if key in d.refused]
        told = [(s, r) for s, r in reasons if r.code != "not_bound"] or reasons
        same = all(reason == told[0][1] for _, reason in told)
        refused[key] = told[0][1] if same else Message("of_source", source=told[0][0], reason=told[0][1])
    return refused


def _table_of_others(
    datasets: Sequence[Dataset], key: str, names: Mapping[tuple[str, ...], str]
) -> str | None:
    """Return the pooled table that holds the rows of an input where files have it, or ``None``."""
    for behind, name in names.items():
        tables = zip(datasets, behind, strict=True)
        if all(key not in d.inputs or d.inputs[key].table == table for d, table in tables):
            return name
    return None


def _share(dataset: Dataset, key: str, table: str, reason: Message | None) -> Part:
    """Return what a file has of an input, or as many blank rows as its ``table`` has."""
    bound = dataset.inputs.get(key)
    if bound is not None:
        return Part(dataset.source, replace(bound, read=bound.read or dataset.read), len(bound.cells))
    return Part(dataset.source, None, dataset.tables[table].rows, reason)


def _joined(key: str, parts: Sequence[Part], table: str | None) -> BoundInput:
    held = [part.bound for part in parts if part.bound is not None]
    cells = [part.bound.cells if part.bound is not None else [None] * part.rows for part in parts]
    return BoundInput(
        key,
        _listed([bound.where for bound in held], "; "),
        list(chain.from_iterable(cells)),
        table,
        "",
        held[0].header if len({bound.header for bound in held}) == 1 else "",
        all(bound.text_only for bound in held),
        parts=tuple(parts),
    )


def _pooled_table(
    datasets: Sequence[Dataset],
    parts: Sequence[BoundInput],
    names: dict[tuple[str, ...], str],
    tables: dict[str, DataTable],
    problems: list[Problem],
    source: str,
    column: str,
) -> str | None:
    """Return the name of the pooled table behind an input, made when first met; ``None`` for loose cells."""
    behind = tuple(part.table for part in parts)
    if None in behind:
        return None
    known = tuple(name for name in behind if name is not None)
    if known not in names:
        joined = [d.tables[name] for d, name in zip(datasets, known, strict=True)]
        name = known[0] if len(set(known)) == 1 else _listed(list(dict.fromkeys(known)), " + ")
        while name in tables:
            name += "'"
        names[known] = name
        tables[name] = _join_tables(name, datasets, joined, column)
        undated = [d.source for d, t in zip(datasets, joined, strict=True) if t.dates is None]
        if undated and len(undated) < len(joined):
            message = Message("undated_files", files=and_more(undated, _SHOWN))
            problems.append(Problem(source, "no_date", message, Message("map_date_in_every_file")))
    return names[known]


def _join_tables(
    name: str, datasets: Sequence[Dataset], tables: Sequence[DataTable], column: str
) -> DataTable:
    sources = [dataset.source for dataset in datasets]
    columns: dict[str, Sequence[Cell]] = {}
    for header in dict.fromkeys(header for table in tables for header in table.columns):
        cells: list[Cell] = []
        for table in tables:
            cells += table.columns[header] if header in table.columns else [None] * table.rows
        columns[header] = cells
    if column not in columns:
        columns[column] = list(
            chain.from_iterable(repeat(s, table.rows) for s, table in zip(sources, tables, strict=True))
        )
    dated = [table.dates_where for table in tables if table.dates is not None]
    of_sources = tuple(_dates_of(dataset, table) for dataset, table in zip(datasets, tables, strict=True))
    candidates = dict.fromkeys(header for table in tables for header in table.date_candidates)
    return DataTable(
        name,
        sum(table.rows for table in tables),
        columns,
        list(chain.from_iterable(one.cells for one in of_sources)) if dated else None,
        _listed(dated, "; "),
        tuple(candidates),
        _other_rows(sources, tables, [table.left_out for table in tables]),
        _other_rows(sources, tables, [table.unsure for table in tables]),
        tables[0].dates_header if len({table.dates_header for table in tables}) == 1 else "",
        _taken_for([table.taken_for for table in tables]),
        dates_of=of_sources if dated else (),
        no_year=next((table.no_year for table in tables if table.no_year is not None), None),
        scenarios=next((table.scenarios for table in tables if table.scenarios), None)
        or (column if all(is_scenario(Path(one).stem) for one in sources) else ""),
    )


def _dates_of(dataset: Dataset, table: DataTable) -> SourceDates:
    """Return the dates that a source brings to a pooled table, or as many blank ones and why."""
    if table.dates is None:
        lacking = table.no_year or Message("no_date_column", table=table.name)
        return SourceDates(dataset.source, [None] * table.rows, "", dataset.read, lacking)
    if table.dates_of:
        return table.dates_of[0]
    return SourceDates(dataset.source, table.dates, table.dates_header, dataset.read)


def _taken_for(several: Sequence[TakenFor | None]) -> TakenFor | None:
    """Return the kind of a pooled table, ``None`` where its parts are of different kinds."""
    known = [one for one in several if one is not None]
    if len(known) < len(several) or len({one.kind for one in known}) > 1:
        return None
    status = dict.fromkeys(rule for one in known for rule in one.status)
    ids = dict.fromkeys(header for one in known for header in one.ids)
    where = _listed([one.where for one in known], "; ")
    return replace(known[0], where=where, status=tuple(status), ids=tuple(ids))


def _other_rows(
    sources: Sequence[str], tables: Sequence[DataTable], rows: Sequence[Sequence[OtherRow]]
) -> tuple[OtherRow, ...]:
    """Return rows of several tables in their places below each other, with the file of each."""
    end = sum(table.rows for table in tables)
    found = []
    start = 0
    for source, table, some in zip(sources, tables, rows, strict=True):
        for row in some:
            place = start + row.row if row.row < table.rows else end
            found.append(replace(row, row=place, where=f"{source}!{row.where}"))
        start += table.rows
    return tuple(found)


def _listed(names: Sequence[str], sign: str = ", ") -> str:
    """Return the first names, and how many more there are."""
    shown = sign.join(names[:_SHOWN])
    return shown if len(names) <= _SHOWN else f"{shown}{sign}{len(names) - _SHOWN} more"
