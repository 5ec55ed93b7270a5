"""Files named twice count once."""

from __future__ import annotations

from pathlib import Path

import pytest

from metricsheet.api import evaluate

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("pool", [True, False])
def test_a_file_reached_twice_counts_once(tmp_path: Path, pool: bool) -> None:
    for name, amount in (("a.csv", 1), ("b.csv", 2)):
        (tmp_path / name).write_text(f"Total revenue\n{amount}\n", encoding="utf-8")
    (tmp_path / "link.csv").symlink_to(tmp_path / "a.csv")
    sources = [tmp_path, tmp_path / "a.csv", str(tmp_path), tmp_path / "sub" / ".." / "b.csv"]
    (tmp_path / "sub").mkdir()
    card = evaluate(sources, metrics=str(ROOT / "metrics.yaml"), pool=pool)
    values = [result.value for result in card.results if result.metric == "revenue_total"]
    assert values == ([3.0] if pool else [1.0, 2.0])
