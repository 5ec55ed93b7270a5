"""The one call behind the command line and the library: files or frames into a scorecard."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from metricsheet._version import __version__
from metricsheet.catalog.definitions import Catalog, Scale
from metricsheet.dataset import Dataset, Problem
from metricsheet.errors import UsageError, WorkbookError, did_you_mean
from metricsheet.evaluation.options import PERIOD_LENGTHS, Options, PeriodLength
from metricsheet.evaluation.run import Evaluated, check_options, evaluate_dataset, settings_in_force
from metricsheet.evaluation.scorecard import Scorecard
from metricsheet.prepared import Prepared, prepare, prepared_from
from metricsheet.reading.date_text import DateOrder
from metricsheet.reading.numerals_text import DecimalMark
from metricsheet.reading.settings import read_settings
from metricsheet.records import replace

if TYPE_CHECKING:
    import pandas

    from metricsheet.files.book import Book

Source: TypeAlias = "str | os.PathLike[str] | pandas.DataFrame"


def load_catalog(
    path: str | os.PathLike[str] | None = None, *, benchmarks: Sequence[str] = (), fresh: bool = False
) -> Catalog:
    """Return the definitions in use, rules checked as well.

    ``path`` is a ``metrics.yaml`` or its folder; without it the nearest ``metrics.yaml`` at or above the
    working directory is used, else the built-in definitions. Valid definitions are cached for the next time,
    and read again when they change, or when ``fresh`` asks for it. Raises ``DefinitionError`` with every
    problem of every file.
    """
    file = Path(path) if path is not None else None
    return prepare(file, benchmarks=benchmarks, fresh=fresh).catalog


def evaluate(
    source: Source | Sequence[Source] | Mapping[str, pandas.DataFrame],
    *,
    metrics: Catalog | str | os.PathLike[str] | None = None,
    mapping: Mapping[str, str] | None = None,
    by: Sequence[str] | str = (),
    period: str | None = None,
    where: str | None = None,
    since: str | None = None,
    until: str | None = None,
    pool: bool = False,
    only: Sequence[str] = (),
    settings: Mapping[str, str] | None = None,
    scales: Mapping[str, str] | None = None,
    language: str | None = None,
    decimal_mark: DecimalMark | None = None,
    date_order: DateOrder | None = None,
    read: Mapping[str, str] | None = None,
) -> Scorecard:
    """Return the scorecard of workbooks, CSV files, folders or data frames.

    ``source`` is a path, a data frame, a list of these, or named frames. ``mapping`` says where an input
    stands (``{"churned": "Customers!Churn"}``); ``by`` are headers to slice by; ``since`` and ``until`` are
    ISO dates; ``scales`` are texts such as ``{"satisfaction_score": "1..10"}``; ``decimal_mark`` and
    ``date_order`` (``dmy``, ``mdy``, ``ymd``) settle numbers and dates written as text; ``read`` settles the
    rest of how files are read (``{"totals": "keep"}``).

    A file that cannot be read is a problem of the scorecard (``fatal``), the others are still evaluated.
    Raises ``UsageError`` for options that make no sense and ``DefinitionError`` for definitions that do not.
    """
    catalog = metrics if isinstance(metrics, Catalog) else load_catalog(metrics)
    options = Options(
        by=(by,) if isinstance(by, str) else tuple(by),
        period=_period(period),
        where=where,
        since=_day("--from", since),
        until=_day("--to", until),
        settings=dict(settings or {}),
        scales={key: _scale(key, text) for key, text in (scales or {}).items()},
        only=tuple(only),
        language=language or catalog.language,
        decimal_mark=decimal_mark,
        date_order=date_order,
    )
    if options.since is not None and options.until is not None and options.since > options.until:
        raise UsageError(f"--from {since} is after --to {until}")
    check_options(catalog, options)
    read_settings(read or {})
    problems: list[Problem] = []
    prepared = prepared_from(catalog)
    datasets = _bound(prepared, source, dict(mapping or {}), dict(read or {}), problems)
    if pool:
        together = list(datasets)
        unread = [problem.source for problem in problems if problem.fatal]
        datasets = iter([_pooled(together, unread)] if together else [])
    # one after the other, so that a thousand workbooks take no more memory than the largest of them
    found = [evaluate_dataset(catalog, prepared.rules, dataset, options) for dataset in datasets]
    return _scorecard(catalog, found, problems, options)


def _scorecard(
    catalog: Catalog, found: Iterable[Evaluated], problems: Sequence[Problem], options: Options
) -> Scorecard:
    found = list(found)
    return Scorecard(
        version=__version__,
        definitions_path=catalog.path,
        definitions_digest=catalog.digest,
        results=tuple(r for one in found for r in one.results),
        findings=tuple(f for one in found for f in one.findings),
        problems=(*problems, *(p for one in found for p in one.problems)),
        language=options.language,
        currency=catalog.currency,
        settings=settings_in_force(catalog, options.settings),
        newest_day=_newest_day(found, options),
        notices=tuple(notice for one in found for notice in one.notices),
    )


def _newest_day(found: Iterable[Evaluated], options: Options) -> str | None:
    """Return the last day asked for, else the newest in any source, as an ISO date."""
    days = [one.newest_day for one in found if one.newest_day is not None]
    newest = options.until if options.until is not None else max(days, default=None)
    if newest is None:
        return None
    from metricsheet.values.dates import from_serial

    return from_serial(newest).date().isoformat()


def _bound(
    prepared: Prepared,
    source: Source | Sequence[Source] | Mapping[str, pandas.DataFrame],
    mapping: dict[str, str],
    read: dict[str, str],
    problems: list[Problem],
) -> Iterator[Dataset]:
    """Yield the data of every source that can be read; add to ``problems`` why another cannot."""
    from metricsheet.binding.bind import bind

    for name, one in _sources(source, problems):
        try:
            book = _read(name, one)
            dataset = bind(
                prepared.catalog, book, mapping, folder=_folder(one), read=read, headers=prepared.headers
            )
        except WorkbookError as error:
            problems.append(Problem(name, error.code, error.message, error.hint or "", fatal=True))
            continue
        yield dataset


def _pooled(datasets: Sequence[Dataset], unread: Sequence[str]) -> Dataset:
    """Return all data as one; refuse every input when a file of the pool could not be read."""
    from metricsheet.binding.pool import pool

    whole = pool(datasets)
    if not unread:
        return whole
    reason = f"{', '.join(unread)} could not be read, and a pool needs every file"
    return replace(whole, inputs={}, refused={**whole.refused, **dict.fromkeys(whole.inputs, reason)})


def _sources(
    source: Source | Sequence[Source] | Mapping[str, pandas.DataFrame], problems: list[Problem]
) -> list[tuple[str, Source]]:
    """Return (name shown, source) pairs; folders become their files."""
    if isinstance(source, Mapping):
        return list(source.items())
    if isinstance(source, (str, os.PathLike)) or not isinstance(source, Sequence):
        source = [source]
    from metricsheet.files.find import find_files

    found: list[tuple[str, Source]] = []
    reached: set[str] = set()

    def add(path: Path) -> None:
        """Add a file once, however often it is named: in a pool it would count twice."""
        real = os.path.realpath(path)
        if real not in reached:
            reached.add(real)
            found.append((str(path), path))

    for number, one in enumerate(source, 1):
        if not isinstance(one, (str, os.PathLike)):
            found.append(("data" if len(source) == 1 else f"data {number}", one))
            continue
        path = Path(one)
        if path.is_dir():
            inside = find_files([path])
            for file in inside:
                add(file)
            if not inside:
                problems.append(
                    Problem(str(path), "empty_folder", "the folder holds no workbook or CSV file", fatal=True)
                )
        else:
            add(path)
    return found


def _read(name: str, source: Source) -> Book:
    if isinstance(source, (str, os.PathLike)):
        from metricsheet.files.read import read_book

        return read_book(Path(source), shown=name)
    from metricsheet.files.frames import read_frame

    return read_frame(source, name)


def _folder(source: Source) -> Path | None:
    """Return the file's path, beside which a mapping may lie."""
    return Path(source) if isinstance(source, (str, os.PathLike)) else None


def _period(text: str | None) -> PeriodLength | None:
    for length in PERIOD_LENGTHS:
        if text == length:
            return length
    if text is None:
        return None
    raise UsageError(
        f"--period is one of {', '.join(PERIOD_LENGTHS)}, not {text!r}", did_you_mean(text, PERIOD_LENGTHS)
    )


def _day(option: str, text: str | None) -> float | None:
    """Return the serial number of an ISO date."""
    if text is None:
        return None
    import datetime as dt

    from metricsheet.values.dates import to_serial

    try:
        return to_serial(dt.date.fromisoformat(text.strip()))
    except ValueError:
        raise UsageError(f"{option} takes a date such as 2024-01-31, not {text!r}") from None


def _scale(key: str, text: str) -> Scale:
    """Return the scale written as ``1..10``; both ends belong to it and answers are whole numbers."""
    low, sign, high = text.replace(" ", "").partition("..")
    try:
        scale = Scale(float(low), float(high))
    except ValueError:
        sign = ""
    if not sign or scale.low >= scale.high:
        raise UsageError(f"--scale {key} takes a scale such as 1..10, not {text!r}")
    return scale
