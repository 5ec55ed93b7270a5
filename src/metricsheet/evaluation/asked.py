"""What was asked of the tables of one source and could not be done: slices, periods, conditions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from metricsheet.dataset import Dataset, DataTable, Problem
from metricsheet.errors import did_you_mean
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.rows_told import rows_told
from metricsheet.evaluation.slices import column_of
from metricsheet.evaluation.stored_rows import texts_in
from metricsheet.evaluation.table_rows import TableRows
from metricsheet.language.message import Message, all_of, and_more, one_of
from metricsheet.language.option import Option, option

_LISTED = 8


def table_problems(
    dataset: Dataset, tables: Sequence[TableRows], options: RunOptions, ordered: Collection[str | None]
) -> list[Problem]:
    """Return what the ``tables`` behind metrics lack for what ``options`` ask, and the rows left out for it.

    ``ordered`` names the tables whose rows need dates even where no period is asked. An option that nothing
    in the source can follow is named in ``Problem.option``.
    """
    return [
        *_unsliced(dataset.source, tables, options),
        *_unfiltered(dataset, tables, options),
        *_untimed(dataset.source, tables, options),
        *_rows_left_out(dataset.source, tables, options, ordered),
        *rows_told(dataset, tables),
    ]


def options_of_tables(options: RunOptions) -> frozenset[Option]:
    """Return the options that only a table can follow, as ``Problem.option`` names them."""
    found = {_by(options.by)} | {_by([name]) for name in options.by} if options.by else set()
    found |= {_where(options)} if options.where else set()
    time = _time(options)
    return frozenset(found | ({time} if time is not None else set()))


def columns_to_choose(table: DataTable) -> Message:
    """Return why a table has no dates to go by, with the columns to choose from."""
    if table.no_year is not None:
        return table.no_year
    if table.date_candidates:
        return Message("several_date_columns", table=table.name, columns=table.date_candidates)
    return Message("no_date_column", table=table.name)


def _by(names: Sequence[str]) -> Option:
    return option("by", *names)


def _where(options: RunOptions) -> Option:
    return option("where", *options.where)


def _time(options: RunOptions) -> Option | None:
    if options.period is not None:
        return option("period", options.period)
    return (
        option("from") if options.since is not None else option("to") if options.until is not None else None
    )


def _unsliced(source: str, tables: Sequence[TableRows], options: RunOptions) -> list[Problem]:
    """Return one problem for each header asked for that some tables do not have."""
    if not options.by:
        return []
    if not tables:
        message = Message("nothing_to_slice", source=source, header=options.by[0])
        return [Problem(source, "cannot_slice", message, option=_by(options.by))]
    lacking: dict[str, list[str]] = {}
    found = []
    none_can = all(grouped.unsliced for grouped in tables)
    for grouped in tables:
        if grouped.too_many:
            message = grouped.why_unsliced(options)
            hint: Message | None = Message("raise_slices", found=grouped.too_many)
            unfit = _by(options.by) if none_can else None
            found.append(Problem(source, message.code, message, hint, option=unfit))
        elif grouped.unsliced:
            lacking.setdefault(grouped.unsliced, []).append(grouped.table.name)
    for header, names in lacking.items():
        message = Message("no_column_to_slice", count=len(names), tables=tuple(names), header=header)
        hint = None
        unfit = _by(options.by) if none_can else None
        if len(names) == len(tables):
            headers = dict.fromkeys(one for grouped in tables for one in grouped.table.columns)
            hint = did_you_mean(header, headers) or Message("by_takes", headers=tuple(headers))
            unfit = _by([header])
        found.append(Problem(source, "cannot_slice", message, hint, option=unfit))
    return found


def _untimed(source: str, tables: Sequence[TableRows], options: RunOptions) -> list[Problem]:
    """Return why tables cannot be split into periods: no column of dates, several, or none that is read."""
    asked = _time(options)
    # with both days given, formulas that look at dates themselves have their period all the same
    given = options.since is not None and options.until is not None
    unfit = None if given or any(grouped.dates is not None for grouped in tables) else asked
    if asked and not tables:
        message = Message("no_dated_table", source=source, option=asked)
        return [Problem(source, "no_date_column", message, option=unfit)]
    found = []
    for grouped in tables:
        if grouped.undatable is not None:
            code = grouped.undatable_code
            hint = Message("settle_with_dates") if code == "ambiguous_date" else None
            name = grouped.table.name
            found.append(Problem(source, code, grouped.undatable, hint, option=unfit, table=name))
        elif unfit:
            message, hint = columns_to_choose(grouped.table), _map_lines(grouped.table)
            code = "no_year" if message.key == "no_year" else "no_date_column"
            found.append(Problem(source, code, message, hint, option=unfit, table=grouped.table.name))
    return found


def _map_lines(table: DataTable) -> Message | None:
    """Return the ready option for each column that may hold the dates."""
    if table.no_year is not None:
        return Message("give_year")
    if table.date_candidates:
        options = one_of([option("map", f"date={name}") for name in table.date_candidates])
        return Message("use", options=options)
    named = list(table.columns)
    return Message("has_columns", names=and_more(named, _LISTED)) if named else None


def _unfiltered(dataset: Dataset, tables: Sequence[TableRows], options: RunOptions) -> list[Problem]:
    """Return the tables that lack a column of the condition, and a condition that no row meets."""
    source = dataset.source
    if not options.where:
        return []
    if not tables:
        message = Message("nothing_to_filter", source=source)
        return [Problem(source, "cannot_filter", message, option=_where(options))]
    asked = [grouped for grouped in tables if grouped.refusal is None]
    unfit = None if asked else _where(options)
    found = [
        Problem(source, "cannot_slice", t.refusal, option=unfit) for t in tables if t.refusal is not None
    ]
    if asked and any(t.table.rows for t in asked) and not any(t.kept for t in asked):
        names = tuple(t.table.name for t in asked)
        message = Message("no_rows", tables=names, conditions=all_of(options.where))
        found.append(
            Problem(source, "no_rows", message, _near(dataset, asked, options), option=_where(options))
        )
    return found


def _near(dataset: Dataset, tables: Sequence[TableRows], options: RunOptions) -> Message | None:
    """Return the value that a condition may have meant, ``None`` where none is like it."""
    from metricsheet.evaluation.where import compared_texts

    for name, text in (pair for condition in options.where for pair in compared_texts(condition)):
        for grouped in tables:
            values = dict.fromkeys(texts_in(column_of(dataset, grouped.table, name) or ()))
            if text.casefold() not in {value.casefold() for value in values}:
                near = did_you_mean(text, values)
                if near is not None:
                    return near
    return None


def _rows_left_out(
    source: str, tables: Sequence[TableRows], options: RunOptions, ordered: Collection[str | None]
) -> list[Problem]:
    """Return how many rows of each table are in no slice or in no period."""
    found = []
    for grouped in tables:
        name = grouped.table.name
        undated = grouped.undated if _time(options) or name in ordered else 0
        if undated:
            message = Message("no_date", count=undated, table=name)
            found.append(Problem(source, "no_date", message))
    return found
