"""Functions of text."""

from __future__ import annotations

from metricsheet.formula.functions.signature import Example, Function, Parameter
from metricsheet.formula.operators import checked_text
from metricsheet.language.message import Message
from metricsheet.values import VALUE, Cell, ExcelError
from metricsheet.values.criteria import MAX_LENGTH, place_of


def _lower(text: str) -> Cell:
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join([sign.lower()[0] for sign in text])


def _upper(text: str) -> Cell:
    upper = text.upper()
    if len(upper) == len(text):
        return upper
    # a letter without a single capital of its own, such as ß, stays as it is
    return "".join([big if len(big := sign.upper()) == 1 else sign for sign in text])


def _len(text: str) -> Cell:
    # Excel counts UTF-16 units: a sign outside the basic plane, such as an emoji, is two
    return float(len(text) + sum(sign > "\uffff" for sign in text))


def _cut(text: str, start: float, count: float) -> Cell:
    """Return ``count`` characters from ``start`` (from 0), counted as ``_len`` counts them."""
    if start < 0 or count < 0:
        return ExcelError(VALUE, Message("no_such_part_of_text"))
    first, many = int(min(start, 1e9)), int(min(count, 1e9))
    units = text.encode("utf-16-le", "surrogatepass")[2 * first : 2 * (first + many)]
    return units.decode("utf-16-le", "surrogatepass")


def _right(text: str, count: float = 1.0) -> Cell:
    length = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return _cut(text, max(length - int(min(count, 1e9)), 0), count)


def _substitute(text: str, old: str, new: str, which: float | None = None) -> Cell:
    if which is not None and which < 1:
        return ExcelError(VALUE, Message("no_such_part_of_text"))
    if not old:
        return text
    if which is None:
        return checked_text(text.replace(old, new))
    parts = text.split(old)
    nth = int(min(which, 1e9))
    if nth >= len(parts):
        return text
    return checked_text(old.join(parts[:nth]) + new + old.join(parts[nth:]))


def _search(wanted: str, within: str, start: float = 1.0) -> Cell:
    if len(wanted) > MAX_LENGTH:
        return ExcelError(VALUE, Message("criterion_too_long", most=MAX_LENGTH))
    found = place_of(wanted, within, int(min(start, 1e9)) - 1) if start >= 1 else None
    return ExcelError(VALUE, Message("text_not_found", text=wanted[:40])) if found is None else found + 1.0


_TEXT = (Parameter("text", "text"),)
_COUNTED = (*_TEXT, Parameter("count", optional=True))

TEXT = (
    Function("LOWER", "text", _TEXT, "text", "The text in lower case.",
             (Example('LOWER("EMEA")', "emea"),), _lower),
    Function("UPPER", "text", _TEXT, "text", "The text in upper case.",
             (Example('UPPER("emea")', "EMEA"),), _upper),
    Function("TRIM", "text", _TEXT, "text", "The text without spaces around it, and single spaces inside.",
             (Example('TRIM("  a   b ")', "a b"),), lambda text: " ".join(filter(None, text.split(" ")))),
    Function("LEN", "text", _TEXT, "number", "How many characters the text has.",
             (Example('LEN("abc")', 3),), _len),
    Function("LEFT", "text", _COUNTED, "text", "The first characters of a text, one when left out.",
             (Example('LEFT("EMEA", 2)', "EM"), Example('LEFT("EMEA")', "E")),
             lambda text, count=1.0: _cut(text, 0, count)),
    Function("RIGHT", "text", _COUNTED, "text", "The last characters of a text, one when left out.",
             (Example('RIGHT("EMEA", 2)', "EA"), Example('RIGHT("ab", 5)', "ab")), _right),
    Function("MID", "text", (*_TEXT, Parameter("start"), Parameter("count")), "text",
             "So many characters of a text from a place, the first being 1.",
             (Example('MID("EMEA", 2, 2)', "ME"),),
             lambda text, start, count: _cut(text, int(min(start, 1e9)) - 1, count)),
    Function("SUBSTITUTE", "text",
             (*_TEXT, Parameter("old", "text"), Parameter("new", "text"), Parameter("which", optional=True)),
             "text", "The text with an old part replaced, everywhere or at the occurrence given.",
             (Example('SUBSTITUTE("a-b-c", "-", "/")', "a/b/c"),
              Example('SUBSTITUTE("a-b-c", "-", "/", 2)', "a-b/c")), _substitute),
    Function("SEARCH", "text",
             (Parameter("wanted", "text"), Parameter("within", "text"), Parameter("start", optional=True)),
             "number", "Where a text first stands in another, from 1 on, in any case; * and ? fit any.",
             (Example('SEARCH("crm", "Our CRM")', 5), Example('SEARCH("?m", "Our CRM")', 6)), _search),
    Function("EXACT", "text", (Parameter("one", "text"), Parameter("other", "text")), "logical",
             "Whether two texts are the same, capitals included.",
             (Example('EXACT("EU", "eu")', False),), lambda one, other: one == other),
    Function("VALUE", "text", (Parameter("text", "strict"),), "number", "The number that a text spells.",
             (Example('VALUE("12.5")', 12.5),), lambda number: number),
    Function("CONCAT", "text", _TEXT, "text", "The texts of single values, one after the other.",
             (Example('CONCAT(">=", 9)', ">=9"),),
             lambda *texts: checked_text("".join(texts)), repeats=1, excel="_xlfn.CONCAT"),
)  # fmt: skip
