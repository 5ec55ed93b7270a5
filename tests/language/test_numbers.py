"""Numbers the reader's way: a table of cases per language, and properties that hold for every number."""

from __future__ import annotations

import re
from math import inf, isfinite, nan

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from metricsheet.catalog.definitions import UNITS
from metricsheet.language import LANGUAGES
from metricsheet.language.currencies import SIGNS
from metricsheet.language.numbers import NumberFormat, display_bare, display_count
from metricsheet.language.styles import style_of
from metricsheet.precision import order
from tests.stages import few_cases

NB = "\u00a0"
NNB = "\u202f"

# (value, unit, currency): en, ja, tr, it, de, fr
VALUES = [
    ((0.245, "percent", ""), "24.5%", "24.5%", "%24,5", "24,5%", f"24,5{NB}%", f"24,5{NB}%"),
    ((0.05, "percent", ""), "5.0%", "5.0%", "%5,0", "5,0%", f"5,0{NB}%", f"5,0{NB}%"),
    ((-0.05, "percent", ""), "-5.0%", "-5.0%", "-%5,0", "-5,0%", f"-5,0{NB}%", f"-5,0{NB}%"),
    ((1.1, "percent", ""), "110.0%", "110.0%", "%110,0", "110,0%", f"110,0{NB}%", f"110,0{NB}%"),
    ((0.0003, "percent", ""), "0.03%", "0.03%", "%0,03", "0,03%", f"0,03{NB}%", f"0,03{NB}%"),
    ((3.2, "ratio", ""), "3.2:1", "3.2:1", "3,2:1", "3,2:1", "3,2:1", "3,2:1"),
    ((18.5963114754, "points", ""), "18.6", "18.6", "18,6", "18,6", "18,6", "18,6"),
    ((-14.7147880512, "points", ""), "-14.7", "-14.7", "-14,7", "-14,7", "-14,7", "-14,7"),
    ((6043, "count", ""), "6,043", "6,043", "6.043", "6.043", "6.043", f"6{NNB}043"),
    (
        (1284300, "count", ""),
        "1,284,300",
        "1,284,300",
        "1.284.300",
        "1.284.300",
        "1.284.300",
        f"1{NNB}284{NNB}300",
    ),
    ((2.5, "count", ""), "2.5", "2.5", "2,5", "2,5", "2,5", "2,5"),
    ((61.42, "money", "USD"), "$61.42", "$61.42", "$61,42", f"61,42{NB}$", f"61,42{NB}$", f"61,42{NB}$"),
    ((1234.5, "money", "EUR"), "€1,235", "€1,235", "€1.235", f"1.235{NB}€", f"1.235{NB}€", f"1{NNB}235{NB}€"),
    (
        (-300, "money", "TRY"),
        "-₺300.00",
        "-₺300.00",
        "-₺300,00",
        f"-300,00{NB}₺",
        f"-300,00{NB}₺",
        f"-300,00{NB}₺",
    ),
    ((980.4, "money", "JPY"), "¥980", "¥980", "¥980", f"980{NB}¥", f"980{NB}¥", f"980{NB}¥"),
    (
        (12, "money", "CHF"),
        f"CHF{NB}12.00",
        f"CHF{NB}12.00",
        f"CHF{NB}12,00",
        f"12,00{NB}CHF",
        f"12,00{NB}CHF",
        f"12,00{NB}CHF",
    ),
    ((1.5, "days", ""), "1.5 days", "1.5日", "1,5 gün", "1,5 giorni", "1,5 Tage", "1,5 jour"),
    ((0, "days", ""), "0 days", "0日", "0 gün", "0 giorni", "0 Tage", "0 jour"),
    ((0.004, "money", "USD"), "$0.004", "$0.004", "$0,004", f"0,004{NB}$", f"0,004{NB}$", f"0,004{NB}$"),
    ((12, "money", ""), "12.00", "12.00", "12,00", "12,00", "12,00", "12,00"),
    ((1, "days", ""), "1 day", "1日", "1 gün", "1 giorno", "1 Tag", "1 jour"),
    ((46.25, "days", ""), "46.3 days", "46.3日", "46,3 gün", "46,3 giorni", "46,3 Tage", "46,3 jours"),
    ((12, "months", ""), "12 months", "12か月", "12 ay", "12 mesi", "12 Monate", "12 mois"),
    ((0, "months", ""), "0 months", "0か月", "0 ay", "0 mesi", "0 Monate", "0 mois"),
    ((1e20, "count", ""), "1.00E+20", "1.00E+20", "1,00E+20", "1,00E+20", "1,00E+20", "1,00E+20"),
    ((None, "count", ""), "–", "–", "–", "–", "–", "–"),
    ((nan, "percent", ""), "–", "–", "–", "–", "–", "–"),
    ((-inf, "money", "USD"), "–", "–", "–", "–", "–", "–"),
    ((10**400, "count", ""), "–", "–", "–", "–", "–", "–"),
]


@pytest.mark.parametrize(
    ("given_value", "language", "shown"),
    [
        (case[0], language, text)
        for case in VALUES
        for language, text in zip(LANGUAGES, case[1:], strict=True)
    ],
)
def test_values(given_value, language, shown):
    value, unit, currency = given_value
    assert NumberFormat(unit, currency, language).value(value) == shown


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "shown"),
    [
        # halves go away from zero, also where binary holds a hair less
        (0.285, "percent", 0, "29%"),
        (2.675, "money", 2, "$2.68"),
        (-2.5, "count", 0, "-3"),
        (0.125, "percent", 0, "13%"),
        (1.005, "points", 2, "1.01"),
        (999.995, "money", 2, "$1,000.00"),
        (-0.04, "points", 1, "0.0"),
        (123.456, "points", 0, "123"),
        (123.456, "points", 30, "123.456000000000000"),
        (123.456, "points", -2, "123"),
        (999999999999.5, "count", 0, "1,000,000,000,000"),
    ],
)
def test_decimals_and_rounding(value, unit, decimals, shown):
    assert NumberFormat(unit, decimals=decimals).value(value) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (3.0, "ratio", "3:1"),
        (2.5, "ratio", "2.5:1"),
        (0.05, "percent", "5%"),
        (0.055, "percent", "5.5%"),
        (300, "money", "$300"),
        (0.29, "percent", "29%"),
        (None, "ratio", "–"),
    ],
)
def test_targets_drop_decimals_that_say_nothing(value, unit, shown):
    assert NumberFormat(unit).target(value) == shown


@pytest.mark.parametrize(
    ("low", "high", "unit", "language", "shown"),
    [
        (0.241, 0.289, "percent", "en", "24.1 … 28.9%"),
        (0.241, 0.289, "percent", "tr", "%24,1 … 28,9"),
        (0.241, 0.289, "percent", "ja", "24.1～28.9%"),
        (0.241, 0.289, "percent", "de", f"24,1 … 28,9{NB}%"),
        (-3.2, 4.1, "points", "it", "-3,2 … 4,1"),
        (1200, 1400, "money", "en", "$1,200 … 1,400"),
        (1200, 1400, "money", "de", f"1.200 … 1.400{NB}$"),
        (None, 1, "points", "en", "–"),
        (nan, 1, "points", "en", "–"),
    ],
)
def test_intervals(low, high, unit, language, shown):
    assert NumberFormat(unit, language=language).interval(low, high) == shown


@pytest.mark.parametrize(
    ("change", "unit", "language", "shown"),
    [
        (2.31, "points", "en", "+2.3"),
        (-0.012, "percent", "en", f"-1.2{NB}pp"),
        (-0.012, "percent", "ja", "-1.2pt"),
        (0.012, "percent", "tr", f"+1,2{NB}puan"),
        (0.012, "percent", "de", f"+1,2{NB}PP"),
        (120, "money", "en", "+$120.00"),
        (-1200, "money", "it", f"-1.200{NB}$"),
        (0.3, "ratio", "en", "+0.3"),
        (0.0, "ratio", "en", "±0.0"),
        (1e-17, "percent", "en", f"+0.000000000000001{NB}pp"),
        (1e-20, "percent", "en", f"+1.00E-18{NB}pp"),
        (-3, "days", "de", "-3 Tage"),
        (None, "points", "en", "–"),
    ],
)
def test_changes_carry_their_sign(change, unit, language, shown):
    assert NumberFormat(unit, language=language).change(change) == shown


def test_counts():
    assert display_count(6043, "de") == "6.043"
    assert display_count(None) == "–"


ANY_NUMBER = st.one_of(st.none(), st.floats(), st.integers(), st.booleans())


@few_cases
@given(ANY_NUMBER, st.text(max_size=8), st.text(max_size=5), st.text(max_size=3), st.none() | st.integers())
@example(1.0, "money", "{}", "de", None)
@example(1.0, "money", "{symbol}", "en", None)
def test_nothing_raises_whatever_it_is_given(value, unit, currency, language, decimals):
    form = NumberFormat(unit, currency, language, decimals, (0.0, 57.0))
    for text in (form.value(value), form.target(value), form.change(value), form.interval(value, value)):
        assert text


def read_back(text: str, language: str) -> tuple[float, int]:
    """Return the number in a displayed text and how many decimals it has, by hand and not by our code."""
    comma = language in ("tr", "it", "de", "fr")
    digits = re.search(r"\d[\d.,]*(E[+-]\d+)?", text.replace(":1", "").replace(NNB, ""))
    assert digits is not None
    plain = digits[0].replace("." if comma else ",", "").replace(",", ".")
    decimals = len(plain.split("E")[0].partition(".")[2])
    return float(plain) * (-1 if text.startswith("-") else 1), decimals


@given(
    st.floats(min_value=-1e14, max_value=1e14),
    st.sampled_from(UNITS),
    st.sampled_from(LANGUAGES),
    st.sampled_from(["USD", "EUR", "JPY", "CHF"]),
)
def test_a_number_reads_back_to_within_half_of_its_last_digit(value, unit, language, currency):
    shown, decimals = read_back(NumberFormat(unit, currency, language).value(value), language)
    true = value * 100 if unit == "percent" else value
    if abs(true) >= 1e15:
        assert shown == pytest.approx(true, rel=0.01)
    else:
        assert abs(shown - true) <= 0.5 * 10**-decimals + abs(true) * 1e-14 + 1e-9


@given(st.floats(min_value=1e-8, max_value=1e14), st.sampled_from(UNITS))
def test_what_is_not_zero_never_shows_as_zero(value, unit):
    assert any(c in "123456789" for c in NumberFormat(unit).value(value).replace(":1", ""))


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(UNITS), st.sampled_from(LANGUAGES))
def test_negative_is_positive_with_a_minus(value, unit, language):
    positive, negative = (NumberFormat(unit, language=language).value(v) for v in (abs(value), -abs(value)))
    assert negative in (positive, "-" + positive)


def test_every_language_has_a_style_and_unknown_ones_read_english():
    assert all(style_of(language) for language in LANGUAGES)
    assert NumberFormat("points", language="xx").value(1234.5) == "1,234.5"


def test_symbols_are_not_mistaken_for_each_other():
    assert len(set(SIGNS.values())) == len(SIGNS)
    assert all(isfinite(len(symbol)) and not symbol.isdigit() for symbol in SIGNS.values())


MARKS = st.sampled_from([0.0, 0.05, 0.3, 1.0, 3.0, 57.0, 300.0, -2.5, 1e6, 0.285])


@st.composite
def beside_marks(draw):
    """A number, and marks of which it is near to one or equal to it."""
    marks = draw(st.lists(MARKS, min_size=1, max_size=4))
    near = st.sampled_from([0.0, 1e-15, 1e-14, 1e-9, 1e-4, 0.01, 0.04, 0.4]).map(lambda part: 1 + part)
    number = draw(st.sampled_from(marks)) * draw(near) ** draw(st.sampled_from([-1, 1]))
    number += draw(st.sampled_from([0.0, 0.0, 1e-7, -0.04]))
    return number, tuple(marks)


@few_cases
@given(beside_marks(), st.sampled_from(UNITS), st.sampled_from(LANGUAGES), st.none() | st.integers(0, 4))
def test_what_is_shown_is_on_the_side_of_the_value(case, unit, language, decimals):
    number, marks = case
    form = NumberFormat(unit, "USD", language, decimals, marks)
    shown, _ = read_back(form.value(number), language)
    factor = 100 if unit == "percent" else 1
    for mark in marks:
        assert order(shown, mark * factor) == order(number, mark)
        target, _ = read_back(form.target(mark), language)
        assert order(target, mark * factor) == 0


@few_cases
@given(beside_marks(), st.sampled_from(UNITS), st.none() | st.integers(0, 4))
def test_numbers_beside_each_other_differ_where_they_do(case, unit, decimals):
    number, others = case
    form = NumberFormat(unit, "USD", "en", decimals)
    for other in others:
        left, _ = read_back(form.value(number, [other]), "en")
        right, _ = read_back(form.value(other, [number]), "en")
        assert order(left, right) == order(number, other)


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "marks", "shown"),
    [
        (2.99, "ratio", None, (3.0,), "2.99:1"),
        (2.9, "ratio", None, (3.0,), "2.9:1"),
        (3.0, "ratio", None, (3.0,), "3.0:1"),
        (57 / 100 * 100, "points", None, (57.0,), "57.0"),
        (56.96, "points", 0, (57.0,), "56.96"),
        (0.04996, "percent", None, (0.05,), "4.996%"),
        (299.999, "money", None, (300.0,), "$299.999"),
        (1999.6, "money", None, (2000.0,), "$1,999.6"),
        (-0.3, "count", 0, (0.0,), "-0.3"),
        (1e-20, "points", None, (0.0,), "1.00E-20"),
        (1.2348e20, "count", None, (1.2341e20,), "1.235E+20"),
        (2.999999999999999, "ratio", None, (3.0,), "3.0:1"),
    ],
)
def test_decimals_follow_the_marks(value, unit, decimals, marks, shown):
    assert NumberFormat(unit, decimals=decimals, marks=marks).value(value) == shown


@pytest.mark.parametrize(
    ("number", "marks", "beside", "shown"),
    [
        (0.0909090909, (), (), "0.0909091"),
        (0.1000000001, (0.1,), (), "0.1000000001"),
        (0.1 + 0.2, (0.3,), (), "0.3"),
        (1.00000004, (), (1.00000003,), "1.00000004"),
        (1e20, (), (), "1e+20"),
    ],
)
def test_bare_numbers(number, marks, beside, shown):
    assert display_bare(number, "en", marks, beside) == shown
