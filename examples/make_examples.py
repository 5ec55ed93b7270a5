"""Write the example workbooks beside this file: ``python examples/make_examples.py``.

The numbers come from a fixed seed and the files carry a fixed date, so a second run changes nothing.
"""

from __future__ import annotations

import datetime as dt
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter
from acme_data import Sheet, sheets
from functions_workbook import write_functions_workbook
from language_workbooks import LANGUAGES, language_sheets

HERE = Path(__file__).resolve().parent


def write_workbook(path: Path, contents: Sequence[Sheet]) -> None:
    """Write ``contents`` to ``path``; the file appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(suffix=".xlsx", dir=path.parent)
    os.close(handle)
    try:
        _write(Path(draft), path.stem, contents)
        os.chmod(draft, 0o644)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def _write(path: Path, title: str, contents: Sequence[Sheet]) -> None:
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": title, "created": dt.datetime(2025, 1, 2)})
        bold = book.add_format({"bold": True, "bottom": 1})
        large = book.add_format({"bold": True, "font_size": 14})
        money = book.add_format({"num_format": '"$"#,##0.00'})
        for sheet in contents:
            page = book.add_worksheet(sheet.name)
            for line, text in enumerate(sheet.title):
                page.write_string(line, 0, text, large if line == 0 else None)
            top = len(sheet.title) + 1 if sheet.title else 0
            for column, text in enumerate(sheet.header):
                page.write_string(top, column, text, bold)
                page.set_column(column, column, max(11, min(24, len(text))))
            formats = [money if text in sheet.money else None for text in sheet.header]
            for row, values in enumerate(sheet.rows, top + 1):
                for column, value in enumerate(values):
                    if isinstance(value, dt.date):
                        page.write_datetime(row, column, dt.datetime(value.year, value.month, value.day))
                    elif isinstance(value, str):
                        page.write_string(row, column, value)
                    elif value is not None:
                        page.write_number(row, column, value, formats[column])
            page.freeze_panes(top + 1, 0)


def write_examples(folder: Path) -> list[Path]:
    """Write every example workbook below ``folder``; return their paths."""
    books = {folder / "acme_lifecycle.xlsx": sheets()}
    for language in LANGUAGES:
        books[folder / "languages" / f"{language.code}.xlsx"] = language_sheets(language)
    for path, contents in books.items():
        write_workbook(path, contents)
    formulas = folder / "excel_functions.xlsx"
    write_functions_workbook(formulas)
    return [*books, formulas]


if __name__ == "__main__":
    for written in write_examples(HERE):
        print(written)
