"""Questions of a survey with a column for each choice, as SurveyMonkey exports them, read as one column."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import compress, pairwise
from typing import NamedTuple

from metricsheet.dataset import Problem
from metricsheet.files.addresses import range_a1
from metricsheet.files.book import CellRange, RawCell, Sheet
from metricsheet.language.message import Message
from metricsheet.reading.answer_texts import written_answer
from metricsheet.tables.blocks import Block
from metricsheet.tables.cell_kinds import as_number, header_text, kind_of
from metricsheet.tables.header_row import SEARCHED_ROWS, is_question, survey_words
from metricsheet.values.folding import fold


class Joined(NamedTuple):
    """What was made of the questions: headers, their last columns and wordings, what is not read."""

    headers: tuple[str, ...]
    ends: dict[int, int]
    wordings: Sequence[str]
    problems: list[Problem]


def choice_header(sheet: Sheet, block: Block) -> int | None:
    """Return the row of questions above a row of their choices, ``None`` where there is none."""
    for row in range(block.top, min(block.bottom - 1, block.top + SEARCHED_ROWS)):
        if choices_below(sheet, block, row):
            return row
    return None


def choices_below(sheet: Sheet, block: Block, header: int) -> list[tuple[int, int]]:
    """Return the first and last column of each question with choices, counted from the block's first.

    In the row below the ``header`` each choice is over a column of its own, and nothing under the other
    headers but what survey tools write there. Without other headers each row must hold one answer.
    """
    texts = [header_text(cell) for cell in sheet.row(header, block.left, block.right)]
    if header + 1 >= block.bottom or not any(map(is_question, texts)):
        return []
    below = [header_text(cell) for cell in sheet.row(header + 1, block.left, block.right)]
    marks = [fold(text) in survey_words() for text in below]
    starts = [column for column, text in enumerate(texts) if text]
    found, others = [], False
    for start, end in pairwise([*starts, len(texts)]):
        labels = below[start:end]
        named = end - start > 1 and is_question(texts[start]) and len(set(labels)) == len(labels)
        if named and all(labels) and not any(marks[start:end]):
            found.append((start, end - 1))
        elif any(labels) and not any(marks[start:end]):
            return []
        else:
            others = True
    if others:
        return found
    data = [sheet.columns[c][header + 2 : block.bottom + 1] for c in range(block.left, block.right + 1)]
    return [one for one in found if _chosen(data[one[0] : one[1] + 1], below[one[0] : one[1] + 1])]


def join_choices(
    sheet: Sheet,
    header: int,
    data: Block,
    choices: Sequence[tuple[int, int]],
    columns: list[Sequence[RawCell]],
    headers: Sequence[str],
    source: str,
) -> Joined:
    """Put the answers of each question with ``choices`` into its first column, in place.

    Where a row has several answers the columns keep no header, so that a part is not read as the whole.
    """
    names, widths, problems = list(headers), {}, []
    wordings = [""] * len(names)
    for first, last in choices:
        place = CellRange(sheet.name, data.top, data.left + first, data.bottom, data.left + last)
        labels = [header_text(cell) for cell in sheet.row(header + 1, place.left, place.right)]
        answers = _chosen(columns[first : last + 1], labels)
        names[first : last + 1] = [names[first], *[""] * (last - first)]
        if answers is None:
            message = Message("several_choices", question=names[first], place=range_a1(place))
            problems.append(Problem(source, "several_choices", message, Message("map_one_choice")))
            names[first] = ""
            continue
        blank = [None] * len(answers)
        columns[first : last + 1] = [answers, *[blank] * (last - first)]
        widths[first] = last
        wordings[first] = _with_scale(names[first], labels)
    return Joined(tuple(names), widths, wordings, problems)


def _with_scale(question: str, labels: Sequence[str]) -> str:
    """Return a question with the scale of its choices behind it, where all are numbers."""
    said = [written_answer(label) for label in labels]
    numbers = [
        as_number(label) if one is None else one.number for one, label in zip(said, labels, strict=True)
    ]
    known = [number for number in numbers if number is not None]
    return f"{question} ({min(known):g}-{max(known):g})" if len(known) == len(labels) else question


def _chosen(columns: Sequence[Sequence[RawCell]], labels: Sequence[str]) -> list[RawCell] | None:
    """Return the choice of every row, ``None`` where a row has several or a column is no choice.

    A choice holds the same in all its cells: its text, a number or a mark, or 1 among 0. The last may be free
    text.
    """
    filled = [[kind_of(cell) != "blank" for cell in column] for column in columns]
    if all(len(set(row)) == 1 for row in zip(*filled, strict=True)):
        said = [[header_text(cell) for cell in column] for column in columns]
        if {text for column in said for text in column} <= {"", "0", "1", "FALSE", "TRUE"}:
            filled = [[text in ("1", "TRUE") for text in column] for column in said]
    if any(sum(row) > 1 for row in zip(*filled, strict=True)):
        return None
    held = [set(compress(column, kept)) for column, kept in zip(columns, filled, strict=True)]
    if any(len(cells) > 1 for cells in held[:-1]) or not any(held[:-1]):
        return None
    free = len(held[-1]) > 1
    answers: list[RawCell] = [None] * len(filled[0])
    for number, (column, label) in enumerate(zip(columns, labels, strict=True)):
        for row, cell in enumerate(column):
            if filled[number][row]:
                answers[row] = cell if free and number == len(columns) - 1 else label
    return answers
