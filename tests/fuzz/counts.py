"""How many random cases of each kind ``make deep`` tries; docs/reliability.md says the same."""

from __future__ import annotations

import pytest

from tests.stages import seeds

DEEP = {
    "xlsx": 20_000,
    "xlsx sheets": 20_000,
    "xls": 20_000,
    "ods": 20_000,
    "xlsb": 20_000,
    "csv": 20_000,
    "formulas": 10_000,
    "definitions": 5_000,
    "mapping files": 2_000,
    "templates": 10_000,
    "tables of extreme numbers": 1_000,
}
_TEST_PART, _BLOCK = 200, 500


def blocks(kind: str) -> list[range]:
    """Return the seeds of one kind, as many as the stage asks for, in blocks that are a test each."""
    every = seeds(DEEP[kind], max(5, DEEP[kind] // _TEST_PART))
    return [every[start : start + _BLOCK] for start in range(0, len(every), _BLOCK)]


def blocks_of(*kinds: str) -> list[object]:
    """Return the blocks of several kinds as parameters of a test."""
    return [pytest.param(kind, one, id=f"{kind}-{one[0]}") for kind in kinds for one in blocks(kind)]
