"""The one call behind the command line and the library: files or frames into a scorecard."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metricsheet._version import __version__
from metricsheet.binding.map_target import check_mapping, mapping_beside, mapping_name, settings_for
from metricsheet.bulk import Progress, held_parts, parts_of
from metricsheet.catalog.definitions import Catalog
from metricsheet.dataset import Dataset, Problem
from metricsheet.engines.sql.address import SparkTable, is_address, is_spark, shown_address, spark_table
from metricsheet.errors import UsageError
from metricsheet.evaluation.answer import Given
from metricsheet.evaluation.answer import answer as evaluation_answer
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.run import check_options, evaluate_dataset, settings_in_force
from metricsheet.files.kind import is_stored
from metricsheet.language.message import Message
from metricsheet.language.option import Option
from metricsheet.one_source import Part, Source, Work, beside, read_source, with_options
from metricsheet.options import (
    Options,
    engine_of,
    file_columns_of,
    options_given,
    places_of,
    read_of,
    run_options,
)
from metricsheet.prepared import prepare, prepared_from
from metricsheet.records import replace
from metricsheet.report.scorecard import Finding
from metricsheet.report.wording import worded
from metricsheet.scorecard import Scorecard
from metricsheet.watch import SPILL, limits_of

if TYPE_CHECKING:
    from metricsheet.evaluation.ledger_report import PaidTime
    from metricsheet.files.book import CellRange

_MANY = 16
"""More sources than these need not be held in memory."""
_COUNTED = 4
"""This many metrics without a value are counted rather than named."""


def load_catalog(
    path: str | os.PathLike[str] | None = None, *, benchmarks: Sequence[str] = (), fresh: bool = False
) -> Catalog:
    """Return the definitions in use, rules checked as well.

    ``path`` is a ``metrics.yaml``, its folder, or ``builtin``; without it the nearest ``metrics.yaml`` of
    ours at or above the working directory is used, else the built-in definitions. Valid definitions are
    cached for the next time, and read again when they change, or when ``fresh`` asks for it. Raises
    ``DefinitionError`` with every problem of every file.
    """
    return prepare(path, benchmarks=benchmarks, fresh=fresh).catalog


class UnfitOptionsError(UsageError):
    """RunOptions that no source could follow, such as a column that none has.

    Everything that could be computed is in ``scorecard``; ``problems`` says for each option why it does not
    fit, at the first source.
    """

    def __init__(self, scorecard: Scorecard, problems: Sequence[Problem]) -> None:
        self.scorecard, self.problems = scorecard, tuple(problems)
        first = self.problems[0]
        super().__init__(Message("fits_no_source", option=first.option, reason=first.message), first.hint)


def evaluate(
    source: Source | Iterable[Source] | Mapping[str, Source],
    options: Options | None = None,
    *,
    metrics: Catalog | str | os.PathLike[str] | None = None,
    jobs: int | None = 1,
    cache: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    spark: Any = None,
    **keywords: Any,
) -> Scorecard:
    """Return the scorecard of workbooks, CSV files, folders or data frames.

    ``source`` is a path, the address of a table of a database (``postgresql://host/shop#public.answers``), a
    table, several of these, or named ones. A table is a data frame (pandas, polars, Arrow, Spark or anything
    with ``__arrow_c_stream__``), a named series, or columns by their headers (``{"NPS score": [10, 9]}``).
    With ``spark``, a session of Spark, a name that no file has is that of a table in it. What to compute and
    how to read it is said in ``options``, or by keywords of the same names: ``evaluate(path, by="Region",
    period="month")``. ``metrics`` are the definitions to use.

    The rest is how it is done, and changes no answer: ``jobs`` processes share the files (``None``: as many
    as are worth it), ``cache`` is a folder that keeps what each file gave until the file or anything else
    that decides it is another, and ``progress`` is called with how many sources are done, and of how many.
    Sources that are pooled are read here and anew.

    A file that cannot be read is a problem of the scorecard (``fatal``), the others are still evaluated.
    Raises ``UsageError`` for options that are not known, make no sense or contradict each other, and for
    objects that are no table, ``UnfitOptionsError`` (one of these, with the scorecard) when a header,
    condition, period or place that was asked for is in no source, and ``DefinitionError`` for unusable
    definitions.
    """
    return _evaluate(source, options, keywords, metrics, (jobs, cache, progress), held=False, spark=spark)


def evaluate_held(
    source: Source | Iterable[Source] | Mapping[str, Source],
    options: Options | None = None,
    *,
    metrics: Catalog | str | os.PathLike[str] | None = None,
    jobs: int | None = 1,
    cache: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Scorecard:
    """Return what ``evaluate`` returns; results and findings of many sources are not held in memory.

    They are sequences in place of tuples, which read them again whenever somebody goes through them.
    """
    return _evaluate(source, options, {}, metrics, (jobs, cache, progress), held=True)


def _evaluate(
    source: Source | Iterable[Source] | Mapping[str, Source],
    options: Options | None,
    keywords: Mapping[str, Any],
    metrics: Catalog | str | os.PathLike[str] | None,
    how: tuple[int | None, str | os.PathLike[str] | None, Progress | None],
    *,
    held: bool,
    spark: Any = None,
) -> Scorecard:
    asked, work = _asked(options, keywords, metrics)
    problems: list[Problem] = []
    sources = _sources(source, problems, spark)
    problems += work.watch.unkept()
    work.among_others = len(sources) > 1
    told = [*_passed_over(work.prepared.catalog), *problems]
    if asked.pool:
        parts = _pooled_part(work, sources, told)
        card = _scorecard(work, parts, told)
    elif held and len(sources) > _MANY:
        aside = held_parts(work, sources, *how)
        parts = aside.heads
        card = _scorecard(work, parts, told, aside.results(), aside.findings())
    else:
        parts = list(parts_of(work, sources, *how))
        card = _scorecard(work, parts, told)
    unfit = _Unfit(parts).problems
    if unfit:
        raise UnfitOptionsError(card, unfit)
    return card


def evaluate_each(
    source: Source | Iterable[Source] | Mapping[str, Source],
    options: Options | None = None,
    *,
    metrics: Catalog | str | os.PathLike[str] | None = None,
    jobs: int | None = 1,
    cache: str | os.PathLike[str] | None = None,
    progress: Progress | None = None,
    spark: Any = None,
    **keywords: Any,
) -> Iterator[Scorecard]:
    """Yield a scorecard of each source, in their order, as soon as it is there.

    Everything else is as ``evaluate`` says; of the scorecards only the last one made is held. What fits no
    source is raised after the last of them, with that one.
    """
    asked, work = _asked(options, keywords, metrics)
    if asked.pool:
        raise UsageError(Message("pool_is_one"))
    problems: list[Problem] = []
    sources = _sources(source, problems, spark)
    problems += work.watch.unkept()
    work.among_others = len(sources) > 1
    for problem in (*_passed_over(work.prepared.catalog), *problems):
        yield _scorecard(work, [], [problem])
    unfit, card = _Unfit(), None
    for part in parts_of(work, sources, jobs, cache, progress):
        unfit.add(part)
        card = _scorecard(work, [part], [])
        yield card
    if card is not None and unfit.problems:
        raise UnfitOptionsError(card, unfit.problems)


def _asked(
    options: Options | None, keywords: Mapping[str, Any], metrics: Catalog | str | os.PathLike[str] | None
) -> tuple[Options, Work]:
    """Return the options and what they ask of every source; raise what ``evaluate`` raises for them."""
    asked = options_given(options, keywords)
    catalog = metrics if isinstance(metrics, Catalog) else load_catalog(metrics)
    run = run_options(asked, catalog)
    check_options(catalog, run)
    places, read, named = places_of(asked, catalog), read_of(asked), file_columns_of(asked)
    check_mapping(catalog, places)
    settings_for(catalog, read)
    limits, spill = limits_of(asked.limits), (asked.limits or {}).get(SPILL)
    stored = engine_of(asked), str(spill) if spill else None
    return asked, Work(prepared_from(catalog), run, places, read, named, limits, stored=stored)


def mapping_file(
    path: str | os.PathLike[str],
    options: Options | None = None,
    *,
    metrics: Catalog | str | os.PathLike[str] | None = None,
    **keywords: Any,
) -> str:
    """Return the text of a mapping file for one workbook, CSV file or table, to be edited.

    Unedited, it changes no figure. ``mapping`` and ``read`` of the options are written into it, and so is the
    mapping that lies beside the file. Raises ``UsageError`` like ``evaluate`` and for a place that is not in
    the file, ``WorkbookError`` for a file that cannot be read.
    """
    from metricsheet.binding.bind import bind_whole
    from metricsheet.binding.map_lines import steady_lines
    from metricsheet.report.mapping import mapping_text

    _, work = _asked(options, keywords, metrics)
    prepared, run, places, read = work.prepared, work.run, work.mapping, work.read
    file, table = beside(path) or Path(path), is_address(path)
    name = shown_address(str(path)) if table else _shown(file)
    catalog = prepared.catalog
    book = read_source(name, path)
    whole = bind_whole(catalog, book, places, folder=file, read=read, headers=prepared.headers)
    for problem in with_options(whole.dataset, places).problems:
        if problem.option:
            reason = Message("fits_no_source", option=problem.option, reason=problem.message)
            raise UsageError(reason, problem.hint)
    found = evaluate_dataset(catalog, prepared.rules, whole.dataset, run)
    lines = steady_lines(whole, {**mapping_beside(file, catalog).mapping, **places})
    names = name if table else _shown(Path(file.name)), _shown(Path(mapping_name(file).name))
    return mapping_text(whole, lines, found.problems, *names, run.language)


def customer_over_time(
    source: Source,
    customer: str,
    options: Options | None = None,
    *,
    metrics: Catalog | str | os.PathLike[str] | None = None,
    **keywords: Any,
) -> tuple[PaidTime, ...]:
    """Return what one customer of a list of subscriptions pays from which day to which, with the rows.

    Raises ``UsageError`` for a source without such a list, or one that leaves open what is paid, and what
    ``evaluate`` raises for options.
    """
    _, work = _asked(options, keywords, metrics)
    name = _shown(Path(source)) if isinstance(source, (str, os.PathLike)) else "data"
    found = work.dataset(name, source)
    if isinstance(found, Part):
        problem = found.problems[0]
        raise UsageError(problem.message, problem.hint)
    from metricsheet.evaluation.ledger import paid_times

    return paid_times(work.prepared.catalog, found, work.run, customer)


def answer(
    catalog: Catalog,
    metric: str,
    given: Mapping[str, Given],
    *,
    settings: Mapping[str, str] | None = None,
    places: Mapping[str, CellRange] | None = None,
    language: str = "en",
) -> Result:
    """Return ``metric`` over ``given`` as a scorecard would hold it: what an Excel function answers.

    ``given`` are values by input, by parameter, or by metric where it is ready-made, ``date`` among them the
    dates of the rows; ``places`` say where they are, which reasons then name. Raises ``UsageError`` when
    the metric, an input or a setting is not known.
    """
    found = evaluation_answer(catalog, metric, given, settings=settings, places=places)
    return worded(catalog, found, language)


class _Unfit:
    """The options that none of the sources so far can follow, with the first problem that says why."""

    def __init__(self, parts: Iterable[Part] = ()) -> None:
        self._nowhere: frozenset[Option] | None = None
        self._first: dict[Option, Problem] = {}
        for part in parts:
            self.add(part)

    def add(self, part: Part) -> None:
        if part.read:
            self._nowhere = part.unfit if self._nowhere is None else self._nowhere & part.unfit
            for problem in part.problems:
                if problem.option:
                    self._first.setdefault(problem.option, problem)

    @property
    def nowhere(self) -> frozenset[Option]:
        return self._nowhere or frozenset()

    @property
    def problems(self) -> list[Problem]:
        return [problem for option, problem in self._first.items() if option in self.nowhere]


def _scorecard(
    work: Work,
    parts: Sequence[Part],
    problems: Sequence[Problem],
    results: Sequence[Result] | None = None,
    findings: Sequence[Finding] | None = None,
) -> Scorecard:
    """Return the scorecard of all ``parts``; ``problems`` are those of no source.

    ``results`` and ``findings`` are those of the parts where these are without them.
    """
    catalog, options = work.prepared.catalog, work.run
    found = [part for part in parts if part.read]
    nowhere = _Unfit(found).nowhere
    if results is None or findings is None:
        results = tuple(result for one in found for result in one.results)
        findings = tuple(finding for one in found for finding in one.findings)
    return Scorecard(
        version=__version__,
        definitions_path=catalog.path,
        definitions_digest=catalog.digest,
        results=results,  # type: ignore[arg-type]
        findings=findings,  # type: ignore[arg-type]
        problems=(
            *problems,
            *(problem for part in parts if not part.read for problem in part.problems),
            # a place of --map that only some files have is skipped in the others
            *(
                p
                for o in found
                for p in o.problems
                if p.code != "map_not_found" or p.option in (None, *nowhere)
            ),
            *_nothing_computed(results),
        ),
        language=options.language,
        currency=catalog.currency,
        settings={**settings_in_force(catalog, options.settings), **options.constants},
        newest_day=_newest_day(found, options),
        notices=tuple(notice for one in found for notice in one.notices),
        unused=tuple(column for one in found for column in one.unused),
        tables=tuple(table for one in found for table in one.tables),
        ledgers=tuple(ledger for one in found for ledger in one.ledgers),
        only=tuple(options.only),
        lifetime=tuple(forecast for one in found for forecast in one.lifetime),
        layouts=len({one.layout for one in found}) if len(found) > 1 else 0,
        catalog=catalog,
    )


def _passed_over(catalog: Catalog) -> Iterator[Problem]:
    for name in catalog.passed_over:
        message = Message("foreign_definitions", name=name, path=catalog.path)
        hint = Message("name_your_definitions")
        yield Problem(name, "foreign_definitions", message, hint)


def _nothing_computed(results: Sequence[Result]) -> Iterator[Problem]:
    """Yield the problem of a run in which no metric has a value in any source that was read."""
    if not results or any(result.value is not None for result in results):
        return
    metrics = dict.fromkeys(result.metric for result in results)
    sources = dict.fromkeys(result.source for result in results)
    template = "nothing_computed" if len(metrics) < _COUNTED else "nothing_computed.of"
    message = Message(template, count=len(metrics), metrics=tuple(metrics))
    hint = Message("all_tells")
    yield Problem(", ".join(sources), "nothing_computed", message, hint)


def _newest_day(found: Iterable[Part], options: RunOptions) -> str | None:
    """Return the last day asked for, else the newest in any source, as an ISO date."""
    days = [one.newest_day for one in found if one.newest_day is not None]
    newest = options.until if options.until is not None else max(days, default=None)
    if newest is None:
        return None
    from metricsheet.values.dates import from_serial

    return from_serial(newest).date().isoformat()


def _pooled_part(work: Work, sources: Sequence[tuple[str, Source]], problems: list[Problem]) -> list[Part]:
    """Return the part of all sources as one; add to ``problems`` why one of them cannot be read."""
    for name, one in sources:
        if work.stays(name, one):
            raise UsageError(Message("no_pool_of_stored", name=name), Message("stored_by_pattern"))
    read = [work.dataset(name, one) for name, one in sources]
    problems += [problem for one in read if isinstance(one, Part) for problem in one.problems]
    together = [one for one in read if isinstance(one, Dataset)]
    unread = [problem.source for problem in problems if problem.fatal]
    work.watch.start()
    return [work.part_of(_pooled(together, unread))] if together else []


def _pooled(datasets: Sequence[Dataset], unread: Sequence[str]) -> Dataset:
    """Return all data as one; ``unread`` are the files of the pool that could not be read."""
    from metricsheet.binding.pool import pool

    whole = pool(datasets, unread)
    if len(datasets) > 1:
        # a place that only some files lack makes the input unusable, but the option fits the others
        nowhere = frozenset.intersection(*(frozenset(p.option for p in d.problems) for d in datasets))
        fit = tuple(p if p.option in nowhere else replace(p, option=None) for p in whole.problems)
        whole = replace(whole, problems=tuple(p for p in fit if p.code != "map_not_found" or p.option))
    return whole


def _sources(source: Any, problems: list[Problem], spark: Any = None) -> list[tuple[str, Source]]:
    """Return (name shown, source) pairs; folders become their files, other names tables of ``spark``."""
    from metricsheet.files.find import find_files

    if isinstance(source, Mapping):
        from metricsheet.files.frames import is_table

        if any(map(is_spark, source.values())) or not is_table(source):
            return [(name, spark_table(one, spark)) for name, one in source.items()]
    streams = hasattr(source, "read") or hasattr(source, "__arrow_c_stream__")
    several = isinstance(source, (list, tuple)) or (isinstance(source, Iterator) and not streams)
    given: list[Source] = [spark_table(one, spark) for one in (source if several else [source])]

    found: list[tuple[str, Source]] = []
    reached: set[str] = set()

    def add(path: Path) -> None:
        """Add a file once, however often it is named: in a pool it would count twice."""
        real = os.path.realpath(path)
        if real not in reached:
            reached.add(real)
            found.append((_shown(path), path))

    for number, one in enumerate(given, 1):
        if isinstance(one, SparkTable):
            found.append((one.name, one))
            continue
        if not isinstance(one, (str, os.PathLike)):
            found.append(("data" if len(given) == 1 else f"data {number}", one))
            continue
        if is_address(one):
            found.append((shown_address(one), one))
            continue
        path = Path(one)
        if os.path.isdir(path):  # False also for a name that the system cannot ask for
            inside = find_files([path]) or ([path] if is_stored(path) else [])
            for file in inside:
                add(file)
            if not inside:
                problems.append(Problem(str(path), "empty_folder", Message("empty_folder"), fatal=True))
        else:
            add(path)
    return found


def _shown(path: Path) -> str:
    """Return a path as text that can be written everywhere: bytes that are no UTF-8 as ``\\xe9``."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
