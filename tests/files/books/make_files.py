"""Make the committed files of this folder: a small workbook, converted by LibreOffice (needs ``soffice``).

Run ``python tests/files/books/make_files.py``. The tests never run this; they read the files.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import tempfile
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent


def write(path: Path) -> None:
    """Write the workbook that every format is made from."""
    book = xlsxwriter.Workbook(str(path))
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    time = book.add_format({"num_format": "hh:mm:ss"})
    span = book.add_format({"num_format": "[h]:mm:ss"})
    percent = book.add_format({"num_format": "0.0%"})
    kinds = book.add_worksheet("Kinds")
    kinds.write_row(0, 0, ["Kind", "Cell"])
    kinds.write_row(1, 0, ["whole", 42])
    kinds.write_row(2, 0, ["decimal", 2.5])
    kinds.write_row(3, 0, ["text", "Müller, 顧客 & ğş"])
    kinds.write_string(4, 0, "number as text")
    kinds.write_string(4, 1, "1")
    kinds.write_row(5, 0, ["true", True])
    kinds.write_row(6, 0, ["false", False])
    kinds.write(7, 0, "date")
    kinds.write_datetime(7, 1, dt.date(2024, 3, 5), date)
    kinds.write(8, 0, "moment")
    kinds.write_datetime(8, 1, dt.datetime(2024, 3, 5, 13, 45), moment)
    kinds.write(9, 0, "time")
    kinds.write_datetime(9, 1, dt.time(13, 45, 30), time)
    kinds.write(10, 0, "span")
    kinds.write_number(10, 1, 1.25, span)
    kinds.write(11, 0, "percent")
    kinds.write_number(11, 1, 0.125, percent)
    kinds.write_string(12, 0, "blank")
    kinds.write_string(13, 0, "formula")
    kinds.write_formula(13, 1, "=B2*2", None, 84)
    kinds.write_string(14, 0, "division by zero")
    kinds.write_formula(14, 1, "=1/0", None, "#DIV/0!")
    kinds.write_string(15, 0, "not available")
    kinds.write_formula(15, 1, "=NA()", None, "#N/A")
    kinds.write_string(16, 0, "text formula")
    kinds.write_formula(16, 1, '=A2&"!"', None, "whole!")
    kinds.write_string(17, 0, "empty text formula")
    kinds.write_formula(17, 1, '=""', None, "")
    kinds.write_string(18, 0, "bad name")
    kinds.write_formula(18, 1, "=NOSUCHNAME", None, "#NAME?")
    table = book.add_worksheet("My survey")
    table.merge_range(0, 0, 0, 2, "Survey 2024")
    table.write_row(2, 0, ["Date", "Region", "Score"])
    for row, (day, region, score) in enumerate([(1, "EU", 9), (2, "US", 10), (3, "EU", 4)], 3):
        table.write_datetime(row, 0, dt.date(2024, 1, day), date)
        table.write_row(row, 1, [region, score])
    book.define_name("scores", "='My survey'!$C$4:$C$6")
    hidden = book.add_worksheet("Hidden")
    hidden.write(0, 0, "x")
    hidden.hide()
    book.add_worksheet("Blank")
    book.close()


def main() -> None:
    """Write ``kinds.ods`` and ``kinds.xls`` beside this script."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "kinds.xlsx"
        write(source)
        for kind in ("ods", "xls"):
            subprocess.run(
                ["soffice", "--headless", "--convert-to", kind, "--outdir", str(HERE), str(source)],
                check=True,
            )


if __name__ == "__main__":
    main()
