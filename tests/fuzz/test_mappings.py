"""Mapping files with slips: what they say is followed or refused, and the data are never touched."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from metricsheet import evaluate, load_catalog
from metricsheet.api import UnfitOptionsError, mapping_file
from metricsheet.errors import UsageError
from tests.fuzz.counts import blocks
from tests.fuzz.test_definitions import with_slips

pytestmark = pytest.mark.fuzz

DATA = "Score,Region,Paid on,Amount\n9,EU,2024-01-31,12.5\n3,US,2024-02-29,7\n10,EU,2024-03-31,3\n"
PLACES = [
    "Score",
    "B",
    "B2:B4",
    "Data!B",
    "Score | Region",
    "'a b'!C",
    "2.5",
    "no",
    "[1]",
    "Table[Score]",
    "~",
]


@pytest.mark.parametrize("block", blocks("mapping files"), ids=lambda block: str(block[0]))
def test_a_mapping_file_is_followed_or_refused(block: range, tmp_path: Path) -> None:
    catalog = load_catalog("builtin")
    path, beside = tmp_path / "data.csv", tmp_path / "data.map.yaml"
    path.write_text(DATA, encoding="utf-8")
    written = mapping_file(path, metrics=catalog)
    for seed in block:
        source = random.Random(seed)
        lines = [f"  {key}: {source.choice(PLACES)}" for key in source.sample(sorted(catalog.inputs), 3)]
        text = written.replace("mapping:", "\n".join(["mapping:", *lines]), 1)
        beside.write_text(with_slips(text, source), encoding="utf-8")
        try:
            card = evaluate(path, metrics=catalog)
        except UnfitOptionsError as error:
            card = error.scorecard
        except UsageError as error:
            assert str(error)  # noqa: PT017 (most files are no error)
            continue
        assert "internal" not in {problem.code for problem in card.problems}, seed
    assert path.read_text(encoding="utf-8") == DATA
