"""Units that headers name."""

from __future__ import annotations

import pytest

from metricsheet.reading.header_units import header_multiplier, is_percent_header


@pytest.mark.parametrize(
    "header", ["Open rate %", "Marge (%)", "粗利率（％）", "Churn pct", "Marge in Prozent"]
)
def test_percent_headers(header: str) -> None:
    assert is_percent_header(header)


@pytest.mark.parametrize("header", ["", "Open rate", "Percentile", "Customers"])
def test_other_headers(header: str) -> None:
    assert not is_percent_header(header)


@pytest.mark.parametrize(
    ("header", "multiplier"),
    [
        ("Umsatz (TEUR)", 1e3),
        ("Umsatz in Tsd. €", 1e3),
        ("Umsatz in Mio. €", 1e6),
        ("Revenue ($k)", 1e3),
        ("Revenue (k€)", 1e3),
        ("Revenue (EUR k)", 1e3),
        ("Revenue (EURm)", 1e6),
        ("Revenue ($ mn)", 1e6),
        ("Revenue ($000)", 1e3),
        ("Revenue (in thousands)", 1e3),
        ("Revenue ($M)", 1e6),
        ("Revenue [EUR million]", 1e6),
        ("売上(千円)", 1e3),
        ("売上（百万円）", 1e6),
        ("売上 万円", 1e4),
        ("売上(億円)", 1e8),
        ("Gelir (bin TL)", 1e3),
        ("Gelir (milyon TL)", 1e6),
        ("Ricavi (migliaia di €)", 1e3),
        ("Ricavi (mln €)", 1e6),
        ("Revenue", 1.0),
        ("Revenue (€)", 1.0),
        ("Revenue (EUR)", 1.0),
        ("Umsatz in EUR", 1.0),
        ("Million-dollar accounts", 1.0),
        ("Marketing cost", 1.0),
        ("Kosten", 1.0),
        ("", 1.0),
    ],
)
def test_multipliers(header: str, multiplier: float) -> None:
    assert header_multiplier(header) == multiplier
