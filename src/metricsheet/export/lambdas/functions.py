"""Every LAMBDA that definitions give: its name, its text, and the comment that Excel shows for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from metricsheet._version import __version__
from metricsheet.catalog.assembly.excel_rules import argument_name_problem
from metricsheet.catalog.assembly.excel_words import BUILT_IN, OWN_SUFFIXES
from metricsheet.catalog.definitions import STAGES, Catalog, MetricDefinition, in_language
from metricsheet.errors import UsageError, did_you_mean
from metricsheet.export.lambdas.bodies import functions_of
from metricsheet.export.lambdas.host_check import CHECK, check_lambda
from metricsheet.export.lambdas.steps import MOST_SIGNS, CannotExpressError, Lambda
from metricsheet.language.message import Message, say
from metricsheet.patterns import late
from metricsheet.records import record
from metricsheet.report.xlsx.package import DefinedName

PREFIX = "L."
"""Before the names of functions, so that they differ from those of the add-in, of xlwings Lite and of
Excel.
"""
_MOST_COMMENT, _MOST_NAME = 255, 255
_PREFIX = late(r"(?:[A-Za-z_][A-Za-z0-9_.]*)?")
_COMMENT = late(r"\(metricsheet ([\w.+-]+), ([0-9a-f]{8,64})\)$")
SUFFIXES = ("", *OWN_SUFFIXES)


@record
class Function:
    """One function of a metric; ``suffix`` is that of its name (``_FLAG``)."""

    name: str
    metric: MetricDefinition
    suffix: str
    body: Lambda
    comment: str

    @property
    def usage(self) -> str:
        """The function with its arguments, those that may be left out in brackets."""
        shown = [f"[{a}]" if a in self.body.optional else a for a in self.body.arguments]
        return f"{self.name}({', '.join(shown)})"

    @property
    def defined(self) -> DefinedName:
        """The function as a name of a workbook."""
        return DefinedName(self.name, self.body.stored, self.comment)


@record
class Exported:
    """The functions of some metrics, why the others have none, and the one that looks at known cells."""

    functions: tuple[Function, ...]
    left_out: tuple[tuple[MetricDefinition, Message], ...]
    check: DefinedName | None = None

    @property
    def names(self) -> tuple[DefinedName, ...]:
        """All of them as names of a workbook."""
        check = () if self.check is None else (self.check,)
        return (*(function.defined for function in self.functions), *check)

    def beside(self, there: Mapping[str, DefinedName]) -> Exported:
        """Return those that can be written beside the names ``there`` (by capitals) of a workbook.

        Left out are those whose name is the user's, and those that would call it.
        """
        ours = {name.name.upper() for name in self.names}
        theirs = {key for key in ours & there.keys() if made_from(there[key]) is None}

        def free(name: DefinedName) -> bool:
            return name.name.upper() not in theirs and not any(
                f"{one}(" in name.text.upper() for one in theirs
            )

        check = self.check if self.check is not None and free(self.check) else None
        return Exported(tuple(one for one in self.functions if free(one.defined)), self.left_out, check)


def export(catalog: Catalog, only: Iterable[str] = (), prefix: str = PREFIX) -> Exported:
    """Return the functions of all metrics, or of those and of the stages in ``only``.

    Raises ``UsageError`` for a metric that there is not, and for a prefix that makes no names.
    """
    functions: list[Function] = []
    left_out: list[tuple[MetricDefinition, Message]] = []
    for metric in _chosen(catalog, tuple(only)):
        try:
            bodies = functions_of(catalog, metric, prefix)
            longest = max(len(body.stored) for body in bodies.values())
            if longest > MOST_SIGNS:
                left_out.append((metric, Message("no_lambda.too_long", signs=longest, most=MOST_SIGNS)))
                continue
        except CannotExpressError as error:
            left_out.append((metric, Message("no_lambda.form", part=str(error))))
            continue
        for suffix, body in bodies.items():
            name = f"{prefix}{metric.udf}{suffix}"
            _check_name(name, prefix)
            functions.append(Function(name, metric, suffix, body, _comment(catalog, metric, suffix)))
    return Exported(tuple(functions), tuple(left_out), host_check(catalog, prefix))


def host_check(catalog: Catalog, prefix: str = PREFIX) -> DefinedName:
    """Return the function that looks at known cells."""
    name = f"{prefix}{CHECK}"
    _check_name(name, prefix)
    said = say(Message("lambda_check"), catalog.language)
    return DefinedName(name, check_lambda(catalog.language).stored, _signed(said, catalog))


def _chosen(catalog: Catalog, only: tuple[str, ...]) -> list[MetricDefinition]:
    for word in only:
        if word not in catalog.metrics and word not in STAGES:
            hint = did_you_mean(word, [*catalog.metrics, *STAGES])
            raise UsageError(Message("not_a.metric", name=word), hint)
    return [m for m in catalog.metrics.values() if not only or m.key in only or m.stage in only]


def _check_name(name: str, prefix: str) -> None:
    bare = name.replace(".", "")
    taken = name.upper() in BUILT_IN or ("." not in name and argument_name_problem(bare) is not None)
    if not _PREFIX.fullmatch(prefix) or taken or len(name) > _MOST_NAME:
        raise UsageError(
            Message("not_a_prefix", prefix=prefix, name=name), Message("prefix_like", prefix=PREFIX)
        )


def _comment(catalog: Catalog, metric: MetricDefinition, suffix: str) -> str:
    """Return what Excel shows while the name is typed: at most 255 signs, version and digest at the end."""
    language = catalog.language
    label = in_language(metric.label, language)
    question = in_language(metric.question, language) if metric.question is not None else ""
    return _signed(f"{'n: ' if suffix == '_N' else ''}{label}. {question}".strip(), catalog)


def _signed(said: str, catalog: Catalog) -> str:
    end = f" (metricsheet {__version__}, {catalog.digest})"
    room = _MOST_COMMENT - len(end.encode("utf-16-le")) // 2
    while len(said.encode("utf-16-le")) // 2 > room:
        said = said[:-2].rstrip() + "…"
    return f"{said}{end}"


def made_from(name: DefinedName) -> tuple[str, str] | None:
    """Return the version and the digest of the definitions that a name of ours was made from, else
    ``None``.
    """
    found = _COMMENT.search(name.comment)
    return (found[1], found[2]) if found and "LAMBDA(" in name.text.upper() else None
