"""The rows that a condition such as ``region = "EU"`` keeps: cells read as what they are compared with."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.errors import UsageError
from metricsheet.evaluation.options import RunOptions
from metricsheet.evaluation.slice_names import slice_name
from metricsheet.formula.ast import Binary, Call, Logical, Name, Node, Number, Percent, Text, Unary, walk
from metricsheet.formula.compile import compile_formula
from metricsheet.formula.finish import finish
from metricsheet.formula.plan import Plan
from metricsheet.language.message import Message
from metricsheet.reading.date_text import parse_date
from metricsheet.reading.inputs import read_input
from metricsheet.reading.numerals import is_plain_number
from metricsheet.records import replace
from metricsheet.values import Cell, ExcelError
from metricsheet.values.folding import name_key, tidy

_COMPARISONS = frozenset({"=", "<>", "<", "<=", ">", ">="})
_MISSING = ExcelError("#N/A", Message("nothing_to_compare"))
_NUMBERS = "number of "
"""Stands before the name of a column whose cells are read as numbers, dates or flags."""

_NAMES = "name in "
"""Stands before the name of a column whose cells are compared as the names of slices are."""

Column = Sequence[Cell]
Find = Callable[[str], "Column | Message"]
"""Gives the cells under a header, or says why there are none."""


def kept_rows(text: str, count: int, find: Find, options: RunOptions) -> list[bool] | Message:
    """Return for each of ``count`` rows whether the condition is true, or why it cannot be asked.

    Cells compared with a number or date are read as such, in text files too; a blank cell, or text among
    numbers, is then neither equal to it, nor more, nor less. Cells equal a text as the names of slices do
    (``EU``, ``eu `` and ``ＥＵ`` are one, blank cells and ``n/a`` are ``(blank)``), unless they are dates or
    numbers and the text writes one. Raises ``UsageError`` for a condition that cannot be read.
    """
    plan = condition_plan(text)
    views = _Views(find, options)
    try:
        condition = views.rewritten(plan.residual)
        for name in plan.inputs:
            views.raw(name)
    except _CannotAskError as error:
        return error.reason
    scope = _RowScope(views.columns)
    mask: list[bool] = []
    refusal: ExcelError | None = None
    for row in range(count):
        scope.row = row
        answer = finish(condition, plan, scope)
        if isinstance(answer, ExcelError):
            refusal = refusal or answer
        mask.append(answer is True or (isinstance(answer, (int, float)) and answer != 0))
    if refusal is not None and not any(mask):
        return Message("where_failed", condition=text, error=refusal.code, reason=refusal.reason)
    return mask


def condition_plan(text: str) -> Plan:
    """Return the plan of a condition on rows; raise ``UsageError`` for one that cannot be read."""
    plan, diagnostics = compile_formula(text, None, row_level=True)
    if plan is None:
        message, hint = diagnostics[0].message, diagnostics[0].hint
        if hint is None and message.key in ("formula_syntax.operator_expected", "type.text_never_equals"):
            hint = Message("header_in_brackets")
        raise UsageError(Message("of_where", reason=message), hint)
    return plan


def compared_texts(text: str) -> list[tuple[str, str]]:
    """Return the (name, text) pairs that a condition compares for equality."""
    sides = [
        (node.left, node.right)
        for node in walk(condition_plan(text).residual)
        if isinstance(node, Binary) and node.op == "="
    ]
    pairs = [*sides, *((right, left) for left, right in sides)]
    return [(a.name, b.value) for a, b in pairs if isinstance(a, Name) and isinstance(b, Text)]


class _CannotAskError(Exception):
    """A comparison that cannot be asked of a column, with the reason."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason


class _Views:
    """The columns that a condition names, as they stand and as numbers."""

    def __init__(self, find: Find, options: RunOptions) -> None:
        self._find, self._options = find, options
        self.columns: dict[str, Column] = {}

    def raw(self, name: str) -> Column:
        """Return the cells under a header as they stand, texts without blanks around them."""
        if name not in self.columns:
            found = self._find(name)
            if isinstance(found, Message):
                raise _CannotAskError(found)
            if any(isinstance(cell, str) for cell in found):
                found = [tidy(cell) if isinstance(cell, str) else cell for cell in found]
            self.columns[name] = found
        return self.columns[name]

    def rewritten(self, node: Node) -> Node:
        """Return a condition with its comparisons bound to the reading that each of them needs."""
        if isinstance(node, Binary):
            if node.op in _COMPARISONS and (isinstance(node.left, Name) or isinstance(node.right, Name)):
                return self._comparison(node)
            return replace(node, left=self.rewritten(node.left), right=self.rewritten(node.right))
        if isinstance(node, Call):
            return replace(node, args=tuple(map(self.rewritten, node.args)))
        if isinstance(node, (Unary, Percent)):
            return replace(node, operand=self.rewritten(node.operand))
        return node

    def _comparison(self, node: Binary) -> Node:
        left, right = node.left, node.right
        if isinstance(left, Name) and isinstance(right, Name):
            if not (self._holds_numbers(left.name) and self._holds_numbers(right.name)):
                return self._as_names(node)
            return self._guarded(node, self._numbers(left), self._numbers(right))
        name, other = (left, right) if isinstance(left, Name) else (right, left)
        assert isinstance(name, Name)
        if isinstance(other, Logical):
            return node
        if isinstance(other, Text):
            number = self._number_for(name.name, other.value, node.op)
            if number is None:
                return self._as_names(node)
            other = Number(number, other.at)
        else:
            other = self.rewritten(other)
        column = self._numbers(name)
        return self._guarded(node, column, other) if name is left else self._guarded(node, other, column)

    def _as_names(self, node: Binary) -> Node:
        """Return a comparison of texts; equal are those that are one slice."""
        if node.op not in ("=", "<>"):
            return node
        return replace(node, left=self._as_name(node.left), right=self._as_name(node.right))

    def _as_name(self, side: Node) -> Node:
        if isinstance(side, Text):
            return replace(side, value=_key(side.value))
        assert isinstance(side, Name)
        key = _NAMES + side.name
        if key not in self.columns:
            cells = self.raw(side.name)
            self.columns[key] = [
                _key(cell) if cell is None or isinstance(cell, str) else cell for cell in cells
            ]
        return Name(key, side.at)

    @staticmethod
    def _guarded(node: Binary, left: Node, right: Node) -> Node:
        """Return the comparison, which a cell with nothing to compare does not meet (``<>`` it does)."""
        compared: Node = replace(node, left=left, right=right)
        for side in (left, right):
            if isinstance(side, Name):
                missing = Call("ISERROR", (side,), node.at)
                compared = Call("IF", (missing, Logical(node.op == "<>"), compared), node.at)
        return compared

    def _number_for(self, name: str, text: str, op: str) -> float | None:
        """Return the number or date that a text is compared as, ``None`` where it is compared as text."""
        cells = self.raw(name)
        in_order = op not in ("=", "<>")
        if all(cell is None or isinstance(cell, str) for cell in cells) and not in_order:
            same = {name_key(cell) for cell in cells if isinstance(cell, str)}
            if name_key(text) in same or not set(parse_date(text).values()):
                return None
        if not self._holds_numbers(name):
            return None
        if is_plain_number(text):
            return float(text)
        readings = set(parse_date(text).values())
        if len(readings) == 1:
            return readings.pop()
        if readings:
            raise _CannotAskError(Message("where_two_dates", text=text, name=name, op=op))
        if in_order:
            raise _CannotAskError(Message("where_no_order", name=name, text=text))
        return None

    def _holds_numbers(self, name: str) -> bool:
        try:
            self._numbers(Name(name))
        except _CannotAskError:
            return False
        return True

    def _numbers(self, name: Name) -> Name:
        """Return the name under which the cells of a column are as numbers."""
        key = _NUMBERS + name.name
        if key not in self.columns:
            cells = self.raw(name.name)
            read = self._read(name.name, cells)
            self.columns[key] = [
                cell if isinstance(cell, (int, float, ExcelError)) else _MISSING for cell in read
            ]
        return Name(key, name.at)

    def _read(self, name: str, cells: Column) -> Column:
        if not any(isinstance(cell, str) for cell in cells):
            return cells
        options = self._options
        best: Sequence[Cell] | None = None
        left = len(cells) + 1
        refusal: Message | None = None
        for kind in ("number", "date", "flag"):
            definition = InputDefinition(key=name, label={"en": name}, type=kind)
            read = read_input(
                definition,
                cells,
                decimal_mark=options.reading.decimal_mark,
                date_order=options.reading.date_order,
            )
            if read.refusal is not None and read.refusal.code != "not_this_input":
                refusal = refusal or read.refusal.message
            elif read.refusal is None and read.used > len(read.error_rows) and read.text < left:
                best, left = read.cells, read.text
        if best is None or (refusal and left):
            shown = next(cell for cell in cells if isinstance(cell, str))
            why = refusal or Message("where_text", name=name, text=shown)
            raise _CannotAskError(Message("of_where", reason=why))
        return best


def _key(cell: str | None) -> str:
    return name_key(slice_name(cell))


class _RowScope:
    """Gives a condition the cells of one row."""

    __slots__ = ("columns", "row")

    def __init__(self, columns: Mapping[str, Column]) -> None:
        self.columns = columns
        self.row = 0

    def name(self, name: str) -> Cell:
        """Return the cell of this row under a name."""
        return self.columns[name][self.row]

    def primitive(self, _primitive: object, _values: tuple[Cell, ...]) -> Cell:
        """Return the error of a condition that adds up rows."""
        return ExcelError("#VALUE!", Message("where_adds_up"))
