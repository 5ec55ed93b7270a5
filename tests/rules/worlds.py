"""Random conditions, and facts that can really be: an oracle for proofs that knows nothing of boxes.

``ratio`` has the bands of CLV:CAC, a minimum sample and one fixed target; ``churn`` has only a target, where
lower is better; ``share`` has other bands by company stage. Status, trend and change are worked out from
values here, in the plainest way, independently of the package.
"""

from __future__ import annotations

import random
from functools import cache

from hypothesis import strategies as st

from metricsheet.rules.language.facts import Vocabulary
from metricsheet.values import Cell
from tests.rules.builders import band, catalog, choice, clv_cac_bands, flag, metric
from tests.stages import cases, seeds

METRICS = [
    metric("ratio", "ratio", clv_cac_bands(), target=3.0, min_sample=10),
    metric("churn", "percent", better="lower", target=0.05),
    metric(
        "share",
        "percent",
        bands_by="company",
        band_variants={
            "new": (band("warn", None, 0.1), band("ok", 0.1, None)),
            "seasoned": (band("critical", None, 0.3), band("ok", 0.3, None)),
        },
    ),
]
SETTINGS = [flag("campaign"), flag("audited", default="no"), choice("company", "new", "seasoned")]
VOCABULARY = Vocabulary(catalog(METRICS, settings=SETTINGS), "slice")

VALUES = {
    "ratio": [0.0, 0.5, 1.0, 1.5, 2.0, 2.9, 3.0, 3.5, 4.0, 5.0, 5.5, 9.0],
    "churn": [0.0, 0.01, 0.04, 0.05, 0.06, 0.3, 1.0],
    "share": [0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5],
}
TARGETS = {"ratio": 3.0, "churn": 0.05}


def status_of(key: str, value: float, company: str | None, rng: random.Random) -> str:
    if key == "ratio":
        if rng.random() < 0.1:
            return "low_data"
        return "critical" if value <= 1 else "warn" if value < 3 else "ok" if value <= 5 else "info"
    if key == "churn":
        return "ok" if value <= 0.05 else "warn"
    if company == "new":
        return "ok" if value >= 0.1 else "warn"
    if company == "seasoned":
        return "ok" if value >= 0.3 else "critical"
    return "no_target"


def world(rng: random.Random) -> dict[str, Cell]:
    """One slice in one period: facts that fit together, each metric and setting sometimes missing."""
    facts: dict[str, Cell] = {"audited": rng.random() < 0.5}
    if rng.random() < 0.8:
        facts["campaign"] = rng.random() < 0.5
    company = rng.choice(["new", "seasoned", None])
    if company is not None:
        facts["company"] = company
    for key, values in VALUES.items():
        if rng.random() < 0.15:
            continue
        value = rng.choice(values)
        facts[key] = value
        facts[f"{key}.status"] = status_of(key, value, company, rng)
        facts[f"{key}.n"] = float(rng.choice([0, 1, 5, 10, 500]))
        if key in TARGETS:
            facts[f"{key}.target"] = TARGETS[key]
            facts[f"{key}.gap"] = value - TARGETS[key]
        if rng.random() < 0.8:
            previous = rng.choice(values)
            change = value - previous
            facts[f"{key}.previous"], facts[f"{key}.change"] = previous, change
            zone = abs(previous) * 0.01
            facts[f"{key}.trend"] = "flat" if abs(change) <= zone else "rising" if change > 0 else "falling"
    return facts


WORLDS = [world(random.Random(seed)) for seed in seeds(800, 300)]


def _number(value: float, key: str) -> str:
    return f"{value * 100:g}%" if key != "ratio" else f"{value:g}"


_keys = st.sampled_from(list(VALUES))
_operators = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
_values = {key: st.sampled_from(values) for key, values in VALUES.items()}
_facts = {
    key: st.sampled_from([key, key, key, f"{key}.previous", f"{key}.change", f"{key}.target"])
    for key in VALUES
}
_pairs = {key: st.permutations([key, f"{key}.target", f"{key}.previous"]) for key in VALUES}
_further = {"ratio": ["critical", "warn", "info"], "churn": ["warn"], "share": ["warn", "critical"]}
_words = {key: st.sampled_from(["low_data", "no_target", "ok", *words]) for key, words in _further.items()}
_some_words = {key: st.lists(words, min_size=1, max_size=3) for key, words in _words.items()}
_is_or_not = st.sampled_from(["=", "<>"])
_trends = st.sampled_from(["rising", "falling", "flat"])
_sizes = st.sampled_from([0, 5, 10])
_maybe_missing = {key: st.sampled_from([key, f"{key}.trend", f"{key}.status", "campaign"]) for key in VALUES}
_options = {True: st.integers(0, 8), False: st.integers(0, 7)}


@st.composite
def _against_number(draw: st.DrawFn) -> str:
    key = draw(_keys)
    return f"{draw(_facts[key])} {draw(_operators)} {_number(draw(_values[key]), key)}"


@st.composite
def _two_facts(draw: st.DrawFn) -> str:
    key = draw(_keys)
    left, right = draw(_pairs[key])[:2]
    return f"{left} {draw(_operators)} {right}"


@st.composite
def _status(draw: st.DrawFn) -> str:
    key = draw(_keys)
    if draw(st.booleans()):
        return f'{key}.status {draw(_is_or_not)} "{draw(_words[key])}"'
    listed = ", ".join(f'"{word}"' for word in draw(_some_words[key]))
    return f"IN({key}.status, {listed})"


@st.composite
def _others(draw: st.DrawFn, missing: bool) -> str:
    key, option = draw(_keys), draw(_options[missing])
    if option == 0:
        return f'{key}.trend = "{draw(_trends)}"'
    if option == 1:
        low, high = sorted((draw(_values[key]), draw(_values[key])))
        return f"BETWEEN({key}, {_number(low, key)}, {_number(high, key)})"
    if option == 2:
        return f"{key}.n {draw(_operators)} {draw(_sizes)}"
    if option == 8:
        return f"ISMISSING({draw(_maybe_missing[key])})"
    plain = ["campaign", "audited", 'company = "new"', 'company <> "new"', f"{key} - {key}.previous > 0"]
    return plain[option - 3]


@cache  # making strategies costs more than drawing from them
def conditions(*, missing: bool = True) -> st.SearchStrategy[str]:
    """Condition texts; without ``missing`` none asks whether a fact is missing."""
    leaf = st.one_of(_against_number(), _against_number(), _status(), _two_facts(), _others(missing))
    return st.recursive(
        leaf,
        lambda part: st.one_of(
            part.map(lambda a: f"NOT({a})"),
            st.lists(part, min_size=2, max_size=3).map(lambda parts: f"AND({', '.join(parts)})"),
            st.lists(part, min_size=2, max_size=3).map(lambda parts: f"OR({', '.join(parts)})"),
        ),
        max_leaves=cases(6, 3),
    )
