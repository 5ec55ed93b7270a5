"""``docs/parity.md``: which host says what the core says, for every metric."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from metricsheet.catalog.definitions import Catalog
from tests.hosts.questions import Question
from tests.hosts.replay import KINDS, Outcome

_HEAD = """# The same answer in every host

Made by `make hosts` from the answers that it got; `METRICSHEET_UPDATE_GOLDEN=1 make hosts` writes it anew.

Every function of every metric (its value, `_FLAG` and `_N`) is asked in every host over the same
{vectors} kinds of arguments: {questions:,} questions with {answers:,} answers of the core
(`tests/hosts/questions.py`). Numbers agree to nine digits, errors by their code, texts to the letter.

`same` means all answers of the metric; `refused` counts errors in the place of a number or a text, then come
other errors and other answers, each for a reason below; anything else fails the tests. Nobody has yet seen
these answers in a live Excel.
"""


def page(catalog: Catalog, asked: Sequence[Question], outcomes: Sequence[Outcome]) -> str:
    """Return the page for the outcomes of all hosts."""
    vectors = {question.vector for question in asked}
    answers = sum(len(question.answers) for question in asked)
    lines = [_HEAD.format(vectors=len(vectors), questions=len(asked), answers=answers)]
    lines += ["| host | versions | answers | same | refused | another error | another answer |"]
    lines.append("|---|---|---|---|---|---|---|")
    for one in outcomes:
        every, kinds = one.asked.total(), [one.kinds[kind].total() for kind in KINDS]
        numbers = " | ".join(f"{number:,}" for number in (every, every - sum(kinds), *kinds))
        lines.append(f"| {one.host} | {one.versions} | {numbers} |")
    reasons = [(one.host, reason, count) for one in outcomes for reason, count in one.reasons.items()]
    if reasons:
        lines += ["", "| host | answers | why they differ |", "|---|---|---|"]
        lines += [f"| {host} | {count:,} | {reason} |" for host, reason, count in reasons]
    lines += [
        "",
        f"| metric | {' | '.join(one.host for one in outcomes)} |",
        f"|---|{'---|' * len(outcomes)}",
    ]
    lines += [f"| `{key}` | {' | '.join(cell(one, key) for one in outcomes)} |" for key in catalog.metrics]
    return "\n".join(lines) + "\n"


def cell(outcome: Outcome, metric: str) -> str:
    """Return how a host answered what it was asked of a metric."""
    counts = ((outcome.kinds[kind][metric], kind) for kind in KINDS)
    return ", ".join(f"{count} {kind}" for count, kind in counts if count) or "same"


def columns(text: str) -> Mapping[str, Mapping[str, str]]:
    """Return what a page says of each host, metric by metric; its versions are those of one machine."""
    rows = [
        [part.strip() for part in line.strip("|").split("|")] for line in text.splitlines() if "|" in line
    ]
    heads = next(row for row in rows if row[0] == "metric")
    metrics = [row for row in rows if re.fullmatch("`.*`", row[0])]
    return {host: {row[0]: row[n] for row in metrics} for n, host in enumerate(heads) if n}
