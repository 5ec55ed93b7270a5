"""What customers are expected to bring: as lines for people, and one row for each customer."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from metricsheet.language.dates import Period
from metricsheet.language.message import Message
from metricsheet.language.numbers import Figure, NumberFormat, display_bare
from metricsheet.language.words import term
from metricsheet.report.formatter import ResultFormatter

if TYPE_CHECKING:
    from metricsheet.evaluation.lifetime import Lifetime, LifetimeFigure
    from metricsheet.report.scorecard import Scorecard

COLUMNS = (
    *("source", "customer", "frequency", "recency_weeks", "age_weeks", "probability_alive"),
    *("expected_purchases", "expected_value", "reason"),
)


def lifetime_rows(formatter: ResultFormatter, one: Lifetime) -> Iterator[tuple[str, str]]:
    """Yield label and text of each line of a forecast: what it assumes, its figures, how well it foretold."""
    language = formatter.language
    if one.why is not None:
        yield term("not_computed", language), formatter.say(one.why)
        return
    months = Figure(one.months, NumberFormat("months"))
    ahead = Message(f"looks_ahead.{one.kind}", months=months, day=Period(one.last_day))
    yield term("lifetime.horizon", language), formatter.say(ahead)
    for key, share in (("discount", one.rate or None), ("margin", one.margin)):
        form = NumberFormat("percent", language=language)
        without = term(f"lifetime.no_{key}", language)
        yield term(f"lifetime.{key}", language), without if share is None else form.value(share)
    lacking: dict[Message, list[str]] = {}
    for figure in one.figures:
        label = term(f"lifetime.{figure.name}", language)
        if figure.why is not None:
            lacking.setdefault(figure.why, []).append(label)
        else:
            yield label, figure_text(one, figure, language)
    for why, labels in lacking.items():
        yield term("not_computed", language), f"{formatter.say(why)} ({'; '.join(labels)})"
    if one.check is not None:
        yield term("lifetime.check", language), formatter.say(check_told(one))
    for name, parameters in one.models.items():
        shown = (
            f"{key} {display_bare(float(f'{value:.5g}'), language)}" for key, value in parameters.items()
        )
        yield name, ", ".join(shown)


def figure_text(one: Lifetime, figure: LifetimeFigure, language: str) -> str:
    """Return a figure in its unit with its interval."""
    form = NumberFormat(figure.unit, one.currency, language)
    interval = f" ({form.interval(*figure.interval)})" if figure.interval is not None else ""
    return form.value(figure.value) + interval


def check_told(one: Lifetime) -> Message | None:
    """Return how well the model foretold the last third of its own data, or why that is not known."""
    check = one.check
    if check is None or isinstance(check, Message):
        return check
    form = NumberFormat("count", decimals=0)
    return Message(
        f"foretold.{one.kind}",
        months=Figure(check.months, NumberFormat("months", decimals=1)),
        customers=Figure(check.customers, form),
        expected=Figure(check.expected, form),
        came=Figure(check.came, form),
        past=Figure(check.at_past_rate, form),
    )


def lifetime_table(scorecard: Scorecard) -> tuple[tuple[str, ...], list[tuple[object, ...]]]:
    """Return the columns, and a row for each customer; of a forecast without any, one that says why."""
    rows: list[tuple[object, ...]] = []
    for one in scorecard.lifetime:
        named = {figure.name: figure.why for figure in one.figures}
        why = named.get("purchases") or named.get("value") or named.get("new_value")
        if one.why is not None:
            rows.append((one.source, *[None] * (len(COLUMNS) - 2), str(one.why)))
        rows += [
            (
                *(one.source, c.customer, c.frequency, c.recency, c.age, c.alive, c.purchases, c.value),
                str(c.why or why) if c.why or why else None,
            )
            for c in one.rows
        ]
    return COLUMNS, rows
