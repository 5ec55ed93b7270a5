"""Dates and months written as text, one cell and whole columns, in five languages."""

from __future__ import annotations

import datetime as dt
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.reading.date_text import looks_like_date, parse_date, part_of_year, read_dates
from metricsheet.reading.inputs import read_input
from metricsheet.values.dates import from_serial

MARCH_5 = date(2024, 3, 5)
MARCH = date(2024, 3, 1)

ONE_DAY = [
    ("2024-03-05", MARCH_5),
    ("2024/03/05", MARCH_5),
    ("2024/3/5", MARCH_5),
    ("2024.03.05", MARCH_5),
    ("20240305", MARCH_5),
    ("05.03.2024", MARCH_5),
    ("5.3.2024", MARCH_5),
    ("05.03.24", MARCH_5),
    ("5.3.98", date(1998, 3, 5)),
    ("2024年3月5日", MARCH_5),
    ("2024年03月05日", MARCH_5),
    ("2024 年 3 月 5 日", MARCH_5),
    ("２０２４年３月５日", MARCH_5),
    ("2024年3月5日(火)", MARCH_5),
    ("令和6年3月5日", MARCH_5),
    ("令和元年5月1日", date(2019, 5, 1)),
    ("平成31年4月30日", date(2019, 4, 30)),
    ("昭和64年1月7日", date(1989, 1, 7)),
    ("March 5, 2024", MARCH_5),
    ("Mar 5 2024", MARCH_5),
    ("March 5th, 2024", MARCH_5),
    ("Tuesday, March 5, 2024", MARCH_5),
    ("Tue, Mar 5, 2024", MARCH_5),
    ("Tue Mar 05 2024", MARCH_5),
    ("Di, 5. März 2024", MARCH_5),
    ("mar 5 mar 2024", MARCH_5),
    ("Sal 5 Mart 2024", MARCH_5),
    ("5 March 2024", MARCH_5),
    ("5th March 2024", MARCH_5),
    ("05-Mar-2024", MARCH_5),
    ("5-Mar-24", MARCH_5),
    ("2024-Mar-05", MARCH_5),
    ("5. März 2024", MARCH_5),
    ("5. Maerz 2024", None),
    ("5. Mrz. 2024", MARCH_5),
    ("Dienstag, 5. März 2024", MARCH_5),
    ("12. Dez. 2024", date(2024, 12, 12)),
    ("5 Mart 2024", MARCH_5),
    ("5 Ağustos 2024", date(2024, 8, 5)),
    ("5 AĞUSTOS 2024", date(2024, 8, 5)),
    ("5 Şubat 2024", date(2024, 2, 5)),
    ("5 subat 2024", date(2024, 2, 5)),
    ("5 Aralık 2024", date(2024, 12, 5)),
    ("5 Kasım 2024 Salı", None),
    ("5 marzo 2024", MARCH_5),
    ("1° marzo 2024", MARCH),
    ("martedì 5 marzo 2024", MARCH_5),
    ("5 gen 2024", date(2024, 1, 5)),
    ("45356", MARCH_5),
    ("2024-W10-2", MARCH_5),
    ("05/05/2024", date(2024, 5, 5)),
    ("2024-02-29", date(2024, 2, 29)),
]
ONE_MONTH = [
    ("2024-03", MARCH),
    ("2024/03", MARCH),
    ("2024/3", MARCH),
    ("2024.03", MARCH),
    ("202403", MARCH),
    ("03/2024", MARCH),
    ("3/2024", MARCH),
    ("03.2024", MARCH),
    ("03-2024", MARCH),
    ("2024年3月", MARCH),
    ("令和6年3月", MARCH),
    ("Mar 2024", MARCH),
    ("March 2024", MARCH),
    ("Mar-24", MARCH),
    ("Mar '24", MARCH),
    ("2024 Mar", MARCH),
    ("März 2024", MARCH),
    ("Mär 24", None),
    ("Mrz. 2024", MARCH),
    ("Mart 2024", MARCH),
    ("marzo 2024", MARCH),
    ("Q1 2024", date(2024, 1, 1)),
    ("Q3/24", date(2024, 7, 1)),
    ("2. Quartal '24", date(2024, 4, 1)),
    ("2024-Q3", date(2024, 7, 1)),
    ("2024Q4", date(2024, 10, 1)),
    ("T2 2024", date(2024, 4, 1)),
    ("2Q 2024", date(2024, 4, 1)),
    ("2. Quartal 2024", date(2024, 4, 1)),
    ("2. Çeyrek 2024", date(2024, 4, 1)),
    ("2° trimestre 2024", date(2024, 4, 1)),
    ("2024年第2四半期", date(2024, 4, 1)),
    ("KW 10/2024", date(2024, 3, 4)),
    ("2024", date(2024, 1, 1)),
    ("2024-W10", date(2024, 3, 4)),
]
WITH_TIME = [
    ("2024/03/05 3:04:05 PM GMT+2", 54245),
    ("2024/03/05 3:04:05 午後 GMT+9", 54245),
    ("2024/03/05 午前 3:04", 11040),
    ("05.03.2024 15:04 Uhr", 54240),
    ("05.03.2024 ÖS 3:04", 54240),
    ("Tue Mar 05 2024 10:00:00 GMT+0100 (Central European Standard Time)", 36000),
    ("2024-03-05 10:00:00 UTC", 36000),
    ("2024-03-05 10:00 EST", 36000),
    ("2024-03-05T10:00:00+05:30", 36000),
    ("2024-03-05 15:28:00", 15 * 3600 + 28 * 60),
    ("2024-03-05T15:28:30", 15 * 3600 + 28 * 60 + 30),
    ("2024-03-05T15:28:30.123Z", 15 * 3600 + 28 * 60 + 30),
    ("2024-03-05T15:28:30+01:00", 15 * 3600 + 28 * 60 + 30),
    ("05.03.2024 15:28", 15 * 3600 + 28 * 60),
    ("March 5, 2024 3:28 PM", 15 * 3600 + 28 * 60),
    ("March 5, 2024, 12:05 am", 5 * 60),
    ("2024年3月5日 15時28分", 15 * 3600 + 28 * 60),
    ("45356.5", 12 * 3600),
    ("45356,5", 12 * 3600),
]
NO_DATE = [
    "",
    "abc",
    "March",
    "Mar 24",
    "24 March",
    "March 5",
    "05/03",
    "5",
    "12",
    "123",
    "1234567",
    "99999",
    "12345",
    "1.5",
    "1,234",
    "2024-13",
    "2024-00",
    "2024-02-30",
    "2023-02-29",
    "30.02.2024",
    "32/01/2024",
    "13/13/2024",
    "00/01/2024",
    "2024-3-5-6",
    "2024-03/05",
    "5.3/2024",
    "1799-01-01",
    "2500-01-01",
    "2024年13月",
    "令和0年1月1日",
    "Q5 2024",
    "5. Quartal 2024",
    "KW 60/2024",
    "2024-W54",
    "5 Marchember 2024",
    "5 March 6 April 2024",
    "March March 2024",
    "version 5 March 2024",
    "5-6 March 2024",
    "25:00",
    "2024-03-05 25:00",
    "2024-03-05 15:61",
    "n/a",
    "+49 170 1234567",
    "192.168.1.1",
    "10-2024-11",
    "x" * 500 + "2024",
]


@pytest.mark.parametrize(("text", "day"), ONE_DAY + ONE_MONTH)
def test_one_day(text: str, day: date | None) -> None:
    serials = read_dates([text]).serials
    assert (from_serial(serials[text]).date() if serials else None) == day


@pytest.mark.parametrize(("text", "seconds"), WITH_TIME)
def test_with_time(text: str, seconds: int) -> None:
    serial = read_dates([text]).serials[text]
    assert from_serial(serial).replace(microsecond=0) == dt.datetime(2024, 3, 5) + dt.timedelta(
        seconds=seconds
    )


@pytest.mark.parametrize("text", NO_DATE)
def test_no_date(text: str) -> None:
    assert not parse_date(text)
    reading = read_dates([text])
    assert not reading.serials
    assert reading.refusal is None


DECIDED = [
    (["25/03/2024", "05/03/2024"], "dmy", date(2024, 3, 5)),
    (["03/25/2024", "05/03/2024"], "mdy", date(2024, 5, 3)),
    (["25-03-2024", "05-03-2024"], "dmy", date(2024, 3, 5)),
    (["13/3/2024 11:00", "5/3/2024 10:00"], "dmy", date(2024, 3, 5)),
    (["31/01/24", "29/02/24", "15/03/24", "05/03/24"], "dmy", date(2024, 3, 5)),
    (["24/01/31", "24/02/29", "24/03/15", "24/03/05"], "ymd", date(2024, 3, 5)),
    (["01/31/24", "02/29/24", "03/15/24", "05/03/24"], "mdy", date(2024, 5, 3)),
    (["2024-03-05", "31/03/2024", "05/03/2024"], "dmy", date(2024, 3, 5)),
    (["25/03/2024", "garbage", "05/03/2024"], "dmy", date(2024, 3, 5)),
]


@pytest.mark.parametrize(("column", "order", "last"), DECIDED)
def test_the_column_decides(column: list[str], order: str, last: date) -> None:
    reading = read_dates(column)
    assert reading.order == order
    assert from_serial(reading.serials[column[-1]]).date() == last


@pytest.mark.parametrize(
    "column",
    [
        ["05/03/2024"],
        ["05/03/2024", "06/03/2024", "07/03/2024"],
        ["01/02/2024", "01/03/2024", "01/04/2024"],
        ["5-3-2024", "2024-03-05"],
        ["05/03/24"],
        ["05.03.2024", "05/03/2024"],
        ["24/03/05"],
    ],
)
def test_an_ambiguous_column_is_refused(column: list[str]) -> None:
    refusal = read_dates(column).refusal
    assert refusal is not None
    assert refusal.code == "ambiguous_date"
    assert " or " in str(refusal.message)


@pytest.mark.parametrize(
    ("column", "dates"),
    [
        (["Jan 24", "Feb 24"], [date(2024, 1, 1), date(2024, 2, 1)]),
        (["Nov 23", "Dec 23", "Jan 24"], [date(2023, 11, 1), date(2023, 12, 1), date(2024, 1, 1)]),
        (["Mär 24", "Apr 24"], [date(2024, 3, 1), date(2024, 4, 1)]),
        (["Jan 24", "Feb 24", "March 5, 2024"], [date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 5)]),
        (["Jan 24"], []),
        (["Jan 23", "Jan 24"], []),
        (["Jan 30", "Jan 31", "Feb 01"], []),
        (["Jan 3", "Feb 3"], []),
        (["Foo 24", "Bar 24"], []),
    ],
)
def test_months_with_short_years_need_a_column_that_proves_them(column: list[str], dates: list[date]) -> None:
    serials = read_dates(column).serials
    assert [from_serial(serials[text]).date() for text in column if text in serials] == dates


def test_contradicting_cells_are_refused() -> None:
    refusal = read_dates(["25/03/2024", "03/25/2024"]).refusal
    assert refusal is not None
    assert "day before month" in str(refusal.message)
    assert "month before day" in str(refusal.message)


@pytest.mark.parametrize(("order", "day"), [("dmy", date(2024, 3, 5)), ("mdy", date(2024, 5, 3))])
def test_the_order_given_settles_it(order: str, day: date) -> None:
    reading = read_dates(["05/03/2024"], order=order)  # type: ignore[arg-type]
    assert from_serial(reading.serials["05/03/2024"]).date() == day


def test_a_text_against_the_order_given_stays_text() -> None:
    assert not read_dates(["25/03/2024"], order="mdy").serials


def test_both_readings_alike_need_no_order() -> None:
    assert read_dates(["05/05/2024"]).order is None


@pytest.mark.parametrize("text", ["2024-03", "05.03.2024", "Mar 2024", "2024年3月", "05/03/2024", "Q1 2024"])
def test_looks_like_a_date(text: str) -> None:
    assert looks_like_date(text)


@pytest.mark.parametrize("text", ["45356", "202403", "2024", "45356.5", "7", "abc", "", "20240305", "1,5"])
def test_bare_digits_do_not_look_like_a_date(text: str) -> None:
    assert not looks_like_date(text)


MONTH_NAMES = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "tr": "Ocak Şubat Mart Nisan Mayıs Haziran Temmuz Ağustos Eylül Ekim Kasım Aralık",
}
FORMS = {
    "iso": lambda d: d.isoformat(),
    "compact": lambda d: f"{d:%Y%m%d}",
    "ja": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "ja slash": lambda d: f"{d.year}/{d.month:02d}/{d.day:02d}",
    "de": lambda d: f"{d.day:02d}.{d.month:02d}.{d.year}",
    "en": lambda d: f"{MONTH_NAMES['en'].split()[d.month - 1]} {d.day}, {d.year}",
    "de long": lambda d: f"{d.day}. {MONTH_NAMES['de'].split()[d.month - 1]} {d.year}",
    "fr long": lambda d: f"{d.day} {MONTH_NAMES['fr'].split()[d.month - 1]} {d.year}",
    "it long": lambda d: f"{d.day} {MONTH_NAMES['it'].split()[d.month - 1]} {d.year}",
    "tr long": lambda d: f"{d.day} {MONTH_NAMES['tr'].split()[d.month - 1]} {d.year}",
}


@given(st.sampled_from(sorted(FORMS)), st.dates(date(1950, 1, 1), date(2100, 12, 31)))
def test_round_trip_of_every_form(form: str, day: date) -> None:
    text = FORMS[form](day)
    assert from_serial(read_dates([text]).serials[text]).date() == day


@given(
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]),
    st.lists(st.dates(date(1950, 1, 1), date(2100, 12, 31)), min_size=1, max_size=8),
)
def test_numeric_dates_are_right_or_refused(form: str, days: list[date]) -> None:
    texts = {day.strftime(form): day for day in days}
    reading = read_dates(list(texts))
    if reading.refusal is None:
        assert {t: from_serial(s).date() for t, s in reading.serials.items()} == texts
    else:
        assert all(day.day <= 12 for day in days)


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    assert all(serial > 0 for serial in parse_date(text).values())
    assert read_dates([text]).serials.keys() <= {text}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Q1 2024", "quarter"),
        ("2024-Q3", "quarter"),
        ("3. Quartal 2024", "quarter"),
        ("2024年第1四半期", "quarter"),
        ("2024", "year"),
        ("202403", None),
        ("2024-03", None),
        ("45292", None),
        ("1234", None),
        ("soon", None),
    ],
)
def test_what_part_of_a_year(text: str, part: str | None) -> None:
    assert part_of_year(text) == part


def test_six_digits_are_weeks_under_a_header_that_says_so() -> None:
    weeks = read_dates(["202401", "202405", "202413"], weeks=True).serials
    assert [from_serial(serial).date() for serial in weeks.values()] == [
        date(2024, 1, 1),
        date(2024, 1, 29),
        date(2024, 3, 25),
    ]
    months = read_dates(["202401", "202405"]).serials
    assert [from_serial(serial).date() for serial in months.values()] == [date(2024, 1, 1), date(2024, 5, 1)]
    # where a text is no week the column is none of weeks
    assert read_dates(["202401", "202460"], weeks=True).serials.keys() == {"202401"}


@pytest.mark.parametrize("header", ["Week", "KW", "週", "Settimana", "Hafta", "Calendar week"])
def test_numbers_of_weeks(header: str) -> None:
    definition = InputDefinition("date", {"en": "Date"}, type="date")
    read = read_input(definition, [202401, 202405.0, 202452, None], header=header)
    assert read.cells[:2] == [45292.0, 45320.0]
    assert read_input(definition, [202401, 202405], header="Month").cells == [45292.0, 45413.0]
