"""Whether two values of a condition can be compared or added: types, units, and the words a text can be."""

from __future__ import annotations

from metricsheet.catalog.definitions import Unit
from metricsheet.errors import did_you_mean
from metricsheet.rules.language.conditions import Constant, FactTerm, Term, type_of, unit_of

Complaint = tuple[str, str, str | None]
"""(code, message, hint) of a problem whose place the caller knows."""

_UNIT_WORDS: dict[Unit, str] = {
    "points": "in points",
    "percent": "a percentage",
    "ratio": "a ratio",
    "money": "an amount of money",
    "count": "a count",
    "days": "a number of days",
    "months": "a number of months",
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
        kind = "texts" if type_of(left) == "text" else "yes-or-no facts"
        return (
            "no_order",
            f"{kind} have no order: {left} cannot be smaller or greater",
            "use =, <> or IN",
        ), left
    if type_of(left) == "text":
        return _impossible_word(left, right) or _impossible_word(right, left)
    return None


def _types_differ(left: Term, right: Term) -> tuple[Complaint, Term]:
    message = f"{left} is {_described(left)}, {right} is {_described(right)}"
    fact, constant = (left, right) if isinstance(right, Constant) else (right, left)
    return ("type_mismatch", message, _type_hint(fact, constant)), right


def _type_hint(fact: Term, constant: Term) -> str | None:
    if not isinstance(fact, FactTerm) or not isinstance(constant, Constant):
        return None
    name, value = fact.fact.name, constant.value
    if fact.fact.type == "flag":
        return f"write {name} or NOT({name})"
    if not isinstance(value, str):
        words = ", ".join(f'"{word}"' for word in fact.fact.words or ())
        return f"it can be {words}" if words else None
    if fact.fact.type == "number" and value.strip().rstrip("%").replace(".", "", 1).isdigit():
        return f"write {value.strip()} without quotes"
    if fact.fact.metric is not None and not fact.fact.part:
        part = "trend" if value.casefold() in ("rising", "falling", "flat") else "status"
        return f"did you mean '{name}.{part}'?"
    return None


def _described(term: Term) -> str:
    kind = type_of(term)
    if kind == "text":
        return "text"
    if kind == "flag":
        return "yes or no"
    unit = unit_of(term)
    return "a number" if unit is None else _UNIT_WORDS[unit]


def _impossible_word(fact: Term, other: Term) -> tuple[Complaint, Term] | None:
    if not isinstance(fact, FactTerm) or not isinstance(other, Constant) or fact.fact.words is None:
        return None
    word, known = str(other.value), fact.fact.words
    if word.casefold() in (k.casefold() for k in known):
        return None
    listed = ", ".join(f'"{k}"' for k in known)
    if fact.fact.part == "status" and word in ("no_data", "invalid"):
        hint: str = f"a metric without a value has no status: use ISMISSING({fact.fact.metric})"
    else:
        near = did_you_mean(word, known)
        hint = f"{near} it can be {listed}" if near else f"it can be {listed}"
    code = "unknown_status" if fact.fact.part == "status" else "unknown_word"
    return (code, f"{fact.fact.name} is never {other}", hint), other


def units_differ(left: Term, right: Term) -> tuple[Complaint, Term] | None:
    """Return why two numbers are not of one unit, and the side to point at; ``None`` when they may be."""
    for fact, other in ((left, right), (right, left)):
        if isinstance(other, Constant):
            complaint = _odd_constant(fact, other)
            return None if complaint is None else (complaint, other)
    first, second = unit_of(left), unit_of(right)
    if first is None or second is None or first == second:
        return None
    message = f"{left} is {_UNIT_WORDS[first]}, {right} is {_UNIT_WORDS[second]}"
    return ("unit_mismatch", message, None), right


def _odd_constant(term: Term, constant: Constant) -> Complaint | None:
    unit, value = unit_of(term), float(constant.value)
    if unit is None:
        return None
    if unit == "percent":
        if constant.percent or abs(value) <= 1:
            return None
        meant = f"{value:.12g} would mean {value * 100:.12g} %"
        message = f"{term} is a percentage, kept as a fraction: {meant}"
        return "unit_mismatch", message, f"write {value:.12g}%, or {value * 100:.12g}% if that is meant"
    if not constant.percent:
        return None
    message = f"{term} is {_UNIT_WORDS[unit]}, {constant} is a percentage"
    if isinstance(term, FactTerm) and term.fact.part == "change":
        metric = term.fact.metric
        return "unit_mismatch", message, f"compare the share instead: {metric}.change / {metric}.previous"
    written = value * 100 if unit == "points" else value
    return "unit_mismatch", message, f"write {written:.12g}"


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
