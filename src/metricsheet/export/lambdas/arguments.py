"""What a LAMBDA reads of its arguments, as ``metricsheet.reading`` reads them, and what it refuses.

Excel's formulas read no text as the core does (numbers as text, answers in words, yes and no), so any text
among numbers, dates and flags is ``#VALUE!``. Everything else follows the rules of ``reading``; what they
refuse is an error here too.
"""

from __future__ import annotations

from collections.abc import Callable

from metricsheet.catalog.definitions import Catalog, InputDefinition, Setting
from metricsheet.evaluation.prepare import definition_of
from metricsheet.export.lambdas.steps import CannotExpressError, Steps, first_of, text_constant
from metricsheet.export.lambdas.texts import FILLED, filled_cells, text_trouble
from metricsheet.formula.ast import number_text
from metricsheet.reading.scales import ENOUGH_ANSWERS
from metricsheet.records import record
from metricsheet.values.dates import MAX_SERIAL

MANY = "ROWS({0})*COLUMNS({0})"
SIZE = f"IFERROR({MANY},1)"
"""How many cells an argument has; an error that is typed has no rows."""


@record
class Read:
    """One argument of cells after reading, as names of steps.

    ``numbers`` are its numbers, ``""`` elsewhere (of a text input its cells); ``refusal`` and ``stop`` are 0
    or the error that stands for the column: what reading refuses, then error cells and nothing to count.
    """

    definition: InputDefinition
    numbers: str
    refusal: str
    stop: str

    @property
    def is_text(self) -> bool:
        """Whether it holds texts."""
        return self.definition.type == "text"


class Arguments:
    """The arguments of one metric's functions, read once each.

    ``compared`` are the inputs whose texts are compared, not only asked whether they are filled. Where
    several arguments are side by side (``upright``), a row of cells is turned into a column. ``inside``
    gives the cells of an argument in the rows that count; what the whole column is refused for does not
    depend on them.
    """

    def __init__(
        self,
        catalog: Catalog,
        steps: Steps,
        compared: set[str],
        *,
        upright: bool,
        inside: Callable[[str], str] = str,
    ) -> None:
        self.catalog, self.steps = catalog, steps
        self.compared, self.upright, self.inside = compared, upright, inside
        self._read: dict[str, Read] = {}

    def read(self, key: str) -> Read:
        """Return what is read of an input, or of a metric handed over."""
        if key not in self._read:
            definition = definition_of(self.catalog, key)
            read = self._texts if definition.type == "text" else self._numbers
            self._read[key] = read(key, definition)
        return self._read[key]

    def filled(self, key: str) -> str:
        """Return 1 for each cell that is filled, else 0."""
        argument = self.inside(key)
        definition = definition_of(self.catalog, key)
        if definition.type == "text" or of_answers(definition):
            numbers = definition.type == "number"
            return self._turned(FILLED, filled_cells(self.steps, argument, numbers=numbers))
        return self._turned(FILLED, f'IF({argument}="",0,1)')

    def cells(self, key: str) -> str:
        """Return the cells of an argument beside others, blanks as empty texts."""
        argument = self.inside(key)
        return self._turned("x", f'IF({argument}="","",{argument})') if self.upright else argument

    def _turned(self, kind: str, text: str) -> str:
        """Return the step of an array made from an argument, upright."""
        found = self.steps.let(kind, text)
        if not self.upright:
            return found
        return self.steps.let(kind, turned(found))

    def zero(self, key: str, numbers: str = "") -> str:
        """Return the numbers of an argument with 0 where there is none."""
        found = numbers or self.read(key).numbers
        return self.steps.let("z", f"IF(ISNUMBER({found}),{found},0)")

    def operand(self, key: str) -> str:
        """Return the cells of an input to calculate with: a logical among numbers is the text that it
        shows.
        """
        read, argument = self.read(key), self.inside(key)
        zero = self.zero(key)
        if read.definition.type == "flag":
            return zero
        shown = self._turned("l", f'IF(ISLOGICAL({argument}),{argument}&"","")')
        return self.steps.let("o", f'IF({shown}="",{zero},{shown})')

    def _texts(self, key: str, definition: InputDefinition) -> Read:
        trouble = text_trouble(self.steps, key, definition, compared=key in self.compared)
        refusal = self.steps.let("r", f"IF({trouble},#VALUE!,0)")
        stop = self.steps.let("e", f"{self._error(self.inside(key))}IF(SUM({self.filled(key)})=0,NA(),0)")
        return Read(definition, self.cells(key), refusal, stop)

    def _numbers(self, key: str, definition: InputDefinition) -> Read:
        whole = self._turned("n", _mask(key, definition))
        text = f'SUM(--ISTEXT(IF({key}="",0,{key})))>0'
        if of_answers(definition):
            # in a survey "n/a" is as good as a blank
            text = f'SUM({self.filled(key)})>SUM(IF(ISTEXT({key}),0,IF({key}="",0,1)))'
        wrong = self._refusals(key, whole, definition)
        nothing_read = [(f"COUNT({whole})=0", "0")] if wrong else []
        cases = [(text, "#VALUE!"), *nothing_read, *wrong]
        refusal = self.steps.let("r", first_of(cases, "0"))
        argument = self.inside(key)
        numbers = self._turned("n", _mask(argument, definition))
        nothing = "NA()" if definition.type == "flag" else f"IF(SUM(--ISLOGICAL({argument}))>0,#VALUE!,NA())"
        stop = self.steps.let("e", f"{self._error(argument)}IF(COUNT({numbers})=0,{nothing},0)")
        return Read(definition, numbers, refusal, stop)

    @staticmethod
    def _error(argument: str) -> str:
        """Return 0, or the first error cell of an argument, as a term to add to."""
        return f"SUM(IF(ISERROR({argument}),{argument},0))+"

    def _refusals(self, argument: str, x: str, definition: InputDefinition) -> list[tuple[str, str]]:
        if definition.type == "flag":
            return [(f"SUM(IF(ISNUMBER({x}),({x}<>0)*({x}<>1),0))>0", "#NUM!")]
        if definition.type == "date":
            return self._of_dates(argument, x)
        found: list[tuple[str, str]] = []
        scale = definition.scale
        if definition.unit == "percent":
            most = number_text(max(2.0, scale.high) if scale is not None and scale.high > 1 else 2.0)
            found.append((f"(MAX({x})>{most})+(MIN({x})<-{most})>0", "#NUM!"))
        if definition.unit == "count" and scale is None and not definition.finished:
            size = self.steps.let("a", f"MAX(MAX({x}),-MIN({x}))")
            found.append((f"({size}>0)*({size}<1)", "#NUM!"))
        if definition.sign == "loss":
            given = self.steps.let("g", f"IF(ISNUMBER({argument}),{argument},0)")
            found.append((f"(MIN({given})<0)*(MAX({given})>0)", "#NUM!"))
        if scale is None:
            return found
        low, high = number_text(scale.low), number_text(scale.high)
        off = f"(MIN({x})<{low})+(MAX({x})>{high})"
        if scale.whole:
            zero = self.steps.let("z", f"IF(ISNUMBER({x}),{x},0)")
            off += f"+SUM(--({zero}<>ROUND({zero},0)))"
            if scale.high == 10 and scale.low in (0, 1):
                # on 0..10 and 1..10 answers from 1 to 7 alone may be of a shorter scale
                off += f"+(MIN({x})>=1)*(MAX({x})<=7)"
            elif scale.high <= 7:
                off += f"+(COUNT({x})>={ENOUGH_ANSWERS})*(MAX({x})<{high})"
        found.append((f"{off}>0", "#NUM!"))
        return found

    def _of_dates(self, argument: str, x: str) -> list[tuple[str, str]]:
        low, high = f"MIN({x})", f"MAX({x})"
        typed = f"(SUM(--ISLOGICAL({argument}))=0)"
        # numbers that the core reads as years, weeks, months: 2024, 202403
        calendar = f"({low}>=1990)*({high}<=2100)+({low}>=190001)*({high}<=219953)"
        return [
            (f"{typed}*({low}>=0)*({high}<=366)", "#NUM!"),
            (f"{typed}*({calendar})", "#VALUE!"),
            (f"({low}<1)+({high}>={MAX_SERIAL + 1})>0", "#NUM!"),
        ]

    def setting(self, setting: Setting) -> tuple[str, str]:
        """Return the step of a setting's value, its default where it is left out, and 0 or why it cannot
        be.
        """
        argument, steps = setting.key, self.steps
        flag = setting.one_of == ("yes", "no")
        known = [f"TRIM({argument})={text_constant(word)}" for word in ("", *setting.one_of)]
        known += [f"ISLOGICAL({argument})"] if flag else []
        cases = [
            (f"ISOMITTED({argument})", "0"),
            (f"{MANY.format(argument)}>1", "#VALUE!"),
            (f"ISERROR({argument})", argument),
            (f"OR({','.join(known)})", "0"),
        ]
        trouble = steps.let("r", first_of(cases, "#VALUE!"))
        default = setting.default
        left_out = (
            "NA()" if default is None else str(default == "yes").upper() if flag else text_constant(default)
        )
        said = f"TRIM({argument})"
        if flag:
            said = f'IF(ISLOGICAL({argument}),{argument},TRIM({argument})="yes")'
        given = first_of([(f"ISOMITTED({argument})", left_out), (f'{argument}=""', left_out)], said)
        return steps.let("s", given), trouble

    def one_number(self, key: str) -> str:
        """Return 0, or why an argument that is one day cannot be used."""
        argument = key
        cases = [
            (f"{MANY.format(argument)}>1", "#VALUE!"),
            (f"ISNUMBER({argument})", "0"),
            (f"ISERROR({argument})", argument),
        ]
        return self.steps.let("r", first_of(cases, "#VALUE!"))


def turned(array: str) -> str:
    """Return an array, upright where it lies in one row."""
    return f"IF((ROWS({array})=1)*(COLUMNS({array})>1),TRANSPOSE({array}),{array})"


def of_answers(definition: InputDefinition) -> bool:
    """Return whether an input holds answers on a scale, among which texts for no answer are usual."""
    return definition.type == "number" and definition.scale is not None and definition.scale.whole


def _mask(argument: str, definition: InputDefinition) -> str:
    """Return the numbers of an argument as they are read, ``""`` for every other cell."""
    if definition.type == "flag":
        return f'IF(ISLOGICAL({argument}),IF({argument},1,0),IF(ISNUMBER({argument}),{argument},""))'
    scale = definition.scale
    if definition.sign == "loss" and scale is not None:
        raise CannotExpressError("losses on a scale")
    number = argument
    if definition.sign == "loss":
        number = f"ABS({argument})"
    elif scale is not None and scale.whole:
        number = f"IF(ABS({argument}-ROUND({argument},0))<1E-9,ROUND({argument},0),{argument})"
    return f'IF(ISNUMBER({argument}),{number},"")'
