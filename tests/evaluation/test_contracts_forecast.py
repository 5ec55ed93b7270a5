"""How long customers stay under contract and what that is worth: by hand, by simulation, and refused."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from functools import cache
from itertools import pairwise
from math import prod
from typing import Any

import jsonschema
import pytest

from metricsheet import evaluate, load_catalog
from metricsheet.language import LANGUAGES
from metricsheet.report import result_schema
from metricsheet.report.formats import FORMATS
from metricsheet.report.style import TextStyle

pytest.importorskip("scipy", reason="scipy is the extra clv and not installed")

Row = tuple[str, float, str, dt.date, "dt.date | None"]
LAST = dt.date(2024, 6, 30)


def months_after(day: dt.date, months: int) -> dt.date:
    year, month = divmod(day.month - 1 + months, 12)
    return dt.date(day.year + year, month + 1, min(day.day, 28))


@cache
def drawn(count: int = 400, a: float = 0.8, b: float = 8.0, price: float = 50.0) -> tuple[Row, ...]:
    """Return subscriptions that end with a chance of their own each month, or still run on the last day."""
    draw = random.Random(7)
    rows: list[Row] = []
    for number in range(count):
        leaves, start = draw.betavariate(a, b), LAST - dt.timedelta(draw.randint(0, 900))
        end = next(
            (day for month in range(1, 40) if draw.random() < leaves for day in [months_after(start, month)]),
            LAST,
        )
        rows.append((f"A{number:03}", price, "month", start, end if end < LAST else None))
    return tuple(rows)


def table(rows: Any) -> dict[str, list[Any]]:
    who, price, interval, start, end = (list(column) for column in zip(*rows, strict=True))
    status = ["canceled" if day else "active" for day in end]
    days = {"Start date": list(map(str, start)), "End date": [str(day) if day else None for day in end]}
    return {"Customer ID": who, "Price": price, "Interval": interval, "Status": status, **days}


def forecasts(rows: Any, **options: Any) -> Any:
    data = rows if isinstance(rows, dict) else table(rows)
    return evaluate(data, also="lifetime", metrics=load_catalog("builtin"), only="clv", **options).lifetime


def forecast(rows: Any, **settings: str) -> Any:
    (found,) = forecasts(rows, settings=settings)
    return found


def values(found: Any) -> dict[str, float | None]:
    return {one.name: one.value for one in found.figures}


def reasons(found: Any) -> dict[str, str]:
    return {one.name: one.why.code for one in found.figures if one.why is not None}


def by_hand() -> list[Row]:
    """40 customers: of those who started on 1 January 20 leave after 2 months; no other one leaves."""
    first = dt.date(2024, 1, 1)
    ends = [dt.date(2024, 3, 1)] * 20 + [None] * 20
    return [(f"C{n}", 30.0, "month", first, end) for n, end in enumerate(ends)] + [
        ("new", 30.0, "month", dt.date(2024, 6, 29), None)
    ]


def test_by_hand() -> None:
    found = forecast(by_hand(), horizon="4")
    month = 365.25 / 12
    # one customer more is at risk for two days; 20 of 40 leave on day 60, the rest go on
    stays = (60 + (4 * month - 60) / 2) / month
    assert values(found)["customers"] == 41
    assert values(found)["left"] == 20
    assert values(found)["median"] == pytest.approx(60 / month)
    assert values(found)["expected_months"] == pytest.approx(stays)
    assert values(found)["arpa"] == 30
    assert values(found)["new_value"] == pytest.approx(stays * 30)
    assert (found.kind, found.last_day) == ("contracts", "2024-06-29")


def test_margin_and_discount() -> None:
    plain = values(forecast(drawn(), horizon="12"))
    found = values(forecast(drawn(), horizon="12", gross_margin="50%", discount_rate="1"))
    assert found["expected_months"] == plain["expected_months"]
    assert found["new_value"] < 0.5 * plain["new_value"]
    each = [0.0, *(values(forecast(drawn(), horizon=str(n)))["new_value"] for n in (1, 2, 3))]
    worth = sum((b - a) * 1.21 ** (-m / 12) for m, (a, b) in enumerate(pairwise(each), 1))
    assert values(forecast(drawn(), horizon="3", discount_rate="21%"))["new_value"] == pytest.approx(worth)


def test_beyond_the_data_by_the_model_alone_and_marked() -> None:
    near, far = forecast(drawn()), forecast(drawn(), horizon="60")
    # a customer of this kind stays 60 months at most: the mean over the chances that the rows were drawn from
    draw = random.Random(1)
    true = 0.0
    for _ in range(20_000):
        stays = 1 - draw.betavariate(0.8, 8)
        true += (1 - stays**60) / (1 - stays) / 20_000
    assert "months_beyond" not in values(near)
    assert near.months == int(values(near)["reached"])
    assert values(far)["expected_months"] + values(far)["months_beyond"] == pytest.approx(true, rel=0.12)
    whole = values(far)["expected_months"] + values(far)["months_beyond"]
    assert values(far)["new_value"] == pytest.approx(whole * 50)
    assert "beyond_data" in [one.code for one in far.remarks]
    assert "beyond_data" not in [one.code for one in near.remarks]


def test_last_third_is_foretold() -> None:
    check = forecast(drawn()).check
    assert check.expected == pytest.approx(check.came, rel=0.25)
    assert abs(check.expected - check.came) < abs(check.at_past_rate - check.came)


def test_who_comes_back_counts_until_it_first_left() -> None:
    again: list[Row] = [("C0", 30.0, "month", dt.date(2024, 5, 1), None)]
    found, plain = forecast([*by_hand(), *again], horizon="4"), forecast(by_hand(), horizon="4")
    assert values(found)["left"] == values(plain)["left"]
    assert values(found)["expected_months"] == values(plain)["expected_months"]
    assert [one.code for one in found.remarks if one.code == "came_back"] == ["came_back"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (drawn(count=25), "too_few_customers"),
        ([(who, *rest, None) for who, *rest, _ in drawn()], "nobody_left"),
        ([row for row in drawn() if row[3] > dt.date(2024, 5, 10)] * 9, "too_short"),
    ],
)
def test_no_forecast(rows: Any, reason: str) -> None:
    rows = [(f"{who}-{n}", *rest) for n, (who, *rest) in enumerate(rows)]
    found = forecast(rows)
    lacking = reasons(found)
    assert set(lacking.values()) == {reason}
    assert set(lacking) == {one.name for one in found.figures} - {"customers", "left"}


def test_no_figure_beyond_the_data_without_its_model() -> None:
    # all who leave do so after 2 months: the model would have everybody alike, and lies on its border
    found = forecast(by_hand()[:-1], horizon="24")
    assert reasons(found) == dict.fromkeys(("months_beyond", "new_value"), "model_on_border")
    # all 60 days, half of them one more
    assert values(found)["expected_months"] == pytest.approx(60.5 / 365.25 * 12)
    assert values(forecast(by_hand()[:-1], horizon="1"))["new_value"] == 30


def test_no_median_where_fewer_than_ten_were_seen() -> None:
    """Half are gone at the end of the curve, and nearly nobody was there to see it."""
    rows = [(f"C{n}", 30.0, "month", dt.date(2024, 3, 1), None) for n in range(40)]
    rows += [(f"D{n}", 30.0, "month", dt.date(2023, 1, 1), dt.date(2024, 1, 1)) for n in range(5)]
    rows += [(f"E{n}", 30.0, "month", dt.date(2024, 2, 1), dt.date(2024, 3, 1)) for n in range(9)]
    rows += [("new", 30.0, "month", dt.date(2024, 6, 29), None)]
    found = forecast(rows, horizon="3")
    assert reasons(found) == {"median": "median_not_reached"}
    assert values(found)["reached"] < 5


def test_one_forecast_for_each_currency() -> None:
    data = {**table(drawn()), "Currency": ["EUR" if n % 2 else "USD" for n in range(400)]}
    found = forecasts(data)
    assert [one.currency for one in found] == ["EUR", "USD"] or [one.currency for one in found] == [
        "USD",
        "EUR",
    ]
    assert [one.customers for one in found] == [200, 200]
    assert len(forecasts(data, settings={"fx.EUR": "1.1"})) == 1


def test_refused_rows_refuse_the_forecast() -> None:
    found = forecast({**table(drawn()), "Interval": [None] * 400})
    assert (found.why.code, found.figures) == ("ledger_no_interval", ())


def test_as_the_clv_and_beside_movements() -> None:
    data, settings = table(drawn()), {"horizon": "24"}
    worth = values(forecast(drawn(), **settings))["new_value"]
    for more in ({}, {"period": "month"}):
        found = evaluate(data, settings=settings, metrics="builtin", only="clv", **more).results
        assert [one.value for one in found if one.value is not None] == [pytest.approx(worth)]


def test_json_fits_its_schema() -> None:
    found = card().to_dict()
    jsonschema.validate(found, result_schema())
    assert {one["name"]: one["value"] for one in found["lifetime"][0]["figures"]} == values(
        card().lifetime[0]
    )
    assert found["lifetime"][0]["kind"] == "contracts"


def test_two_currencies_leave_open_which_is_the_clv() -> None:
    data = {**table(drawn()), "Currency": ["EUR" if n % 2 else "USD" for n in range(400)]}
    found = evaluate(data, settings={"horizon": "24"}, metrics="builtin", only="clv_forecast").results
    assert [(one.value, one.why.code) for one in found] == [(None, "several_forecasts")]


@cache
def card() -> Any:
    settings = {"horizon": "60"}
    return evaluate(table(drawn()), also="lifetime", metrics="builtin", only="clv", settings=settings)


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_in_every_language(language: str) -> None:
    style = TextStyle(show=("lifetime",), language=language)
    text = FORMATS["text"].render(card(), card().catalog, style)
    assert isinstance(text, str)
    assert "lifetime." not in text
    assert "sBG" in text


def test_each_customer_has_the_value_of_the_months_ahead() -> None:
    rows = drawn()
    found = forecast(rows, horizon="6", gross_margin="50%", discount_rate="12%")
    after = dt.date.fromisoformat(found.last_day) + dt.timedelta(1)
    days = [((end or after) - start).days for *_, start, end in rows]
    gone = [end is not None for *_, end in rows]

    month = 365.25 / 12
    ends = Counter(day for day, left in zip(days, gone, strict=True) if left)
    stays = {day: 1 - count / sum(d >= day for d in days) for day, count in sorted(ends.items())}

    def lasts(time: float) -> float:
        """Return the share that lasts so long, worked out anew for each time."""
        return prod(stay for day, stay in stays.items() if day <= time)

    reach = next(one.value for one in found.figures if one.name == "reached")
    by_name = {one.customer: one for one in found.rows}
    carried = 0
    for (who, price, *_), seen, left in zip(rows, days, gone, strict=True):
        if left:
            assert (by_name[who].value, by_name[who].why) == (0, None)
        elif seen / month + 6 <= reach:
            ahead = sum(lasts(seen + (m + 0.5) * month) / 1.12 ** ((m + 1) / 12) for m in range(6))
            assert by_name[who].value == pytest.approx(price * 0.5 * ahead / lasts(seen))
            assert by_name[who].why is None
            carried += 1
        else:
            assert by_name[who].why.code == "beyond_data"
            assert 0 < by_name[who].value < price * 0.5 * 6
    assert carried > 50


def test_who_came_back_has_no_value_of_its_own() -> None:
    rows = [("A000" if n == 0 else f"B{n}", *row[1:]) for n, row in enumerate(drawn())]
    first = dt.date(2023, 1, 1)
    rows[0] = ("A000", 50.0, "month", first, dt.date(2023, 6, 1))
    found = forecast([*rows, ("A000", 50.0, "month", dt.date(2024, 1, 1), None)], horizon="6")
    one = next(one for one in found.rows if one.customer == "A000")
    assert (one.value, one.why.code) == (None, "came_back")
