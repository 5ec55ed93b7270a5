"""What the builders of settings, inputs, metrics, rules and benchmarks share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from metricsheet.catalog.assembly.amounts import Unreadable, read_amount
from metricsheet.catalog.assembly.entries import Merged
from metricsheet.catalog.definitions import (
    CHAINED,
    ROW_PARAMETERS,
    InputDefinition,
    LocalText,
    Setting,
    Unit,
)
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.tree import Block
from metricsheet.errors import did_you_mean
from metricsheet.formula.plan import NameInfo
from metricsheet.language.message import Message
from metricsheet.records import field, record
from metricsheet.source import Place

PARAMETERS = ("period_start", "period_end")
"""Names that every formula may use without anybody defining them."""

RESERVED = frozenset({*PARAMETERS, *ROW_PARAMETERS, CHAINED, "true", "false", "scorecard"})

_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


@record(frozen=False)
class BuildContext:
    """A catalog in the making. ``names`` are what formulas may call, broken definitions included."""

    merged: Merged
    problems: Problems
    settings: dict[str, Setting] = field(default_factory=dict)
    inputs: dict[str, InputDefinition] = field(default_factory=dict)
    names: dict[str, NameInfo] = field(default_factory=dict)

    def amount(self, block: Block, key: str, unit: Unit, *, any_percent: bool = False) -> float | None:
        """Return the amount under ``key`` of ``block``, or ``None`` after reporting why there is none."""
        return self.checked_amount(
            read_amount(block[key], unit, self.merged.currency, any_percent=any_percent), block.place(key)
        )

    def checked_amount(self, read: float | Unreadable, place: Place) -> float | None:
        """Return an amount that was read, or ``None`` after reporting why it cannot be."""
        if isinstance(read, Unreadable):
            self.problems.error(read.message, place, read.hint)
            return None
        return read

    def known(
        self, key: str, known: Mapping[str, object], thing: Literal["metric", "setting"], place: Place
    ) -> bool:
        """Return whether ``key`` is among ``known`` definitions; report it when it is not."""
        if key in known:
            return True
        message = Message("unknown_metric" if thing == "metric" else "unknown_setting", found=key)
        self.problems.error(message, place, did_you_mean(key, known))
        return False

    def date(self, block: Block, key: str) -> str | None:
        """Return the ISO date under ``key``, or ``None`` after reporting that it is none."""
        text = block.text(key)
        if iso_day(text) is not None:
            return text
        self.problems.error(Message("bad_date", found=text), block.place(key), _date_hint(text))
        return None


def local_text(value: object) -> LocalText:
    """Return a text as written, alone or per language, by language."""
    return Frozen(value) if isinstance(value, dict) else Frozen({"en": str(value)})


def optional_text(block: Block, key: str) -> LocalText | None:
    """Return the text under ``key``, or ``None`` when there is none."""
    return local_text(block[key]) if key in block else None


def iso_day(text: str) -> float | None:
    """Return the serial number of a date written ``2026-01-31``, or ``None`` when there is no such day."""
    match = _DATE.fullmatch(text)
    if match is None or not text.isascii():
        return None
    import datetime as dt

    from metricsheet.values.dates import to_serial

    try:
        return to_serial(dt.date(int(match.group(1)), int(match.group(2)), int(match.group(3))))
    except ValueError:
        return None


def _date_hint(text: str) -> Message | None:
    if _DATE.fullmatch(text):
        return Message("no_such_day")
    match = re.fullmatch(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", text)
    if match:
        return Message("write_year_month_day")
    if re.fullmatch(r"\d{4}-\d{2}", text):
        return Message("write_a_day", day=f"{text}-01")
    return None
