"""What reports show can be read back: money in every currency, percents, periods, in every language."""

from __future__ import annotations

import datetime as dt

import pytest

from metricsheet.catalog.assembly.amounts import Unreadable, read_amount
from metricsheet.language import LANGUAGES
from metricsheet.language.currencies import CURRENCIES, SHARED, SIGNS
from metricsheet.language.dates import display_date, display_period
from metricsheet.language.numbers import NumberFormat
from metricsheet.language.styles import style_of
from metricsheet.language.words import words_of
from metricsheet.reading.date_text import named_period, parse_date, read_dates
from metricsheet.reading.money import shown_currency
from metricsheet.reading.numerals import read_numbers
from metricsheet.reading.numerals_text import parse_numeral
from metricsheet.tables.cell_kinds import kind_of, lacks_year, period_kind
from metricsheet.values.dates import to_serial

AMOUNTS = (1_234_567, 4_321, 980, 300, 7, -300, -4_321)


def test_twenty_currencies_have_a_sign() -> None:
    assert len(SIGNS) == 20
    assert len(set(SIGNS.values())) == 20


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("currency", CURRENCIES)
def test_money_is_read_back(currency: str, language: str) -> None:
    form = NumberFormat("money", currency, language)
    shown = {form.value(amount): float(amount) for amount in AMOUNTS}
    for text, amount in shown.items():
        numeral = parse_numeral(text)
        assert numeral is not None, text
        assert shown_currency([numeral.currency]) == (currency,), text
        assert numeral.value(style_of(language).decimal) == amount, text
        assert kind_of(text) == "number"
    column = read_numbers(shown, decimal_mark=style_of(language).decimal)
    assert column.refusal is None
    assert column.numbers == shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_amounts_with_the_name_of_their_currency_are_read(language: str) -> None:
    for currency, names in words_of(language).CLDR["currencies"].items():
        for name in names.split(" | "):
            for text in (f"12 {name.upper()}", f"{name.title()} 12"):
                numeral = parse_numeral(text)
                assert numeral is not None, text
                assert (numeral.currency, numeral.with_point) == (currency, 12.0)
                assert kind_of(text) == "number"
    assert parse_numeral("12 livres sterling et plus") is None


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("currency", CURRENCIES)
def test_money_is_read_back_by_definitions(currency: str, language: str) -> None:
    shown = NumberFormat("money", currency, language).target(300.0)
    assert read_amount(shown, "money", currency) == 300.0
    others = {"USD", "EUR", "TRY"} - {currency} - set(SHARED.get(SIGNS.get(currency, ""), ()))
    for other in others:
        refused = read_amount(shown, "money", other)
        assert isinstance(refused, Unreadable), (shown, other)
        assert refused.message.code == "other_currency"


WRITTEN = [
    # in a cell: what it is; in definitions: the currencies that may write it so
    ("$300", "$", ("USD", "CAD", "AUD", "MXN")),
    ("¥300", "¥", ("JPY", "CNY")),
    ("￥300", "¥", ("JPY", "CNY")),
    ("300円", "JPY", ("JPY",)),
    ("C$300", "CAD", ("CAD",)),
    ("CA$300", "CAD", ("CAD",)),
    ("A$300", "AUD", ("AUD",)),
    ("CN¥300", "CNY", ("CNY",)),
    ("₴300", "UAH", ("UAH",)),
    ("300 zł", "PLN", ("PLN",)),
    ("300 Kč", "CZK", ("CZK",)),
    ("300 TL", "TRY", ("TRY",)),
    ("300 SEK", "SEK", ("SEK",)),
    # ambiguous without a currency that is known
    ("300 kr", "kr", ("SEK", "NOK", "DKK", "ISK")),
    ("Rs. 300", "rs", ("INR", "PKR", "LKR", "NPR", "MUR")),
    ("300 ft", None, ("HUF",)),
    # no currency here
    ("Z$300", None, ()),
    ("300 xx", None, ()),
    ("B$300", None, ()),
]


@pytest.mark.parametrize(("text", "in_a_cell", "in_definitions"), WRITTEN)
def test_what_a_form_of_a_currency_means(
    text: str, in_a_cell: str | None, in_definitions: tuple[str, ...]
) -> None:
    numeral = parse_numeral(text)
    assert (numeral.currency if numeral is not None else None) == in_a_cell
    for currency in CURRENCIES:
        read = read_amount(text, "money", currency)
        if currency in in_definitions:
            assert read == 300.0
        elif currency not in SHARED["$"] + SHARED["¥"]:
            assert isinstance(read, Unreadable)


def test_two_signs_are_no_amount() -> None:
    assert isinstance(read_amount("-€-5", "money", "EUR"), Unreadable)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("unit", ["percent", "count", "points"])
def test_numbers_are_read_back(unit: str, language: str) -> None:
    form = NumberFormat(unit, "", language)
    for value in (0.125, 0.5, -0.255) if unit == "percent" else (12.0, 1234.0, -7.0):
        numeral = parse_numeral(form.value(value))
        assert numeral is not None, form.value(value)
        assert numeral.percent == (unit == "percent")
        assert numeral.value(style_of(language).decimal) == pytest.approx(value, abs=1e-12)


PERIODS = [
    *(("year", str(year), dt.date(year, 1, 1)) for year in (1999, 2024, 2031)),
    *(("quarter", f"2024-Q{quarter}", dt.date(2024, quarter * 3 - 2, 1)) for quarter in range(1, 5)),
    *(("month", f"2024-{month:02}", dt.date(2024, month, 1)) for month in range(1, 13)),
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("kind", "label", "first"), PERIODS, ids=[label for _, label, _ in PERIODS])
def test_a_period_is_read_back(kind: str, label: str, first: dt.date, language: str) -> None:
    shown = display_period(label, language)
    assert set(parse_date(shown).values()) == {to_serial(first)}
    assert named_period(shown) == kind
    assert period_kind(shown) == kind
    assert not lacks_year(shown)


@pytest.mark.parametrize("language", LANGUAGES)
def test_days_are_read_back(language: str) -> None:
    days = [dt.date(2024, 1, 1) + dt.timedelta(days=number) for number in range(366)]
    shown = {display_date(day.isoformat(), language): to_serial(day) for day in days}
    assert read_dates(shown).serials == shown


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Q1", "quarter"),
        ("T1", "quarter"),
        ("Ç1", "quarter"),
        ("ç1", "quarter"),
        ("C\u03271", "quarter"),
        ("Ｑ１", "quarter"),
        ("1. Quartal", "quarter"),
        ("1. Çeyrek", "quarter"),
        ("1. ceyrek", "quarter"),
        ("3° trimestre", "quarter"),
        ("第1四半期", "quarter"),
        ("3月", "month"),
        ("März", "month"),
        # no quarter of any language
        ("C1", None),
        ("Q5", None),
        ("Z1", None),
    ],
)
def test_periods_without_a_year(text: str, kind: str | None) -> None:
    assert period_kind(text) == kind
    assert lacks_year(text) == (kind is not None)
    assert parse_date(text) == {}


@pytest.mark.parametrize(
    "text",
    [
        "2024年度",
        "2024年度第1四半期",
        "FY2024",
        "FY24",
        "2024年3月度",
        "C1 2024",
        "2024 C1",
        "Week 12 2024",
        "Woche 12 2024",
    ],
)
def test_periods_of_unknown_days_are_no_dates(text: str) -> None:
    assert parse_date(text) == {}


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("T1 2024", (2024, 1)),
        ("1er trimestre 2024", (2024, 1)),
        ("2e trimestre 2024", (2024, 4)),
        ("3ème trimestre 2024", (2024, 7)),
        ("3rd quarter 2024", (2024, 7)),
        ("4º trimestre 2024", (2024, 10)),
        ("4. Quartal 2024", (2024, 10)),
        ("janv. 2024", (2024, 1)),
        ("févr 2024", (2024, 2)),
        ("Août 2024", (2024, 8)),
        ("décembre 2024", (2024, 12)),
    ],
)
def test_periods_as_people_write_them(text: str, first: tuple[int, int]) -> None:
    assert set(parse_date(text).values()) == {to_serial(dt.date(*first, 1))}
    assert named_period(text) in ("quarter", "month")
