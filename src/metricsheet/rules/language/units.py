"""Whether two values of a condition can be compared or added: types, units, and the words a text can be."""

from __future__ import annotations

from collections.abc import Sequence

from metricsheet.catalog.definitions import Unit
from metricsheet.errors import did_you_mean
from metricsheet.language.message import Message
from metricsheet.rules.language.conditions import Constant, FactTerm, Term, type_of, unit_of

Complaint = tuple[Message, Message | None]
"""(message, hint) of a problem whose place the caller knows."""

_UNIT_WORDS: dict[Unit, Message] = {
    "points": Message("unit_points"),
    "percent": Message("unit_percent"),
    "ratio": Message("unit_ratio"),
    "money": Message("unit_money"),
    "count": Message("unit_count"),
    "days": Message("unit_days"),
    "months": Message("unit_months"),
}


def mismatch(left: Term, right: Term, *, ordered: bool) -> tuple[Complaint, Term] | None:
    """Return why ``left`` and ``right`` cannot be compared and the side to point at, or ``None`` if they can.

    ``ordered`` says that one is asked to be smaller, which texts and flags never are.
    """
    if type_of(left) != type_of(right):
        return _types_differ(left, right)
    if type_of(left) == "number":
        return units_differ(left, right)
    if ordered:
        key = "no_order.texts" if type_of(left) == "text" else "no_order.flags"
        return (Message(key, name=str(left)), Message("use_equal_or_in")), left
    if type_of(left) == "text":
        return _impossible_word(left, right) or _impossible_word(right, left)
    return None


def _types_differ(left: Term, right: Term) -> tuple[Complaint, Term]:
    message = Message(
        "type_mismatch.both_are",
        left=str(left),
        left_kind=_described(left),
        right=str(right),
        right_kind=_described(right),
    )
    fact, constant = (left, right) if isinstance(right, Constant) else (right, left)
    return (message, _type_hint(fact, constant)), right


def _type_hint(fact: Term, constant: Term) -> Message | None:
    if not isinstance(fact, FactTerm) or not isinstance(constant, Constant):
        return None
    name, value = fact.fact.name, constant.value
    if fact.fact.type == "flag":
        return Message("write_flag_or_not", name=name)
    if not isinstance(value, str):
        return _it_can_be(fact.fact.words or ())
    if fact.fact.type == "number" and value.strip().rstrip("%").replace(".", "", 1).isdigit():
        return Message("write_without_quotes", text=value.strip())
    if fact.fact.metric is not None and not fact.fact.part:
        part = "trend" if value.casefold() in ("rising", "falling", "flat") else "status"
        return Message("did_you_mean", name=f"{name}.{part}")
    return None


def _it_can_be(words: Sequence[str]) -> Message | None:
    return Message("it_can_be", words=tuple(f'"{word}"' for word in words)) if words else None


def _described(term: Term) -> Message:
    kind = type_of(term)
    if kind == "text":
        return Message("kind_text")
    if kind == "flag":
        return Message("kind_yes_or_no")
    unit = unit_of(term)
    return Message("kind_number") if unit is None else _UNIT_WORDS[unit]


def _impossible_word(fact: Term, other: Term) -> tuple[Complaint, Term] | None:
    if not isinstance(fact, FactTerm) or not isinstance(other, Constant) or fact.fact.words is None:
        return None
    word, known = str(other.value), fact.fact.words
    if word.casefold() in (k.casefold() for k in known):
        return None
    if fact.fact.part == "status" and word in ("no_data", "invalid"):
        hint: Message | None = Message("use_ismissing", metric=fact.fact.metric)
    else:
        listed, near = _it_can_be(known), did_you_mean(word, known)
        hint = Message("two_hints", first=near, second=listed) if near else listed
    key = "unknown_status.is_never" if fact.fact.part == "status" else "unknown_word.is_never"
    return (Message(key, name=fact.fact.name, value=str(other)), hint), other


def units_differ(left: Term, right: Term) -> tuple[Complaint, Term] | None:
    """Return why two numbers are not of one unit, and the side to point at; ``None`` when they may be."""
    for fact, other in ((left, right), (right, left)):
        if isinstance(other, Constant):
            complaint = _odd_constant(fact, other)
            return None if complaint is None else (complaint, other)
    first, second = unit_of(left), unit_of(right)
    if first is None or second is None or first == second:
        return None
    message = Message(
        "unit_mismatch.both_are",
        left=str(left),
        left_kind=_UNIT_WORDS[first],
        right=str(right),
        right_kind=_UNIT_WORDS[second],
    )
    return (message, None), right


def _odd_constant(term: Term, constant: Constant) -> Complaint | None:
    unit, value = unit_of(term), float(constant.value)
    if unit is None:
        return None
    if unit == "percent":
        if constant.percent or abs(value) <= 1:
            return None
        message = Message("unit_mismatch.percentage", name=str(term), number=value, percent=value * 100)
        hint = Message("write_percent_or", text=f"{value:.12g}", percent=value * 100)
        return message, hint
    if not constant.percent:
        return None
    message = Message(
        "unit_mismatch.both_are",
        left=str(term),
        left_kind=_UNIT_WORDS[unit],
        right=str(constant),
        right_kind=_UNIT_WORDS["percent"],
    )
    if isinstance(term, FactTerm) and term.fact.part == "change":
        metric = term.fact.metric
        return message, Message("compare_the_share", metric=metric)
    written = value * 100 if unit == "points" else value
    return message, Message("write", text=f"{written:.12g}")


def product_unit(left: Term, right: Term) -> Unit | None:
    """Return the unit of ``left * right``: a share or bare number leaves the other's unit as it is.

    A percentage times 100 is a bare number: whoever writes that means the figure before the ``%`` sign.
    """
    if any(isinstance(term, Constant) and term.value == 100 for term in (left, right)):
        return None
    first, second = unit_of(left), unit_of(right)
    if first is None or second is None:
        return first or second
    if first == "percent":
        return second
    return first if second == "percent" else None


def quotient_unit(left: Term, right: Term) -> Unit | None:
    """Return the unit of ``left / right``; values of one unit give a bare number."""
    first, second = unit_of(left), unit_of(right)
    return first if first != second and second in (None, "percent") else None


def common_unit(left: Term, right: Term) -> Unit | None:
    """Return the unit of ``left + right``: a bare constant takes the unit of the other."""
    first, second = unit_of(left), unit_of(right)
    if isinstance(left, Constant) and first is None:
        return second
    if isinstance(right, Constant) and second is None:
        return first
    return first if first == second else None
