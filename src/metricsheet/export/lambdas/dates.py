"""The dates of the rows in a LAMBDA, with the meaning they have for a table: newest rows, totals over time,
spans.

Dates are serial numbers, years (2024) or months (202403) here; anything else beside them is ``#VALUE!``, and
so are rows without a date that may be totals of the others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from metricsheet.catalog.definitions import DATE, Catalog, MetricDefinition
from metricsheet.evaluation.prepare import definition_of
from metricsheet.export.lambdas.arguments import SIZE, turned
from metricsheet.export.lambdas.steps import HELPER, LOCAL, Steps, first_of
from metricsheet.records import record

_FIRST_DAY = 367
"""Smaller numbers are days without a year."""
_YEARS, _MONTHS = (1990, 2100), (190001, 219912)
"""Between these, dates are numbers of years or months: 2024, 202403."""


Filled: TypeAlias = Mapping[str, str]
"""Arguments, and the steps that hold 1 for each of their cells that is filled, else 0."""


@record
class Dates:
    """The steps of the argument ``date`` of one metric's functions, beside the cells of ``keys``."""

    catalog: Catalog
    metric: MetricDefinition
    steps: Steps
    keys: tuple[str, ...]

    # ---- the dates themselves ----

    @property
    def given(self) -> str:
        """1 where dates are given, 0 where the argument is left out or one blank cell."""
        filled = f'IF({self._one}=1,SUM(IF(ISERROR({DATE}),1,IF({DATE}="",0,1))),1)'
        return self.steps.let("d", f"IF(ISOMITTED({DATE}),0,{filled})")

    @property
    def _one(self) -> str:
        """How many dates there are; one is that of all rows."""
        return self._size(DATE)

    def _size(self, argument: str) -> str:
        return self.steps.let("k", SIZE.format(argument))

    @property
    def trouble(self) -> str:
        """0, or the error of dates that cannot be read here."""
        odd = f'SUM(IF(ISNUMBER({DATE}),0,IF(ISERROR({DATE}),1,IF({DATE}="",0,1))))'
        serial = self._serial
        far = f"(MIN({serial})<{_FIRST_DAY})+(MAX({serial})>={_MONTHS[0]})"
        blank = f"IF(COUNT({DATE})<{self._one},IFERROR({self._perhaps_totals},1),0)"
        wrong = "TRUE" if self._not_supported else f"{odd}+{far}+{self._apart}+{blank}>0"
        return self.steps.let("r", f"IF({self.given},IF({wrong},#VALUE!,0),0)")

    @property
    def _perhaps_totals(self) -> str:
        """How many rows without a date may be totals of the others, which is for the core to see.

        Such a row is the sum of the others in all its numbers, or in two of them. Beside words, which may
        name groups, every such row may be one.
        """
        scores = []
        for key in self.keys:
            x = self.steps.let("y", f"IF(ISNUMBER({key}),{key},0)")
            apart = f'ABS({x}-SUM(({DATE}<>"")*{x}))'
            slack = f"IF({x}=INT({x}),0,IF({x}*10=INT({x}*10),0.06,0.006))+1E-8*SUM(ABS({x}))"
            score = f'({DATE}="")*ISNUMBER({key})*IF({apart}<={slack},--({x}<>0),100)'
            scores.append(self.steps.let("y", f"IF({self._beside(key)},{score},0)"))
        score = self.steps.let("y", "+".join(scores))
        count = f"(COUNT({DATE})>1)*SUM(--(MOD({score},100)>=1+({score}>=100)))"
        texts = [key for key in self.keys if definition_of(self.catalog, key).type == "text"]
        if not texts:
            return count
        words = "+".join(f"SUM(--ISTEXT({key}))" for key in texts)
        filled = "+".join(f'SUM(({DATE}="")*({key}<>""))' for key in self.keys)
        return f"IF({words}>0,{filled},{count})"

    @property
    def _years(self) -> str:
        """Whether the dates are numbers of years: 2024."""
        low, high = _YEARS
        return self.steps.let("d", f"(MIN({DATE})>={low})*(MAX({DATE})<={high})*{self._whole}")

    @property
    def _whole(self) -> str:
        return self.steps.let("d", f"SUM(IF(ISNUMBER({DATE}),MOD({DATE},1),0))=0")

    @property
    def _serial(self) -> str:
        """The dates as serial numbers: 2024 is its first day, and so is 202403."""
        low, high = _MONTHS
        outside = f"SUM(IF(ISNUMBER({DATE}),--(ABS(MOD({DATE},100)-6.5)>6),0))"
        months = f"(MIN({DATE})>={low})*(MAX({DATE})<={high})*{self._whole}*({outside}=0)"
        first_days = f"DATE({DATE},1,1)", f"DATE(INT({DATE}/100),MOD({DATE},100),1)"
        found = f"IF({self._years},{first_days[0]},IF({months},{first_days[1]},{DATE}))"
        return self.steps.let("d", f'IF({self.given},IF(ISNUMBER({DATE}),{found},""),0)')

    @property
    def _not_supported(self) -> bool:
        """Whether the core would ask more of the rows than is written here."""
        metric, inputs = self.metric, self.catalog.inputs
        answers = any((scale := inputs[key].scale) is not None and scale.whole for key in metric.plan.inputs)
        repeated = metric.one_row_per is not None and metric.one_row_per in metric.plan.inputs
        return repeated or (answers and metric.rows != "period") or any(map(self._preferred, metric.prefer))

    def _preferred(self, key: str) -> bool:
        """Return whether another form of the metric can be computed from the same arguments."""
        other, waiting, needed = self.catalog.metrics[key], [key], set()
        while waiting:
            plan = self.catalog.metrics[waiting.pop()].plan
            needed |= {*plan.inputs}
            waiting += plan.metrics
        settings = self.catalog.settings
        asks = any(name in settings and settings[name].default is None for name in other.plan.parameters)
        return not asks and needed <= {*self.catalog.arguments_of(self.metric)}

    @property
    def _day(self) -> str:
        return self.steps.let("u", f'IF(ISNUMBER({self._serial}),INT({self._serial}),"")')

    @property
    def _month(self) -> str:
        day = self._day
        return self.steps.let("u", f'IF(ISNUMBER({day}),YEAR({day})*12+MONTH({day})-1,"")')

    def _different(self, array: str) -> str:
        return self.steps.let("u", f'SUM(--(UNIQUE(TOCOL({array}))<>""))')

    @property
    def _grain(self) -> str:
        """What one row is about: 12, 3 or 1 months, -7 for a week, -1 for a day."""
        day, month = self._day, self._month
        days, months = self._different(day), self._different(month)

        def all_zero(number: str) -> str:
            return f'(SUM(IF({day}="",0,{number}))=0)'

        weekly = all_zero(f"MOD({day}-MIN({day}),7)")
        first = self.steps.let("u", all_zero(f"DAY({day})-1"))
        last = self.steps.let("u", all_zero(f"DAY({day}+1)-1"))

        length = LOCAL[0]
        spaced = all_zero(f"MOD({month}-MIN({month}),{length})")
        edge = f"(MOD(MIN({month}),{length})=IF({first},0,{length}-1))+({days}>2)>0"
        follow = f"({days}>1)*{spaced}*({first}+{last}>0)*({edge})"
        function = self.steps.let(HELPER, f"LAMBDA({length},{follow})")
        cases = [
            (self._years, "12"),
            (f"{days}>{months}", f"IF({weekly},-7,-1)"),
            (f"{function}(12)", "12"),
            (f"{function}(3)", "3"),
        ]
        return self.steps.let("g", first_of(cases, "1"))

    # ---- rows ----

    def inside(self, argument: str, of: MetricDefinition | None = None) -> str:
        """Return the cells of an argument in the rows that count: all, those of the newest date, of a
        year; of a metric that is handed over those that it asks for itself, or those of another one.
        """
        rows = (of or self.catalog.metrics.get(argument, self.metric)).rows
        if rows == "newest":
            keep = f"IF(ISNUMBER({self._serial}),--({self._serial}=MAX({self._serial})),0)"
        elif rows == "year":
            month, grain = self._month, self._grain
            newest = f"IF({grain}<0,MAX({month}),INT(MAX({month})/{grain})*{grain}+{grain}-1)"
            keep = f'IF({month}="",0,--({month}>{newest}-12))'
        else:
            return argument
        kept = self.steps.let("d", f"IF({self.given},{keep},1)")
        cells = f'IF({kept},IF({argument}="","",{argument}),"")'
        return self.steps.let(
            "i", f"IF({self.given},IF({self._beside(argument)},{cells},{argument}),{argument})"
        )

    def _beside(self, argument: str) -> str:
        """Return whether an argument stands beside the dates: one date stands beside all rows."""
        same = f"IFERROR((ROWS({DATE})=ROWS({argument}))*(COLUMNS({DATE})=COLUMNS({argument})),0)"
        return self.steps.let("k", f"IF({self.given},IF({self._one}=1,1,{same}),0)")

    @property
    def _apart(self) -> str:
        """How many arguments are neither one cell nor as long as the dates (beside one: as the longest)."""
        sizes = {key: self._size(key) for key in self.keys}
        most = self.steps.let("k", f"MAX({','.join(sizes.values())})")
        return "+".join(
            self.steps.let("k", f"({size}<>1)*IF({self._one}=1,{size}<>{most},1-{self._beside(key)})")
            for key, size in sizes.items()
        )

    @property
    def upright(self) -> str:
        """The dates as numbers, in one column where they are in a row; one 0 where there are none."""
        return self._turned(self._serial)

    def _turned(self, array: str) -> str:
        return self.steps.let("d", turned(array))

    # ---- totals ----

    def total(self, how: str, numbers: str, zero: str) -> str:
        """Return the total over time of several rows: of the first or last day, or the mean over days."""
        days = self.steps.let("d", f'IF(ISNUMBER({numbers}),{self.upright},"")')
        if how == "mean":
            found = f'SUM(IF({days}="",0,{zero}))/{self._different(days)}'
        else:
            day = f"{'MIN' if how == 'first' else 'MAX'}({days})"
            found = f"SUM(IF({days}={day},{zero},0))"
        dated = f"IF({self.given},IF(COUNT({days})=0,#VALUE!,{found}),#VALUE!)"
        return self.steps.let("m", f"IF(COUNT({numbers})<2,SUM({zero}),{dated})")

    def several_on_a_day(self, numbers: str) -> str:
        """Return whether several numbers of a column are on one date, or without any dates."""
        days = f'IF(ISNUMBER({numbers}),IF(ISNUMBER({self.upright}),{self.upright},"-"),"")'
        return f"COUNT({numbers})>IF({self.given},{self._different(self.steps.let('d', days))},1)"

    def on_one_day(self, columns: Sequence[str]) -> str:
        """Return whether all rows that have a number in some of ``columns`` are of one date."""
        some = "+".join(f"ISNUMBER({column})" for column in columns)
        days = self.steps.let("d", f'IF({some}>0,IF(ISNUMBER({self.upright}),{self.upright},-1),"")')
        return self.steps.let("d", f"IF({self.given},(MIN({days})=MAX({days}))*(MIN({days})>0),0)")

    # ---- spans ----

    @property
    def of_row(self) -> str:
        """The period of each row as a number, ``""`` for rows without a date."""
        day, month, grain = self._day, self._month, self._grain
        return self.steps.let("u", f'IF({day}="","",IF({grain}<0,{day},INT({month}/{grain})))')

    def periods(self, filled: Filled) -> str:
        """Return the period of each row in which some of ``filled`` (1 and 0) is 1, ``""`` elsewhere."""
        return self.steps.let("q", f'IF({self._some(filled)},{self._turned(self.of_row)},"")')

    def several(self, filled: Filled) -> str:
        """Return whether the rows are of several periods."""
        return f"({self._different(self.periods(filled))}>1)"

    def in_period(self, argument: str, period: str) -> str:
        """Return the cells of an argument in the rows of one period; what stands beside no dates stays."""
        x, beside, wanted, *_ = LOCAL
        cells = f'IF({beside},IF({self.of_row}={wanted},IF({x}="","",{x}),""),{x})'
        function = self.steps.let(HELPER, f"LAMBDA({x},{beside},{wanted},{cells})")
        return f"{function}({argument},{1 if argument == DATE else self._beside(argument)},{period})"

    def _some(self, filled: Filled) -> str:
        """Return 1 for the rows in which some of ``filled`` is 1; an argument of one cell is outside."""
        sizes = [self._size(key) for key in filled]
        rows = self.steps.let("k", f"IF({self._one}=1,MAX({','.join(sizes)}),{self._one})")
        sized = "+".join(
            f"IF({size}={rows},{one},0)" for size, one in zip(sizes, filled.values(), strict=True)
        )
        return self.steps.let("f", f"--({sized}>0)")

    def one_period(self, filled: Filled, chained: str) -> str:
        """Return 0, or the error of a metric of one period over rows of several, or over rows without
        date. Where ``chained`` is 1, several are multiplied, if none is missing between them.
        """
        periods = self.periods(filled)
        count = self._different(periods)
        undated = f'SUM({self._some(filled)}*({self._turned(self._day)}=""))'
        wrong = f"({count}>1)"
        if chained:
            gap = f"((MAX({periods})-MIN({periods}))/IF({self._grain}=-7,7,1)<>{count}-1)"
            wrong = f"IF({wrong},IF({chained},--{gap},1),0)"
        return self.steps.let("r", f"IF({self.given},IF(({undated}>0)+{wrong}>0,#VALUE!,0),0)")

    def one_year(self, filled: Filled) -> str:
        """Return 0, or the error of a figure of one year over rows that cover less than twelve months."""
        periods, grain = self.periods(filled), self._grain
        months = self.steps.let("u", f'IF({self._some(filled)},{self._turned(self._month)},"")')
        covered = f"IF({grain}<0,{self._different(months)},{grain}*{self._different(periods)})"
        short = f"({self._different(periods)}>0)*({covered}<12)"
        return self.steps.let("r", f"IF({self.given},IF({short},#VALUE!,0),0)")

    def parameter(self, name: str, filled: Filled) -> str:
        """Return what ``row_periods``, ``row_months`` or ``days_covered`` is for the rows that count."""
        periods, grain = self.periods(filled), self._grain
        count = self._different(periods)
        if name == "row_periods":
            return self.steps.let("q", f"IF({self.given},MAX(1,{count}),1)")
        if name == "row_months":
            found = f"IF({grain}<0,NA(),{grain})"
        else:
            starts = self.steps.let("q", f"UNIQUE(TOCOL({periods}))")
            first = f"{starts}*{grain}"

            def begins(after: str) -> str:
                return f"DATE(INT({first}/12),MOD({first},12)+1{after},1)"

            days = f'SUM(IF({starts}="",0,{begins(f"+{grain}")}-{begins("")}))'
            found = f"IF({grain}<0,-{grain}*{count},{days})"
        return self.steps.let("q", f"IF({self.given},IF({count}=0,NA(),{found}),NA())")
