"""Which mutants ``python -m tests.mutants`` draws."""

from __future__ import annotations

import pytest

from tests.mutants import ROOT, choose, parts

MADE = [f"p.{part}.m.x_{name}__mutmut_{n}" for part in ("values", "rules") for name in "ab" for n in range(9)]
MADE += ["p.status.x_one__mutmut_1", "p.other.x_one__mutmut_1"]
PARTS = ["p.values", "p.status", "p.rules"]


def test_the_parts_are_there() -> None:
    for part in parts():
        path = ROOT / "src" / part.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), part


def test_a_seed_draws_the_same_ones_in_any_order() -> None:
    assert choose(MADE, PARTS, 12, 1) == choose(reversed(MADE), PARTS, 12, 1)
    assert choose(MADE, PARTS, 12, 1) != choose(MADE, PARTS, 12, 2)


@pytest.mark.parametrize("count", [0, 1, 2, 9, 36, 37, 99])
def test_as_many_of_each_part_as_there_are(count: int) -> None:
    drawn = choose(MADE, PARTS, count, 1)
    assert len(drawn) == len(set(drawn)) == min(count, 37)
    values, rules = (sum(name.startswith(f"p.{part}.") for name in drawn) for part in ("values", "rules"))
    assert abs(values - rules) <= 1
    assert drawn.count("p.status.x_one__mutmut_1") == (count > 1)
    assert "p.other.x_one__mutmut_1" not in drawn
