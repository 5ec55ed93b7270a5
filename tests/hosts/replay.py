"""The questions of ``tests/hosts/questions.py`` put to a host, and its answers held against the core's.

A host is a name, its versions, and a function from questions to their answers by suffix, in order. Where it
may answer otherwise stands in ``differences.yaml`` with the reason; any other difference is a failure.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import yaml

from tests.hosts.questions import SUFFIXES, Json, Question

DIFFERENCES = Path(__file__).with_name("differences.yaml")
Answers = dict[str, Any]
Asked = tuple[str, list[Json]]
"""A function and its arguments."""
BUILT = "built from metrics"
"""In the place of metrics: all that take the figures of others."""


class NotInstalledError(Exception):
    """A host that cannot be installed here, and why."""


KINDS = ("refused", "another error", "another answer")
"""An error for an answer of the core, an error for another one, and anything else."""


@dataclass(frozen=True)
class Host:
    """A program that answers questions; ``versions`` may ask for what only its answers tell."""

    name: str
    answers: Callable[[Sequence[Question]], list[Answers]]
    versions: Callable[[], str]


@dataclass(frozen=True)
class Difference:
    """Answers of some ``kinds`` that a host may give otherwise: to which questions, and why."""

    host: str
    vectors: tuple[str, ...]
    metrics: tuple[str, ...]
    reason: str
    kinds: tuple[str, ...] = KINDS

    def allows(self, host: str, question: Question, kind: str) -> bool:
        """Return whether it is about such an answer to this question."""
        return (
            self.host == host
            and kind in self.kinds
            and any(fnmatchcase(question.vector, pattern) for pattern in self.vectors)
            and any(
                question.built if pattern == BUILT else fnmatchcase(question.metric, pattern)
                for pattern in self.metrics
            )
        )


def differences(path: Path = DIFFERENCES) -> list[Difference]:
    """Return the differences that are allowed, in the order of the file."""
    found = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return [
        Difference(
            *(one["host"], tuple(one["vectors"]), tuple(one["metrics"]), one["reason"]),
            kinds=tuple(one["kinds"]),
        )
        for one in found
    ]


@dataclass
class Outcome:
    """What a host answered: how much it was ``asked`` of each metric, and how often it answered otherwise.

    ``kinds`` count that by kind and metric, ``reasons`` by reason; ``unexplained`` says what nothing allows.
    """

    host: str
    versions: str = ""
    asked: Counter[str] = field(default_factory=Counter)
    kinds: dict[str, Counter[str]] = field(default_factory=lambda: {kind: Counter() for kind in KINDS})
    reasons: Counter[str] = field(default_factory=Counter)
    unexplained: list[str] = field(default_factory=list)


def is_error(answer: object) -> bool:
    """Return whether an answer is an error, Excel's or one that only its host knows."""
    return isinstance(answer, str) and answer.startswith(("#", "Err:"))


def same(wanted: object, found: object) -> bool:
    """Return whether two answers are one: numbers to nine digits, errors and texts to the letter."""
    if isinstance(wanted, float):
        if not isinstance(found, int | float) or isinstance(found, bool):
            return False
        return math.isclose(wanted, found, rel_tol=1e-9, abs_tol=1e-12)
    return type(found) is type(wanted) and found == wanted


def replay(host: Host, asked: Sequence[Question], allowed: Iterable[Difference]) -> Outcome:
    """Put the questions to a host, once more where it fails as a whole; return how it answered."""
    allowed = [one for one in allowed if one.host == host.name]
    try:
        found = host.answers(asked)
    except NotInstalledError:
        raise
    except Exception:
        found = host.answers(asked)
    assert len(found) == len(asked)
    outcome = Outcome(host.name, host.versions())
    for question, answers in zip(asked, found, strict=True):
        for suffix in SUFFIXES:
            outcome.asked[question.metric] += 1
            wanted, answer = question.answers[suffix], answers.get(suffix)
            if same(wanted, answer):
                continue
            kind = KINDS[is_error(wanted)] if is_error(answer) else KINDS[2]
            reason = next((one.reason for one in allowed if one.allows(host.name, question, kind)), None)
            if reason is None:
                said = f"{question.function}{suffix}, {question.vector}: {answer!r}, the core says {wanted!r}"
                outcome.unexplained.append(said)
                continue
            outcome.kinds[kind][question.metric] += 1
            outcome.reasons[reason] += 1
    return outcome


def asked_for(asked: Sequence[Question]) -> list[Asked]:
    """Return what is to be asked: each function of each question with its arguments."""
    return [
        (question.function + suffix, [*question.arguments, *[None] * question.more * (suffix == "_FLAG")])
        for question in asked
        for suffix in SUFFIXES
    ]


def by_suffix(answers: Sequence[Any]) -> list[Answers]:
    """Return the answers to ``asked_for`` by question and suffix."""
    width = len(SUFFIXES)
    return [dict(zip(SUFFIXES, answers[n : n + width], strict=True)) for n in range(0, len(answers), width)]
