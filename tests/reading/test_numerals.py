"""Numbers written as text, one cell and whole columns, in five languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.reading.numerals import is_plain_number, read_numbers
from metricsheet.reading.numerals_text import parse_numeral

# text, number; each means the same whatever the rest of the column
ONE_MEANING = [
    ("7", 7.0),
    ("007", 7.0),
    ("-7", -7.0),
    ("+7", 7.0),
    ("−7", -7.0),
    ("–7", -7.0),
    ("7-", -7.0),
    ("(7)", -7.0),
    ("▲7", -7.0),
    ("△1,234.5", -1234.5),
    ("1,234.5", 1234.5),
    ("1.234,5", 1234.5),
    ("1'234.5", 1234.5),
    ("1’234.5", 1234.5),
    ("1'234'567", 1234567.0),
    ("1 234,5", 1234.5),
    ("1\u00a0234,5", 1234.5),
    ("1\u202f234,5", 1234.5),
    ("1\u2009234\u2009567", 1234567.0),
    ("1,234,567", 1234567.0),
    ("1.234.567", 1234567.0),
    ("1,23,456", 123456.0),
    ("12,34,56,789", 123456789.0),
    ("0,123", 0.123),
    ("0.123", 0.123),
    ("1234,567", 1234.567),
    ("1234.567", 1234.567),
    ("12,34", 12.34),
    (".5", 0.5),
    (",5", 0.5),
    ("(1,234.50)", -1234.5),
    ("-1.234,50", -1234.5),
    ("1.234,50-", -1234.5),
    ("１２３．５", 123.5),
    ("１，２３４．５", 1234.5),
    ("1.5E+3", 1500.0),
    ("1,5e-3", 0.0015),
    ("2.345E+05", 234500.0),
    ("  42  ", 42.0),
]
PERCENTS = [
    ("5%", 0.05),
    ("5 %", 0.05),
    ("%5", 0.05),
    ("% 5", 0.05),
    ("5％", 0.05),
    ("5\u00a0%", 0.05),
    ("5,0 %", 0.05),
    ("5.7%", 0.057),
    ("%12,5", 0.125),
    ("-5%", -0.05),
    ("(5 %)", -0.05),
    ("0%", 0.0),
    ("１００％", 1.0),
]
MONEY = [
    ("$50.00", 50.0, "$"),
    ("US$ 50", 50.0, "USD"),
    ("$-50", -50.0, "$"),
    ("-$50", -50.0, "$"),
    ("($50)", -50.0, "$"),
    ("$(50)", -50.0, "$"),
    ("$50 USD", 50.0, "USD"),
    ("50,00 €", 50.0, "EUR"),
    ("€50", 50.0, "EUR"),
    ("50 EUR", 50.0, "EUR"),
    ("1.234,50 Euro", 1234.5, "EUR"),
    ("50,-- €", 50.0, "EUR"),
    ("50,- EUR", 50.0, "EUR"),
    ("£1,234.50", 1234.5, "GBP"),
    ("₺50", 50.0, "TRY"),
    ("50 TL", 50.0, "TRY"),
    ("1.234,5 TL", 1234.5, "TRY"),
    ("¥5000", 5000.0, "¥"),
    ("￥5000", 5000.0, "¥"),
    ("5000円", 5000.0, "JPY"),
    ("5千円", 5000.0, "JPY"),
    ("5万円", 50000.0, "JPY"),
    ("12万3,000円", 123000.0, "JPY"),
    ("1億2千万円", 120000000.0, "JPY"),
    ("1億2,345万6,789円", 123456789.0, "JPY"),
    ("1.5万円", 15000.0, "JPY"),
    ("Rs. 12,34,567", 1234567.0, "rs"),
    ("1.200,50 kr", 1200.5, "kr"),
    ("1.1万円", 11000.0, "JPY"),
    ("3百万円", 3e6, "JPY"),
    ("2億円", 2e8, "JPY"),
    ("5万", 50000.0, ""),
    ("CHF 1'234.50", 1234.5, "CHF"),
    ("Fr.50.-", 50.0, "CHF"),
    ("fr. 50", 50.0, "CHF"),
]
# text, with a decimal point, with a decimal comma
TWO_MEANINGS = [
    ("1,234", 1234.0, 1.234),
    ("1.234", 1.234, 1234.0),
    ("999,000", 999000.0, 999.0),
    ("-1,234", -1234.0, -1.234),
    ("(1,234)", -1234.0, -1.234),
    ("1,234 €", 1234.0, 1.234),
    ("1,234%", 12.34, 0.01234),
    ("1,234円", 1234.0, 1.234),
]
NO_NUMBER = [
    "",
    " ",
    "abc",
    "-",
    "--",
    "%",
    "$",
    ".",
    ",",
    "1,2,3",
    "12.34.56",
    "1.2.3",
    "192.168.1.1",
    "1,23.456,7",
    "1,234.567,8",
    "5 5",
    "12 34",
    "1-2",
    "1/2",
    "12:30",
    "2024-03-05",
    "05.03.2024",
    "5 kg",
    "5k",
    "approx 5",
    "5 or 6",
    "(5",
    "5)",
    "((5))",
    "-(5)",
    "--5",
    "+-5",
    "%5%",
    "$5€",
    "5%€",
    "1e999",
    "1_000",
    "0x10",
    "inf",
    "nan",
    "5²",
    "10¹",
    "½",
    "①",
    "٣٤",
    "1,234.",
    "5.",
    "5e",
    "=5",
    "1\n2",
    "#5",
]


@pytest.mark.parametrize(("text", "number"), ONE_MEANING + PERCENTS)
def test_one_meaning(text: str, number: float) -> None:
    numeral = parse_numeral(text)
    assert numeral is not None
    assert not numeral.ambiguous
    assert read_numbers([text]).numbers == {text: number}


@pytest.mark.parametrize(("text", "number"), PERCENTS)
def test_percents_are_fractions(text: str, number: float) -> None:
    assert read_numbers([text]).percents == {text}


@pytest.mark.parametrize(("text", "number", "currency"), MONEY)
def test_money(text: str, number: float, currency: str) -> None:
    numeral = parse_numeral(text)
    assert numeral is not None
    assert numeral.currency == currency
    assert read_numbers([text]).numbers == {text: number}


@pytest.mark.parametrize(("text", "point", "comma"), TWO_MEANINGS)
def test_two_meanings(text: str, point: float, comma: float) -> None:
    numeral = parse_numeral(text)
    assert numeral is not None
    assert (numeral.with_point, numeral.with_comma) == (point, comma)
    assert numeral.ambiguous
    assert read_numbers([text], decimal_mark=".").numbers == {text: point}
    assert read_numbers([text], decimal_mark=",").numbers == {text: comma}


@pytest.mark.parametrize("text", NO_NUMBER)
def test_no_number(text: str) -> None:
    assert parse_numeral(text) is None
    reading = read_numbers([text])
    assert not reading.numbers
    assert reading.refusal is None


# column, expected numbers in order
DECIDED = [
    (["1,234", "0.5"], [1234.0, 0.5]),
    (["1,234", "1,234.5"], [1234.0, 1234.5]),
    (["1,234", "1,5"], [1.234, 1.5]),
    (["1.234", "1.5"], [1.234, 1.5]),
    (["1.234", "1,5"], [1234.0, 1.5]),
    (["1.234", "12.345,6"], [1234.0, 12345.6]),
    (["1.234", "1.234.567"], [1234.0, 1234567.0]),
    (["1,234", "1,234,567"], [1234.0, 1234567.0]),
    (["1.234", "0.500"], [1.234, 0.5]),
    (["1.234", "1234.5"], [1.234, 1234.5]),
    (["1,234", "5,0 %"], [1.234, 0.05]),
    (["$1,234", "$50"], [1234.0, 50.0]),
    (["¥5,000", "¥300"], [5000.0, 300.0]),
    (["5,000円"], [5000.0]),
    (["1,234", "2,500", "987", "42"], [1234.0, 2500.0, 987.0, 42.0]),
    (["1.234", "2.500", "987", "42"], [1234.0, 2500.0, 987.0, 42.0]),
    (["7", "9", "10"], [7.0, 9.0, 10.0]),
    (["12.5", "-3", "0"], [12.5, -3.0, 0.0]),
    (["1234567", "0.1234567"], [1234567.0, 0.1234567]),
]


@pytest.mark.parametrize(("column", "numbers"), DECIDED)
def test_the_column_decides(column: list[str], numbers: list[float]) -> None:
    reading = read_numbers(column)
    assert reading.refusal is None
    assert [reading.numbers[text] for text in column] == numbers


UNDECIDED = [
    ["1,234"],
    ["1.234"],
    ["1,234", "5,678"],
    ["1.234", "5.678"],
    ["1,234", "0"],
    ["1,234", "500"],
    ["1,234", "500", "2000"],
    ["1,234", "9.876"],
    ["1,234 €", "5,000 €"],
    ["$1.234"],
    ["(1,234)", "abc"],
]


@pytest.mark.parametrize("column", UNDECIDED)
def test_an_ambiguous_column_is_refused(column: list[str]) -> None:
    reading = read_numbers(column)
    assert not reading.numbers
    assert reading.refusal is not None
    assert reading.refusal.code == "ambiguous_number"
    assert column[0] in str(reading.refusal.message)
    assert str(reading.refusal.hint)


@pytest.mark.parametrize("column", [["1,234"], ["1.234"], ["1,234", "9.876"], ["1.234", "500"]])
def test_counts_are_whole_and_settle_it(column: list[str]) -> None:
    reading = read_numbers(column, whole=True)
    assert [reading.numbers[text] for text in column] == [
        float(text.replace(",", "").replace(".", "")) for text in column
    ]


@pytest.mark.parametrize("column", [["1,5", "1.5"], ["1.234,5", "1,234.5"], ["5,0 %", "5.5 %"]])
def test_contradicting_cells_are_refused(column: list[str]) -> None:
    refusal = read_numbers(column).refusal
    assert refusal is not None
    assert "decimal comma" in str(refusal.message)
    assert "decimal point" in str(refusal.message)


CURRENCIES_OF = {
    ("$5", "5 €"): ("$", "EUR"),
    ("₺5", "5 TL", "¥5"): ("TRY", "TRY", "¥"),
    ("50 EUR", "50 CHF", "7"): ("EUR", "CHF", ""),
    ("$50 USD", "CA$5", "5"): ("USD", "CAD", ""),
}


@pytest.mark.parametrize("column", CURRENCIES_OF)
def test_the_currency_of_every_text(column: tuple[str, ...]) -> None:
    reading = read_numbers(column)
    assert tuple(reading.currencies[text] for text in column) == CURRENCIES_OF[column]
    assert read_numbers(["1", "2.5"]).currencies == {}


def test_what_was_decided_by_context_is_said() -> None:
    assert "1234" in str(read_numbers(["1,234", "2,500", "987", "42"]).note)
    assert "currency" in str(read_numbers(["$1,234"]).note)
    assert read_numbers(["1,234.5"]).note is None


def test_text_beside_numbers_is_left_out() -> None:
    assert read_numbers(["12,5", "n/a", "twelve"]).numbers == {"12,5": 12.5}


@pytest.mark.parametrize("text", ["7", "-12.5", "1e3", "0.05"])
def test_plain_numbers(text: str) -> None:
    assert is_plain_number(text)


@pytest.mark.parametrize("text", ["+7", "1,5", " 7", "7 ", "5%", "", "inf", "٣"])
def test_not_plain_numbers(text: str) -> None:
    assert not is_plain_number(text)


# the other way round: how each locale writes a number of cents
LOCALES = {
    "en": (",", ".", "{}"),
    "ja": (",", ".", "{}"),
    "de": (".", ",", "{}"),
    "tr": (".", ",", "{}"),
    "it": (".", ",", "{}"),
    "de-CH": ("'", ".", "{}"),
    "de-CH typographic": ("’", ".", "{}"),
    "fr": ("\u202f", ",", "{}"),
    "nbsp": ("\u00a0", ",", "{}"),
    "en money": (",", ".", "${}"),
    "de money": (".", ",", "{} €"),
    "tr money": (".", ",", "₺{}"),
    "accounting": (",", ".", "({})"),
    "sap": (".", ",", "{}-"),
}


def written(cents: int, group: str, mark: str, form: str) -> str:
    digits = str(abs(cents)).rjust(3, "0")
    whole, decimals = digits[:-2], digits[-2:]
    grouped = whole[-3:]
    while whole := whole[:-3]:
        grouped = whole[-3:] + group + grouped
    sign = "-" if cents < 0 and form in ("{}", "${}", "{} €", "₺{}") else ""
    return sign + form.format(grouped + mark + decimals)


@given(st.sampled_from(sorted(LOCALES)), st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=8))
def test_round_trip_of_every_locale(locale: str, column: list[int]) -> None:
    group, mark, form = LOCALES[locale]
    if form in ("({})", "{}-"):
        column = [-abs(cents) for cents in column]
    texts = {written(cents, group, mark, form): cents for cents in column}
    reading = read_numbers(list(texts))
    assert reading.refusal is None
    assert {text: round(number * 100) for text, number in reading.numbers.items()} == texts


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=10))
def test_what_python_writes_is_read_back(column: list[float]) -> None:
    texts = [repr(number) for number in column]
    reading = read_numbers(texts)
    if reading.refusal is None:
        assert [reading.numbers[text] for text in texts] == column
    else:
        assert all(numeral and numeral.ambiguous for numeral in map(parse_numeral, texts) if numeral)


@given(st.text(max_size=30))
def test_any_text_is_answered(text: str) -> None:
    numeral = parse_numeral(text)
    if numeral is not None:
        assert any("0" <= c <= "9" or "０" <= c <= "９" for c in text)
    assert read_numbers([text]).numbers.keys() <= {text}


@given(st.text(alphabet="0123456789.,'% -()$€E+", max_size=12))
def test_numeral_like_text_is_answered(text: str) -> None:
    numeral = parse_numeral(text)
    if numeral is not None and not numeral.ambiguous:
        assert read_numbers([text]).numbers.keys() == {text}


def test_a_long_hostile_text_is_fast() -> None:
    for text in ("1" * 50_000 + "x", "1," * 30_000, "1 " * 30_000 + "x", "(" * 30_000 + "1", "-" * 50_000):
        assert parse_numeral(text) is None
        assert not read_numbers([text, "5"]).numbers.get(text)
