"""How a person wants files to be read: the keys of ``--read``, and of ``read:`` in a mapping file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from metricsheet.errors import UsageError, did_you_mean
from metricsheet.language.message import Message
from metricsheet.records import record

TotalsChoice: TypeAlias = Literal["find", "keep", "drop"]


@record
class ReadSettings:
    """How files are read. Each value is named as its key.

    ``totals``: ``find`` leaves out the rows that are proven to add up others and refuses figures over rows
    that may, ``keep`` counts both, ``drop`` leaves out both. ``kind`` is the kind of table that a table is
    taken for where it can be.
    """

    totals: TotalsChoice = "find"
    kind: str = ""


@record
class ReadKey:
    """A key of ``--read``: what it settles, and the values it takes; none where definitions say which."""

    settles: str
    values: tuple[str, ...]


READ_KEYS: Mapping[str, ReadKey] = {
    "totals": ReadKey("rows that are or may be totals", ("find", "keep", "drop")),
    "kind": ReadKey("the kind of a table that may be several", ()),
}


def read_settings(given: Mapping[str, str], option: str = "--read") -> ReadSettings:
    """Return the settings that ``given`` texts say; ``option`` stands before the key in messages.

    Raises ``UsageError`` for a key or value that is not known.
    """
    for key, value in given.items():
        known = READ_KEYS.get(key)
        if known is None:
            hint: Message | None = did_you_mean(key, READ_KEYS) or Message("keys_are", keys=tuple(READ_KEYS))
            raise UsageError(Message("not_a_read_key", option=option, key=key, value=value), hint)
        if known.values and value not in known.values:
            hint = did_you_mean(value, known.values)
            raise UsageError(
                Message("not_a_read_value", option=option, key=key, value=value, expected=known.values), hint
            )
    return ReadSettings(**given)  # type: ignore[arg-type]  # checked just above
