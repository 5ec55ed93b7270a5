"""One worksheet function: its name, help and arguments as Excel shows them, and the Python that answers."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from excel_addin.cells import ExcelAnswer, ExcelTable, Referred
from metricsheet.errors import DefinitionError, UsageError
from metricsheet.files.book import CellRange
from metricsheet.language.option import EXCEL, in_host
from metricsheet.records import record
from metricsheet.values import NAME, VALUE

HELP_LIMIT = 255
"""Excel cuts the description of a function or of an argument after so many characters."""

PythonFunction: TypeAlias = Callable[..., ExcelAnswer | ExcelTable]

_log = logging.getLogger("excel_addin")


@record
class Argument:
    """An argument as Excel shows it; an ``optional`` one may be left out and is then ``None``.

    ``cells`` are wanted as they stand on the sheet, where a blank one is no 0 and ``TRUE`` no 1, and are not
    left out. Other arguments are values that may as well be typed or come from another function.
    """

    name: str
    help: str
    optional: bool = False
    cells: bool = False


@record
class WorksheetFunction:
    """A function of the worksheet. ``answer`` takes all arguments, raw and in order, and may raise.

    Its answer may be a table only where ``table`` says so.
    Of a ``placed`` one, arguments that are ranges come as ``Referred`` where the host says where they stand.
    """

    name: str
    description: str
    category: str
    arguments: tuple[Argument, ...]
    answer: Callable[[Sequence[object]], ExcelAnswer | ExcelTable]
    table: bool = False
    placed: bool = False

    def ask(self, given: Sequence[object]) -> ExcelAnswer | ExcelTable:
        """Return the answer to all arguments, raw and in order; never raises.

        What the definitions do not know, or cannot say because they cannot be read, answers ``#NAME?``;
        anything unforeseen is logged and answers ``#VALUE!``: an exception would become text in the cell.
        """
        try:
            with in_host(EXCEL):
                return self.answer(given)
        except (DefinitionError, UsageError) as error:
            _log.error("%s: %s", self.name, error)
            return NAME
        except Exception:
            _log.exception("%s did not answer", self.name)
            return VALUE

    def as_python(self, module: str) -> PythonFunction:
        """Return the function that xlwings registers from ``module``; it answers as ``ask`` does."""
        import xlwings

        signature = inspect.Signature([_parameter(argument) for argument in self.arguments])
        takes = len(self.arguments)

        def call(*given: object, **named: object) -> ExcelAnswer | ExcelTable:
            if named or len(given) != takes:
                bound = signature.bind(*given, **named)
                bound.apply_defaults()
                given = bound.args
            return self.ask(given)

        call.__name__ = call.__qualname__ = self.name
        call.__doc__ = self.description
        call.__module__ = module
        call.__signature__ = signature  # type: ignore[attr-defined]
        call.__annotations__ = {}
        function: PythonFunction = call
        for argument in self.arguments:
            # Error cells as text, else xlwings reads them as blank; two dimensions, so that one cell and a
            # range look alike. xlwings.func comes last: xlwings.arg calls it again and drops the category.
            reading = {"ndim": 2, "err_to_str": True, **({"convert": _Placed} if self.placed else {})}
            function = xlwings.arg(argument.name, doc=argument.help, **reading)(function)
        return xlwings.func(category=self.category)(function)


class _Placed:
    """How xlwings is told to read an argument together with its place, which only classic xlwings knows."""

    @staticmethod
    def reader(options: Mapping[str, Any]) -> Callable[[Any], None]:
        """Return what turns the context of one argument into its value."""
        from xlwings import conversion

        read = conversion.accessors[None].reader({**options, "convert": None})

        def read_with_place(context: Any) -> None:
            cells = context.range
            read(context)
            if cells is not None:
                top, left, (down, across) = cells.row - 1, cells.column - 1, cells.shape
                place = CellRange(cells.sheet.name, top, left, top + down - 1, left + across - 1)
                context.value = Referred(context.value, place)

        return read_with_place


def _parameter(argument: Argument) -> inspect.Parameter:
    default = None if argument.optional else inspect.Parameter.empty
    return inspect.Parameter(argument.name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default)


def shorten(text: str) -> str:
    """Return ``text`` on one line and short enough for Excel's help, cut between words."""
    text = " ".join(text.split())
    if len(text) <= HELP_LIMIT:
        return text
    cut = text[: HELP_LIMIT - 1]
    return (cut.rpartition(" ")[0] or cut) + "…"
