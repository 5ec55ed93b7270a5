"""Columns made of file names: ``--by 'region=file:branch_(\\w+)'`` slices by what is in them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ntpath import basename

from metricsheet.dataset import Dataset
from metricsheet.errors import UsageError
from metricsheet.language.message import Message
from metricsheet.language.option import option
from metricsheet.records import replace

MARK = "=file:"
"""What is between the name of a column and the pattern over file names."""


def column_name(by: str) -> str:
    """Return the header to slice by."""
    return by.partition(MARK)[0].strip()


def file_columns(by: Iterable[str]) -> dict[str, re.Pattern[str]]:
    """Return the patterns over file names by the column that each makes.

    Raises ``UsageError`` for a pattern that is none.
    """
    found = {}
    for text in by:
        name, mark, pattern = text.partition(MARK)
        if not mark:
            continue
        try:
            found[name.strip()] = re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            message = Message("not_a_pattern", option=option("by", text), reason=str(error))
            raise UsageError(message, Message("pattern_of_file_names")) from None
    return found


def with_file_columns(dataset: Dataset, patterns: Mapping[str, re.Pattern[str]]) -> Dataset:
    """Return ``dataset`` with a column in each table for each pattern that the name of its file fits.

    The cells hold the first group of the pattern, without groups all that it fits.
    """
    made = {}
    for name, pattern in patterns.items():
        match = pattern.search(basename(dataset.source))
        if match is not None:
            made[name] = match[1 if pattern.groups else 0]
    if not made:
        return dataset
    tables = {
        key: replace(table, columns={**table.columns, **{n: [text] * table.rows for n, text in made.items()}})
        for key, table in dataset.tables.items()
    }
    return replace(dataset, tables=tables)
