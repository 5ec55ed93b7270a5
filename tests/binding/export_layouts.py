"""The layouts of exports in ``export_layouts.txt``, with invented values.

Field names of tools are facts, the values are made here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from metricsheet.files.book import RawCell

ROWS = 12


def _words(*words: str) -> Callable[[int], RawCell]:
    return lambda row: words[row % len(words)]


def _number(base: float, step: float) -> Callable[[int], RawCell]:
    return lambda row: round(base + step * row, 2)


VALUES: dict[str, Callable[[int], RawCell]] = {
    "id": lambda row: f"X-{1001 + 7 * row}",
    "idm": lambda row: f"75-{1001 + 7 * row}",
    "same": lambda row: f"C{row % 5}",
    "region": lambda row: f"Region {row}",
    "text": _words("red", "green", "blue", "grey"),
    "blank": lambda row: None,
    "day": lambda row: f"2024-{1 + row % 12:02}-{10 + row:02}",
    "later": lambda row: f"2024-{1 + row % 12:02}-{12 + row:02}",
    "ended": lambda row: f"2025-01-{10 + row}" if row % 3 == 0 else None,
    "month": lambda row: f"2024-{1 + row:02}",
    "int": _number(100, 7),
    "big": _number(9000, 731),
    "few": _number(2, 1),
    "money": _number(512.5, 33.25),
    "rate": _number(0.1, 0.01),
    "percent": lambda row: f"{2 + row / 10:.1f}%",
    "ten": _words("10", "9", "8", "3", "10", "0", "7"),
    "one_to_ten": _words("10", "9", "1", "8", "4", "6"),
    "five": _words("5", "4", "1", "3", "5", "2"),
    "seven": _words("7", "6", "1", "5", "4", "2", "3"),
    "yes_no": _words("Yes", "No", "No"),
    "zero_one": _words("1", "0", "0"),
    "nps": lambda row: "nps",
    "csat": lambda row: "CSAT",
    "likely": _words("Extremely likely", "Likely", "Unlikely", "Extremely unlikely"),
    "stage": _words("Closed Won", "Closed Lost", "Negotiation", "Proposal sent"),
    "stage_de": _words("gewonnen", "verloren", "offen"),
    "stage_it": _words("vinta", "persa", "in corso"),
    "stage_tr": _words("kazanıldı", "kaybedildi", "devam ediyor"),
    "stage_ja": _words("受注", "失注", "商談中"),
    "sub": _words("active", "canceled", "active", "trialing"),
    "sub_de": _words("aktiv", "gekündigt", "aktiv"),
    "sub_ja": _words("契約中", "解約済", "契約中"),
    "sub_tr": _words("aktif", "iptal", "aktif"),
    "sub_it": _words("attivo", "disdetto", "attivo"),
    "interval": _words("month", "year"),
    "paid": _words("paid", "paid", "refunded"),
    "hot": _words("Hot", "Cold", "Warm"),
    "good": _words("Good", "Bad", "Not offered"),
}


def _read() -> dict[str, tuple[str, list[str]]]:
    found: dict[str, tuple[str, list[str]]] = {}
    name = ""
    for line in Path(__file__).with_suffix(".txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("    "):
            found[name][1].append(line.strip())
        elif line and not line.startswith("#"):
            name, _, kind = line.partition(":")
            found[name] = (kind.strip(), [])
    return found


LAYOUTS = _read()
"""The kind and the columns of each layout."""


def columns_of(layout: str) -> list[tuple[str, str, str]]:
    """Return header, what the cells hold, and the input (``""`` for none) of every column."""
    found = []
    for column in LAYOUTS[layout][1]:
        header, _, rest = column.partition(" = ")
        holds, _, key = rest.partition(" > ")
        found.append((header.strip(), holds.strip(), key.strip()))
    return found


def rows_of(layout: str) -> list[Sequence[RawCell]]:
    """Return the cells of a layout, headers first."""
    columns = columns_of(layout)
    headers: list[RawCell] = [header for header, _, _ in columns]
    return [headers, *([VALUES[holds](row) for _, holds, _ in columns] for row in range(ROWS))]
