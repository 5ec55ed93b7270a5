"""CSV, TSV and other text tables: delimiter, quotes and rows of text cells."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from codecs import getincrementaldecoder
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from metricsheet.dataset import Problem
from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.files.book import Book, RawCell, Sheet, SheetColumn
from metricsheet.files.coded import columns_of
from metricsheet.files.encodings import decode, detect_encoding
from metricsheet.language.message import Message, and_more
from metricsheet.patterns import late

_DELIMITERS = "\t;|,"
"""In order of preference: a comma is the one that also occurs inside numbers and names."""

ONE_COLUMN = "\ufdd0"
"""The delimiter of text that has none; Unicode keeps it out of texts."""

_SAMPLE_ROWS, _SAMPLE_CHARACTERS = 200, 1 << 18
_MANY_LINES = 20
"""A field of more lines than this is looked at: a lost quote swallows the rows up to the next one."""

_COMMENTS = late(r"\A(?:#[^\r\n]*[\r\n]+)+")
"""Lines that programs write above the table to say what it is; they have no columns."""
_FIGURE = late(r"\s*[^\w\s]{0,3}[0-9]")
_ONE_NUMBER = late(
    r"[^\w\s]{0,3} ?(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?:\.?[0-9]{3})*,[0-9]{2})\D{0,5}\Z"
)
"""A number with commas between thousands or before decimals."""

_SEARCHED = 30
_LARGE = 1 << 21
"""Bytes from which on a text is read by columns, where it is regular."""
_SEP_LINE = late(r"sep=([^\w\"'\r\n])\r?\n?\Z", re.IGNORECASE)


def read_text(data: bytes, name: str) -> Book:
    """Return a text file as a book of one sheet whose cells are text or blank; the sheet is named ``""``.

    Raises ``WorkbookError``: ``unknown_encoding``, ``broken_quotes``, ``too_large``.
    """
    if len(data) > _LARGE:
        columns = _read_by_columns(data)
        if columns is not None:
            return Book(name, (Sheet.of_columns("", columns),), text_only=True)
    text = decode(data)
    first, rest = _split_line(text)
    marked = _SEP_LINE.match(first)
    body = rest if marked else text
    delimiter = marked[1] if marked else find_delimiter(body)
    records, problems = _records(body, delimiter, name)
    if marked:
        records.insert(0, [])
    while records and not any(records[-1]):
        records.pop()
    problems += _too_wide(records, name)
    cells = (_blanks_as_none(column) for column in zip_longest(*records))
    return Book(name, (Sheet.of_columns("", cells),), problems=tuple(problems), text_only=True)


def _read_by_columns(data: bytes) -> list[SheetColumn] | None:
    """Return the columns of a large text, ``None`` where it is not regular."""
    encoding = detect_encoding(data)
    if encoding not in ("utf-8", "utf-8-sig"):
        return None
    head = getincrementaldecoder(encoding)().decode(data[: 8 * _SAMPLE_CHARACTERS])
    delimiter = find_delimiter(head)
    if delimiter in (" ", ONE_COLUMN) or _SEP_LINE.match(_split_line(head)[0]):
        return None
    return columns_of(data, encoding, delimiter)


def find_delimiter(text: str) -> str:
    """Return what is between columns: tab, ``;``, ``|``, ``,``, or a space where spaces line them up.

    The delimiter is the one that cuts most rows, the header among them, into the same number of columns.
    For text that none of them cuts so, which is one column, ``ONE_COLUMN`` is returned.
    """
    sample = text[:_SAMPLE_CHARACTERS]
    if len(text) > len(sample):
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    sample = _COMMENTS.sub("", sample) or sample
    best, best_score = "", (0.0, 0)
    for delimiter in _DELIMITERS:
        if delimiter not in sample:
            continue
        score = _consistency(sample, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    if best:
        return best
    return " " if _is_aligned(sample) else ONE_COLUMN


def _consistency(sample: str, delimiter: str) -> tuple[float, int]:
    """Return the share of rows that have the commonest number of columns (at least two), and that number.

    A delimiter that the first row does not have is inside the texts of one column, unless most rows are
    cut alike and the first is a title above a table.
    """
    widths: list[int] = []
    parts: list[list[str]] = []
    try:
        for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if len(widths) >= _SAMPLE_ROWS:
                break
            if any(row):
                widths.append(len(row))
                parts += [row] if len(row) > 1 else []
    except csv.Error:
        return (0.0, 0)
    cut = Counter(width for width in widths if width > 1)
    if not cut:
        return (0.0, 0)
    width, rows = max(cut.items(), key=lambda item: (item[1], item[0]))
    share = rows / len(widths)
    if widths[0] == 1 and delimiter in ",;" and _is_one_column(parts, delimiter):
        return (0.0, 0)
    is_delimiter = 2 * cut.total() >= len(widths) if widths[0] > 1 else share >= 0.6
    return (round(share, 2), width) if is_delimiter else (0.0, 0)


def _is_one_column(parts: Sequence[Sequence[str]], delimiter: str) -> bool:
    """Return whether the cut rows are one number each (``1,200``, ``10,50``), or texts with commas."""
    if delimiter == "," and all(_ONE_NUMBER.match(",".join(row)) for row in parts):
        return True
    behind = [field for row in parts for field in row[1:]]
    return all(field[:1] == " " for field in behind) and not any(map(_has_digits, behind))


def _is_aligned(sample: str) -> bool:
    """Return whether every line has the same number of words and that is at least two."""
    lines = [line for line in sample.splitlines()[:_SAMPLE_ROWS] if line.strip()]
    widths = {len(line.split()) for line in lines}
    return (
        len(lines) >= 3
        and len(widths) == 1
        and widths != {1}
        and any("  " in line.strip() or any(map(str.isdigit, line)) for line in lines)
    )


def _split_line(text: str) -> tuple[str, str]:
    """Return the first line with its line break, and the rest."""
    end = text.find("\n") + 1 or len(text)
    return text[:end], text[end:]


def _records(text: str, delimiter: str, name: str) -> tuple[list[list[str]], list[Problem]]:
    """Return the fields of every row; a quote not doubled inside quotes is a problem, not an error."""
    if delimiter == " ":
        return [line.split() for line in text.splitlines()], []
    kept = csv.field_size_limit(limits.MAX_FIELD_CHARACTERS)
    try:
        if '"' not in text:  # then every line is a row, and nothing but a length can be wrong
            with contextlib.suppress(csv.Error):
                rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
                if max(map(len, rows), default=0) <= limits.MAX_COLUMNS_OF_TEXT:
                    return rows, []
        try:
            return list(_checked_rows(text, delimiter, strict=True)), []
        except _LooseQuotesError as error:
            problem = Problem(
                name,
                "broken_quotes",
                Message("undoubled_quote", line=error.line),
                Message("check_quotes"),
            )
            rows = list(_checked_rows(text, delimiter, strict=False))
            _refuse_open_quote(text, delimiter)
            return rows, [problem]
    finally:
        csv.field_size_limit(kept)


class _Lines:
    """The lines of a text; ``ended`` once a reader asked for more, so that an error is about the end."""

    def __init__(self, text: str) -> None:
        self._lines = io.StringIO(text, newline="")
        self.ended = False

    def __iter__(self) -> Iterator[str]:
        yield from self._lines
        self.ended = True


class _LooseQuotesError(Exception):
    """A closing quote is followed by more text, or a field is too long: reading without strictness tells."""

    def __init__(self, line: int) -> None:
        self.line = line


def _checked_rows(text: str, delimiter: str, *, strict: bool) -> Iterator[list[str]]:
    """Yield the fields of every row; raises ``WorkbookError`` for a quote that swallows rows."""
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=strict)
    line, width = 0, 0
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            if not strict:  # then nothing but the limit of a field is an error
                raise limits.too_large(Message("field_too_long", line=line + 1)) from error
            if lines.ended:
                raise _unclosed(line + 1) from error
            raise _LooseQuotesError(reader.line_num) from error
        if row is None:
            return
        if reader.line_num - line > _MANY_LINES and _swallows_rows(row, delimiter, width):
            raise _unclosed(line + 1)
        if len(row) > limits.MAX_COLUMNS_OF_TEXT:
            raise limits.too_large(Message("too_many_fields", line=line + 1, count=len(row)))
        line, width = reader.line_num, max(width, len(row))
        yield row


def _refuse_open_quote(text: str, delimiter: str) -> None:
    """Raise if the last row, read without strictness, ends inside quotes."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = line = 0
    for _ in reader:
        start, line = line, reader.line_num
    last = _Lines("".join(io.StringIO(text, newline="").readlines()[start:]))
    try:
        list(csv.reader(last, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if last.ended:
            raise _unclosed(start + 1) from error


def _swallows_rows(row: list[str], delimiter: str, width: int) -> bool:
    """Return whether a field of many lines looks like rows of the table itself."""
    lines = max(row, key=len).splitlines()
    like_rows = sum(line.count(delimiter) >= width - 1 > 0 for line in lines)
    return 2 * like_rows > len(lines)


def _unclosed(line: int) -> WorkbookError:
    return WorkbookError(
        "broken_quotes",
        Message("unclosed_quote_in_text", line=line),
        Message("close_that_quote"),
    )


def _blanks_as_none(column: Sequence[str | None]) -> Sequence[RawCell]:
    return [cell or None for cell in column] if "" in column else column


def _too_wide(records: list[list[str]], name: str) -> list[Problem]:
    """Return a problem for rows with more fields than their header, where the fields before are in place.

    Raises ``WorkbookError`` where they are not: a number with a comma that is not quoted (``1,200``), or an
    index without a header, has moved the cells under the wrong headers.
    """
    header = _header(records)
    if header is None:
        return []
    width = len(records[header])
    if max(map(len, records)) <= width:
        return []
    body = [(number, row) for number, row in enumerate(records[header + 1 :], header + 2) if any(row)]
    wide = [(number, row) for number, row in body if any(row[width:])]
    if not wide:
        return []
    rows = and_more([str(number) for number, _ in wide], 5)
    if _ends_in_text([row for _, row in body], [row for _, row in wide], width):
        hint = Message("quote_texts_with_delimiters")
        return [Problem(name, "ragged_rows", Message("ragged_rows", usual=width, rows=rows), hint)]
    number, row = wide[0]
    raise WorkbookError(
        "rows_too_wide",
        Message("rows_too_wide", fields=len(row), row=number, width=width, header=header + 1, rows=rows),
        Message("quote_or_name"),
    )


def _header(records: list[list[str]]) -> int | None:
    """Return the first row of words with rows of other cells below it, ``None`` where none is found."""
    for number, row in enumerate(records[:_SEARCHED]):
        below = next((other for other in records[number + 1 :] if any(other)), [])
        if sum(map(bool, row)) > 1 and not any(map(_has_digits, row)) and any(map(_has_digits, below)):
            return number
    return None


def _has_digits(field: str) -> bool:
    """Return whether a field is a number or date, or may be a part of one."""
    return _FIGURE.match(field) is not None


def _ends_in_text(body: list[list[str]], wide: list[list[str]], width: int) -> bool:
    """Return whether a few rows have too many fields because a comma is in the text of their last one."""
    ends = (field for row in wide for field in row[width - 1 :])
    if len(wide) * 5 > len(body) or any(map(_has_digits, ends)):
        return False
    right = [row for row in body if len(row) <= width]
    for column in range(width):
        figures = sum(_has_digits(row[column]) for row in right if column < len(row))
        usual = 2 * figures > len(right)
        if any(bool(row[column]) and _has_digits(row[column]) != usual for row in wide):
            return False
    return True
