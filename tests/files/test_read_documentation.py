"""Every code that reading can report is on its page, and the page names no other."""

from __future__ import annotations

import re
from pathlib import Path

from metricsheet.files import limits
from metricsheet.files.kind import SUFFIXES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reading-workbooks.md").read_text(encoding="utf-8")
READING = ("files", "tables")


def codes_in_the_source() -> set[str]:
    found: set[str] = set()
    for path in (path for folder in READING for path in (ROOT / "src" / "metricsheet" / folder).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'WorkbookError\(\s*"([a-z_]+)"', text))
        found |= set(re.findall(r'Problem\(\s*[\w.]+,\s*"([a-z_]+)"', text))
        # rows that are left out: their cells, the code, the message and the hint
        found |= set(re.findall(r'\(\w+, "([a-z_]+)", "[a-z_]+", "[a-z_]+"\)', text))
        found |= set(re.findall(r'super\(\).__init__\(\s*"([a-z_]+)"', text))
    return found


def test_codes() -> None:
    tables = PAGE[PAGE.index("## Problems") : PAGE.index("## From Python")]
    assert set(re.findall(r"^\| `([a-z_]+)` \|", tables, re.MULTILINE)) == codes_in_the_source() | {
        "internal",
        "over_limit",
        "process_died",
    }


def test_endings_and_limits() -> None:
    assert all(f"`{suffix}`" in PAGE for suffix in SUFFIXES)
    for limit in (
        limits.MAX_SHEET_CELLS,
        limits.FREE_CELLS,
        limits.FREE_ODS_CELLS,
        limits.FREE_TEXT,
        limits.MAX_ELEMENTS,
        limits.MAX_MERGED,
        limits.MAX_ENTRIES,
        limits.MAX_FIELD_CHARACTERS,
        limits.MAX_COLUMNS_OF_TEXT,
    ):
        assert f"{limit:,}" in PAGE
    assert (limits.MAX_FILE_BYTES, limits.MAX_UNPACKED_BYTES) == (1 << 30, 2 << 30)
    assert (limits.MAX_RATIO, limits.RATIO_FROM_BYTES) == (250, 64 << 20)
