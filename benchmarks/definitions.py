"""Loading definitions: 500 metrics and 500 rules, read, checked and planned, against yaml.safe_load alone."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.measure import Row, absolute, in_turn, kept_in, plain
from metricsheet.api import load_catalog
from metricsheet.prepared import check_definitions

_METRIC = """\
  metric_{n:03d}:
    label: Metric {n}
    question: How good is number {n}?
    stage: expand
    kind: outcome
    unit: percent
    better: higher
    formula: (COUNTIF(score, ">={n}") + SUM(amount) / 2) / IF(COUNT(score) > {n}, COUNT(score), 1)
    min_sample: 30
    bands:
      - {{status: critical, when: below {n}%, label: Low}}
      - {{status: ok, when: at least {n}%, label: Fine}}
    examples:
      - {{given: {{score: [1, 2], amount: [1]}}, status: low_data}}
"""

_RULE = """\
  rule_{n:03d}:
    severity: low
    when:
      - metric_{n:03d}.status = "critical"
      - metric_{n:03d} < 0.0{n:03d}
    finding: Metric {n} is {{metric_{n:03d}}}.
    recommend: [Look at it]
"""


def write_definitions(folder: Path, count: int) -> Path:
    """Write a metrics.yaml with ``count`` metrics and as many rules; return its path."""
    path = folder / "metrics.yaml"
    head = "version: 1\ninputs:\n  score: {label: Score}\n  amount: {label: Amount}\nmetrics:\n"
    path.write_text(head + "".join(_METRIC.format(n=n) for n in range(1, count + 1)), encoding="utf-8")
    rules = folder / "lifecycle_rules"
    rules.mkdir()
    text = "version: 1\nrules:\n" + "".join(_RULE.format(n=n) for n in range(1, count + 1))
    (rules / "expand.yaml").write_text(text, encoding="utf-8")
    return path


def rows() -> Iterator[Row]:
    """Yield the figures of loading."""
    import yaml

    with tempfile.TemporaryDirectory() as folder:
        path = write_definitions(Path(folder), 500)
        texts = [path.read_text(), (path.parent / "lifecycle_rules" / "expand.yaml").read_text()]

        def safe_load() -> object:
            return [yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) for text in texts]

        with kept_in("off"):
            mine, peer = in_turn(lambda: load_catalog(path), safe_load, 3)
        yield absolute(
            "500 metrics and 500 rules, checked and planned", mine, 1.0, peer, "yaml CSafeLoader alone"
        )
        mine, peer = in_turn(lambda: check_definitions(path), safe_load, 3)
        yield absolute("the same with all that `check` can prove", mine, 1.0, peer, "yaml CSafeLoader alone")
        with kept_in(f"{folder}/cache"):
            mine, peer = in_turn(lambda: load_catalog(path), safe_load, 3)
        yield plain("the same, kept from the run before", mine, peer, "yaml CSafeLoader alone")
