"""What customers will bring: orders as people have them into a forecast, or the reason why there is none."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import metricsheet
from metricsheet import evaluate, load_catalog
from metricsheet.engines.ledger import likelihood
from metricsheet.language import LANGUAGES
from metricsheet.report import result_schema
from metricsheet.report.formats import FORMATS
from metricsheet.report.style import TextStyle
from tests.command_line import said
from tests.real_data import DATA, needs_data
from tests.stages import in_deep

pytest.importorskip("scipy", reason="scipy is the extra clv and not installed")

Rows = list[tuple[str, str, object]]
START = dt.date(2023, 1, 2)


@cache
def shop(customers: int = 150, days: int = 500, grows: float = 0.0, seed: int = 3) -> tuple[Any, ...]:
    """Return rows of customer, day and amount; amounts grow with how often one buys where it is asked for."""
    draw = random.Random(seed)
    rows: Rows = []
    for number in range(customers):
        rate, leaves = draw.gammavariate(1.2, 1 / 40), draw.betavariate(1, 3)
        scale, now = draw.gammavariate(5, 1 / 80), draw.uniform(0, 0.6 * days)
        while now < days:
            amount = draw.gammavariate(6, 1 / scale) + grows * rate
            rows.append((f"C{number:03}", str(START + dt.timedelta(int(now))), round(amount, 2)))
            if draw.random() < leaves:
                break
            now += draw.expovariate(rate)
    return tuple(sorted(rows, key=lambda row: row[1]))


def table(rows: Any, **more: list[Any]) -> dict[str, list[Any]]:
    who, when, paid = (list(column) for column in zip(*rows, strict=True))
    return {"Customer ID": who, "Order date": when, "Order total": paid, **more}


def forecast(data: Any, **options: Any) -> Any:
    (found,) = evaluate(
        data, also="lifetime", metrics=load_catalog("builtin"), only="clv", **options
    ).lifetime
    return found


@cache
def usual() -> Any:
    return forecast(table(shop()))


def values(found: Any) -> dict[str, float | None]:
    return {one.name: one.value for one in found.figures}


def test_figures_are_those_of_the_customers_together() -> None:
    found = usual()
    assert found.customers == len({row[0] for row in shop()}) == values(found)["customers"]
    for figure, of_row in (("alive", "alive"), ("purchases", "purchases"), ("value", "value")):
        assert values(found)[figure] == pytest.approx(sum(getattr(row, of_row) for row in found.rows))
    assert (found.first_day, found.last_day) == (shop()[0][1], shop()[-1][1])
    assert [*found.models] == ["BG/NBD", "Gamma-Gamma"]
    assert found.remarks == ()
    # the model saw two thirds, and hits better than going on at each one's past rate
    check = found.check
    assert abs(check.expected - check.came) < abs(check.at_past_rate - check.came)


def test_margin_discount_and_horizon() -> None:
    # written as text for people, and as a share
    margin = values(forecast(table(shop()), settings={"gross_margin": "40%"}))
    assert margin["value"] == pytest.approx(0.4 * values(usual())["value"])
    assert margin["new_value"] == pytest.approx(0.4 * values(usual())["new_value"])
    longer = forecast(table(shop()), settings={"horizon": "24"})
    half = forecast(table(shop()), settings={"discount_rate": "1"})
    assert values(longer)["purchases"] > values(usual())["purchases"] == values(half)["purchases"]
    assert [one.code for one in longer.remarks] == ["beyond_data"]
    # at 100 % a year the last month counts half, so all of the year between a half and the whole
    assert 0.5 < values(half)["value"] / values(usual())["value"] < 1


def test_discount_month_by_month() -> None:
    """Money of month m counts (1 + rate)^(−m/12), from forecasts that end with each month."""
    each = [0.0, *(values(forecast(table(shop()), settings={"horizon": str(m)}))["value"] for m in (1, 2))]
    worth = sum((b - a) * 1.21 ** (-m / 12) for m, (a, b) in enumerate(pairwise(each), 1))
    found = forecast(table(shop()), settings={"horizon": "2", "discount_rate": "21%"})
    assert values(found)["value"] == pytest.approx(worth)


def test_rows_that_do_not_count_are_told() -> None:
    odd: Rows = [("", "2023-03-01", 9.0), ("C001", "2023-03-02", -20.0), ("C002", "2023-03-04", None)]
    found = forecast(table([*shop(), *odd]))
    assert values(found) == values(usual())
    assert {one.key: one.values["count"] for one in found.remarks} == {
        "orders_left_out.no_customer": 1,
        "orders_left_out.no_amount": 1,
        "refunds_not_taken_off": 1,
    }


def test_spellings_of_a_customer_are_one() -> None:
    rows = [(who.lower() if number % 2 else who, *rest) for number, (who, *rest) in enumerate(shop())]
    assert values(forecast(table(rows))) == values(usual())


def monthly(rows: Any) -> Any:
    return [(who, when[:7], paid) for who, when, paid in rows]


def currencies(rows: Any) -> dict[str, list[Any]]:
    return table(rows, Currency=["EUR" if number % 2 else "USD" for number in range(len(rows))])


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"Order date": ["2024-01-01"], "Order total": [5]}, "no_orders"),
        ({"Score": [9, 8, 10]}, "no_orders"),
        (table(monthly(shop())), "orders_need_days"),
        (currencies(shop()), "mixed_currencies"),
    ],
)
def test_no_list_of_orders(data: Any, reason: str) -> None:
    found = forecast(data)
    assert (found.why.code, found.figures, found.rows) == (reason, (), ())


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (shop(customers=25), "too_few_customers"),
        (shop(days=45), "too_short"),
        ([(f"C{n}", str(START + dt.timedelta(n)), 5.0) for n in range(90)], "nobody_bought_again"),
        # everybody buys every 30 days to the end: a contract, and nothing that the model describes
        (
            [(f"C{n}", str(START + dt.timedelta(n % 9 + 30 * m)), 5.0) for n in range(60) for m in range(12)],
            "model_on_border",
        ),
    ],
)
def test_no_model(rows: Any, reason: str) -> None:
    found = forecast(table(rows))
    lacking = {one.name: one for one in found.figures if one.name not in ("customers", "bought_again")}
    assert {one.why.code for one in lacking.values()} == {reason}
    assert {one.value for one in lacking.values()} == {None}
    assert found.models == {}
    assert {(row.alive, row.purchases, row.value) for row in found.rows} == {(None, None, None)}


def test_value_is_refused_where_it_goes_with_frequency() -> None:
    found = forecast(table(shop(grows=6000.0)))
    codes = {one.name: one.why.code for one in found.figures if one.why is not None}
    assert codes == dict.fromkeys(("value", "new_value"), "frequency_and_value_correlated")
    assert values(found)["purchases"] is not None
    assert {row.value for row in found.rows} == {None}


def test_without_scipy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(likelihood, "find_spec", lambda name: None)
    found = forecast(table(shop()))
    assert {one.why.code for one in found.figures if one.why is not None} == {"model_needs_scipy"}


# as a metric --------------------------------------------------------------------------------------------


def clv(key: str, rows: Any, **settings: str) -> Any:
    card = evaluate(table(rows), settings=settings, metrics="builtin", only=key)
    assert card.lifetime == ()
    return next(one for one in card.results if one.metric == key)


def test_a_stated_horizon_makes_the_forecast_the_clv() -> None:
    expected = values(forecast(table(shop()), settings={"horizon": "24"}))["new_value"]
    found = clv("clv", shop(), horizon="24")
    assert (found.value, found.label) == (pytest.approx(expected), "CLV (forecast) (24 months)")
    assert (found.n, found.n_unit) == (150, "modelled_customers")


@pytest.mark.parametrize("settings", [{}, {"horizon": "6"}])
def test_less_than_a_year_is_no_clv(settings: dict[str, str]) -> None:
    found = clv("clv_forecast", shop(), **settings)
    assert found.value is None
    assert found.reason
    assert clv("clv", shop(), **settings).label == "CLV (customer rows) (one year)"


def test_why_there_is_no_forecast_is_the_reason_of_the_metric() -> None:
    found = clv("clv_forecast", shop(customers=25), horizon="24")
    assert (found.value, found.why.code) == (None, "too_few_customers")


@pytest.mark.parametrize("given", ["horizon=0", "horizon=6.5", "horizon=a year", "discount_rate=10"])
def test_settings_that_are_no_value(given: str) -> None:
    key, _, text = given.partition("=")
    with pytest.raises(metricsheet.errors.UsageError):
        forecast(table(shop()), settings={key: text})


# reports ------------------------------------------------------------------------------------------------


@cache
def card_of() -> Any:
    both = {"good": table(shop()), "bad": {"Score": [9, 8]}}
    return evaluate(both, also="lifetime", metrics="builtin")


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_in_every_language(language: str) -> None:
    style = TextStyle(show=("lifetime",), language=language)
    text = FORMATS["text"].render(card_of(), card_of().catalog, style)
    assert isinstance(text, str)
    assert "lifetime." not in text
    assert "BG/NBD" in text
    lines = text.splitlines()
    assert max(map(len, lines)) <= 100
    # assumptions, figures and the check of the one, and why there is none of the other
    assert len(lines) >= 16


def test_text_says_what_it_assumes() -> None:
    text = FORMATS["text"].render(card_of(), card_of().catalog, TextStyle(show=("lifetime",)))
    assert isinstance(text, str)
    for said_ in ("12 months after 14 May 2024", "none: revenue", "at the past rate of each", "not found"):
        assert said_ in " ".join(text.split()), said_


def test_json_fits_its_schema() -> None:
    found = card_of().to_dict()
    jsonschema.validate(found, result_schema())
    good, bad = found["lifetime"]
    assert {one["name"]: one["value"] for one in good["figures"]} == values(usual())
    assert good["check"]["came"] == usual().check.came
    assert (bad["figures"], bad["check"]) == ([], None)
    assert bad["reason"]


@pytest.mark.parametrize("form", ["md", "html"])
def test_pages_hold_it(form: str) -> None:
    page = FORMATS[form].render(card_of(), card_of().catalog, TextStyle(show=("lifetime",)))
    assert isinstance(page, str)
    assert "Value of customers" in page
    assert "12 months after 14 May 2024" in page


def test_workbook_has_a_row_for_each_customer(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    card_of().write(tmp_path / "card.xlsx")
    book = openpyxl.load_workbook(tmp_path / "card.xlsx")
    assert book["Customers"].max_row == 1 + 150 + 1
    assert book["Lifetime"]["B2"].value == "Looks ahead"


def test_csv_has_a_row_for_each_customer() -> None:
    """And one for the source without a forecast, which says why."""
    text = FORMATS["csv"].render(card_of(), card_of().catalog, TextStyle(show=("lifetime",)))
    assert isinstance(text, str)
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 150 + 1
    total = sum(float(row["expected_value"]) for row in rows if row["source"] == "good")
    assert total == pytest.approx(values(usual())["value"])
    assert [row["reason"] for row in rows if row["reason"]] == [str(card_of().lifetime[1].why)]


def test_nobody_asked() -> None:
    card = evaluate(table(shop()), metrics="builtin")
    assert card.lifetime == ()
    assert card.to_dict()["lifetime"] == []


@in_deep
def test_in_other_processes_too(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with (tmp_path / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["Customer ID", "Order date", "Order total"])
            writer.writerows(shop())
    found = evaluate(tmp_path, also="lifetime", metrics="builtin", only="clv", jobs=2).lifetime
    assert [values(one) for one in found] == [values(usual())] * 2
    assert found[0].rows == usual().rows


@needs_data
def test_cdnow_on_the_command_line(tmp_path: Path) -> None:
    """From two thirds of the 39 weeks the model foretells what came in the last one."""
    lines = (DATA / "cdnow" / "CDNOW_sample.txt").read_text(encoding="ascii").splitlines()
    path = tmp_path / "cdnow.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Customer ID", "Order date", "Amount"])
        for customer, _, day, _, amount in map(str.split, lines):
            if day <= "19970930":
                writer.writerow([customer, f"{day[:4]}-{day[4:6]}-{day[6:]}", amount])
    show = ("evaluate", str(path), "--metrics", "builtin", "--show", "lifetime")
    text = " ".join(said(*show).split())
    assert "BG/NBD r 0.24259, alpha 4.4136, a 0.79292, b 2.4259, log_likelihood -9582.4" in text
    assert "2,357 customers known before: 721 expected, 711 came; 1,155 at the past rate of each" in text
