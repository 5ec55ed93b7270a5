"""docs/errors.md has every code that the definitions can give, and no other."""

import re
from pathlib import Path

import pytest

from tests.catalog.diagnostic_codes import codes

PAGE = (Path(__file__).parents[2] / "docs" / "errors.md").read_text(encoding="utf-8")
DEFINITIONS = PAGE.split("\n## Definitions\n")[1].split("\n## ")[0]
ROWS = re.findall(r"(?m)^\| (`[^|]+`) \| (.+) \| (.+) \|$", DEFINITIONS)
EXPLAINED = [code for row in ROWS for code in re.findall(r"`(\w+)`", row[0])]
GIVEN = codes()


def test_the_source_is_read():
    assert len(GIVEN) > 100
    assert {"band_gap", "tab", "unknown_metric", "formula_syntax", "unknown_fact", "unit"} <= GIVEN.keys()


@pytest.mark.parametrize("code", sorted(GIVEN))
def test_every_code_is_explained(code):
    assert code in EXPLAINED, f"given in {', '.join(sorted(GIVEN[code]))}"


def test_every_explained_code_can_be_given():
    assert sorted(set(EXPLAINED) - GIVEN.keys()) == []


def test_a_code_is_explained_once():
    assert sorted(code for code in set(EXPLAINED) if EXPLAINED.count(code) > 1) == []


def test_every_code_of_the_golden_texts_is_explained():
    golden = Path(__file__).parent / "bad"
    seen = {
        code
        for path in golden.glob("*.txt")
        for code in re.findall(r"(?:error|warning)\[(\w+)\]", path.read_text(encoding="utf-8"))
    }
    assert sorted(seen - set(EXPLAINED)) == []
    assert len(seen) > 60, "the golden texts show most of the codes"
