"""Row expressions and criteria of plans as SQL over typed columns; what has no exact form is refused.

A typed column is ``NULL`` where its cell holds no value of its type. In arithmetic a blank cell is 0 and as
an element of an aggregate it takes no part, as in Excel. What would be an error in a row is counted beside
the answer, never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal

from metricsheet.engines.sql.dialect import Dialect
from metricsheet.formula import ast as tree
from metricsheet.language.message import Message
from metricsheet.records import field, record
from metricsheet.values import DIV0, Cell, ExcelError, is_number
from metricsheet.values.criteria import Criterion
from metricsheet.values.folding import caseless

Kind = Literal["number", "text", "flag"]
_COMPARISONS = frozenset({"=", "<>", "<", ">", "<=", ">="})
_LOGICAL = frozenset({"AND", "OR", "NOT", "ISNUMBER", "ISBLANK", "ISERROR", "ISTEXT"})


class NoFormError(Exception):
    """Raised where a formula has no exact form in SQL; ``error`` is the answer that says so."""

    def __init__(self, node: tree.Node | str) -> None:
        text = node if isinstance(node, str) else tree.to_text(node)
        super().__init__(text)
        self.error = ExcelError("#N/A", Message("no_sql_form", expression=text))


@record
class TypedColumn:
    """An input as SQL: its numbers, or its texts without case, where a ``kind`` says which.

    ``text`` is true in rows of a column of numbers that hold a text, ``error`` the number (from 0) of the
    error that a row holds among ``errors``, ``rejected`` true where a value is off its scale; each ``None``
    where there are no such rows. ``needs`` are the joins that these expressions need.
    """

    kind: Kind
    value: str
    text: str | None = None
    error: str | None = None
    rejected: str | None = None
    errors: tuple[ExcelError, ...] = ()
    needs: tuple[str, ...] = ()


@record
class Sql:
    """A row expression: its text, the kind of its values, and the errors of rows with when they occur."""

    text: str
    kind: Kind
    guards: tuple[tuple[str, ExcelError], ...] = field(default=())


class Rows:
    """Turns row expressions into SQL; ``columns`` has the name and the typed column of each input.

    ``given`` are the values that expressions name by their place.
    """

    def __init__(
        self,
        dialect: Dialect,
        columns: Mapping[str, tuple[str, TypedColumn] | Cell],
        given: Sequence[Cell] = (),
    ) -> None:
        self.dialect, self.columns, self.given = dialect, columns, given
        self._zero, self._one = dialect.number(0.0), dialect.number(1.0)

    def element(self, node: tree.Node) -> Sql:
        """Return an expression as an element of an aggregate, which passes blank ones over."""
        if isinstance(node, tree.Name):
            found = self.columns[node.name]
            return Sql(found[0], found[1].kind) if isinstance(found, tuple) else self._literal(found, node)
        if isinstance(node, tree.Call) and node.name == "IF":
            return self._if(node, self.element)
        if _is_logical(node):
            return self.condition(node)
        if isinstance(node, tree.Logical):
            raise NoFormError(node)
        return self.number(node)

    def number(self, node: tree.Node) -> Sql:
        """Return an expression as a number to calculate with, which a blank cell is 0 in."""
        if isinstance(node, tree.Name):
            found = self._name(node)
            if found.kind == "text":
                raise NoFormError(node)
            return Sql(f"COALESCE({found.text}, {self._zero})", "number", found.guards)
        if isinstance(node, tree.Given):
            return self._literal(self.given[node.index], node)
        if isinstance(node, (tree.Number, tree.Logical, tree.Blank)):
            return self._literal(None if isinstance(node, tree.Blank) else node.value, node)
        if isinstance(node, tree.Unary):
            inner = self.number(node.operand)
            return inner if node.op == "+" else Sql(f"(-{inner.text})", "number", inner.guards)
        if isinstance(node, tree.Percent):
            inner = self.number(node.operand)
            return Sql(f"({inner.text} / {self.dialect.number(100.0)})", "number", inner.guards)
        if isinstance(node, tree.Binary):
            return self._binary(node)
        if isinstance(node, tree.Call):
            return self._call(node)
        raise NoFormError(node)

    def condition(self, node: tree.Node) -> Sql:
        """Return an expression as true or false."""
        if isinstance(node, tree.Binary) and node.op in _COMPARISONS:
            return self._comparison(node)
        if isinstance(node, tree.Call) and node.name in ("AND", "OR"):
            parts = [self.condition(arg) for arg in node.args]
            joined = f" {node.name} ".join(part.text for part in parts)
            return Sql(f"({joined})", "flag", _all_guards(*parts))
        if isinstance(node, tree.Call) and node.name == "NOT":
            inner = self.condition(node.args[0])
            return Sql(f"(NOT {inner.text})", "flag", inner.guards)
        if isinstance(node, tree.Call) and node.name in _LOGICAL:
            return self._is(node)
        inner = self.number(node)
        return inner if inner.kind == "flag" else Sql(f"({inner.text} <> 0)", "flag", inner.guards)

    def _name(self, node: tree.Name) -> Sql:
        found = self.columns[node.name]
        if not isinstance(found, tuple):
            return self._literal(found, node)
        name, column = found
        if column.text is not None or column.error is not None:
            raise NoFormError(node)  # the texts and errors of rows would have to go through
        return Sql(name, column.kind)

    def _literal(self, cell: Cell, node: tree.Node) -> Sql:
        if cell is None:
            return Sql(self._zero, "number")
        if isinstance(cell, bool):
            return Sql(self._one if cell else self._zero, "number")
        if is_number(cell):
            return Sql(self.dialect.number(cell), "number")
        raise NoFormError(node)

    def _as_number(self, flag: Sql) -> Sql:
        return Sql(f"CASE WHEN {flag.text} THEN {self._one} ELSE {self._zero} END", "number", flag.guards)

    def _binary(self, node: tree.Binary) -> Sql:
        if node.op in _COMPARISONS:
            found = self._comparison(node)
            return self._as_number(found)
        if node.op not in "+-*/":
            raise NoFormError(node)
        left, right = self.number(node.left), self.number(node.right)
        guards = _all_guards(left, right)
        if node.op == "/":
            zero = ExcelError(DIV0, Message("zero_in_row", name=tree.to_text(node.right)))
            guards = (*guards, (f"{right.text} = 0", zero))
            return Sql(f"({left.text} / NULLIF({right.text}, 0))", "number", guards)
        return Sql(f"({left.text} {node.op} {right.text})", "number", guards)

    def _comparison(self, node: tree.Binary) -> Sql:
        sides = [self._side(side) for side in (node.left, node.right)]
        kinds = {side.kind for side in sides}
        if len(kinds) > 1 or (kinds == {"text"} and node.op not in ("=", "<>")):
            raise NoFormError(node)
        left, right = sides
        plain = kinds == {"text"} or all(
            isinstance(side, (tree.Name, tree.Number)) for side in tree.children(node)
        )
        guards = _all_guards(left, right)
        if plain:
            return Sql(f"({left.text} {node.op} {right.text})", "flag", guards)
        # numbers that were calculated are compared by their first 15 digits, as everywhere
        near = f"(ABS({left.text} - {right.text}) <= {self.dialect.number(4e-15)} * ABS({left.text}))"
        if node.op in ("=", "<=", ">="):
            return Sql(f"({left.text} {node.op} {right.text} OR {near})", "flag", guards)
        return Sql(f"({left.text} {node.op} {right.text} AND NOT {near})", "flag", guards)

    def _side(self, node: tree.Node) -> Sql:
        if isinstance(node, tree.Text):
            return Sql(self.dialect.literal(caseless(node.value)), "text")
        if isinstance(node, tree.Given) and isinstance(self.given[node.index], str):
            return Sql(self.dialect.literal(caseless(str(self.given[node.index]))), "text")
        if isinstance(node, tree.Name):
            found = self._name(node)
            if found.kind == "text":
                return Sql(f"COALESCE({found.text}, '')", "text")
        return self.number(node)

    def _is(self, node: tree.Call) -> Sql:
        arg = node.args[0]
        found = self.columns.get(arg.name) if isinstance(arg, tree.Name) else None
        if not isinstance(found, tuple):
            raise NoFormError(node)
        name, column = found
        if node.name == "ISNUMBER":
            return Sql(f"({name} IS NOT NULL)" if column.kind == "number" else "FALSE", "flag")
        if column.text is not None or column.error is not None:
            raise NoFormError(node)
        if node.name == "ISBLANK":
            return Sql(f"({name} IS NULL)", "flag")
        if node.name == "ISTEXT":
            return Sql(f"({name} IS NOT NULL)" if column.kind == "text" else "FALSE", "flag")
        return Sql("FALSE", "flag")

    def _call(self, node: tree.Call) -> Sql:
        if node.name == "IF":
            return self._if(node, self.number)
        if node.name in _LOGICAL:
            found = self.condition(node)
            return self._as_number(found)
        args = [self.number(arg) for arg in node.args]
        guards = _all_guards(*args)
        if node.name == "SUMPRODUCT":
            return Sql(f"({' * '.join(arg.text for arg in args)})", "number", guards)
        if node.name in ("ABS", "INT") and len(args) == 1:
            form = self.dialect.floor if node.name == "INT" else "ABS({x})"
            return Sql(form.format(x=args[0].text), "number", guards)
        raise NoFormError(node)

    def _if(self, node: tree.Call, inner: Callable[[tree.Node], Sql]) -> Sql:
        test = self.condition(node.args[0])
        branches = [inner(arg) for arg in node.args[1:]]
        if any(branch.kind != "number" for branch in branches):
            raise NoFormError(node)
        for arg in node.args[1:]:
            found = self.columns.get(arg.name) if isinstance(arg, tree.Name) else None
            if isinstance(found, tuple) and found[1].error is not None:
                raise NoFormError(arg)  # an error in a branch that is taken would be lost
        if len(branches) == 1 and inner == self.number:
            branches.append(Sql(self._zero, "number"))  # FALSE, as a number
        taken = [f"({test.text})", f"NOT ({test.text})"]
        guards = [
            (f"{when} AND {at}", error)
            for when, one in zip(taken, branches, strict=False)
            for at, error in one.guards
        ]
        other = f" ELSE {branches[1].text}" if len(branches) > 1 else ""
        return Sql(
            f"CASE WHEN {test.text} THEN {branches[0].text}{other} END", "number", (*test.guards, *guards)
        )


def _is_logical(node: tree.Node) -> bool:
    if isinstance(node, tree.Binary):
        return node.op in _COMPARISONS
    return isinstance(node, tree.Call) and node.name in _LOGICAL


def _all_guards(*parts: Sql) -> tuple[tuple[str, ExcelError], ...]:
    return tuple(guard for part in parts for guard in part.guards)


def meets(dialect: Dialect, name: str, column: TypedColumn, test: Criterion, days: bool) -> str:
    """Return the condition that a column's cells meet a criterion; blank ones meet ``<>`` of a value."""
    value = f"FLOOR({name})" if days else name
    op, wanted = test.op, test.value
    if column.error is not None:
        raise NoFormError(name)
    if wanted is None:
        texts = f" AND NOT COALESCE({column.text}, FALSE)" if column.text is not None else ""
        blank = f"({value} IS NULL{texts})"
        return blank if op == "=" else f"(NOT {blank})" if op == "<>" else "FALSE"
    if isinstance(wanted, (bool, ExcelError)):
        return "TRUE" if op == "<>" else "FALSE"
    if isinstance(wanted, str) != (column.kind == "text"):
        if column.text is not None or (column.kind == "text" and op == "="):
            raise NoFormError(name)
        return "TRUE" if op == "<>" else "FALSE"
    if isinstance(wanted, str):
        if test.pattern is not None:
            return _like(dialect, value, wanted, op)
        if op not in ("=", "<>"):
            raise NoFormError(name)
        return f"({value} {op} {dialect.literal(wanted)}" + (f" OR {value} IS NULL)" if op == "<>" else ")")
    if column.text is not None and op == "=":
        raise NoFormError(name)
    number = dialect.number(wanted)
    return (
        f"({value} <> {number} OR {value} IS NULL)"
        if op == "<>"
        else f"COALESCE({value} {op} {number}, FALSE)"
    )


def _like(dialect: Dialect, value: str, wanted: str, op: str) -> str:
    # "?" stands for one sign as people see it, LIKE counts letters without case: ß would be two
    if "~" in wanted or "?" in wanted or not wanted.isascii():
        raise NoFormError(wanted)
    signs = {"*": "%", "%": "\\%", "_": "\\_", "\\": "\\\\"}
    pattern = dialect.literal("".join(signs.get(sign, sign) for sign in wanted.lower()))
    escape = f" ESCAPE {dialect.literal(chr(92))}" if dialect.like_escapes else ""
    like = f"COALESCE({value} LIKE {pattern}{escape}, FALSE)"
    return like if op == "=" else f"(NOT {like})"
