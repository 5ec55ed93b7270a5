"""How a person wants files to be read: the keys of ``--read``, and of ``read:`` in a mapping file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias, cast

from metricsheet.catalog.definitions import Scale
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.files.addresses import split_sheet
from metricsheet.language.currencies import meant_by
from metricsheet.language.message import Message
from metricsheet.language.option import Option, option
from metricsheet.reading.date_text import DATE_ORDERS, DateOrder
from metricsheet.reading.numerals_text import DECIMAL_MARKS, DecimalMark
from metricsheet.reading.scales import GivenScale
from metricsheet.records import field, record

TotalsChoice: TypeAlias = Literal["find", "keep", "drop"]

SCALE_KEY = "scale."
"""What is before the input in the key that gives its scale: ``scale.effort_score``."""

_DIRECTIONS = {"": None, "low_is_easy": True, "high_is_easy": False}


@record
class ReadSettings:
    """How files are read.

    ``totals``: ``find`` leaves out the rows that are proven to add up others and refuses figures over rows
    that may, ``keep`` counts both, ``drop`` leaves out both. ``kind`` is the kind of table that a table is
    taken for where it can be. ``decimal_mark`` and ``date_order`` settle texts such as ``1,234`` and
    ``05/03/2024``. ``scales`` are the scales of inputs, by their keys. ``year`` is that of months written
    without one; without ``headers`` every row is data. ``currency`` is that of amounts for which the file
    names none. Sheets of the same headers are one table where they are read ``together``.
    """

    totals: TotalsChoice = "find"
    kind: str = ""
    decimal_mark: DecimalMark | None = None
    date_order: DateOrder | None = None
    scales: Mapping[str, GivenScale] = field(default_factory=dict)
    year: int | None = None
    headers: bool = True
    currency: str = ""
    together: bool = False


READ_KEYS: Mapping[str, tuple[str, ...]] = {
    "totals": ("find", "keep", "drop"),
    "kind": (),
    "decimal": DECIMAL_MARKS,
    "dates": DATE_ORDERS,
    "year": (),
    "header": ("find", "none"),
    "sheets": ("apart", "together"),
    "currency": (),
}
"""The keys of ``--read`` with the values that each takes, none where definitions say which.

Besides them ``scale.INPUT`` takes a scale. ``Sales!year`` is the key ``year`` for the sheet Sales alone.
"""

_OF_BOOKS = frozenset({"sheets"})
"""Keys that are said for a whole file."""


def sheets_of(given: Mapping[str, str]) -> tuple[str, ...]:
    """Return the sheets for which some keys are said alone."""
    return tuple(dict.fromkeys(sheet for key in given if (sheet := split_sheet(key)[0]) is not None))


def read_alone(given: Mapping[str, str], sheet: str | None) -> dict[str, str]:
    """Return what is said for one sheet alone, or for all sheets (``None``)."""
    folded = sheet.casefold() if sheet is not None else None
    found = {}
    for key, value in given.items():
        name, plain = split_sheet(key)
        if (name.casefold() if name is not None else None) == folded:
            found[plain] = value
    return found


def read_on(given: Mapping[str, str], sheet: str) -> dict[str, str]:
    """Return how one sheet is read: as all are, but for what is said for it alone."""
    return {**read_alone(given, None), **read_alone(given, sheet)}


def read_settings(given: Mapping[str, str], where: str = "", sheet: str | None = None) -> ReadSettings:
    """Return the settings for all sheets, or what is said for one alone; ``where`` else they stand is named.

    Raises ``UsageError`` for a key or value that is not known.
    """
    given = read_alone(given, sheet)
    before = f"{sheet}!" if sheet is not None else ""
    scales: dict[str, GivenScale] = {}
    for key, value in given.items():
        if key.startswith(SCALE_KEY):
            scales[key.removeprefix(SCALE_KEY)] = _scale(before + key, value, where)
            continue
        known, written = READ_KEYS.get(key), _named(where, before + key, value)
        if known is None or (sheet is not None and key in _OF_BOOKS):
            keys = (*(k for k in READ_KEYS if sheet is None or k not in _OF_BOOKS), f"{SCALE_KEY}INPUT")
            hint: Message | None = did_you_mean(key, keys) or Message("keys_are", keys=keys)
            raise UsageError(Message("not_a_read_key", option=written, key=before + key), hint)
        if known and value not in known:
            hint = did_you_mean(value, known)
            raise UsageError(Message("not_a_read_value", option=written, value=value, expected=known), hint)
    return ReadSettings(
        cast(TotalsChoice, given.get("totals", "find")),
        given.get("kind", ""),
        cast("DecimalMark | None", given.get("decimal")),
        cast("DateOrder | None", given.get("dates")),
        scales,
        _year(before + "year", given["year"], where) if "year" in given else None,
        given.get("header") != "none",
        _currency(before + "currency", given["currency"], where) if "currency" in given else "",
        given.get("sheets") == "together",
    )


def _named(where: str, key: str, text: str) -> Option | str:
    """Return what is wrong as it was written: behind an option, or ``where`` else."""
    return f"{where} {key}={text}" if where else option("read", f"{key}={text}")


def _year(key: str, text: str, where: str) -> int:
    if not re.fullmatch(r"(?:19|20)[0-9]{2}", text.strip(), re.ASCII):
        raise UsageError(Message("takes_a_year", option=_named(where, key, text)))
    return int(text)


def _currency(key: str, text: str, where: str) -> str:
    meant = meant_by(text.strip())
    code = meant[0] if len(meant) == 1 else text.strip().upper()
    if not re.fullmatch("[A-Z]{3}", code):
        raise UsageError(Message("takes_a_currency", option=_named(where, key, text)))
    return code


def _scale(key: str, text: str, where: str) -> GivenScale:
    """Return the scale written as ``1..10`` or ``1..7:low_is_easy``; both ends belong to it."""
    ends, _, direction = text.replace(" ", "").partition(":")
    low, sign, high = ends.partition("..")
    try:
        scale = Scale(float(low), float(high))
    except ValueError:
        sign = ""
    if not sign or direction not in _DIRECTIONS or not scale.low < scale.high:
        raise UsageError(Message("takes_a_scale", option=_named(where, key, text)))
    return GivenScale(scale, _DIRECTIONS[direction])
