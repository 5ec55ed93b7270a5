"""Band, target, rule, formula and display agree at every cutoff, and just beside it."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

import pytest

from metricsheet.api import answer, load_catalog
from metricsheet.catalog.definitions import Catalog
from metricsheet.evaluation.facts import slice_facts
from metricsheet.evaluation.result import Result
from metricsheet.precision import order
from metricsheet.rules.check import compile_ruleset
from metricsheet.values import Cell
from tests.stages import seeds

AT_ONCE = 100


class Case(NamedTuple):
    """A formula over ``a`` and ``b`` that should give ``cutoff`` exactly; ``nudge`` moves ``a`` off it."""

    formula: str
    unit: str
    a: float
    b: float
    cutoff: Fraction
    nudge: float
    better: str

    @property
    def written(self) -> str:
        number = self.cutoff * 100 if self.unit == "percent" else self.cutoff
        text = f"{float(number):.12f}".rstrip("0").rstrip(".")
        assert Fraction(text) == number
        return text + {"percent": "%", "ratio": ":1"}.get(self.unit, "")

    @property
    def literal(self) -> str:
        return self.written.removesuffix(":1")


def decimal(chance: random.Random, most: int, places: int) -> Fraction:
    return Fraction(chance.randint(1, most * 10**places), 10**places)


def cases(seed: int, count: int) -> Iterator[Case]:
    chance = random.Random(seed)
    for _ in range(count):
        kind = chance.choice(["share", "percent", "difference", "quotient"])
        if kind in ("share", "percent"):
            n = chance.choice([100, 125, 200, 250, 400, 500, 625, 800, 1000, 1250, 2000, 5000])
            k = chance.randint(1, n)
            formula, unit, cutoff = "a / b * 100", "points", Fraction(100 * k, n)
            if kind == "percent":
                formula, unit, cutoff = "a / b", "percent", Fraction(k, n)
            a, b = Fraction(k), Fraction(n)
        elif kind == "difference":
            b, cutoff = decimal(chance, 50, 2), decimal(chance, 50, chance.randint(0, 3))
            formula, unit, a = "a - b", "money", b + cutoff
        else:
            b, cutoff = decimal(chance, 40, 1), decimal(chance, 9, chance.randint(0, 2))
            formula, unit, a = "a / b", "ratio", b * cutoff
        nudge = chance.choice([0, 0, 0, 1e-3, 1e-6, 1e-10, 1e-13]) * chance.choice([-1, 1])
        better = chance.choice(["higher", "lower"])
        yield Case(formula, unit, float(a) * (1 + nudge), float(b), cutoff, nudge, better)


METRIC = """\
  {key}:
    label: {key}
    stage: expand
    kind: outcome
    unit: {unit}
    better: {better}
    formula: {formula}
"""
BANDS = """\
    bands:
      - {{status: {under}, when: below {cutoff}, label: under}}
      - {{status: info, when: between {cutoff} and {cutoff}, label: at}}
      - {{status: {over}, when: above {cutoff}, label: over}}
"""
RULE = """\
  {key}:
    severity: low
    when: {when}
    finding: x is {{{metric}}}
    recommend: [look]
"""


def definitions(tried: list[Case], folder: Path) -> Catalog:
    metrics, rules = [], []
    for i, case in enumerate(tried):
        common = {"unit": case.unit, "better": case.better, "formula": case.formula}
        under, over = ("warn", "ok") if case.better == "higher" else ("ok", "warn")
        bands = BANDS.format(cutoff=case.written, under=under, over=over)
        metrics.append(METRIC.format(key=f"banded_{i}", **common) + bands)
        metrics.append(METRIC.format(key=f"aimed_{i}", **common) + f"    target: {case.written}\n")
        side = f"IF({case.formula} < {case.literal}, -1, IF({case.formula} > {case.literal}, 1, 0))"
        plain = {"unit": "points", "better": case.better}
        metrics.append(METRIC.format(key=f"side_{i}", formula=side, **plain))
        for name, sign in (("below", "<"), ("at", "="), ("above", ">")):
            written, target = f"aimed_{i} {sign} {case.literal}", f"aimed_{i} {sign} aimed_{i}.target"
            metric = f"aimed_{i}"
            rules.append(RULE.format(key=f"{name}_{i}", when=written, metric=metric))
            rules.append(RULE.format(key=f"{name}_target_{i}", when=target, metric=metric))
            gap = f"aimed_{i}.gap {sign} 0"
            rules.append(RULE.format(key=f"{name}_gap_{i}", when=gap, metric=metric))
    head = "version: 1\ndefaults: {currency: USD}\ninputs:\n"
    head += "  a: {label: a, type: number}\n  b: {label: b, type: number}\nmetrics:\n"
    (folder / "lifecycle_rules").mkdir()
    (folder / "metrics.yaml").write_text(head + "".join(metrics), encoding="utf-8")
    (folder / "lifecycle_rules" / "expand.yaml").write_text(
        "version: 1\nrules:\n" + "".join(rules), encoding="utf-8"
    )
    return load_catalog(folder / "metrics.yaml")


def shown_side(display: str, case: Case) -> int:
    """On which side of the cutoff a displayed number lies, read by hand."""
    found = re.search(r"-?\d[\d,]*(\.\d+)?", display.replace("$", ""))
    assert found is not None
    number = Fraction(found[0].replace(",", ""))
    cutoff = case.cutoff * 100 if case.unit == "percent" else case.cutoff
    return (number > cutoff) - (number < cutoff)


def sides(catalog: Catalog, case: Case, i: int) -> dict[str, int]:
    """On which side of the cutoff each part of the package sees the value: -1, 0 or 1."""
    given = {"a": [case.a], "b": [case.b]}
    banded, aimed, side = (answer(catalog, f"{name}_{i}", given) for name in ("banded", "aimed", "side"))
    assert aimed.value is not None
    assert aimed.gap is not None
    found = {
        "formula": int(side.value or 0),
        "band": {"under": -1, "at": 0, "over": 1}[banded.status_label],
        "gap": (aimed.gap > 0) - (aimed.gap < 0),
        "shown": shown_side(aimed.display, case),
        "shown with bands": shown_side(banded.display, case),
    }
    reached = found["formula"] >= 0 if case.better == "higher" else found["formula"] <= 0
    assert (aimed.status == "ok") is reached
    return found


def rule_sides(catalog: Catalog, results: list[Result]) -> dict[str, int]:
    facts: dict[str, Cell] = slice_facts(results, {}, {})
    fired = {
        o.rule for o in compile_ruleset(catalog).evaluate([({}, [(None, facts)])]) if o.outcome == "fired"
    }
    return {
        f"{kind}{i}": side
        for i in range(len(results))
        for kind in ("", "target_", "gap_")
        for name, side in (("below", -1), ("at", 0), ("above", 1))
        if f"{name}_{kind}{i}" in fired
    }


@pytest.mark.parametrize("seed", seeds(10_000 // AT_ONCE, 100 // AT_ONCE))
def test_all_agree_at_and_beside_cutoffs(seed: int, tmp_path: Path) -> None:
    tried = list(cases(seed, AT_ONCE))
    catalog = definitions(tried, tmp_path)
    results = [answer(catalog, f"aimed_{i}", {"a": [case.a], "b": [case.b]}) for i, case in enumerate(tried)]
    by_rule = rule_sides(catalog, results)
    for i, case in enumerate(tried):
        found = sides(catalog, case, i)
        found |= {f"rule {kind}": by_rule[f"{kind}{i}"] for kind in ("", "target_", "gap_")}
        assert len(set(found.values())) == 1, (case, found)
        if case.formula != "a - b":
            # products and quotients keep all digits but the last, so that exact arithmetic agrees
            exact = (case.nudge > 0) - (case.nudge < 0)
            assert found["formula"] == exact, (case, found)


def test_the_cutoffs_are_ones_that_bits_miss() -> None:
    """The cases above would prove little if binary arithmetic met their cutoffs anyway."""
    tried = [case for seed in range(3) for case in cases(seed, AT_ONCE) if not case.nudge]
    values = {
        "a / b * 100": lambda a, b: a / b * 100,
        "a / b": lambda a, b: a / b,
        "a - b": lambda a, b: a - b,
    }
    missed = [case for case in tried if values[case.formula](case.a, case.b) != float(case.cutoff)]
    assert len(missed) > len(tried) / 10
    assert any(order(values[c.formula](c.a, c.b), float(c.cutoff)) == 0 for c in missed)
