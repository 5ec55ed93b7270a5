"""Large texts read by columns, with pyarrow or without: the same answers as row by row."""

from __future__ import annotations

import json
import random
from array import array
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from metricsheet import api
from metricsheet.engines import accelerate, groups
from metricsheet.files import book, coded, delimited
from metricsheet.reading import numbers
from metricsheet.report.data.json import as_json
from metricsheet.values.coded import Coded
from tests.stages import seeds, some

WAYS = {"rows": (1 << 60, 1 << 60, 1 << 60), "columns": (0, 1 << 60, 1 << 60), "arrow": (0, 0, 0)}
"""From which size on a text is read by columns, by pyarrow, and pairs are counted by numpy."""

CATALOG = api.load_catalog()

Cells = Callable[[random.Random, int], str]
COLUMNS: dict[str, tuple[Cells, ...]] = {
    "Region": (
        lambda d, n: d.choice(["North", "South", "north ", "", "N/A", "Süd"]),
        lambda d, n: f"R{n % 400}",
    ),
    "Date": (
        lambda d, n: f"2024-{1 + n % 12:02}-{1 + n % 28:02}",
        lambda d, n: d.choice(["2024-01-05", "05.02.2024", "", "soon"]),
        lambda d, n: d.choice(["Jan 2024", "Feb 2024", "2024-03"]),
        lambda d, n: str(20240101 + n % 28),
    ),
    "Recommend score": (
        lambda d, n: str(d.randint(0, 10)),
        lambda d, n: d.choice(["9", "10", " 7", "n/a", "", "great", "11", "8.0"]),
        lambda d, n: str(d.randint(0, 100)),
    ),
    "Satisfaction score": (lambda d, n: d.choice(["1", "2", "5", "very satisfied", "-"]),),
    "Revenue": (
        lambda d, n: f"{d.random() * 1000:.2f}",
        lambda d, n: d.choice(["1,200.50", "€ 12", "(40)", "1e3", "0"]),
        lambda d, n: str(d.randint(1, 90)),
    ),
    "Customer id": (lambda d, n: f"C{n}", lambda d, n: f"C{n % 7}"),
    "Churned": (lambda d, n: d.choice(["yes", "no", ""]), lambda d, n: d.choice(["1", "0"])),
    "Comment": (lambda d, n: d.choice(["", "good", "bad value", "very, very good", 'said "no"']),),
}
ASKED: tuple[dict[str, Any], ...] = (
    {},
    {"by": "Region"},
    {"by": ["Region", "Churned"]},
    {"by": "Region", "period": "quarter"},
    {"where": ['Region <> "South"'], "by": "Region"},
    {"since": "2024-02-01", "only": ["nps", "csat"], "by": "Churned"},
)


def text_of(dice: random.Random) -> bytes:
    """Return a text table that is regular, or nearly so."""
    headers = dice.sample(list(COLUMNS), dice.randint(2, 6))
    ways = [dice.choice(COLUMNS[header]) for header in headers]
    mark = dice.choice(",,;\t")
    rows = [[way(dice, row) for way in ways] for row in range(dice.choice([1, 8, 40, 700]))]
    if dice.random() < 0.5:
        rows = [[cell.replace(mark, " ").replace('"', "") for cell in row] for row in rows]
    odd = dice.random()
    if odd < 0.1:
        rows[len(rows) // 2].append("extra")
    elif odd < 0.2:
        rows[-1] = rows[-1][:1]
    elif odd < 0.3:
        rows.append(["Total", *("" for _ in headers[1:])])
    elif odd < 0.4:
        rows.insert(len(rows) // 2, list(headers))
    elif odd < 0.5:
        rows.insert(len(rows) // 2, ["" for _ in headers])
    lines = [mark.join(quoted(cell, mark) for cell in row) for row in [headers, *rows]]
    if 0.5 < odd < 0.55:
        lines.insert(2, "")
    if 0.55 < odd < 0.6:
        lines.insert(0, "A title")
    end = dice.choice(["\n", "\n", "\r\n"])
    text = end.join(lines) + dice.choice([end, "", end + end])
    if 0.6 < odd < 0.63:
        text = text.replace(end, "\r", 1)
    return text.encode(dice.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252"]))


def quoted(cell: str, mark: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if mark in cell or '"' in cell else cell


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., str]:
    """Evaluate a text in one of ``WAYS``."""

    def evaluated(data: bytes, way: str, **asked: Any) -> str:
        path = tmp_path / "table.csv"
        path.write_bytes(data)
        large, worth, long = WAYS[way]
        monkeypatch.setattr(delimited, "_LARGE", large - 1)
        monkeypatch.setattr(coded, "_WORTH_ARROW", worth)
        monkeypatch.setattr(groups, "LONG", long)
        monkeypatch.setattr(
            coded, "_MANY", (0, 5, 1 << 16)[len(data) % 3]
        )  # from so many on texts are packed
        monkeypatch.setattr(book, "_FIRST", (1, 4, 4096)[len(data) % 3])
        try:
            card = api.evaluate({"table": path}, **asked)
        except api.UnfitOptionsError as error:
            card = error.scorecard
        return json.dumps(as_json(card, card.catalog), ensure_ascii=False, indent=0)

    return evaluated


@pytest.mark.parametrize("seed", seeds(150, 5))
def test_random_texts(seed: int, answered: Callable[..., str]) -> None:
    dice = random.Random(seed)
    data, asked = text_of(dice), dice.choice(ASKED)
    expected = answered(data, "rows", **asked)
    for way in ("columns", "arrow"):
        assert answered(data, way, **asked) == expected, way


def test_columns_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The ways of the test above are gone: regular texts do not fall back to rows."""
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(coded, "_WORTH_ARROW", 0)
    data = b"a,b\n1,x\n2,\n1,y\n"
    both = [coded._by_arrow(data, ","), coded._plain_columns(data, "utf-8", ",")]
    for columns in both:
        assert columns is not None
        assert [list(column) for column in columns] == [["a", "1", "2", "1"], ["b", "x", None, "y"]]
    assert coded._by_arrow(b"a,b\n1,2,3\n", ",") is None
    assert coded._plain_columns(b"a,b\n1,2,3\n", "utf-8", ",") is None


@pytest.mark.parametrize("different", some([3, 200, 257, 3_000, 70_000, 140_000], test=2))
def test_codes_of_any_size(different: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes are widened as texts come, and a column of texts that all differ is held as it is."""
    monkeypatch.setattr(coded, "_WORTH_ARROW", 0)
    rows = [(f"t{row % different}", f"{row % 2}") for row in range(150_000)]
    data = "\n".join(["text,flag", *map(",".join, rows)]).encode()
    for columns in (coded._by_arrow(data, ","), coded._plain_columns(data, "utf-8", ",")):
        if columns is not None:
            assert list(columns[0]) == ["text", *(text for text, _ in rows)]
            assert list(columns[1]) == ["flag", *(flag for _, flag in rows)]


def test_pairs() -> None:
    """Pairs are counted alike with numpy, in the order in which they first come."""
    dice = random.Random(2)
    for count in (0, 1, 5, 4_000):
        one = bytes(dice.randrange(4) for _ in range(count))
        other = bytes(dice.randrange(9) for _ in range(count))
        found = accelerate.pairs_counted(one, other)
        counted: dict[tuple[int, int], int] = {}
        for pair in zip(one, other, strict=True):
            counted[pair] = counted.get(pair, 0) + 1
        assert found is None or list(found.items()) == list(counted.items())
    assert found is not None


@pytest.mark.parametrize("seed", seeds(300, 40))
def test_coded_cells_are_cells(seed: int) -> None:
    """Counts, parts, changed cells and slices are those of the cells in a list, and in the same order."""
    dice = random.Random(seed)
    values = [None, "a", "b", 1.0, "c"][: dice.randint(1, 5)]
    numbers = [dice.randrange(len(values)) for _ in range(dice.randint(0, 60))]
    codes = bytes(numbers) if dice.random() < 0.5 else array("H", numbers)
    cells, column = [values[number] for number in numbers], Coded(values, codes)
    start = dice.randint(0, 10)
    for part, listed in ((column, cells), (column[start:], cells[start:])):
        assert list(part.tally().items()) == list(Counter(listed).items())
        assert (len(part), list(part), part.count("a")) == (len(listed), listed, listed.count("a"))
        assert list(part.mapped(lambda cell: cell == "a")) == [cell == "a" for cell in listed]
        assert list(part.marks(lambda cell: cell == "a")) == [cell == "a" for cell in listed]
    names = [dice.choice(["x", "y", "z"]) for _ in cells]
    named = Coded(
        ["z", "x", "y", "x"], bytes(dice.choice({"z": [0], "x": [1, 3], "y": [2]}[n]) for n in names)
    )
    slices = groups.Groups(named).rows()
    assert list(slices) == list(dict.fromkeys(names))
    for name, rows in slices.items():
        listed_rows = [row for row, one in enumerate(names) if one == name]
        assert (len(rows), list(rows), list(rows[1:3])) == (len(listed_rows), listed_rows, listed_rows[1:3])
        part = groups.taken(column, rows)
        assert isinstance(part, Coded)
        assert list(part.tally().items()) == list(Counter(cells[row] for row in listed_rows).items())
        assert list(part) == [cells[row] for row in listed_rows]


@pytest.mark.parametrize("seed", seeds(300, 40))
def test_long_ranges(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long range of few different cells gives what a short one does, whatever is asked of its cells."""
    dice = random.Random(seed)
    kinds = dice.sample(
        [9.0, 10.0, 3.0, 0.0, None, "n/a", "8", " 7 ", "great", "", "5 %", "11"], dice.randint(1, 6)
    )
    cells = [[dice.choice(kinds)] for _ in range(dice.randint(1, 40))]
    dates = [[float(45292 + dice.randrange(3))] for _ in cells]
    found = []
    for long in (1 << 60, 0):
        monkeypatch.setattr(numbers, "_LONG", long)
        for metric, given in (
            ("nps", {"recommend_score": cells}),
            ("average_order_value", {"revenue": cells, "orders": 9.0}),
            ("nps", {"recommend_score": cells, "date": dates}),
        ):
            found.append(api.answer(CATALOG, metric, given))
    assert found[:3] == found[3:]
