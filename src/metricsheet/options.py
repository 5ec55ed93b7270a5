"""What a person asks of one evaluation: every option once, as people write it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from metricsheet.binding.file_columns import column_name, file_columns
from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.named import Named, find_key, find_keys
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.evaluation.options import ALSO, MOST_SLICES, PERIOD_LENGTHS, RunOptions
from metricsheet.language import LANGUAGES
from metricsheet.language.message import Message
from metricsheet.language.option import option
from metricsheet.reading.settings import SCALE_KEY, read_settings
from metricsheet.records import field, record
from metricsheet.values.dates import to_serial
from metricsheet.watch import limits_of

Choice = TypeVar("Choice", bound=str)


@record
class Options:
    """What to look at, how to read it and what to compute; everything may be left out.

    ``mapping`` says where an input is: ``{"churned": "Customers!Churn"}``. ``by`` are headers to slice by,
    one or several, or a column made of file names (``region=file:branch_(\\w+)``). ``period`` is ``month``,
    ``quarter`` or ``year`` for a result per period, with trends.
    ``where`` are conditions that a row must meet, all of them (``'region = "EU"'``); ``since`` and ``until``
    are the first and last day that count, as ISO dates. ``pool`` takes all sources as one table; ``only`` are
    metrics by key or label. ``settings`` are facts about the company (``{"company_stage": "new"}``) and
    inputs with one value for all rows (``{"referral_uplift": "16%"}``), ``scales`` the scales that answers
    are on (``{"satisfaction_score": "1..10"}``). ``partial`` compares and judges periods that are not over
    yet. ``cohort`` groups the cohorts of a list of subscriptions: a length of period, or a header.
    ``language`` is that of labels and texts, else that of the definitions. ``decimal_mark`` (``.`` or
    ``,``) and ``date_order`` (``dmy``, ``mdy`` or ``ymd``) settle numbers and dates written as text, ``read``
    the rest of how files are read (``{"totals": "keep"}``). ``limits`` are those of one source: ``slices``,
    ``seconds``, ``mb``, and the folder ``spill`` for what a query has no room for. ``also`` is what is
    computed beside the metrics: ``lifetime``. ``engine`` is what evaluates: ``python`` reads all rows,
    ``duckdb`` leaves Parquet files, databases and data frames where they are, ``auto`` takes that for files
    of this kind and for large frames.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    by: Sequence[str] | str = ()
    period: str | None = None
    where: Sequence[str] | str | None = ()
    since: str | None = None
    until: str | None = None
    pool: bool = False
    only: Sequence[str] | str = ()
    settings: Mapping[str, str] | None = None
    scales: Mapping[str, str] | None = None
    partial: bool = False
    cohort: str = ""
    language: str | None = None
    decimal_mark: str | None = None
    date_order: str | None = None
    read: Mapping[str, str] | None = None
    limits: Mapping[str, float | str] | None = None
    also: Sequence[str] | str = ()
    engine: str = "auto"


ENGINES = ("auto", "python", "duckdb")
NAMES: tuple[str, ...] = tuple(Options.__annotations__)
"""The names of all options, which are the keywords of ``evaluate`` too."""


def options_given(options: Options | None, keywords: Mapping[str, Any]) -> Options:
    """Return the options of a call, given as a record or by keyword; raise ``UsageError`` for other ones."""
    for name in keywords:
        if name not in NAMES:
            hint = did_you_mean(name, NAMES) or Message("options_are", names=NAMES)
            raise UsageError(Message("not_an_option", name=name), hint)
    if options is None:
        return Options(**keywords)
    if not isinstance(options, Options):
        raise UsageError(Message("options_expected", found=type(options).__name__))
    if keywords:
        raise UsageError(Message("options_twice", names=tuple(keywords)), Message("options_once"))
    return options


def run_options(options: Options, catalog: Catalog) -> RunOptions:
    """Return what evaluation goes by; raise ``UsageError`` for values that say nothing or contradict."""
    since, until = _day("from", options.since), _day("to", options.until)
    if since is not None and until is not None and since > until:
        raise UsageError(Message("from_after_to", since=options.since, until=options.until))
    given = {key: str(value) for key, value in (options.settings or {}).items()}
    constants = {key: value for key, value in given.items() if key in catalog.inputs}
    return RunOptions(
        by=tuple(map(column_name, _several(options.by))),
        period=_one_of("period", options.period, PERIOD_LENGTHS),
        where=_several(options.where),
        since=since,
        until=until,
        settings={key: value for key, value in given.items() if key not in constants},
        constants=constants,
        only=find_keys(_several(options.only), [catalog.metrics], "not_a.metric"),
        partial=options.partial,
        cohort=options.cohort,
        language=language_of(options.language, catalog),
        slices=limits_of(options.limits)["slices"] or MOST_SLICES,
        also=tuple(one for name in _several(options.also) if (one := _one_of("also", name, ALSO))),
    )


def engine_of(options: Options) -> str:
    """Return what evaluates; raise ``UsageError`` for what does not."""
    return _one_of("--engine", options.engine, ENGINES) or ENGINES[0]


def read_of(options: Options) -> dict[str, str]:
    """Return how files are read, by the keys of ``--read``; raise ``UsageError`` for what is none."""
    read = {f"{SCALE_KEY}{key}": text for key, text in (options.scales or {}).items()}
    if options.decimal_mark is not None:
        read["decimal"] = options.decimal_mark
    if options.date_order is not None:
        read["dates"] = options.date_order
    read |= options.read or {}
    read_settings(read)
    return read


def file_columns_of(options: Options) -> dict[str, re.Pattern[str]]:
    """Return the columns of ``by`` that are made of file names, with their patterns."""
    return file_columns(_several(options.by))


def places_of(options: Options, catalog: Catalog) -> dict[str, str]:
    """Return where inputs are, by their keys."""
    known: list[Named] = [catalog.inputs, catalog.metrics]
    return {
        find_key(key, known, "not_a.input_or_metric"): place for key, place in (options.mapping or {}).items()
    }


def language_of(asked: str | None, catalog: Catalog | None) -> str:
    """Return the language of labels and texts: ``de`` also for ``de-AT``, that of ``catalog`` for none."""
    language = (asked or (catalog.language if catalog else "en")).lower().replace("_", "-").split("-")[0]
    if language not in LANGUAGES:
        raise UsageError(
            Message("option_is_one_of", option=option("lang"), names=tuple(LANGUAGES), given=asked)
        )
    return language


def _several(given: Sequence[str] | str | None) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given or ())


def _one_of(name: str, given: str | None, known: Sequence[Choice]) -> Choice | None:
    for one in known:
        if given == one:
            return one
    if given is None:
        return None
    message = Message("option_is_one_of", option=option(name), names=tuple(known), given=given)
    raise UsageError(message, did_you_mean(str(given), known))


def _day(name: str, text: str | None) -> float | None:
    """Return the serial number of an ISO date."""
    if text is None:
        return None
    try:
        return to_serial(dt.date.fromisoformat(text.strip()))
    except (ValueError, AttributeError):
        raise UsageError(Message("takes_a_date", option=option(name), given=text)) from None
