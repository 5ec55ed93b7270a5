"""What was asked of the tables of one source and could not be done: slices, periods, conditions."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from metricsheet.dataset import Dataset, DataTable, Problem
from metricsheet.errors import did_you_mean
from metricsheet.evaluation.options import Options
from metricsheet.evaluation.slices import TableRows, column_of
from metricsheet.language.message import Message
from metricsheet.values import Cell

_LISTED = 8


def table_problems(
    dataset: Dataset, tables: Sequence[TableRows], options: Options, ordered: Collection[str | None]
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
    ]


def options_of_tables(options: Options) -> frozenset[str]:
    """Return the options that only a table can follow, as ``Problem.option`` names them."""
    found = {_by(options.by)} | {_by([name]) for name in options.by} if options.by else set()
    found |= {_where(options)} if options.where else set()
    return frozenset(found | ({_time(options)} if _time(options) else set()))


def columns_to_choose(table: DataTable) -> str:
    """Return why a table has no dates to go by, with the columns to choose from."""
    if table.date_candidates:
        listed = ", ".join(table.date_candidates)
        return f"{table.name} has several date columns ({listed}): choose with --map date=…"
    return f"{table.name} has no date column: name it with --map date=…"


def _by(names: Sequence[str]) -> str:
    return " ".join(f"--by {name}" for name in names)


def _where(options: Options) -> str:
    return " ".join(f"--where {text}" for text in options.where)


def _time(options: Options) -> str:
    if options.period is not None:
        return f"--period {options.period}"
    return "--from" if options.since is not None else "--to" if options.until is not None else ""


def _unsliced(source: str, tables: Sequence[TableRows], options: Options) -> list[Problem]:
    """Return one problem for each header asked for that some tables do not have."""
    if not options.by:
        return []
    if not tables:
        message = f"nothing in {source} stands in a table: there is nothing to slice by {options.by[0]}"
        return [Problem(source, "cannot_slice", message, option=_by(options.by))]
    lacking: dict[str, list[str]] = {}
    for grouped in tables:
        if grouped.unsliced:
            lacking.setdefault(grouped.unsliced, []).append(grouped.table.name)
    none_can = all(grouped.unsliced for grouped in tables)
    found = []
    for header, names in lacking.items():
        have = "has" if len(names) == 1 else "have"
        message = f"{', '.join(names)} {have} no column {header!r}: shown as a whole"
        hint: Message | str = ""
        option = _by(options.by) if none_can else ""
        if len(names) == len(tables):
            headers = dict.fromkeys(one for grouped in tables for one in grouped.table.columns)
            hint = did_you_mean(header, headers) or f"--by takes one of {', '.join(headers)}"
            option = _by([header])
        found.append(Problem(source, "cannot_slice", message, hint, option=option))
    return found


def _untimed(source: str, tables: Sequence[TableRows], options: Options) -> list[Problem]:
    """Return why tables cannot be split into periods: no column of dates, several, or none that is read."""
    asked = _time(options)
    # with both days given, formulas that look at dates themselves have their period all the same
    given = options.since is not None and options.until is not None
    option = "" if given or any(grouped.dates is not None for grouped in tables) else asked
    if asked and not tables:
        message = f"nothing in {source} stands in a table with dates: {asked} cannot be followed"
        return [Problem(source, "no_date_column", message, option=option)]
    found = []
    for grouped in tables:
        if grouped.undatable:
            code = grouped.undatable_code
            hint = "settle it with --dates dmy or mdy" if code == "ambiguous_date" else ""
            found.append(Problem(source, code, grouped.undatable, hint, option=option))
        elif option:
            message, hint = columns_to_choose(grouped.table), _map_lines(grouped.table)
            found.append(Problem(source, "no_date_column", message, hint, option=option))
    return found


def _map_lines(table: DataTable) -> str:
    """Return the ready option for each column that may hold the dates."""
    if table.date_candidates:
        return " or ".join(f'--map "date={name}"' for name in table.date_candidates)
    named = list(table.columns)
    more = ", …" if len(named) > _LISTED else ""
    return f"columns: {', '.join(named[:_LISTED])}{more}" if named else ""


def _unfiltered(dataset: Dataset, tables: Sequence[TableRows], options: Options) -> list[Problem]:
    """Return the tables that lack a column of the condition, and a condition that no row meets."""
    source = dataset.source
    if not options.where:
        return []
    if not tables:
        message = f"nothing in {source} stands in a table: there is nothing to filter"
        return [Problem(source, "cannot_filter", message, option=_where(options))]
    asked = [grouped for grouped in tables if not grouped.refusal]
    option = "" if asked else _where(options)
    found = [Problem(source, "cannot_slice", t.refusal, option=option) for t in tables if t.refusal]
    if asked and any(t.table.rows for t in asked) and not any(t.kept for t in asked):
        names = ", ".join(t.table.name for t in asked)
        message = f"no row of {names} meets {' and '.join(options.where)}"
        found.append(
            Problem(source, "no_rows", message, _near(dataset, asked, options), option=_where(options))
        )
    return found


def _near(dataset: Dataset, tables: Sequence[TableRows], options: Options) -> Message | str:
    """Return the value that a condition may have meant, ``""`` where none is like it."""
    from metricsheet.evaluation.where import compared_texts

    for name, text in (pair for condition in options.where for pair in compared_texts(condition)):
        for grouped in tables:
            cells: Sequence[Cell] = column_of(dataset, grouped.table, name) or ()
            values = dict.fromkeys(cell for cell in cells if isinstance(cell, str))
            if text.casefold() not in {value.casefold() for value in values}:
                near = did_you_mean(text, values)
                if near:
                    return near
    return ""


def _rows_left_out(
    source: str, tables: Sequence[TableRows], options: Options, ordered: Collection[str | None]
) -> list[Problem]:
    """Return how many rows of each table are in no slice or in no period."""
    found = []
    for grouped in tables:
        name = grouped.table.name
        undated = grouped.undated if _time(options) or name in ordered else 0
        if undated:
            what = "1 row" if undated == 1 else f"{undated} rows"
            message = f"{what} of {name} without a readable date: in no period, and never the newest or first"
            found.append(Problem(source, "no_date", message))
    return found
