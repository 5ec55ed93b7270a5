"""How each engine spells what engines spell differently; all other SQL of ours is the same text everywhere.

A form is a text with ``{x}`` for an expression (and names as its field says). What all forms give is exact.
"""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.records import record, replace

# whole multiples of 2^-20 add up exactly, and what remains of each number is too little to matter
_SUM = "((SUM({whole}) + SUM({fine} - {whole})) / 1048576E0)"
_FINE = "{x} * 1048576E0"


@record
class Dialect:
    """The spellings of an engine.

    ``double``, ``text`` and ``flag`` are types; ``quote`` stands around names, and a backslash ``escapes``
    in literals. ``filters`` says that ``FILTER (WHERE …)`` follows an aggregate. ``first`` and ``last`` are
    ``x`` at the least and greatest ``m``; ``different`` gives the different values as a list, ``counts`` how
    often each is there as a map, ``""`` where a second query counts them; ``about`` is the number of
    different values (``plain`` in the ``relation``), of some engines an estimate. ``fence`` ends a query
    that is to compute its columns once, not wherever they are named.

    ``micros`` are the microseconds of a moment since 1970, ``clock_micros`` of one without a time zone where
    these are others, ``days`` the days from 1899-12-30 to a date, ``date`` the date ``x`` days after it,
    ``part`` a part of a date. ``cells`` says of types what Python gets of their cells where that is not just
    these. ``same`` is equality in which blanks are equal, ``order`` numbers the rows as they lie,
    ``in_a_row`` from 1 on without gaps; ``lowers_ascii``: ``lower`` knows no other letters.
    """

    name: str
    double: str = "DOUBLE"
    text: str = "VARCHAR"
    flag: str = "BOOLEAN"
    quote: str = '"'
    escapes: bool = False
    like_escapes: bool = True
    number_form: str = "{x}"
    filters: bool = True
    count_if_form: str = "COUNT_IF({x})"
    sum_form: str = _SUM.format(fine=_FINE, whole=f"FLOOR({_FINE})")
    mean_form: str = ""
    first: str = "MIN_BY(x, m)"
    last: str = "MAX_BY(x, m)"
    different: str = "COLLECT_SET({x})"
    counts: str = ""
    about: str = "APPROX_COUNT_DISTINCT({x})"
    fence: str = ""
    not_a_number: str = "ISNAN({x})"
    infinite: str = "ISINF({x})"
    micros: str = "UNIX_MICROS({x})"
    clock_micros: str = ""
    days: str = "({x} - DATE '1899-12-30')"
    date: str = "(DATE '1899-12-30' + {x})"
    part: str = "EXTRACT({part} FROM {x})"
    cells: Mapping[str, str] = {}
    same: str = "{a} IS NOT DISTINCT FROM {b}"
    order: str = "row_number() OVER ()"
    in_a_row: bool = True
    floor: str = "FLOOR({x})"
    size: str = "OCTET_LENGTH({x})"
    trim: str = "TRIM({x}, {signs})"
    lower: str = "LOWER({x})"
    lowers_ascii: bool = False

    def quoted(self, name: str) -> str:
        """Return a name as SQL."""
        return f"{self.quote}{name.replace(self.quote, 2 * self.quote)}{self.quote}"

    def literal(self, text: str) -> str:
        """Return a text as SQL."""
        if not self.escapes:
            return "'" + text.replace("'", "''") + "'"
        signs = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
        return "'" + "".join(signs.get(sign, sign) for sign in text) + "'"

    def number(self, number: float) -> str:
        """Return a number as SQL that is read as a double."""
        digits = repr(float(number))
        text = self.number_form.format(x=digits if "e" in digits else f"{digits}E0")
        return f"({text})" if number < 0 else text

    def type(self, kind: str) -> str:
        """Return the type for values of a kind: texts, flags, else numbers."""
        return {"text": self.text, "flag": self.flag}.get(kind, self.double)

    def over(self, form: str, x: str, where: str = "") -> str:
        """Return an aggregate of ``x`` over the rows that meet a condition."""
        if where and (not self.filters or form.count("{x}") > 1):
            return form.format(x=f"CASE WHEN {where} THEN {x} END")
        return form.format(x=x) + (f" FILTER (WHERE {where})" if where else "")

    def count(self, x: str, where: str = "", *, distinct: bool = False) -> str:
        """Return how many values there are, ``distinct``: how many different ones."""
        return self.over("COUNT(DISTINCT {x})" if distinct else "COUNT({x})", x, where)

    def count_if(self, condition: str, where: str = "") -> str:
        """Return in how many rows a condition holds."""
        return self.over(self.count_if_form, condition, where)

    def sum(self, x: str, where: str = "") -> str:
        """Return the sum."""
        return self.over(self.sum_form, x, where)

    def mean(self, x: str, where: str = "") -> str:
        """Return the mean."""
        if self.mean_form:
            return self.over(self.mean_form, x, where)
        return f"({self.sum(x, where)} / NULLIF({self.count(x, where)}, 0))"


DUCKDB = Dialect(
    "duckdb",
    sum_form="FSUM({x})",
    mean_form="FAVG({x})",
    first="ARG_MIN(x, m)",
    last="ARG_MAX(x, m)",
    different="LIST(DISTINCT {x})",
    counts="HISTOGRAM({x})",
    micros="EPOCH_US({x})",
    cells={"TIMESTAMP WITH TIME ZONE": "MAKE_TIMESTAMP(EPOCH_US({x}))"},
    size="STRLEN({x})",
)
# an infinite date is as far away as none of ours, and refused as such
_ENDLESS = "WHEN {{x}} > '2000-01-01' THEN {days} WHEN {{x}} < '2000-01-01' THEN -{days} END)"
POSTGRESQL = Dialect(
    "postgresql",
    double="DOUBLE PRECISION",
    number_form="{x}::FLOAT8",
    count_if_form="COUNT(CASE WHEN {x} THEN 1 END)",
    first="(ARRAY_AGG(x ORDER BY m))[1]",
    last="(ARRAY_AGG(x ORDER BY m DESC))[1]",
    different="ARRAY_AGG(DISTINCT {x})",
    # far faster than COUNT(DISTINCT …), which sorts
    about="(SELECT COUNT(*) FROM (SELECT DISTINCT {plain} FROM {relation} AS r) AS q)",
    fence=" OFFSET 0",
    not_a_number="({x} = 'NaN')",
    infinite="({x} IN ('Infinity', '-Infinity'))",
    micros="(CASE WHEN ISFINITE({x}) THEN CAST(EXTRACT(EPOCH FROM {x}) * 1000000 AS BIGINT) "
    + _ENDLESS.format(days=9_999_999 * 86_400_000_000),
    days="(CASE WHEN ISFINITE({x}) THEN {x} - DATE '1899-12-30' " + _ENDLESS.format(days=9_999_999),
    part="CAST(EXTRACT({part} FROM {x}) AS INTEGER)",
    cells={
        "DATE": "CASE WHEN {x} BETWEEN '0001-01-01' AND '9999-12-31' THEN {x} END",
        "TIMESTAMP": "CASE WHEN {x} BETWEEN '0001-01-01' AND '9999-12-31' THEN {x} END",
        "TIMESTAMP WITH TIME ZONE": "CASE WHEN {x} BETWEEN '0001-01-02' AND '9999-12-31' "
        "THEN {x} AT TIME ZONE 'UTC' END",
        "DOUBLE": "CAST({x} AS DOUBLE PRECISION)",
        "VARCHAR": "CAST({x} AS VARCHAR)",
    },
    # "IS NOT DISTINCT FROM" cannot be looked up by a hash
    same="(COALESCE(CAST({a} AS TEXT), '') = COALESCE(CAST({b} AS TEXT), '') "
    "AND ({a} IS NULL) = ({b} IS NULL))",
    trim="BTRIM({x}, {signs})",
    lower='LOWER({x} COLLATE "C")',
    lowers_ascii=True,
)
SPARK = Dialect(
    "spark",
    text="STRING",
    quote="`",
    escapes=True,
    sum_form=_SUM.format(fine=_FINE, whole=f"({_FINE} - {_FINE} % 1)"),  # FLOOR gives a whole number there
    different="",  # COLLECT_SET beside COUNT(DISTINCT) sorts all rows
    infinite="({x} IN (DOUBLE('Infinity'), DOUBLE('-Infinity')))",
    days="DATEDIFF({x}, DATE '1899-12-30')",
    date="DATE_ADD(DATE '1899-12-30', {x})",
    clock_micros="CAST(CAST({x} - TIMESTAMP_NTZ '1970-01-01' AS DECIMAL(20, 6)) * 1000000 AS BIGINT)",
    cells={
        "DATE": "CASE WHEN {x} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {x} END",
        "TIMESTAMP": "CASE WHEN DATE({x}) BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {x} END",
        # what a session shows is the clock of its own time zone
        "TIMESTAMP WITH TIME ZONE": "CASE WHEN UNIX_MICROS({x}) BETWEEN -62135596800000000 "
        "AND 253402300799999999 THEN TIMESTAMP_NTZ '1970-01-01' "
        "+ MAKE_DT_INTERVAL(0, 0, 0, CAST(UNIX_MICROS({x}) AS DECIMAL(18, 0)) / 1000000) END",
        "STRUCT": "CAST({x} AS STRING)",
        "VARCHAR": "CAST({x} AS STRING)",
    },
    order="MONOTONICALLY_INCREASING_ID()",
    in_a_row=False,
    floor="(CASE WHEN ABS({x}) < 9E15 THEN DOUBLE(FLOOR({x})) ELSE {x} END)",  # it gives a BIGINT
    trim="BTRIM({x}, {signs})",
)
SNOWFLAKE = Dialect(
    "snowflake",
    escapes=True,
    filters=False,
    different="ARRAY_UNIQUE_AGG({x})",
    not_a_number="({x} = 'NaN'::FLOAT)",
    infinite="({x} IN ('inf'::FLOAT, '-inf'::FLOAT))",
    micros="DATE_PART(EPOCH_MICROSECOND, {x})",
    days="DATEDIFF(DAY, DATE '1899-12-30', {x})",
    date="DATEADD(DAY, {x}, DATE '1899-12-30')",
    cells={"TIMESTAMP WITH TIME ZONE": "CONVERT_TIMEZONE('UTC', {x})"},
    order="row_number() OVER (ORDER BY NULL)",
)
BIGQUERY = Dialect(
    "bigquery",
    double="FLOAT64",
    text="STRING",
    flag="BOOL",
    quote="`",
    escapes=True,
    like_escapes=False,
    filters=False,
    count_if_form="COUNTIF({x})",
    different="ARRAY_AGG(DISTINCT {x} IGNORE NULLS)",
    not_a_number="IS_NAN({x})",
    infinite="IS_INF({x})",
    micros="UNIX_MICROS(TIMESTAMP({x}))",
    days="DATE_DIFF({x}, DATE '1899-12-30', DAY)",
    date="DATE_ADD(DATE '1899-12-30', INTERVAL {x} DAY)",
    cells={"TIMESTAMP WITH TIME ZONE": "DATETIME({x})"},
)
DATABRICKS = replace(SPARK, name="databricks")
DIALECTS = {one.name: one for one in (DUCKDB, POSTGRESQL, SPARK, SNOWFLAKE, BIGQUERY, DATABRICKS)}
