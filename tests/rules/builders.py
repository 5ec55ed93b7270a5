"""Small catalogs for tests of the rules, written without YAML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metricsheet.catalog.definitions import (
    BandDefinition,
    Catalog,
    ConditionText,
    MetricDefinition,
    Recommendation,
    RuleDefinition,
    RuleTest,
    Setting,
    Target,
)
from metricsheet.formula.ast import Number
from metricsheet.formula.plan import Plan

PLAN = Plan("0", Number(0.0), Number(0.0), (), (), (), (), ())


def band(status: str, low: float | None, high: float | None, *, closed: str = "[)") -> BandDefinition:
    """A band from ``low`` to ``high``; ``closed`` is written as in mathematics: ``[)``, ``(]`` …"""
    return BandDefinition(
        status,  # type: ignore[arg-type]
        "",
        {"en": status},
        low,
        closed[0] == "[",
        high,
        closed[1] == "]",
    )


def metric(
    key: str, unit: str = "count", bands: Sequence[BandDefinition] = (), **more: Any
) -> MetricDefinition:
    target = more.pop("target", None)
    if target is not None:
        more["targets"] = (Target(target, str(target)),)
    return MetricDefinition(
        key=key,
        label={"en": key},
        stage=more.pop("stage", "expand"),
        kind="outcome",
        unit=unit,  # type: ignore[arg-type]
        better=more.pop("better", "higher"),
        formula="0",
        plan=PLAN,
        udf=key.upper(),
        bands=tuple(bands),
        **more,
    )


def flag(key: str, default: str | None = None) -> Setting:
    return Setting(key, {"en": key}, ("yes", "no"), default)


def choice(key: str, *words: str, default: str | None = None) -> Setting:
    return Setting(key, {"en": key}, words, default)


def lines(written: str | Sequence[Any]) -> tuple[ConditionText, ...]:
    """Condition lines as a rule file has them: a text, or a list of texts and ``{"any": […]}``."""
    if isinstance(written, str):
        return (ConditionText(written),)
    return tuple(
        ConditionText(any_of=lines(line["any"])) if isinstance(line, dict) else ConditionText(line)
        for line in written
    )


def rule(key: str, when: str | Sequence[Any], **more: Any) -> RuleDefinition:
    finding = more.pop("finding", f"{key} fired")
    recommend = tuple(
        advice if isinstance(advice, Recommendation) else Recommendation({"en": advice})
        for advice in more.pop("recommend", ())
    )
    tests = tuple(RuleTest(*test) for test in more.pop("tests", ()))
    return RuleDefinition(
        key=key,
        stage=more.pop("stage", "expand"),
        severity=more.pop("severity", "medium"),
        when=lines(when),
        finding={"en": finding} if isinstance(finding, str) else finding,
        unless=lines(more.pop("unless", ())),
        replaces=tuple(more.pop("replaces", ())),
        recommend=recommend,
        tests=tests,
        **more,
    )


def catalog(
    metrics: Sequence[MetricDefinition],
    rules: Sequence[RuleDefinition] = (),
    settings: Sequence[Setting] = (),
) -> Catalog:
    return Catalog(
        path="test",
        digest="test",
        inputs={},
        metrics={m.key: m for m in metrics},
        rules={r.key: r for r in rules},
        settings={s.key: s for s in settings},
    )


def clv_cac_bands() -> tuple[BandDefinition, ...]:
    """The bands of CLV:CAC as the pack has them: each says where it ends, the first that fits counts."""
    return (
        band("critical", None, 1, closed="(]"),
        band("warn", None, 3, closed="()"),
        band("ok", None, 5, closed="(]"),
        band("info", 5, None, closed="()"),
    )


def outcomes(found: Sequence[Any]) -> Mapping[str, str]:
    return {outcome.rule: outcome.outcome for outcome in found}
