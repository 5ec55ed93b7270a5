import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.values import DIV0, VALUE, Cell, ExcelError
from metricsheet.values.coerce import number_from_text, number_to_text, to_logical, to_number, to_text

NUMBERS = [
    ("3", 3),
    (" 10 ", 10),
    ("-0.0", 0),
    ("+5", 5),
    (".5", 0.5),
    ("5.", 5),
    ("7.0e0", 7),
    ("1E+3", 1000),
    ("8%", 0.08),
    ("1,234,567.5", 1234567.5),
    ("$5", 5),
    ("€100", 100),
    (" €100 ", 100),
    ("100€", 100),
    ("-$5", -5),
    ("$-5", -5),
    ("2024-01-10", 45301),
    ("2024-1-5", 45296),
    ("2024-01-10 12:00", 45301.5),
    ("2024-02-29", 45351),
    ("2024/01/05", 45296),
    ("12:00", 0.5),
    ("(5)", -5),
    ("($1,000.50)", -1000.5),
]
NO_NUMBERS = [
    "", " ", "abc", "--8", "(-5)", "((5))", "(", "()", "2024-01/05", "24:00", "5-", "-$-5", "$5€", "1,23",
    "1,2345", "12,34,567", "1.2.3", "5 5", "0x10", "1e", "e5", "1_000", "٣", "inf", "nan", "TRUE", "@",
    "%", "2024-13-01", "2023-02-29", "2024-01-32", "2024-01-10 25:00", " 2024-01-10 ", "1899-12-31",
    "F100", "1e400",
]  # fmt: skip


@pytest.mark.parametrize(("text", "number"), NUMBERS)
def test_text_that_reads_as_a_number(text: str, number: float) -> None:
    assert number_from_text(text) == number
    assert to_number(text) == number


@pytest.mark.parametrize("text", NO_NUMBERS)
def test_text_that_does_not(text: str) -> None:
    assert number_from_text(text) is None
    refused = to_number(text)
    assert isinstance(refused, ExcelError)
    assert refused.code == VALUE
    assert "not a number" in str(refused.reason)


@pytest.mark.parametrize(("cell", "number"), [(None, 0), (True, 1), (False, 0), (3, 3), (2.5, 2.5)])
def test_other_kinds_as_numbers(cell: Cell, number: float) -> None:
    assert to_number(cell) == number


def test_errors_stay_what_they_are() -> None:
    error = ExcelError(DIV0, "x is 0")
    assert to_number(error) is error
    assert to_text(error) is error
    assert to_logical(error) is error


@pytest.mark.parametrize(
    ("cell", "truth"),
    [(None, False), (0, False), (0.1, True), (-1, True), ("true", True), ("FaLSe", False), (True, True)],
)
def test_truth(cell: Cell, truth: bool) -> None:
    assert to_logical(cell) is truth


@pytest.mark.parametrize("text", ["", "0", "1", "yes", "TRUE "])
def test_other_words_have_no_truth(text: str) -> None:
    assert to_logical(text) == ExcelError(VALUE)


TEXTS = [
    # number, the text Excel joins it as (checked with formulon, which was checked with Excel 365)
    (0.0, "0"),
    (-0.0, "0"),
    (5.0, "5"),
    (-2.5, "-2.5"),
    (0.1 + 0.2, "0.3"),
    (1 / 3, "0.333333333333333"),
    (123456789012345.0, "123456789012345"),
    (1e15, "1000000000000000"),
    (1e20, "1E+20"),
    (1e21, "1E+21"),
    (1e-5, "0.00001"),
    (1e-10, "0.0000000001"),
    (1e-9 / 3, "3.33333333333333E-10"),
    (-1e-20, "-1E-20"),
]


@pytest.mark.parametrize(("number", "text"), TEXTS)
def test_a_number_as_text(number: float, text: str) -> None:
    assert number_to_text(number) == text


@pytest.mark.parametrize(
    ("cell", "text"), [(None, ""), (True, "TRUE"), (False, "FALSE"), ("a", "a"), (3, "3")]
)
def test_other_kinds_as_text(cell: Cell, text: str) -> None:
    assert to_text(cell) == text


@given(st.floats(-1e300, 1e300))
def test_a_number_written_and_read_keeps_15_digits(number: float) -> None:
    back = number_from_text(number_to_text(number))
    assert back is not None
    assert back == pytest.approx(number, rel=1e-14, abs=0)


@given(st.text(max_size=40))
def test_no_text_is_too_strange(text: str) -> None:
    number = number_from_text(text)
    assert number is None or number - number == 0
