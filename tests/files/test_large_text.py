"""Large text files are read by columns: the same book as row by row, whatever stands in them."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet import evaluate
from metricsheet.errors import WorkbookError
from metricsheet.files import coded, delimited
from metricsheet.files.book import BLANK, TEXT, UNSEEN, CodedColumn, SheetColumn
from metricsheet.report.data.json import render_json
from tests.stages import seeds

FIELDS = ("", " ", "10", "a b", 'x"y', "1,5", "EU", "é", "2024-01-05", "n/a", "line\nbreak", "\u3000", "'")


def both_ways(data: bytes, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What a text is row by row, and by columns: cells, kinds, texts and problems, or how it is refused."""
    found: list[Any] = []
    for large in (1 << 60, 0):
        monkeypatch.setattr(delimited, "_LARGE", large)
        try:
            book = delimited.read_text(data, "x.csv")
        except WorkbookError as error:
            found.append((error.code, str(error)))
            continue
        columns = book.sheets[0].columns
        profile = [(list(column), column.kinds, column.texts) for column in columns]
        found.append((profile, book.problems, book.text_only))
    return found


@pytest.mark.parametrize("seed", seeds(1000, 100))
def test_by_columns_as_row_by_row(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of one width mostly, quoted or not, some longer, shorter, blank, or with quotes that are lost."""
    dice = random.Random(seed)
    monkeypatch.setattr(coded, "_ROWS", dice.choice((1, 2, 7)))
    monkeypatch.setattr(coded, "_MANY", dice.choice((0, 3, 300)))
    width, delimiter, odd = dice.randint(1, 4), dice.choice(",;\t|"), dice.random() < 0.4
    lines = [delimiter.join(f"Head {number}" for number in range(width))]
    for _ in range(dice.randint(0, 30)):
        wide = max(0, width + dice.choice((-1, 1))) if odd and dice.random() < 0.1 else width
        fields = [dice.choice(FIELDS) if dice.random() < 0.8 else str(dice.random()) for _ in range(wide)]
        quoted = [f'"{f.replace(chr(34), chr(34) * 2)}"' if dice.random() < 0.5 else f for f in fields]
        lines.append(delimiter.join(quoted))
    start = dice.choice(("", "", "\ufeff", f"sep={delimiter}\n", "# made by us\n"))
    text = start + dice.choice(("\n", "\r\n")).join(lines) + dice.choice(("", "\n", "\n\n"))
    one, other = both_ways(text.encode(dice.choice(("utf-8", "utf-8", "cp1252")), "replace"), monkeypatch)
    assert one == other


@pytest.mark.parametrize("way", ["arrow", "plain", "quoted"])
def test_ever_more_different_texts(way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes of one byte become wider when the 257th text is met, pieces after the first."""
    for name in ("_ROWS", "_CHUNK", "_BLOCK"):
        monkeypatch.setattr(coded, name, 64)
    monkeypatch.setattr(coded, "_WORTH_ARROW", 0 if way == "arrow" else 1 << 60)
    names = [f"{number // 3:05}" for number in range(1200)]
    rows = [f'"{name}",EU' if way == "quoted" else f"{name},EU" for name in names]
    one, other = both_ways("\n".join(["Date,Region", *rows]).encode(), monkeypatch)
    assert one == other
    assert other[0][0][0][1:] == names


@given(st.lists(st.sampled_from((None, "a", " ", "b", "\u3000", "10"))), st.data())
def test_a_coded_column_is_a_column(cells: list[str | None], data: st.DataObject) -> None:
    values: list[str | None] = list(dict.fromkeys(cells))
    codes = [values.index(cell) for cell in cells]
    plain = SheetColumn(cells)
    start = data.draw(st.integers(0, len(cells)))
    stop = data.draw(st.integers(start, len(cells)))
    for column in (CodedColumn(values, codes), CodedColumn(values, bytes(codes))):
        assert list(column) == cells
        assert (column.kinds, column.seen, column.texts) == (plain.kinds, plain.seen, plain.texts)
        assert [column.holds(kind) for kind in (BLANK, UNSEEN, TEXT)] == [
            plain.holds(kind) for kind in (BLANK, UNSEEN, TEXT)
        ]
        part, same = column[start:stop], plain[start:stop]
        assert list(part) == list(same)
        assert (part.kinds, part.texts, None in part, "a" in part) == (
            same.kinds,
            same.texts,
            None in same,
            "a" in same,
        )


def test_a_scorecard_is_the_same(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(3)
    rows = [
        f"2024-{dice.randint(1, 6):02}-{dice.randint(1, 28):02},{dice.choice(('EU', 'eu', '', 'US'))},"
        f"{dice.choice((*range(11), '', 'n/a', '11', 'many'))},{n}"
        for n in range(600)
    ]
    path = tmp_path / "survey.csv"
    path.write_text("Date,Region,NPS score,Ticket\n" + "\n".join(rows) + "\n", encoding="utf-8")
    monkeypatch.setattr(coded, "_MANY", 100)
    assert delimited._read_by_columns(path.read_bytes()) is not None
    said = []
    for large in (1 << 60, 0):
        monkeypatch.setattr(delimited, "_LARGE", large)
        card = evaluate(path, by="Region", period="month", metrics="builtin")
        said.append(render_json(card, card.catalog))
    assert said[0] == said[1]
    assert '"rejected": ' in said[0]
