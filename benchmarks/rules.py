"""50 rules over 2,000 slices: what a rule costs per slice, against plain Python lambdas over the same facts.

The lambdas are the least that could be written by hand: no missing facts (they would raise KeyError), no
units, no trace, no outcome objects, no text. Budget: at most 2 µs a rule and slice.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator

from benchmarks.measure import Row, absolute, in_turn, told
from metricsheet.catalog.definitions import Catalog
from metricsheet.rules.check import check_rules, compile_ruleset
from metricsheet.values import Cell
from tests.rules.builders import catalog, clv_cac_bands, flag, metric, rule

SLICES, METRICS = 2_000, 25
Facts = dict[str, Cell]
Lambda = Callable[[Facts], object]

# the shapes of rules that packs are made of, and the same by hand; {m} and {o} become metrics


def _below(m: str, _: str) -> Lambda:
    return lambda f: f[m] < 3


def _below_target(m: str, _: str) -> Lambda:
    target = f"{m}.target"
    return lambda f: f[m] < f[target]


def _status(m: str, _: str) -> Lambda:
    status = f"{m}.status"
    return lambda f: f[status] == "warn"


def _status_and_trend(m: str, o: str) -> Lambda:
    status, trend = f"{m}.status", f"{o}.trend"
    return lambda f: f[status] == "warn" and f[trend] == "rising"


def _alternatives(m: str, o: str) -> Lambda:
    status, trend = f"{m}.status", f"{o}.trend"
    return lambda f: f[status] in ("warn", "critical") and (f[trend] == "falling" or f[o] < 1)


def _three(m: str, _: str) -> Lambda:
    n, change = f"{m}.n", f"{m}.change"
    return lambda f: 1 <= f[m] <= 3 and f[n] >= 30 and f[change] < 0


def _share(m: str, _: str) -> Lambda:
    change, previous = f"{m}.change", f"{m}.previous"
    return lambda f: f[change] / f[previous] > 0.1


def _certain(m: str, o: str) -> Lambda:
    uncertain = f"{m}.uncertain"
    return lambda f: not f[uncertain] and f[m] > f[o]


SHAPES: list[tuple[list[object], Callable[[str, str], Lambda]]] = [
    (["{m} < 3"], _below),
    (["{m} < {m}.target"], _below_target),
    (['{m}.status = "warn"'], _status),
    (['{m}.status = "warn"', '{o}.trend = "rising"'], _status_and_trend),
    (['IN({m}.status, "warn", "critical")', {"any": ['{o}.trend = "falling"', "{o} < 1"]}], _alternatives),
    (["BETWEEN({m}, 1, 3)", "{m}.n >= 30", "{m}.change < 0"], _three),
    (["{m}.change / {m}.previous > 0.1"], _share),
    (["NOT({m}.uncertain)", "{m} > {o}"], _certain),
]


def rows() -> Iterator[Row]:
    """Yield the cost of a rule per slice, with all facts and with a third missing, and of its proofs."""
    definitions, lambdas = rules_and_lambdas(50)
    ruleset = compile_ruleset(definitions)
    rng = random.Random(7)
    whole = [({"slice": str(i)}, [("2024-03", facts(rng, 0.0))]) for i in range(SLICES)]
    gappy = [({"slice": str(i)}, [("2024-03", facts(rng, 1 / 3))]) for i in range(SLICES)]
    each = SLICES * len(ruleset.rules)

    def plain() -> object:
        return [test(periods[0][1]) for test in lambdas for _, periods in whole]

    mine, peer = in_turn(lambda: ruleset.evaluate(whole), plain)
    yield absolute(
        "50 rules, 2,000 slices: a rule and slice", mine / each, 2e-6, peer / each, "plain lambdas"
    )
    mine, peer = in_turn(lambda: ruleset.evaluate(gappy), plain)
    yield absolute(
        "the same with a third missing", mine / each, 2e-6, peer / each, "plain lambdas, all there"
    )
    fired = [outcome for outcome in ruleset.evaluate(whole) if outcome.outcome == "fired"]
    mine, peer = in_turn(
        lambda: [(outcome.text, outcome.because, outcome.recommend) for outcome in fired],
        lambda: ruleset.evaluate(whole),
    )
    yield told("text and trace of a finding", mine / len(fired), peer / each, "deciding a rule and slice")
    many, _ = rules_and_lambdas(500)
    mine, peer = in_turn(lambda: check_rules(many), lambda: compile_ruleset(many), 3)
    yield absolute("500 rules, checked with all proofs", mine, 1.0, peer, "compiled only")


def rules_and_lambdas(count: int) -> tuple[Catalog, list[Lambda]]:
    """Return ``count`` rules and what each is as a lambda."""
    names = [f"metric_{i}" for i in range(METRICS)]
    rules, lambdas = [], []
    for index in range(count):
        shape, plain = SHAPES[index % len(SHAPES)]
        m, o = names[index % METRICS], names[(index * 7 + 3) % METRICS]
        finding = f"{index}: {{{m}}} was {{{m}.previous}}"
        rules.append(rule(f"rule_{index}", _filled(shape, m, o), finding=finding))
        lambdas.append(plain(m, o))
    metrics = [metric(name, "ratio", clv_cac_bands(), target=3.0) for name in names]
    return catalog(metrics, rules, [flag("campaign")]), lambdas


def _filled(shape: list[object], m: str, o: str) -> list[object]:
    found: list[object] = []
    for line in shape:
        if isinstance(line, dict):
            found.append({"any": _filled(line["any"], m, o)})
        else:
            found.append(str(line).replace("{m}", m).replace("{o}", o))
    return found


def facts(rng: random.Random, missing: float) -> Facts:
    """Return the facts of one slice; each metric is missing with the chance ``missing``."""
    found: Facts = {}
    for index in range(METRICS):
        if rng.random() < missing:
            continue
        name, value, previous = f"metric_{index}", rng.uniform(0, 6), rng.uniform(0.1, 6)
        status = "critical" if value <= 1 else "warn" if value < 3 else "ok" if value <= 5 else "info"
        found |= {
            name: value,
            f"{name}.status": status,
            f"{name}.target": 3.0,
            f"{name}.gap": value - 3,
            f"{name}.previous": previous,
            f"{name}.change": value - previous,
            f"{name}.trend": "rising" if value > previous else "falling",
            f"{name}.n": float(rng.randrange(1, 200)),
            f"{name}.low": value - 0.5,
            f"{name}.high": value + 0.5,
            f"{name}.uncertain": rng.random() < 0.2,
        }
    return found
