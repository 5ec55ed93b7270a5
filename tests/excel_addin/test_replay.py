"""How hosts are held against the core: planted faults are found, and only differences that are named pass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from metricsheet.api import load_catalog
from tests.hosts.parity_page import cell, columns, page
from tests.hosts.questions import Json, Question, questions, read, write
from tests.hosts.replay import Answers, Difference, Host, differences, is_error, replay, same

CATALOG = load_catalog()
NPS = list(questions(CATALOG, lambda every: [one for one in every if one[0].key == "nps"]))
WHY = "no words"


def host(change: Callable[[Question], Answers]) -> Host:
    return Host("one", lambda asked: [change(question) for question in asked], lambda: "1.0")


def asked_with(cells: Callable[[Json], Json]) -> Callable[[Question], Answers]:
    """Return a host that changes cells before the core sees them."""
    from tests.hosts.questions import _core

    def answers(question: Question) -> Answers:
        (argument,) = question.arguments
        rows = argument.get("rows", [[argument.get("value")]])
        return _core(CATALOG, question.function, [{"rows": [[cells(one) for one in row] for row in rows]}])

    return answers


@pytest.mark.parametrize(
    ("cells", "vectors"),
    [
        (lambda cell: cell, set()),
        (lambda cell: 0.0 if cell is None else cell, {"blank cell", "blank range", "blanks between"}),
        (lambda cell: float(cell) if isinstance(cell, bool) else cell, {"logical", "one logical"}),
        (lambda cell: None if isinstance(cell, dict) and "e" in cell else cell, {"cell #N/A", "cell #NUM!"}),
        (lambda cell: None if isinstance(cell, str) else cell, {"number as text", "only text"}),
    ],
    ids=["as they are", "blank as 0", "logicals as numbers", "errors as blank", "no text"],
)
def test_a_host_that_changes_cells_is_found_out(cells: Callable[[Json], Json], vectors: set[str]) -> None:
    found = replay(host(asked_with(cells)), NPS, [])
    named = {said.split(", ")[1].split(":")[0] for said in found.unexplained}
    assert vectors <= named
    assert bool(named) == bool(vectors)


def test_a_named_difference_passes_and_is_counted() -> None:
    refuses = host(lambda q: dict.fromkeys(q.answers, "#VALUE!") if q.vector == "text" else q.answers)
    (text,) = [question for question in NPS if question.vector == "text"]
    allowed = [Difference("one", ("te*",), ("nps",), WHY, kinds=("refused",))]
    found = replay(refuses, NPS, allowed)
    assert not found.unexplained
    assert dict(found.reasons) == {WHY: 3}
    assert cell(found, "nps") == "3 refused"
    assert isinstance(text.answers[""], float)
    for other in (
        Difference("two", ("text",), ("*",), WHY),
        Difference("one", ("text",), ("ces",), WHY),
        Difference("one", ("text",), ("nps",), WHY, kinds=("another answer",)),
    ):
        assert len(replay(refuses, NPS, [other]).unexplained) == 3


@pytest.mark.parametrize(
    ("wanted", "found", "agrees"),
    [
        (1.0, 1.0 + 1e-12, True),
        (1.0, 1, True),
        (1.0, 1.0 + 1e-6, False),
        (1.0, True, False),
        (1.0, "1", False),
        (1.0, None, False),
        (0.0, 0, True),
        ("#N/A", "#N/A", True),
        ("#N/A", "#VALUE!", False),
        ("#N/A", 0.0, False),
    ],
)
def test_when_two_answers_are_the_same(wanted: object, found: object, agrees: bool) -> None:
    assert same(wanted, found) == agrees


def test_a_host_that_fails_is_tried_once_more() -> None:
    tries: list[int] = []

    def fails(times: int) -> Callable[[Sequence[Question]], list[Answers]]:
        def answers(asked: Sequence[Question]) -> list[Answers]:
            tries.append(1)
            if len(tries) <= times:
                raise TimeoutError
            return [question.answers for question in asked]

        return answers

    assert not replay(Host("one", fails(1), lambda: ""), NPS, []).unexplained
    assert len(tries) == 2
    with pytest.raises(TimeoutError):
        replay(Host("one", fails(9), lambda: ""), NPS, [])
    assert len(tries) == 4


def test_the_page_says_what_was_found() -> None:
    same_as = replay(host(lambda question: question.answers), NPS, [])
    text = page(CATALOG, NPS, [same_as])
    assert f"| one | 1.0 | {3 * len(NPS)} | {3 * len(NPS)} | 0 | 0 | 0 |" in text
    assert columns(text)["one"]["`nps`"] == "same"
    everywhere = [Difference("one", ("*",), ("nps",), WHY)]
    other = replay(host(lambda question: dict.fromkeys(question.answers, "#REF!")), NPS, everywhere)
    wrong = replay(host(lambda question: dict.fromkeys(question.answers, 7.0)), NPS, everywhere)
    text = page(CATALOG, NPS, [other, wrong])
    answered = sum(not is_error(answer) for question in NPS for answer in question.answers.values())
    assert columns(text)["one"]["`nps`"] == f"{3 * len(NPS)} another answer"
    assert cell(other, "nps") == f"{answered} refused, {3 * len(NPS) - answered - 3} another error"


def test_questions_are_read_as_they_were_written(tmp_path: Any) -> None:
    write(tmp_path / "asked.jsonl.gz", NPS)
    assert read(tmp_path / "asked.jsonl.gz") == NPS


def test_differences_have_reasons() -> None:
    assert all(len(one.reason) > 10 for one in differences())
