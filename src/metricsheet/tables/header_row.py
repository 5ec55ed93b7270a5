"""Which row of a block holds the headers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeAlias

from metricsheet.files.book import RawCell, Sheet
from metricsheet.language.lexicon import wordings
from metricsheet.tables.blocks import Block
from metricsheet.tables.cell_kinds import header_text, kind_of, period_kind
from metricsheet.values.folding import fold

ColumnStats: TypeAlias = Callable[[str], bool]
"""Says whether a header text is the label or alias of an input; helps to choose the header row."""

SEARCHED_ROWS = 15
_ROWS_BELOW = 60
_TITLE_ROWS = 5
_MOST_COLUMNS = 400
"""This many columns are enough to tell a row of headers."""


_DATA_KINDS = ("number", "date", "flag")
_LONG_TEXT = 40
_IMPORT_MARK = '{"importid"'


def find_header(sheet: Sheet, block: Block, known: ColumnStats | None = None) -> int | None:
    """Return the row that holds the headers of ``block``, or ``None`` when no row looks like headers.

    Searched are the first 15 rows. A header row is filled where the columns below it are, holds words (or
    months) and not numbers, does not repeat in the rows below, and is directly above data. Headers that
    are ``known`` decide between rows that are alike; otherwise the first one is taken.
    """
    last = min(block.bottom, block.top + SEARCHED_ROWS - 1)
    codes = _import_codes(sheet, block)
    if codes is not None:
        return max(codes - 2, block.top)
    asked = _row_above_responses(sheet, block)
    if asked is not None:
        return asked
    right = min(block.right, block.left + _MOST_COLUMNS - 1)
    end = min(block.bottom, last + _ROWS_BELOW) + 1
    columns = (column.between(block.top, end) for column in sheet.columns[block.left : right + 1])
    below = list(zip(*columns, strict=True))
    used = sum(any(row[c] is not None for row in below) for c in range(right - block.left + 1))
    best: tuple[float, int] | None = None
    for number in range(last - block.top + 1):
        score = _score(below, number, used, known)
        if score is not None and (best is None or score - 0.05 * number > best[0]):
            best = (score - 0.05 * number, block.top + number)
    if best is None:
        return None
    return best[1] + _goes_on(below[best[1] - block.top :])


def _goes_on(rows: Sequence[Sequence[RawCell]]) -> bool:
    """Return whether the first of ``rows`` are headers of groups and the second those of the columns in them.

    The second row holds nothing but words above data, some of them beside the name of a group.
    """
    if len(rows) < 3:
        return False
    named = [column for column, cell in enumerate(rows[1]) if kind_of(cell) != "blank"]
    inside = [column for column in named if kind_of(rows[0][column]) == "blank" and column - 1 in named]
    return bool(inside) and all(_is_label(rows[1][c]) and kind_of(rows[2][c]) in _DATA_KINDS for c in named)


def _score(
    below: Sequence[Sequence[RawCell]], number: int, used: int, known: ColumnStats | None
) -> float | None:
    """Return how much row ``number`` of ``below`` looks like headers, or ``None`` when it cannot be them."""
    row = below[number]
    filled = [column for column, cell in enumerate(row) if kind_of(cell) != "blank"]
    if not filled or (len(filled) == 1 and used > 1):
        return None
    periods = [column for column in filled if period_kind(row[column]) is not None]
    labels = [c for c in filled if _is_label(row[c]) or (c in periods and len(periods) > 1)]
    hits = sum(known(header_text(row[column])) for column in labels) if known else 0
    coverage = len(filled) / used
    if len(labels) < 0.8 * len(filled) or (coverage < 0.5 and hits < 2):
        return None
    if number == len(below) - 1 and hits < 2 and _has_data(below[:number]):
        return None  # the last of some labels with values: nothing is under it
    above_data = repeated = 0
    for column in filled:
        under = [r[column] for r in below[number + 1 :] if r[column] is not None]
        above_data += any(kind_of(cell) in _DATA_KINDS for cell in under[:1])
        repeated += row[column] in under
    if above_data and any(list(other) == list(row) for other in below[number + 1 :]):
        repeated = 0  # headers printed again on the next page
    texts = {fold(header_text(row[column])) for column in filled}
    score = coverage + above_data / len(filled) + 0.5 * len(texts) / len(filled) - repeated / len(filled)
    if hits and _may_be_answers(below, number, hits, len(labels), above_data):
        return score
    return score + (0.75 + 0.25 * min(hits, 5) if hits else 0.0)


def _may_be_answers(
    below: Sequence[Sequence[RawCell]], number: int, hits: int, labels: int, above_data: int
) -> bool:
    """Return whether a known header in a row of words may be an answer, such as ``Churned`` under ``Status``.

    So it is in a row below another row of words, without numbers under it and with other words beside it.
    """
    if number == 0 or above_data or (hits > 1 and 2 * hits > labels):
        return False
    return sum(kind_of(cell) == "text" for cell in below[number - 1]) >= labels


def _has_data(rows: Sequence[Sequence[RawCell]]) -> bool:
    return any(kind_of(cell) in _DATA_KINDS for row in rows for cell in row[1:])


def _is_label(cell: RawCell) -> bool:
    """Return whether a cell may be a header: words, but not a unit such as ``(EUR)`` or an import id."""
    if kind_of(cell) != "text":
        return False
    text = header_text(cell)
    return text[0] + text[-1] not in ("()", "[]", "（）", "{}")


def titles_over(sheet: Sheet, row: int, left: int, right: int) -> tuple[str, ...]:
    """Return the titles and notes above a row of headers, the nearest first: rows of a text or two.

    A text that is alone may begin left of the table; of several, those of other tables do not count.
    """
    found: list[str] = []
    for above in range(row - 1, max(row - 1 - _TITLE_ROWS, -1), -1):
        filled = [(c, cell) for c, cell in enumerate(sheet.row(above)) if kind_of(cell) != "blank"]
        alone = len(filled) == 1
        cells = [cell for c, cell in filled if (alone or left <= c) and c <= right and not period_kind(cell)]
        if len(cells) > 2 or any(kind_of(cell) in _DATA_KINDS for cell in cells):
            break
        found += [cell for cell in cells if isinstance(cell, str)]
    return tuple(found)


def first_data_row(sheet: Sheet, block: Block, header: int) -> int:
    """Return the row after the headers and after what survey tools write below them.

    Qualtrics exports hold the question and an import id under each header, SurveyMonkey exports
    ``Response`` under each question.
    """
    row = header + 1
    codes = _import_codes(sheet, block)
    if codes is not None and codes > header:
        return codes + 1
    if row <= block.bottom and _is_survey_row(sheet, block, row):
        return row + 1
    return row


def question_texts(sheet: Sheet, block: Block, header: int) -> tuple[str, ...]:
    """Return the questions between the short headers and the import codes of Qualtrics; empty without any."""
    codes = _import_codes(sheet, block)
    if codes is None or codes != header + 2:
        return ()
    return tuple(header_text(cell) for cell in sheet.row(header + 1, block.left, block.right))


def _import_codes(sheet: Sheet, block: Block) -> int | None:
    """Return the row that holds nothing but import codes of Qualtrics, below its headers."""
    for row in range(block.top + 1, min(block.top + SEARCHED_ROWS, block.bottom) + 1):
        cells = [c for c in sheet.row(row, block.left, block.right) if c is not None]
        if cells and all(isinstance(c, str) and fold(c[:20]).startswith(_IMPORT_MARK) for c in cells):
            return row
    return None


def _row_above_responses(sheet: Sheet, block: Block) -> int | None:
    """Return the row of questions that is above a row of ``Response``, else ``None``."""
    for row in range(block.top + 1, min(block.top + SEARCHED_ROWS, block.bottom) + 1):
        cells = sheet.row(row, block.left, block.right)
        marks = [c for c, cell in enumerate(cells) if isinstance(cell, str) and fold(cell) in survey_words()]
        above = [header_text(cell) for cell in sheet.row(row - 1, block.left, block.right)]
        if marks and _is_survey_row(sheet, block, row):
            return row - 1 if all(is_question(above[c]) for c in marks) else None
    return None


def is_question(text: str) -> bool:
    """Return whether a header is worded as a question of a survey."""
    return len(text) > _LONG_TEXT or text.endswith(("?", "？"))


@lru_cache(maxsize=1)
def survey_words() -> frozenset[str]:
    """Return what survey tools write below a question."""
    return frozenset(map(fold, wordings("survey_row")))


def _is_survey_row(sheet: Sheet, block: Block, row: int) -> bool:
    """Return whether a row says ``Response`` under the questions; answers would say it again further down."""
    found = enumerate(sheet.row(row, block.left, block.right), block.left)
    cells = {c: cell for c, cell in found if cell is not None}
    marks = [c for c, cell in cells.items() if isinstance(cell, str) and fold(cell) in survey_words()]
    if not marks or not all(isinstance(cell, str) for cell in cells.values()):
        return False
    return all(cells[c] not in sheet.columns[c][row + 1 : min(row + 20, block.bottom + 1)] for c in marks)


def header_texts(
    sheet: Sheet,
    block: Block,
    header: int,
    above: dict[tuple[int, int], RawCell],
    known: ColumnStats | None = None,
) -> tuple[str, ...]:
    """Return the header of every column of ``block``.

    A header merged downwards is found through ``above`` (cell → the merged cell's content), one in the first
    of two rows by the cells below it. Where headers repeat under a row of group headers (``2023`` over
    ``Q1``, ``Q2``), the group is before them; so it does where it makes a ``known`` header of one
    (``Customers`` over ``Lost``).
    """
    cells = [sheet.cell(header, c) for c in range(block.left, block.right + 1)]
    cells = [above.get((header, c + block.left)) if cell is None else cell for c, cell in enumerate(cells)]
    texts = [header_text(cell) for cell in cells]
    if header < block.bottom and "" in texts and _is_survey_row(sheet, block, header + 1):
        # a question of its own in the second row; other words there are answers to choose from
        below = [header_text(cell) for cell in sheet.row(header + 1, block.left, block.right)]
        texts = [t or (b if is_question(b) else "") for t, b in zip(texts, below, strict=True)]
    if header == block.top:
        return tuple(texts)
    first = [header_text(cell) for cell in sheet.row(header - 1, block.left, block.right)]
    for number, text in enumerate(first):
        column = sheet.columns[block.left + number]
        if text and not texts[number] and any(column.seen[header + 1 : block.bottom + 1]):
            texts[number] = text
    groups = group_texts(sheet, block, header, above)
    if len({t for t in texts if t}) == len([t for t in texts if t]):
        if known is None or not any(first[1:]):
            return tuple(texts)
        ways = (((f"{g} {t}", f"{t} {g}") if t and g else ()) for g, t in zip(groups, texts, strict=True))
        return tuple(next(filter(known, way), t) for way, t in zip(ways, texts, strict=True))
    return tuple(f"{g} {t}" if g and t and g != t else t for g, t in zip(groups, texts, strict=True))


def group_texts(sheet: Sheet, block: Block, header: int, above: dict[tuple[int, int], RawCell]) -> list[str]:
    """Return the group header over every column: the text above, or to the left of above; ``""`` for none."""
    if header == block.top:
        return [""] * block.width
    texts, last = [], ""
    for column in range(block.left, block.right + 1):
        cell = sheet.cell(header - 1, column)
        if cell is None:
            cell = above.get((header - 1, column))
        last = header_text(cell) or last
        texts.append(last)
    return texts
