"""What a parsed formula says wrongly: names, functions, arguments, kinds and units, all in one run."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.formula import ast as tree
from metricsheet.formula.functions import SPELLINGS, Function
from metricsheet.formula.plan import NameInfo, unscaled
from metricsheet.formula.tokens import place_at
from metricsheet.language.message import Message
from metricsheet.records import field, record, replace
from metricsheet.source import Place
from metricsheet.values.coerce import number_from_text
from metricsheet.values.criteria import criterion

_ADDRESS = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")


@record
class _Found:
    """What is known of a part: its kind (``any`` when open), dimension, and traits of what it is made of."""

    node: tree.Node
    kind: str = "any"
    dimension: Dimension | None = None
    array_at: int | None = None
    flag: bool = False


@record(frozen=False)
class Checked:
    """A formula with its names and functions spelled as declared, and what was found wrong."""

    ast: tree.Node
    names: dict[str, NameInfo]
    diagnostics: list[Diagnostic] = field(default_factory=list)


def check_formula(
    ast: tree.Node,
    text: str,
    names: Mapping[str, NameInfo] | None,
    place: Place | None,
    unit: str | None,
    strict: bool,
) -> Checked:
    """Return the formula with every name and function looked up, and all problems found on the way.

    With ``strict`` false, what only gives an error value when calculated (``"a" + 1``) is let through.
    """
    checker = _Checker(text, names, place, strict)
    return checker.check(ast, unit)


class _Checker:
    def __init__(
        self, text: str, names: Mapping[str, NameInfo] | None, place: Place | None, strict: bool
    ) -> None:
        self.text, self.place, self.strict = text, place, strict
        self.declared = names
        self.spelled = {name.casefold(): name for name in names or ()}
        self.used: dict[str, NameInfo] = {}
        self.problems: list[Diagnostic] = []

    def check(self, ast: tree.Node, unit: str | None) -> Checked:
        whole = tree.folded(ast, self._found)
        if whole.array_at is not None:
            self._bare_array(whole.array_at)
        if unit is not None and self.strict:
            self._check_unit(whole, unit)
        self.problems.sort(key=lambda d: d.place.column if d.place else 0)
        return Checked(whole.node, self.used, self.problems)

    def _say(self, message: Message, at: int, hint: Message | None = None) -> None:
        found = Diagnostic(message, place_at(self.place, self.text, at), hint)
        # the value of a name of LET stands wherever the name does
        if found not in self.problems:
            self.problems.append(found)

    def _bare_array(self, at: int) -> None:
        hint = Message("put_function_around")
        self._say(Message("argument.bare_array"), at, hint)

    def _found(self, node: tree.Node, parts: Sequence[_Found]) -> _Found:
        if isinstance(node, tree.Name):
            return self._name(node)
        if isinstance(node, tree.Call):
            return self._call(node, parts)
        if isinstance(node, tree.Binary):
            return self._binary(node, *parts)
        if isinstance(node, (tree.Unary, tree.Percent)):
            (part,) = parts
            self._wants_number(part)
            percent = isinstance(node, tree.Percent) and part.dimension is not FREE
            built = replace(node, operand=part.node)
            return _Found(built, "number", None if percent else part.dimension, part.array_at)
        if isinstance(node, tree.Array):
            return _Found(node, "any", None, node.at)
        if isinstance(node, tree.Number):
            return _Found(node, "number", FREE)
        if isinstance(node, tree.Text):
            return _Found(node, "text", FREE)
        return _Found(node, "logical" if isinstance(node, tree.Logical) else "any", None)

    def _name(self, node: tree.Name) -> _Found:
        spelled = node.name
        if self.declared is None:
            info = NameInfo("cell")
        else:
            spelled = self.spelled.get(node.name.casefold(), "")
            if not spelled:
                self._unknown_name(node)
                return _Found(node)
            info = self.declared[spelled]
        self.used[spelled] = info
        kind = {"flag": "logical", "any": "any"}.get(info.type, info.type)
        is_flag = info.type == "flag" and info.kind == "input"
        dimension = dimension_of(info.unit)
        return _Found(tree.Name(spelled, node.at), "number" if is_flag else kind, dimension, flag=is_flag)

    def _unknown_name(self, node: tree.Name) -> None:
        self.used[node.name] = NameInfo("cell")
        hint = did_you_mean(node.name, self.declared or ())
        function = SPELLINGS.get(node.name.upper())
        if function is not None:
            hint = Message("is_a_function", name=function.name, usage=function.usage())
        elif _ADDRESS.fullmatch(node.name):
            hint = Message("names_not_addresses")
        self._say(Message("unknown_name.plain", name=node.name), node.at, hint)

    def _binary(self, node: tree.Binary, left: _Found, right: _Found) -> _Found:
        built = tree.Binary(node.op, left.node, right.node, node.at)
        array_at = left.array_at if left.array_at is not None else right.array_at
        if node.op == "&":
            return _Found(built, "text", FREE, array_at)
        if node.op in "+-*/^":
            self._wants_number(left)
            self._wants_number(right)
        if node.op in "*/":
            sign = 1 if node.op == "*" else -1
            return _Found(built, "number", multiplied(left.dimension, right.dimension, sign), array_at)
        if node.op == "^":
            plain = left.dimension in (PLAIN, FREE)
            return _Found(built, "number", left.dimension if plain else None, array_at)
        dimension = self._joined(left, right, node.at, "unit.adds" if node.op in "+-" else "unit.compares")
        if node.op in "+-":
            dates = [part.kind for part in (left, right)].count("date")
            # a date and a number of days give a date, two dates the days between them
            kind = "date" if dates == 1 else "number"
            return _Found(built, kind, None if dates else dimension, array_at)
        self._compared(left, right, node.at)
        return _Found(built, "logical", PLAIN, array_at)

    def _joined(self, left: _Found, right: _Found, at: int, key: str, function: str = "") -> Dimension | None:
        dimension, fits = joined(left.dimension, right.dimension)
        if not fits and self.strict:
            message = Message(
                key,
                left_unit=str(left.dimension),
                left=_short(left),
                right_unit=str(right.dimension),
                right=_short(right),
                function=function,
            )
            self._say(message, at, Message("same_unit_needed"))
        return dimension if fits else None

    def _wants_number(self, part: _Found) -> None:
        if not self.strict or part.kind != "text":
            return
        if isinstance(part.node, tree.Text) and number_from_text(part.node.value) is not None:
            return
        self._say(Message("type.text_for_number", name=_short(part)), part.node.at)

    def _compared(self, left: _Found, right: _Found, at: int) -> None:
        if not self.strict:
            return
        for one, other in ((left, right), (right, left)):
            if one.flag and other.kind in ("logical", "text") and not other.flag:
                hint = Message("compare_flag_with_number", name=_short(one), short=_short(one))
                self._say(Message("type.flag_is_number", name=_short(one)), at, hint)
                return
        kinds = {left.kind, right.kind}
        if kinds in ({"number", "text"}, {"date", "text"}):
            word = left if left.kind == "text" else right
            self._say(Message("type.text_never_equals", name=_short(word)), at)

    def _call(self, node: tree.Call, parts: Sequence[_Found]) -> _Found:
        function = SPELLINGS.get(node.name)
        if function is None:
            hint = did_you_mean(node.name, SPELLINGS)
            self._say(Message("unknown_function", name=node.name), node.at, hint)
            return _Found(tree.Call("NA", (), node.at))
        built = tree.Call(function.name, tuple([part.node for part in parts]), node.at)
        if not function.fits(len(parts)):
            found = Message("argument_count", function=node.name, takes=_counts(function), count=len(parts))
            self._say(found, node.at, Message("write", text=function.usage()))
            return _Found(tree.Call("NA", (), node.at))
        array_at = None
        for index, part in enumerate(parts):
            takes = function.parameter(index).takes
            self._argument(function, index, part, parts)
            if part.array_at is not None and not function.kinds:
                array_at = part.array_at
            elif part.array_at is not None and takes not in ("values", "condition"):
                self._bare_array(part.array_at)
        dimension = self._dimension(function, parts, node.at)
        kind = function.result
        if kind == "same":
            kind = "date" if [p.kind for p in parts[:1]] == ["date"] else "number"
        return _Found(built, "any" if kind == "branches" else kind, dimension, array_at)

    def _argument(self, function: Function, index: int, part: _Found, parts: Sequence[_Found]) -> None:
        """Check one argument against its parameter."""
        if not self.strict:
            return
        takes = function.parameter(index).takes
        if takes in ("number", "strict", "date"):
            self._wants_number(part)
        elif takes == "values" and part.kind == "text" and isinstance(part.node, tree.Name):
            counts = set(function.kinds) & {"counta", "countblank", "nunique", "filled"}
            if not counts:
                message = Message("type.text_for_numbers", function=function.name, name=_short(part))
                self._say(message, part.node.at, Message("functions_that_count_texts"))
        elif takes == "criterion":
            self._criterion(parts[index - 1], part)

    def _criterion(self, cells: _Found, part: _Found) -> None:
        """Check a written criterion against the kind of cells that it is tested on."""
        if not isinstance(part.node, (tree.Text, tree.Logical)):
            return
        test = criterion(part.node.value)
        value = getattr(test, "value", None)
        if cells.flag and isinstance(value, (bool, str)):
            hint = Message("count_flags", cells=_short(cells))
            self._say(Message("type.flag_is_number", name=_short(cells)), part.node.at, hint)
        elif cells.kind == "number" and isinstance(cells.node, tree.Name) and isinstance(value, str):
            message = Message("type.criterion_never_met", cells=_short(cells), criterion=_short(part))
            self._say(message, part.node.at)

    def _dimension(self, function: Function, parts: Sequence[_Found], at: int) -> Dimension | None:
        unit = function.unit
        if unit == "product":
            total: Dimension | None = PLAIN
            for part in parts:
                total = multiplied(total, part.dimension, 1)
            return total
        if unit not in ("same", "branches"):
            return None if unit == "unknown" else dimension_of(unit)
        chosen = _values_of(function, parts)
        first = chosen[0]
        dimension = first.dimension
        for part in chosen[1:]:
            dimension = self._joined(
                replace(first, dimension=dimension), part, at, "unit.mixes", function.name
            )
        return dimension

    def _check_unit(self, whole: _Found, unit: str) -> None:
        if unit == "percent" and unscaled(whole.node)[1] == 100:
            message = Message("unit.percent_is_fraction")
            self._say(message, whole.node.at, Message("leave_out_the_100"))
            return
        problem = misfit(whole.dimension, unit)
        if problem is not None:
            self._say(problem, 0, Message("change_the_unit"))
        elif whole.kind in ("text", "logical"):
            kind = Message("kind_a_text" if whole.kind == "text" else "kind_yes_or_no")
            self._say(Message("type.metric_is_number", kind=kind), 0)


def _values_of(function: Function, parts: Sequence[_Found]) -> Sequence[_Found]:
    """Return the arguments that give a function's answer its unit."""
    if function.unit == "branches":
        return (
            parts[1::2]
            if function.name == "IFS"
            else parts[1:]
            if function.name in ("IF", "CHOOSE")
            else parts
        )
    takes = [function.parameter(index).takes for index in range(len(parts))]
    values = [part for part, taken in zip(parts, takes, strict=True) if taken == "values"]
    return values if values else parts[:1]


def _short(part: _Found) -> str:
    text = tree.name_text(part.node.name) if isinstance(part.node, tree.Name) else tree.to_text(part.node)
    return text if len(text) <= 40 else text[:39] + "…"


def _counts(function: Function) -> Message:
    """Return how many arguments a function takes."""
    least, most = function.least, len(function.parameters)
    if function.repeats > 1:
        return Message("takes_more_by", count=least, step=function.repeats)
    if function.repeats:
        return Message("takes_more", count=least)
    if least == most:
        return Message("takes_exactly", count=most) if most else Message("takes_none")
    return Message("takes_from_to", count=least, most=most)


@record
class Dimension:
    """Powers of money, days and months. ``free`` is a number written in a formula: it fits any unit."""

    money: int = 0
    days: int = 0
    months: int = 0
    free: bool = False

    def __str__(self) -> str:
        parts = [(self.money, "money"), (self.days, "days"), (self.months, "months")]
        over = " × ".join(_power(word, power) for power, word in parts if power > 0)
        under = " × ".join(_power(word, -power) for power, word in parts if power < 0)
        return f"{over or 'a number'} per {under}" if under else over or "a plain number"

    @property
    def has_time(self) -> bool:
        """Whether days or months take part."""
        return bool(self.days or self.months)

    def raised(self, other: Dimension, sign: int) -> Dimension:
        """Return the dimension of a product (``sign`` 1) or quotient (-1)."""
        return Dimension(
            self.money + sign * other.money,
            self.days + sign * other.days,
            self.months + sign * other.months,
            self.free and other.free,
        )


def _power(word: str, power: int) -> str:
    return word if power == 1 else f"{word}^{power}"


PLAIN = Dimension()
FREE = Dimension(free=True)
DAYS = Dimension(days=1)

_OF_UNIT = {"money": Dimension(money=1), "days": DAYS, "months": Dimension(months=1)}


def dimension_of(unit: str | None) -> Dimension | None:
    """Return the dimension of a metric unit, ``None`` when nothing is known."""
    return None if unit is None else _OF_UNIT.get(unit, PLAIN)


def joined(a: Dimension | None, b: Dimension | None) -> tuple[Dimension | None, bool]:
    """Return the dimension of a sum, difference or choice of two, and whether the two fit together."""
    if a is None or b is None:
        return None, True
    if a.free:
        return b, True
    return a, b.free or a == b


def multiplied(a: Dimension | None, b: Dimension | None, sign: int) -> Dimension | None:
    """Return the dimension of ``a * b`` (``sign`` 1) or ``a / b`` (-1)."""
    if a is None or b is None:
        return None
    # a number beside a time may convert it (days / 30), so that nothing is known of the result
    if (a.free and b.has_time) or (b.free and a.has_time):
        return None
    return a.raised(b, sign)


def misfit(found: Dimension | None, unit: str) -> Message | None:
    """Return what is wrong with a formula of dimension ``found`` under a declared ``unit``, or ``None``.

    Time is checked only where it is alone: rates such as churn are per period without saying so.
    """
    declared = dimension_of(unit)
    if found is None or found.free or declared is None or found == declared:
        return None
    if found.money != declared.money:
        return Message("unit.formula_gives", found=str(found), unit=unit)
    alone = not found.money and abs(found.days) + abs(found.months) == 1
    if alone and (found.days > 0 or found.months > 0):
        return Message("unit.formula_gives", found=str(found), unit=unit)
    return None
