"""What a value of a shipped metric must be called, worked out from the text of ``metrics.yaml`` alone.

Bands are read here a second time, with fractions, so that nothing of the package decides what is right.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
GOOD = ("ok", "info")
ENGINE_LABELS = {"higher": "Below target", "lower": "Above target", "within": "Outside target"}
REACHED = "On target"
UNJUDGED = ("no_target", "No target set")
SMALLEST = Fraction(1, 10**6)


@dataclass(frozen=True)
class Written:
    """A metric as the file says it: unit, which way is better, and its bands by value of a setting."""

    key: str
    unit: str
    better: str
    target: Fraction | None
    bands: dict[str, list[tuple[str, str, str]]]


def amount(text: str) -> Fraction:
    """Return the number a target or an edge means: ``3:1``, ``10%``, ``-5``, ``€300``."""
    text = text.strip().strip("€$")
    if ":" in text:
        above, below = text.split(":")
        return Fraction(above) / Fraction(below)
    return Fraction(text[:-1]) / 100 if text.endswith("%") else Fraction(text)


def shipped() -> dict[str, Written]:
    """Return every metric of the definitions that ship."""
    said: Any = yaml.load((ROOT / "metrics.yaml").read_text(encoding="utf-8"), yaml.BaseLoader)
    found = {}
    for key, block in said["metrics"].items():
        tables = {"": block.get("bands", []), **block.get("band_variants", {})}
        bands = {
            name: [(band["status"], band["when"], band["label"]) for band in table]
            for name, table in tables.items()
        }
        target = amount(block["target"]) if "target" in block else None
        found[key] = Written(key, block["unit"], block["better"], target, bands)
    return found


def edge(text: str, target: Fraction | None) -> Fraction:
    """Return the number at which a band ends under ``target``."""
    factor = re.fullmatch(r"(?:(\d+(?:\.\d+)?)(?:/(\d+))? )?target", text)
    if factor is None:
        return amount(text)
    assert target is not None
    return Fraction(factor[1] or "1") / Fraction(factor[2] or "1") * target


def holds(when: str, value: Fraction, target: Fraction | None) -> bool:
    """Return whether a band contains ``value``."""
    words = re.fullmatch(r"(at least|above|at most|below) (.+)|between (.+) and (.+)", when)
    assert words is not None, when
    if words[3]:
        return edge(words[3], target) <= value <= edge(words[4], target)
    limit = edge(words[2], target)
    return {"at least": value >= limit, "above": value > limit, "at most": value <= limit}.get(
        words[1], value < limit
    )


def verdict(
    metric: Written, bands: list[tuple[str, str, str]], value: Fraction, target: Fraction | None
) -> tuple[str, str]:
    """Return the status and the label that ``value`` must get in every host."""
    if not bands:
        if target is None:
            return UNJUDGED
        missed = _misses(metric, bands, value, target)
        return ("warn", missed) if missed else ("ok", REACHED)
    named = any("target" in when for _, when, _ in bands)
    for status, when, label in bands:
        if "target" in when and target is None:
            return UNJUDGED
        if holds(when, value, target):
            missed = "" if named or target is None else _misses(metric, bands, value, target)
            return ("warn", missed) if missed and status in GOOD else (status, label)
    raise AssertionError(f"no band of {metric.key} contains {value}")


def _misses(metric: Written, bands: list[tuple[str, str, str]], value: Fraction, target: Fraction) -> str:
    """Return the label of a value that misses the target, ``""`` for one that reaches it."""
    if metric.better == "higher":
        return "Below target" if value < target else ""
    if metric.better == "lower":
        return "Above target" if value > target else ""
    below, above = (_good(bands, target + step, target) for step in (-SMALLEST, SMALLEST))
    if above and not below:
        return "Below target" if value < target else ""
    if below and not above:
        return "Above target" if value > target else ""
    return "Outside target" if value != target else ""


def _good(bands: list[tuple[str, str, str]], value: Fraction, target: Fraction) -> bool:
    return not bands or next(s for s, when, _ in bands if holds(when, value, target)) in GOOD


def values_around(metric: Written, target: Fraction | None) -> list[Fraction]:
    """Return values on both sides of, and exactly at, every edge and the target of ``metric``."""
    marks = {target} if target is not None else set()
    for bands in metric.bands.values():
        for _, when, _ in bands:
            if target is None and "target" in when:
                continue
            between = re.fullmatch(r"between (.+) and (.+)", when)
            edges = between.groups() if between else (re.sub(r"^(at least|above|at most|below) ", "", when),)
            marks |= {edge(text, target) for text in edges}
    known = sorted(mark for mark in marks if mark is not None) or [Fraction(1, 4)]
    step = Fraction(1, 1000)
    found = {mark + move for mark in known for move in (-step, 0, step)}
    found |= {(a + b) / 2 for a, b in pairwise(known)}
    return sorted(found | {known[0] - Fraction(1, 10), known[-1] + Fraction(1, 10)})
