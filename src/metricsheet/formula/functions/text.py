"""Functions of text."""

from __future__ import annotations

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.formula.operators import checked_text
from metricsheet.values import Cell


def _lower(text: str) -> Cell:
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join([sign.lower()[0] for sign in text])


def _upper(text: str) -> Cell:
    upper = text.upper()
    if len(upper) == len(text):
        return upper
    # a letter without a single capital of its own, such as ß, stays as it is
    return "".join([big if len(big := sign.upper()) == 1 else sign for sign in text])


def _trim(text: str) -> Cell:
    return " ".join(word for word in text.split(" ") if word)


def _len(text: str) -> Cell:
    # Excel counts UTF-16 units: a sign outside the basic plane, such as an emoji, is two
    return float(len(text) + sum(sign > "\uffff" for sign in text))


def _concat(*texts: str) -> Cell:
    return checked_text("".join(texts))


_TEXT = (Parameter("text", "text"),)

TEXT = (
    Function("LOWER", "text", _TEXT, "text", "The text in small letters.",
             (Example('LOWER("EMEA")', "emea"),), _lower),
    Function("UPPER", "text", _TEXT, "text", "The text in capital letters.",
             (Example('UPPER("emea")', "EMEA"),), _upper),
    Function("TRIM", "text", _TEXT, "text", "The text without spaces around it, and single spaces inside.",
             (Example('TRIM("  a   b ")', "a b"),), _trim),
    Function("LEN", "text", _TEXT, "number", "How many characters the text has.",
             (Example('LEN("abc")', 3),), _len),
    Function("CONCAT", "text", _TEXT, "text", "The texts of single values, one after the other.",
             (Example('CONCAT(">=", 9)', ">=9"),), _concat, repeats=1, excel="_xlfn.CONCAT"),
)  # fmt: skip
