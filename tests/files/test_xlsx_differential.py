"""Workbooks made at random, read by columns, by expat, by openpyxl and by python-calamine: the same cells."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
from functools import lru_cache
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter

from metricsheet.files import xlsx_columns
from metricsheet.files.archive import Archive
from metricsheet.files.book import Sheet, SheetColumn
from metricsheet.files.read import read_bytes
from metricsheet.files.xlsx_cells import read_cells
from metricsheet.files.xlsx_columns import SheetXml
from metricsheet.files.xlsx_package import read_package
from metricsheet.files.xlsx_values import CellValues
from tests.files.xlsx_by_hand import package, parts_of
from tests.stages import seeds

_TEXTS = (
    "EU",
    "a & b",
    "x<y>",
    " lead",
    "7",
    "12 34",
    "1,5",
    "Größe",
    "顧客",
    "two\nlines",
    "#N/A",
    "~",
    "''",
)
_FORMATS = (
    "yyyy-mm-dd",
    "hh:mm",
    "[h]:mm:ss",
    "0.0%",
    '#,##0.00 "€"',
    '"day" 0',
    "[Red]0.0",
    "m/d/yy h:mm AM/PM",
)
_PART = "xl/worksheets/sheet1.xml"


def _values(source: random.Random, fill: float) -> Any:
    if source.random() > fill:
        return None
    return source.choice(
        (
            float(source.randrange(-10, 10)),
            source.random() * 10 ** source.randrange(-8, 9),
            source.choice(_TEXTS),
            f"note {source.randrange(1000)}",
            source.random() < 0.5,
            dt.datetime(1905, 1, 1) + dt.timedelta(seconds=source.randrange(6 * 10**9)),
        )
    )


@lru_cache(maxsize=60)
def made(seed: int) -> bytes:
    """Return a workbook of one sheet; each column mostly holds one kind of cells.

    Every other one is plain: numbers, shared texts, and dates of one style.
    """
    source, plain = random.Random(seed), seed % 2 == 0
    packed = io.BytesIO()
    options = {"in_memory": True, "constant_memory": seed % 3 == 2, "date_1904": seed % 5 == 4}
    with xlsxwriter.Workbook(packed, options) as book:
        tab = book.add_worksheet("S")
        codes = _FORMATS[:1] + _FORMATS[3:6] if plain else _FORMATS
        formats = [book.add_format({"num_format": code}) for code in codes]
        columns = [(source.randrange(7), source.choice((1, 0.9, 0.3))) for _ in range(source.randrange(1, 9))]
        first = source.randrange(3)
        tab.write_row(first, 0, ["head"] * len(columns))
        for row in range(first + 1, first + 1 + source.choice((1, 5, 40, 300))):
            if source.random() < 0.03:
                continue
            for column, (kind, fill) in enumerate(columns, source.randrange(2) if seed % 7 == 0 else 0):
                value = _values(source, fill)
                if value is None or (kind == 0 and not isinstance(value, float)) or (plain and value is True):
                    if source.random() < 0.2:
                        tab.write_blank(row, column, None, source.choice(formats))
                elif isinstance(value, dt.datetime):
                    tab.write_datetime(row, column, value, source.choice(formats[: 1 if plain else 3]))
                elif isinstance(value, str):
                    tab.write_string(row, column, value)
                elif kind == 5 and not plain:
                    result = source.choice((value, "x", "#DIV/0!", True))
                    tab.write_formula(row, column, '=IF(A1<2,"a&b",1)', None, result)
                elif isinstance(value, float) and kind == 6:
                    tab.write_number(row, column, abs(value) % 2_900_000, source.choice(formats))
                else:
                    tab.write(row, column, float(value) if plain else value)
        if seed % 4 == 0:
            tab.merge_range(1000, 1, 1002, 2, "merged")
    return packed.getvalue()


def both(data: bytes) -> tuple[Sheet, Sheet]:
    """Return the sheet as the column reader and as the careful one give it."""
    archive = Archive(data)
    found = read_package(archive)
    values = CellValues(archive, found.texts, found.styles, since_1904=found.since_1904)
    content = b"".join(archive.blocks(found.parts["S"]))
    fast = SheetXml("S", content, values)
    columns, facts = read_cells("S", content, values)
    assert (fast.facts.no_value, fast.facts.merged) == (facts.no_value, facts.merged)
    assert fast.facts.extent == facts.extent
    return Sheet.of_columns("S", fast.columns()), Sheet.of_columns("S", columns)


@pytest.fixture(params=(1 << 20, 1), ids=("small", "large"))
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read sheets as small ones, of which all values are found at once, and as large ones, row by row."""
    monkeypatch.setattr(xlsx_columns, "_CHUNK", request.param)


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize("seed", seeds(600, 30))
def test_the_column_reader_and_the_careful_one_agree(seed: int) -> None:
    fast, careful = both(made(seed))
    assert fast.rows == careful.rows
    assert [[type(cell) for cell in row] for row in fast.rows] == [
        [type(c) for c in row] for row in careful.rows
    ]
    for one, other in zip(fast.columns, careful.columns, strict=True):
        assert one.kinds == SheetColumn(list(other)).kinds
        assert list(one.formats) == list(other.formats)
        assert one.texts <= one.texts_among


@pytest.mark.usefixtures("chunk")
@pytest.mark.parametrize("seed", seeds(600, 30))
def test_any_cell_may_be_asked_for_first(seed: int) -> None:
    source = random.Random(seed)
    sheet, expected = both(made(seed))
    for _ in range(20):
        row, column = source.randrange(expected.height), source.randrange(expected.width)
        assert sheet.cell(row, column) == expected.cell(row, column)
        start = source.randrange(expected.height)
        part, whole = sheet.columns[column][start:][: row + 1], expected.columns[column]
        assert part == list(whole)[start:][: row + 1]
        assert part.kinds == SheetColumn(list(part)).kinds


def _plain(cell: Any) -> Any:
    """Return a cell as libraries agree on it: dates as moments to the second, blank texts as blank."""
    if isinstance(cell, dt.datetime):
        return (cell + dt.timedelta(milliseconds=500)).replace(microsecond=0)
    if isinstance(cell, dt.date):
        return dt.datetime.combine(cell, dt.time())
    if isinstance(cell, dt.timedelta):
        return round(cell.total_seconds())
    if isinstance(cell, dt.time):
        return cell.hour * 3600 + cell.minute * 60 + cell.second + round(cell.microsecond / 1e6)
    if cell == "" or cell is None:
        return None
    return str(cell.code) if hasattr(cell, "code") else float(cell) if type(cell) is int else cell


def _trimmed(rows: list[list[Any]]) -> list[list[Any]]:
    rows = [[_plain(cell) for cell in row] for row in rows]
    while rows and not any(cell is not None for cell in rows[-1]):
        rows.pop()
    width = max((n + 1 for row in rows for n, cell in enumerate(row) if cell is not None), default=0)
    return [row[:width] + [None] * (width - len(row)) for row in rows]


@pytest.mark.parametrize("seed", seeds(500, 30))
def test_the_cells_are_those_of_two_libraries(seed: int) -> None:
    data = made(seed)
    ours = _trimmed(read_bytes(data, "a.xlsx").sheets[0].rows)
    tab = openpyxl.load_workbook(io.BytesIO(data), data_only=True)["S"]
    assert ours == _trimmed([list(row) for row in tab.iter_rows(values_only=True)])
    other = python_calamine.load_workbook(io.BytesIO(data)).get_sheet_by_index(0)
    theirs = _trimmed(other.to_python(skip_empty_area=False))
    errors = [[None if str(cell).startswith("#") else cell for cell in row] for row in ours]
    assert _trimmed(errors) == _trimmed(
        [[None if str(c).startswith("#") else c for c in row] for row in theirs]
    )


def respelled(content: str, source: random.Random) -> str:
    """Return the XML of a sheet in other words that mean the same."""
    ways = (
        lambda text: re.sub(
            r"<v>(\d)", lambda m: f"<v>&#{ord(m[1])};" if source.random() < 0.3 else m[0], text
        ),
        lambda text: re.sub(r"</v>", lambda m: "<!-- 7 --></v>" if source.random() < 0.3 else m[0], text),
        lambda text: re.sub(r"<v>([^<&]+)<", lambda m: f"<v><![CDATA[{m[1]}]]><", text),
        lambda text: re.sub(r'="([^"<>\']*)"', r"='\1'", text),
        lambda text: re.sub(r"<c (r=\"\w+\") (s=\"\d+\")", r"<c \2 \1", text),
        lambda text: text.replace("<row ", "\n <row ").replace("<c ", "\n  <c "),
        lambda text: re.sub(r"(</?)(?=[a-zA-Z])", r"\1x:", text).replace("xmlns=", "xmlns:x=", 1),
        lambda text: text.replace("</c>", '<extLst><ext uri="q"><v>1</v></ext></extLst></c>'),
        lambda text: text.replace("<v>", "<?pi 1?><v>"),
    )
    for way in source.sample(ways, source.randrange(1, 4)):
        content = way(content)
    return content


@pytest.mark.parametrize("seed", seeds(400, 30))
def test_other_spellings_mean_the_same(seed: int) -> None:
    data = made(seed)
    parts: dict[str, bytes | str] = dict(parts_of(data))
    expected = read_bytes(data, "a.xlsx").sheets[0].rows
    parts[_PART] = respelled(bytes(parts[_PART]).decode(), random.Random(seed))  # type: ignore[arg-type]
    assert read_bytes(package(parts), "a.xlsx").sheets[0].rows == expected
