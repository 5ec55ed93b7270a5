import pytest

from metricsheet.catalog.assembly.amounts import Unreadable, read_amount, write_amount

READ = [
    # written, unit, value
    ("3:1", "ratio", 3.0),
    ("5:2", "ratio", 2.5),
    ("3 : 1", "ratio", 3.0),
    ("1:3", "ratio", 1 / 3),
    ("3", "ratio", 3.0),
    ("3x", "ratio", 3.0),
    ("3.2×", "ratio", 3.2),
    (3, "ratio", 3.0),
    (1.5, "ratio", 1.5),
    ("5%", "percent", 0.05),
    ("5 %", "percent", 0.05),
    ("%5", "percent", 0.05),
    ("12.5%", "percent", 0.125),
    ("110%", "percent", 1.1),
    ("-3%", "percent", -0.03),
    ("5\u00a0%", "percent", 0.05),
    ("5 percent", "percent", 0.05),
    ("0.05", "percent", 0.05),
    (0.05, "percent", 0.05),
    (1, "percent", 1.0),
    (-1, "percent", -1.0),
    ("€300", "money", 300.0),
    ("300 €", "money", 300.0),
    ("EUR 300", "money", 300.0),
    ("300 EUR", "money", 300.0),
    ("300 eur", "money", 300.0),
    ("-€300", "money", -300.0),
    ("€300.50", "money", 300.5),
    ("300", "money", 300.0),
    (300, "money", 300.0),
    ("1e3", "money", 1000.0),
    ("50", "points", 50.0),
    ("50 points", "points", 50.0),
    ("1 point", "points", 1.0),
    ("−5", "points", -5.0),
    ("+5", "points", 5.0),
    ("30 days", "days", 30.0),
    ("1 day", "days", 1.0),
    ("12 months", "months", 12.0),
    ("1 Month", "months", 1.0),
    ("7", "count", 7.0),
    (".5", "ratio", 0.5),
    ("5.", "ratio", 5.0),
]

REFUSED = [
    # written, unit, code, part of the hint
    (5, "percent", "percent_above_one", "write 5%, or 500%"),
    ("5", "percent", "percent_above_one", "write 5%, or 500%"),
    (-5, "percent", "percent_above_one", "-5%"),
    (1.1, "percent", "percent_above_one", "write 1.1%, or 110%"),
    ("5,5%", "percent", "bad_amount", "5.5%"),
    ("5,5", "points", "bad_amount", "5.5"),
    ("1,000", "count", "bad_amount", "1000"),
    ("1,000,000.5", "count", "bad_amount", "1000000.5"),
    ("1 000", "count", "bad_amount", "1000"),
    ("1'000", "count", "bad_amount", "1000"),
    ("$300", "money", "other_currency", "write 300, or set defaults: {currency: USD}"),
    ("300 TL", "money", "other_currency", "TRY"),
    ("¥300", "money", "other_currency", "JPY"),
    ("€1.200", "money", "bad_amount", "1200 or 1.2"),
    ("10k", "money", "bad_amount", "zeros"),
    ("3:0", "ratio", "bad_amount", ""),
    ("3:1", "points", "bad_amount", ""),
    ("3:1", "money", "bad_amount", ""),
    ("5%", "ratio", "bad_amount", ""),
    ("5%", "points", "bad_amount", ""),
    ("30 days", "months", "bad_amount", ""),
    ("30 days", "count", "bad_amount", ""),
    ("€5", "points", "bad_amount", ""),
    ("three", "ratio", "bad_amount", ""),
    ("", "ratio", "bad_amount", ""),
    ("３", "ratio", "bad_amount", ""),
    ("1e999", "ratio", "bad_amount", ""),
    ("nan", "ratio", "bad_amount", ""),
    ("inf", "ratio", "bad_amount", ""),
    ("0x10", "count", "bad_amount", ""),
    ("3:1:1", "ratio", "bad_amount", ""),
    ("5%%", "percent", "bad_amount", ""),
    (True, "count", "bad_amount", ""),
    (None, "count", "bad_amount", ""),
    ([3], "count", "bad_amount", ""),
]


@pytest.mark.parametrize(("written", "unit", "value"), READ)
def test_reads(written, unit, value):
    assert read_amount(written, unit, "EUR") == pytest.approx(value)


@pytest.mark.parametrize(("written", "unit", "code", "hint"), REFUSED)
def test_refuses(written, unit, code, hint):
    read = read_amount(written, unit, "EUR")
    assert isinstance(read, Unreadable)
    assert read.message.code == code
    assert hint in str(read.hint or "")
    assert str(read.message).startswith("expected ")


@pytest.mark.parametrize("currency", ["USD", "CAD", "AUD"])
def test_a_dollar_is_the_dollar_of_the_definitions(currency):
    assert read_amount("$5", "money", currency) == 5


def test_plain_numbers_are_fractions_where_answers_are_given():
    assert read_amount(1.1, "percent", "EUR", any_percent=True) == 1.1


@pytest.mark.parametrize(
    ("value", "unit"), [(0.05, "percent"), (3.0, "ratio"), (-12.5, "points"), (1e6, "money")]
)
def test_what_is_written_reads_back(value, unit):
    assert read_amount(write_amount(value, unit), unit, "EUR") == pytest.approx(value)
