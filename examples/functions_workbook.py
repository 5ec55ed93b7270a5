"""A workbook of live formulas for people with the functions: what each says, and what it should."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter

from excel_addin.definitions import Definitions
from excel_addin.worksheet import worksheet_functions
from metricsheet.export.lambdas.host_check import FORMATS, write_known

SCORES = (10, 9, 9, 10, 8, 7, 9, None, 10, 6, 3, 9)
MONTHS = [(dt.datetime(2024, 1 + n, 1), 200 + 3 * n, lost) for n, lost in enumerate((4, 6, 5, 3, 7, 4))]
PLANS = (("Basic", 120, 10), ("Team", 40, 45), ("Large", 6, 400))
PLANS_OF = dt.datetime(2024, 6, 30)

SCORE, MONTH, START, LOST = "A4:A15", "B4:B9", "C4:C9", "D4:D9"
CUSTOMERS, PRICE, OF = "F4:F6", "G4:G6", "H4"
FORMULAS = (
    f"NPS({SCORE})",
    f"NPS_FLAG({SCORE})",
    f"NPS_N({SCORE})",
    f'WHY("nps",{SCORE})',
    f"CHURN_RATE({LOST},{START})",
    f'WHY("churn_rate",{LOST},{START})',
    f"CHURN_RATE({LOST},{START},{MONTH})",
    f'CHURN_RATE({LOST},{START},{MONTH},"yes")',
    f"MRR({CUSTOMERS},{PRICE})",
    f"MRR({CUSTOMERS},{PRICE},{OF})",
    f"ARPA({CUSTOMERS},{PRICE},{OF})",
    f'WHY("mrr",{CUSTOMERS},{PRICE},{OF})',
)


def write_functions_workbook(path: Path) -> None:
    """Write the workbook: first the cells that show whether a host hands cells over as they are."""
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        book.set_properties({"title": path.stem, "created": dt.datetime(2025, 1, 2)})
        _check_sheet(book)
        _functions_sheet(book)


def _check_sheet(book: Any) -> None:
    page = book.add_worksheet("Look here first")
    page.set_column(0, 0, 34)
    page.write_string(0, 0, "Are cells handed over as they are?", book.add_format({"bold": True}))
    page.write_formula(0, 1, "METRICSHEET_CHECK(B3:B9)", None, "ok")
    page.write_string(1, 0, "Anything but ok: do not use the functions here.")
    shown = {name: book.add_format({"num_format": form}) for name, form in FORMATS.items()}
    write_known(page, 2, 0, None, shown)


def _functions_sheet(book: Any) -> None:
    page = book.add_worksheet("Functions")
    bold = book.add_format({"bold": True, "bottom": 1})
    page.write_string(0, 0, "Every metric is a function: its value, its label, its n, and why.")
    headers = (
        "Score",
        "Month",
        "Customers at start",
        "Customers lost",
        "Plan",
        "Customers",
        "Price",
        "Of the day",
    )
    for column, header in enumerate((*headers, "Formula", "Says here", "Should say", "Agrees")):
        page.write_string(2, column, header, bold)
        page.set_column(column, column, 40 if column > 7 else max(11, len(header)))
    for row, score in enumerate(SCORES, 3):
        if score is not None:
            page.write_number(row, 0, score)
    for row, (month, start, lost) in enumerate(MONTHS, 3):
        page.write_datetime(row, 1, month)
        page.write_number(row, 2, start)
        page.write_number(row, 3, lost)
    for row, (plan, customers, price) in enumerate(PLANS, 3):
        page.write_string(row, 4, plan)
        page.write_number(row, 5, customers)
        page.write_number(row, 6, price)
    page.write_datetime(3, 7, PLANS_OF)
    for row, formula in enumerate(FORMULAS, 3):
        answer = _answer(formula)
        page.write_string(row, 8, f"={formula}")
        page.write_formula(row, 9, formula, None, answer)
        if isinstance(answer, str) and answer.startswith("#"):
            page.write_formula(row, 10, "NA()" if answer == "#N/A" else f"={answer}", None, answer)
        else:
            page.write(row, 10, answer)
        if formula.startswith("WHY"):
            continue  # the places of the cells are named where the host says them
        one, other = f"J{row + 1}", f"K{row + 1}"
        errors, numbers = f"ERROR.TYPE({one})=ERROR.TYPE({other})", f"ABS({one}-{other})<1E-9"
        same = f"IF(ISERROR({other}),{errors},IF(ISNUMBER({other}),{numbers},{one}={other}))"
        page.write_formula(row, 11, f"IFERROR({same},FALSE)", None, True)
    page.freeze_panes(3, 0)


def _answer(formula: str) -> Any:
    """Return what the functions answer, from the cells that the formula names."""
    cells: dict[str, list[list[Any]]] = {
        SCORE: [[score] for score in SCORES],
        MONTH: [[month] for month, _, _ in MONTHS],
        START: [[start] for _, start, _ in MONTHS],
        LOST: [[lost] for _, _, lost in MONTHS],
        CUSTOMERS: [[customers] for _, customers, _ in PLANS],
        PRICE: [[price] for _, _, price in PLANS],
        OF: [[PLANS_OF]],
    }
    name, _, rest = formula.removesuffix(")").partition("(")
    given = [cells.get(part, part.strip('"')) for part in rest.split(",")]
    (function,) = [one for one in worksheet_functions(Definitions()) if one.name == name]
    return function.answer([*given, *[None] * (len(function.arguments) - len(given))])
