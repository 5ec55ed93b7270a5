"""One source into its part of a scorecard: what is done for every file alike, whoever asks and wherever."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from metricsheet._version import __version__
from metricsheet.catalog.frozen import Frozen
from metricsheet.dataset import Dataset, Problem, TakenFor, UnusedColumn
from metricsheet.engines.sql.address import SparkTable, is_address, is_spark, named_like
from metricsheet.errors import MetricsheetError, UsageError, WorkbookError
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.result import Result
from metricsheet.evaluation.run import evaluate_dataset
from metricsheet.evaluation.unbound import Unbound
from metricsheet.files.kind import SUFFIXES
from metricsheet.files.kind import is_stored as is_stored_file
from metricsheet.kept import own_class, pickled, unpickled
from metricsheet.language.message import Message, message_from
from metricsheet.language.option import Option, host, option
from metricsheet.prepared import Prepared
from metricsheet.records import record, replace
from metricsheet.report.scorecard import Finding, finding_from, untold
from metricsheet.report.wording import worded
from metricsheet.rules.engine.compile import CompiledRule
from metricsheet.rules.engine.fact_writer import FactWriter
from metricsheet.rules.engine.outcome import RuleOutcome
from metricsheet.rules.engine.periods import Timeline
from metricsheet.source import SourceFile
from metricsheet.values import ExcelError
from metricsheet.watch import LIMITS, OverLimit, Watch

if TYPE_CHECKING:
    import re

    from metricsheet.binding.layouts import Layouts
    from metricsheet.evaluation.ledger_report import LedgerReport
    from metricsheet.evaluation.lifetime import Lifetime
    from metricsheet.files.book import Book
    from metricsheet.stored_source import StoredSource

Source: TypeAlias = "str | os.PathLike[str] | Any"
"""A path, or a table of one of the libraries that ``read_frame`` knows: these have no type in common."""


@record
class Part:
    """What one source gave, in words; of one that could not be ``read``, only the problem that says why.

    ``newest_day`` is the newest date in it, ``notices`` tell how it was read, ``tables`` what was read as
    what. ``unfit`` are the options that nothing in it can follow, as ``Problem.option`` names them.
    ``lifetime`` is the forecast asked for, ``layout`` is as of a dataset.
    """

    source: str
    problems: tuple[Problem, ...]
    read: bool = True
    results: tuple[Result, ...] = ()
    findings: tuple[Finding, ...] = ()
    newest_day: float | None = None
    unfit: frozenset[Option] = frozenset()
    notices: tuple[Problem, ...] = ()
    unused: tuple[tuple[str, UnusedColumn], ...] = ()
    tables: tuple[tuple[str, TakenFor], ...] = ()
    ledgers: tuple[LedgerReport, ...] = ()
    lifetime: tuple[Lifetime, ...] = ()
    layout: str = ""


_NO_RECORDS = (Message, Frozen, ExcelError, RuleOutcome, Timeline)
"""The classes of parts that are no records."""


_SIZE = 8
"""How many bytes tell the size of a piece."""


class Work:
    """What is asked of every source: the definitions, the options, and whether there are others beside it."""

    def __init__(
        self,
        prepared: Prepared,
        run: RunOptions,
        mapping: Mapping[str, str],
        read: Mapping[str, str],
        file_columns: Mapping[str, re.Pattern[str]],
        limits: Mapping[str, float | None] = LIMITS,
        among_others: bool = False,
        asked_in: str = "",
        stored: tuple[str, str | None] = ("auto", None),
    ) -> None:
        self.prepared, self.run, self.stored = prepared, run, stored
        self.mapping, self.read, self.file_columns = dict(mapping), dict(read), dict(file_columns)
        self.among_others, self.limits, self.asked_in = among_others, dict(limits), asked_in or host()
        self.watch = Watch(self.limits)
        self._open: list[StoredSource] = []

    def __reduce__(self) -> tuple[Any, ...]:
        """Leave behind what definitions are made into: it is made again faster than it is read."""
        asked = self.run, self.mapping, self.read, self.file_columns, self.limits, self.among_others
        return _work, (self.prepared.made_from, *asked, self.asked_in, self.stored)

    @property
    def told(self) -> str:
        """All that decides an answer beside the source and the code; limits say if there is one."""
        catalog = self.prepared.catalog
        benchmarks = tuple(one.name for one in catalog.benchmarks)
        given = catalog.digest, catalog.language, catalog.currency, benchmarks, self.run
        patterns = {name: pattern.pattern for name, pattern in self.file_columns.items()}
        named = self.mapping, self.read, patterns, self.among_others, self.asked_in, self.stored[0]
        return repr((*given, *named))

    def setup(self) -> bytes:
        """Return what another process needs to do the same."""
        return pickled(self, {SourceFile: _without_text})

    @staticmethod
    def packed(part: Part) -> bytes:
        """Return a part as bytes: what is in it without results and findings, the results, the findings.

        What findings say is worked out when they are read, as it is of others.
        """
        reduced = {
            SourceFile: _without_text,
            CompiledRule: lambda rule: (_rule, (rule.key,)),
            FactWriter: lambda writer: (_writer, writer.of_source),
            Finding: untold,
        }
        head = replace(part, results=(), findings=())
        pieces = [pickled(piece, reduced) for piece in (head, part.results, part.findings)]
        return b"".join([*(len(piece).to_bytes(_SIZE, "big") for piece in pieces), *pieces])

    @staticmethod
    def pieces(body: bytes) -> list[bytes]:
        """Return the pieces of a packed part, in the order of ``packed``."""
        start, found = 3 * _SIZE, []
        for size in (int.from_bytes(body[place : place + _SIZE], "big") for place in range(0, start, _SIZE)):
            found.append(body[start : start + size])
            start += size
        return found

    def unpacked(self, body: bytes | None) -> Part | None:
        """Return the part that bytes hold, made of records of our own alone; ``None`` of any other bytes."""
        try:
            head, results, findings = map(self.unpacked_piece, self.pieces(body or b""))
        except Exception:  # whatever is wrong with them, the source itself can be read
            return None
        return replace(head, results=results, findings=findings) if isinstance(head, Part) else None

    def unpacked_piece(self, piece: bytes) -> Any:
        """Return what a piece holds; raise what reading raises, of bytes that name anything but records."""
        functions = self._functions

        def named(module: str, name: str) -> Any:
            found = functions.get(name) or own_class(module, name)
            plain = name in functions or hasattr(found, "__record_fields__") or found in _NO_RECORDS
            return found if plain else None

        return unpickled(piece, named)

    @cached_property
    def _functions(self) -> dict[str, Any]:
        rules = {rule.key: rule for rule in self.prepared.rules.rules}
        writer = FactWriter(self.prepared.catalog)
        found = {"_rule": rules.__getitem__, "_writer": writer.like}
        return {"message_from": message_from, "finding_from": finding_from, **found}

    @cached_property
    def layouts(self) -> Layouts | None:
        """The layouts met so far, where there are several sources."""
        from metricsheet.binding.layouts import Layouts

        return Layouts() if self.among_others else None

    @cached_property
    def _unbound(self) -> Unbound | None:
        if not self.among_others:
            return None
        catalog, language = self.prepared.catalog, self.run.language
        return Unbound(catalog, self.run, lambda result: worded(catalog, result, language))

    def part(self, name: str, source: Source) -> Part:
        """Return what a source gives; raise ``UsageError`` for options that name nothing known."""
        try:
            data = self.dataset(name, source)
            return self.part_of(data) if isinstance(data, Dataset) else data
        finally:
            while self._open:
                self._open.pop().close()

    def dataset(self, name: str, source: Source) -> Dataset | Part:
        """Return the data of a source, or the part of one that cannot be read."""
        from metricsheet.binding.bind import bind
        from metricsheet.binding.file_columns import with_file_columns

        self.watch.start()
        try:
            with self.watch:
                stored = self.source(name, source) if self.stays(name, source) else None
                found = bind(
                    self.prepared.catalog,
                    stored.book() if stored is not None else read_source(name, source),
                    self.mapping,
                    folder=beside(source),
                    read=self.read,
                    headers=self.prepared.headers,
                    among_others=self.among_others,
                    layouts=self.layouts,
                )
                found = with_options(stored.dataset(found) if stored is not None else found, self.mapping)
        except OverLimit as over:
            return Part(name, (self.watch.problem(name, over),), read=False)
        except WorkbookError as error:
            return Part(name, (Problem(name, error.code, error.message, error.hint, fatal=True),), read=False)
        except MetricsheetError:
            raise
        except Exception as error:
            return Part(name, (_internal(name, error),), read=False)
        return with_file_columns(found, self.file_columns) if self.file_columns else found

    def stays(self, name: str, source: Source) -> bool:
        """Return whether a source stays where it is; raise ``UsageError`` where it cannot but is to."""
        engine, _ = self.stored
        if engine == "python":
            return False
        found, served = is_stored(source), is_address(source) or is_spark(source)
        if not found and isinstance(source, (str, os.PathLike)):
            found = engine == "duckdb" and SUFFIXES.get(Path(source).suffix.lower()) == "text"
        elif not found:
            from metricsheet.stored_source import frame_fits

            found = frame_fits(source, any_size=engine == "duckdb")
        if engine == "duckdb" and (not found or served):
            raise UsageError(Message("not_for_duckdb", name=name), Message("what_is_for_duckdb"))
        return found

    def source(self, name: str, source: Source) -> StoredSource:
        """Return a source that stays where it is."""
        from metricsheet.stored_source import StoredSource

        if self.file_columns:
            raise UsageError(Message("no_file_columns", name=name), Message("folders_are_columns"))
        limits = self.limits
        found = StoredSource(name, source, mb=limits["mb"], spill=self.stored[1], seconds=limits["seconds"])
        self._open.append(found)
        return found

    def part_of(self, dataset: Dataset) -> Part:
        """Return what the data of a source give."""
        catalog, language = self.prepared.catalog, self.run.language
        try:
            with self.watch:
                found = evaluate_dataset(catalog, self.prepared.rules, dataset, self.run, self._unbound)
        except WorkbookError as error:
            told = Problem(dataset.source, error.code, error.message, error.hint, fatal=True)
            return Part(dataset.source, (told,), read=False)
        except OverLimit as over:
            return Part(dataset.source, (self.watch.problem(dataset.source, over),), read=False)
        except MetricsheetError:
            raise
        except Exception as error:
            return Part(dataset.source, (_internal(dataset.source, error),), read=False)
        return Part(
            found.source,
            found.problems,
            True,
            tuple(one if one.label else worded(catalog, one, language) for one in found.results),
            tuple(finding_from(found.source, outcome, language) for outcome in found.outcomes),
            found.newest_day,
            found.unfit,
            found.notices,
            found.unused,
            found.tables,
            found.ledgers,
            found.lifetime,
            dataset.layout,
        )


def _without_text(source: SourceFile) -> tuple[Any, ...]:
    return SourceFile, (source.name, "")


def _rule(key: str) -> CompiledRule:
    """Stand for a rule in packed parts; who unpacks them has the rule itself and never calls this."""
    raise TypeError(f"{key} is only named here")


def _writer(*of_source: Any) -> FactWriter:
    """Stand for what writes the facts of a source in packed parts, as ``_rule`` does for a rule."""
    raise TypeError(f"{of_source} are only named here")


def _work(made_from: tuple[Any, ...], *asked: Any) -> Work:
    return Work(Prepared(*made_from), *asked)


def _internal(source: str, error: Exception) -> Problem:
    """Return the problem of a source at which the program itself failed; the other sources go on."""
    import traceback

    steps = [step for step in traceback.extract_tb(error.__traceback__) if "metricsheet" in step.filename]
    places = " < ".join(f"{Path(step.filename).name}:{step.lineno}" for step in reversed(steps[-3:]))
    what = f"{type(error).__name__} {places} ({__version__})"
    return Problem(source, "internal", Message("internal", what=what), Message("report_internal"), fatal=True)


def with_options(dataset: Dataset, mapping: Mapping[str, str]) -> Dataset:
    """Return the dataset with the ``--map`` named in each problem of a place that was not found."""
    asked = {key: option("map", f"{key}={place}") for key, place in mapping.items()}
    if not asked:
        return dataset
    marked = tuple(
        replace(problem, option=asked[problem.inputs[0]])
        if problem.code in ("map_not_found", "ambiguous") and problem.inputs[0] in asked
        else problem
        for problem in dataset.problems
    )
    return replace(dataset, problems=marked)


def is_stored(source: Source) -> bool:
    """Return whether a source is a table of a database or of Spark, or names what DuckDB reads."""
    if not isinstance(source, (str, os.PathLike)):
        return is_spark(source)
    return is_address(source) or is_stored_file(Path(source))


def beside(source: Source) -> Path | None:
    """Return beside which file a mapping file may lie: of a table one of its name in the working folder."""
    if is_address(source):
        return Path(named_like(source))
    if isinstance(source, SparkTable):
        return Path(source.name.rpartition(".")[2].strip("`"))
    return Path(source) if isinstance(source, (str, os.PathLike)) else None


def read_source(name: str, source: Source) -> Book:
    """Return the sheets of a file or a table."""
    if is_stored(source):
        from metricsheet.stored_source import StoredSource

        with closing(StoredSource(name, source)) as stored:
            return stored.book(whole=True)
    if isinstance(source, (str, os.PathLike)):
        from metricsheet.files.read import read_book

        return read_book(Path(source), shown=name)
    from metricsheet.files.frames import read_frame

    return read_frame(source, name)
