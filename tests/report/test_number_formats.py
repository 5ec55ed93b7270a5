"""Excel number formats: what a spreadsheet shows for them is what the text report shows."""

from __future__ import annotations

import pytest

from metricsheet.catalog.definitions import UNITS
from metricsheet.language import LANGUAGES
from metricsheet.language.numbers import NumberFormat
from metricsheet.report.xlsx.rows import number_format, signed_number_format
from tests.quick_formulon import formulon
from tests.stages import in_deep

NUMBERS = (0, 1, 2.5, -2.5, 0.285, 0.125, 1234.5, 999.995, 0.0003, -0.04, 1e6, -123456.789)


def in_a_spreadsheet(number: float, code: str) -> str:
    """Return what Excel's TEXT makes of a number, computed by a spreadsheet engine that is not ours."""
    escaped = code.replace('"', '""')
    return formulon.eval_formula(f'=TEXT({number!r},"{escaped}")').text


@in_deep
@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("decimals", [0, 1, 2])
def test_a_spreadsheet_shows_what_the_text_report_shows(unit, decimals):
    code = number_format(unit, decimals=decimals)
    for number in NUMBERS:
        shown = NumberFormat(unit, decimals=decimals).value(number)
        if number == 1 and unit in ("days", "months"):
            shown = f"1 {unit[:-1]}"
        assert in_a_spreadsheet(number, code) == shown


@pytest.mark.parametrize(
    ("unit", "currency", "language", "code"),
    [
        ("percent", "USD", "en", "#,##0.0%"),
        ("percent", "USD", "tr", "%#,##0.0"),
        ("percent", "USD", "de", "#,##0.0\u00a0%"),
        ("ratio", "USD", "ja", '#,##0.0":1"'),
        ("money", "EUR", "en", '"€"#,##0.0'),
        ("money", "EUR", "de", '#,##0.0\u00a0"€"'),
        ("money", "CHF", "en", '"CHF"\u00a0#,##0.0'),
        ("money", '";[Red]', "en", '"Red"\u00a0#,##0.0'),
        ("money", "", "en", "#,##0.0"),
        ("days", "USD", "it", '[=1]0" giorno";#,##0.0" giorni"'),
        ("months", "USD", "ja", '#,##0.0"か月"'),
        ("points", "USD", "en", "#,##0.0"),
    ],
)
def test_codes(unit, currency, language, code):
    assert number_format(unit, currency=currency, language=language, decimals=1) == code


@in_deep
@pytest.mark.parametrize(
    ("number", "unit", "arrow", "shown"),
    [
        (1.2, "percent", "", "+1.2\u00a0pp"),
        (-0.3, "ratio", "", "-0.3"),
        (120, "money", "↑", "↑ +$120.0"),
        (-120, "money", "↓", "↓ -$120.0"),
        (0, "points", "→", "→ 0.0"),
        (-3, "days", "", "-3.0"),
    ],
)
def test_differences_carry_their_sign(number, unit, arrow, shown):
    assert in_a_spreadsheet(number, signed_number_format(unit, decimals=1, arrow=arrow)) == shown


@in_deep
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", UNITS)
def test_every_code_is_one_a_spreadsheet_takes(unit, language):
    for code in (
        number_format(unit, language=language, decimals=2),
        signed_number_format(unit, language=language, decimals=2),
    ):
        assert "12" in in_a_spreadsheet(12, code).replace(",", "")
