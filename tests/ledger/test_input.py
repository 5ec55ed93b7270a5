"""Lists of subscriptions as people have them: what is bound, what is refused, what is left out and told."""

from __future__ import annotations

import pytest

from metricsheet.api import UnfitOptionsError, evaluate
from metricsheet.report import render_text
from metricsheet.report.style import TextStyle
from tests.stages import some

HEAD = "Customer ID,Plan,Start date,End date,Price,Interval,Status,Currency"
GOOD = "a,A,2024-01-10,,100,month,active,USD"


def card(tmp_path, text, **options):
    path = tmp_path / "subs.csv"
    path.write_text(text, encoding="utf-8")
    return evaluate(path, **{"period": "month", "until": "2024-06-30", **options})


def mrr(found, period="2024-06"):
    return {r.metric: r.value for r in found.results if r.period == period and not r.slice}.get("mrr")


def codes(found):
    return [problem.message.key for problem in (*found.problems, *found.notices)]


def listed(*rows):
    return "\n".join((HEAD, GOOD, *rows)) + "\n"


LEFT_OUT = {
    "ends before it starts": ("b,A,2024-03-20,2024-03-05,50,month,canceled,USD", "ends_before_start"),
    "no start": ("b,A,,2024-03-05,50,month,canceled,USD", "no_start"),
    "a start that is no date": ("b,A,soon,2024-03-05,50,month,canceled,USD", "no_start"),
    "an end that is no date": ("b,A,2024-02-05,later,50,month,active,USD", "no_date"),
    "a price that is text": ("b,A,2024-02-01,2024-03-05,tbd,month,active,USD", "no_price"),
    "no price": ("b,A,2024-02-01,2024-03-05,,month,active,USD", "no_price"),
    "ends as it starts": ("b,A,2024-02-01,2024-02-01,10,month,canceled,USD", "no_time"),
    "a refund": ("b,A,2024-02-01,2024-03-05,-10,month,active,USD", "negative"),
    "cancelled nobody knows when": ("b,A,2024-02-01,,10,month,canceled,USD", "no_end"),
    "unpaid": ("b,A,2024-02-01,,10,month,unpaid,USD", "not_paying"),
    "paused": ("b,A,2024-02-01,,10,month,paused,USD", "not_paying"),
    "incomplete": ("b,A,2024-02-01,,10,month,incomplete_expired,USD", "not_paying"),
    "on trial": ("b,A,2024-02-01,,10,month,trialing,USD", "on_trial"),
    "nobody": (",A,2024-02-01,,10,month,active,USD", "no_customer"),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_rows_that_bring_nothing_are_listed(tmp_path, case):
    row, reason = LEFT_OUT[case]
    found = card(tmp_path, listed(row, "z,A,2024-01-10,2024-02-10,10,month,canceled,USD"))
    assert mrr(found) == 100
    assert [(one.where, one.reason) for one in found.ledgers[0].left_out] == [("subs.csv!3", reason)]
    assert f"ledger_left_out.{reason}" in codes(found)


def test_what_rows_say_themselves_is_no_problem(tmp_path):
    found = card(tmp_path, listed(LEFT_OUT["on trial"][0], LEFT_OUT["paused"][0]))
    assert found.problems == ()


@pytest.mark.parametrize(("quantity", "value"), [("1", 10), ("3", None)])
def test_without_a_period_a_price_is_only_taken_for_all_where_it_is_all(tmp_path, quantity, value):
    text = f"Customer ID,Status,Start date,Price,Interval,Quantity\na,active,2024-01-10,10,month,{quantity}\n"
    found = card(tmp_path, text, period=None, until=None)
    assert next(r.value for r in found.results if r.metric == "mrr_subscriptions") == value
    assert "ledger_waits" in codes(found)
    assert mrr(card(tmp_path, text)) == 10 * int(quantity)


def test_a_warning_where_more_than_a_hundredth_is_left_out(tmp_path):
    assert "ledger_stake" in codes(card(tmp_path, listed("b,A,,2024-03-05,50,month,canceled,USD")))
    assert "ledger_stake" not in codes(card(tmp_path, listed("b,A,,2024-03-05,1,month,canceled,USD")))


REFUSED = {
    "no interval": ("b,A,2024-02-01,2024-03-05,10,,active,USD", "ledger_no_interval.rows"),
    "an interval of no months": ("b,A,2024-02-01,2024-03-05,10,0,active,USD", "ledger_no_interval.rows"),
    "an unknown interval": ("b,A,2024-02-01,,10,every now and then,active,USD", "ledger_unread"),
    "an unknown interval among many": (
        "\n".join(
            [f"c{n},A,2024-02-01,,10,month,active,USD" for n in range(5)]
            + ["b,A,2024-02-01,,1,lunar,active,USD"]
        ),
        "ledger_unknown_interval",
    ),
    "unknown words of status": (
        "b,A,2024-02-01,,10,month,gelöffelt,USD\nc,A,2024-02-01,,10,month,gelöffelt,USD",
        "ledger_unread",
    ),
    "an unknown word of status among many": (
        "\n".join(
            [f"c{n},A,2024-02-01,,10,month,active,USD" for n in range(5)]
            + ["b,A,2024-02-01,,1,month,zzz,USD"]
        ),
        "words_unknown",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_the_rows_leave_open_is_refused(tmp_path, case):
    row, key = REFUSED[case]
    found = card(tmp_path, listed(row))
    assert key in codes(found)
    assert all(r.value is None for r in found.results)
    assert found.ledgers == ()


def test_the_unknown_word_is_named_with_its_count(tmp_path):
    text = listed("b,A,2024-02-01,,10,month,zzz,USD", "c,A,2024-02-01,,10,month,zzz,USD")
    said = " ".join(str(p.message) for p in card(tmp_path, text).problems)
    assert "zzz (2)" in said


def test_a_list_without_intervals_is_refused_until_somebody_says_them(tmp_path):
    text = "subscription_id,account_code,state,unit_amount,activated_at,expires_at\n"
    text += "s1,a,active,59,2024-01-10,\ns2,b,active,29,2024-02-10,\n"
    assert "ledger_no_interval" in codes(card(tmp_path, text))
    assert mrr(card(tmp_path, text, settings={"billing_months": "1"})) == 88
    assert mrr(card(tmp_path, text, settings={"billing_months": "12"})) == 88 / 12


def test_two_currencies_make_no_total_but_for_a_fixed_rate(tmp_path):
    text = listed("b,A,2024-01-20,2024-03-05,50,month,canceled,EUR")
    apart = card(tmp_path, text)
    assert mrr(apart) is None
    assert {one.currency: one.rows[1].end for one in apart.ledgers} == {"USD": 100, "EUR": 50}
    together = card(tmp_path, text, settings={"fx.EUR": "1.08"})
    assert [mrr(together, f"2024-0{month}") for month in (1, 2, 3)] == [154, 154, 100]
    assert {r.currency for r in together.results if r.metric == "mrr"} == {"USD"}


def test_the_same_subscription_twice(tmp_path):
    head = "Subscription ID,Customer ID,Start date,End date,Price,Interval\n"
    row = "s1,a,2024-01-10,,100,month\n"
    twice = card(tmp_path, head + row + row)
    assert mrr(twice) == 100
    assert [one.reason for one in twice.ledgers[0].left_out] == ["repeated"]
    clash = card(tmp_path, head + row + "s1,a,2024-02-10,,120,month\n")
    assert "ledger_same_id" in codes(clash)
    assert mrr(clash) is None
    later = card(tmp_path, head + "s1,a,2024-01-10,2024-03-10,100,month\ns1,a,2024-03-10,,120,month\n")
    assert mrr(later) == 120


def test_a_list_of_payments_is_no_list_of_subscriptions(tmp_path):
    text = "Customer ID,Plan,Start date,Price,Interval,Status\n"
    text += "".join(f"c{c},A,2024-0{m}-10,{10 + c},month,active\n" for c in range(4) for m in range(1, 7))
    found = card(tmp_path, text)
    assert "ledger_of_payments" in codes(found)
    assert mrr(found) is None


@pytest.mark.parametrize(
    "text",
    [
        "Start Date,End Date,Score,Comment\n2024-01-01,2024-01-02,9,a\n2024-01-03,2024-01-04,7,b\n",
        "Campaign,Start Date,End Date,Cost\nx,2024-01-01,2024-01-02,9\ny,2024-01-03,2024-01-04,7\n",
    ],
)
def test_other_tables_with_a_start_and_an_end_are_no_ledger(tmp_path, text):
    assert card(tmp_path, text).ledgers == ()


MONTH_ENDS = (
    "b,A,2024-02-01,2024-02-29,10,month,canceled,USD",
    "c,A,2024-02-01,2024-03-31,20,month,canceled,USD",
)


def test_ends_that_are_all_last_days_of_months_are_asked_for(tmp_path):
    found = card(tmp_path, listed(*MONTH_ENDS))
    asked = next(p for p in found.problems if p.code == "ledger_end_means")
    assert (asked.message.values["first"], asked.message.values["last"]) == (120, 130)
    assert mrr(found) is None
    for means, months in (("first_day_without", [120, 100, 100]), ("last_day", [130, 120, 100])):
        told = card(tmp_path, listed(*MONTH_ENDS), settings={"end_means": means})
        assert [mrr(told, f"2024-0{month}") for month in (2, 3, 4)] == months
        assert told.ledgers[0].settings["end_means"] == means


def test_rows_that_follow_each_other_say_what_an_end_is(tmp_path):
    rows = ("b,A,2024-02-01,2024-02-29,10,month,active,USD", "b,A,2024-03-01,2024-03-31,20,month,active,USD")
    found = card(tmp_path, listed(*rows))
    assert found.ledgers[0].settings["end_means"] == "last_day"
    assert [mrr(found, f"2024-0{month}") for month in (2, 3, 4)] == [110, 120, 100]


def test_an_end_counts_when_it_comes_or_when_it_was_asked_for(tmp_path):
    text = "Customer ID,Interval,Start date,Ended At,Canceled At,Price\n"
    text += "a,month,2024-01-10,2024-04-10,2024-02-20,100\nb,month,2024-01-10,,,50\n"
    at_end, asked = (card(tmp_path, text, settings={"churn_at": at}) for at in ("end", "cancelled"))
    assert [mrr(at_end, f"2024-0{month}") for month in (2, 3, 4)] == [150, 150, 50]
    assert [mrr(asked, f"2024-0{month}") for month in (2, 3, 4)] == [50, 50, 50]


VALUES = {
    "a quantity": ("Price,Interval,Quantity", "10,month,3", 30),
    "a quantity that is blank": ("Price,Interval,Quantity", "10,month,", 10),
    "intervals of several months": ("Price,Interval,Interval Count", "90,month,3", 30),
    "a monthly price for each": ("Monthly price,Billing interval,Quantity", "10,year,3", 30),
    "an MRR is of the whole row": ("MRR,Billing interval,Quantity", "30,year,3", 30),
    "a lasting discount": ("Price,Interval,Discount", "10,month,20%", 8),
    "a discount with an end": ("Price,Interval,Discount,Discount end", "10,month,20%,2024-12-31", 10),
    "cents": ("Price,Interval", "29.99,month", 29.99),
    "months as a number": ("Price,Billing months", "1200,12", 100),
    "a past due row": ("Price,Interval,Status", "10,month,past_due", 10),
    "after a trial": ("Price,Interval,Status,Trial End", "10,month,trialing,2024-02-02", 10),
    "still on trial": ("Price,Interval,Status,Trial End", "10,month,trialing,2024-07-02", 0),
    "a flag of a trial": ("Price,Interval,is_trial", "10,month,True", None),
}


@pytest.mark.parametrize("case", VALUES)
def test_what_a_row_is_worth(tmp_path, case):
    headers, cells, expected = VALUES[case]
    text = f"Subscription ID,Customer ID,Start date,{headers}\ns1,a,2024-01-10,{cells}\n"
    assert mrr(card(tmp_path, text)) == expected


WORDS = {
    1: "month monthly 1 monat monatlich mensile mese ay aylık 月 月次 毎月",
    3: "quarter quarterly vierteljährlich trimestrale çeyrek 四半期 3",
    6: "halbjährlich semestrale semiannual 半年 6",
    12: "year yearly annual annually jahr jährlich annuale anno yıl yıllık 年 年次 12",
    12 / 52: "week weekly wöchentlich settimanale haftalık 毎週",
    12 / 365: "day daily täglich giornaliero günlük 毎日",
}


def test_words_of_intervals_in_five_languages(tmp_path):
    rows = [(word, months) for months, words in WORDS.items() for word in words.split()]
    text = "Customer ID,Start date,Price,Interval\n"
    text += "".join(f"c{n},2024-01-10,{n + 1},{word}\n" for n, (word, _) in enumerate(rows))
    found = card(tmp_path, text)
    ledger = found.ledgers[0]
    got = {move.customer: move.after for move in ledger.moves}
    assert got == pytest.approx({f"c{n}": (n + 1) / months for n, (_, months) in enumerate(rows)}, rel=1e-12)


PAYMENTS = [f"c{c},A,2024-0{m}-10,,{10 + c},month,active,USD" for c in range(3) for m in range(1, 7)]
BLANKS = [f"c{n},A,2024-01-{10 + n},2024-03-05,10,{'' if n % 2 else 'month'},canceled,USD" for n in range(8)]
LUNAR = [
    f"c{n},A,2024-01-{10 + n},2024-03-05,10,{'lunar' if n > 5 else 'month'},active,USD" for n in range(8)
]
ZZZ = [f"c{n},A,2024-01-{10 + n},2024-03-05,10,month,{'zzz' if n > 5 else 'active'},USD" for n in range(8)]
SEVERAL = {
    "ends of months": ([*MONTH_ENDS, "d,A,2024-02-01,2024-04-30,30,month,canceled,USD"], ()),
    "a list of payments": (PAYMENTS, ("Customer ID",)),
    "blank intervals": (BLANKS, ()),
    "unknown intervals": (LUNAR, ()),
    # without its column nobody knows of the words
    "unknown words of status": (ZZZ, ("Status",)),
}
OF_A_LEDGER = {"nrr", "grr", "churn_rate", "mrr", "churned_mrr", "quick_ratio", "arpa", "retention_rate"}


@pytest.mark.parametrize("case", SEVERAL)
def test_removing_rows_or_columns_never_makes_a_number_of_a_refusal(tmp_path, case):
    rows, free = SEVERAL[case]
    table = [line.split(",") for line in listed(*rows).splitlines()]
    fewer = [[row for n, row in enumerate(table) if n != gone] for gone in range(1, len(table))]
    columns = [n for n, header in enumerate(table[0]) if header not in free]
    fewer += [[[cell for n, cell in enumerate(row) if n != gone] for row in table] for gone in columns]
    for one in (table, *some(fewer, test=4)):
        try:
            found = card(tmp_path, "\n".join(",".join(row) for row in one))
        except UnfitOptionsError as error:
            found = error.scorecard
        values = {r.metric: r.value for r in found.results if r.value is not None}
        assert not OF_A_LEDGER & values.keys(), one


def test_several_rows_of_a_customer_are_no_churn(tmp_path):
    text = "Customer ID,Start date,End date,Monthly price\n"
    text += "".join(
        f"c{n},2023-0{n + 1}-10,2024-02-0{n + 1},10\nc{n},2024-02-0{n + 1},,20\n" for n in range(5)
    )
    found = card(tmp_path, text)
    values = {r.metric: r.value for r in found.results if r.period == "2024-02"}
    assert (values["churn_rate"], values["retention_rate"], values["nrr"], values["mrr"]) == (0, 1, 2, 100)
    assert {r.metric for r in found.results if r.value is not None and r.metric.endswith("_dates")} == set()


def test_slices_add_up_with_their_transfers(tmp_path):
    rows = ["b,A,2024-02-10,2024-03-10,100,month,canceled,USD", "b,B,2024-03-10,,150,month,active,USD"]
    found = card(tmp_path, listed(*rows), by="Plan")
    by = {(r.slice["Plan"], r.metric): r.value for r in found.results if r.slice and r.period == "2024-03"}
    assert (by["A", "mrr"], by["B", "mrr"], by["B", "expansion_mrr_standard"]) == (100, 150, 50)
    march = {dict(row.slice).get("Plan", ""): row for row in found.ledgers[0].rows if row.period == "2024-03"}
    assert (march["A"].transferred_out, march["B"].transferred_in, march[""].amounts["expansion"]) == (
        100,
        100,
        50,
    )


def test_attributes_of_customers_and_of_subscriptions_are_told_apart(tmp_path):
    text = "Customer ID,Region,Plan,Start date,End date,Monthly price\na,EU,A,2024-01-10,2024-03-10,100\n"
    text += "a,EU,B,2024-03-10,,150\nb,US,A,2024-01-10,,100\n"
    (ledger,) = card(tmp_path, text, by=["Region", "Plan"]).ledgers
    assert ledger.attributes == {"Region": "customer", "Plan": "subscription"}
    (ledger,) = card(tmp_path, text, by="Region").ledgers
    assert {(row.transferred_in, row.transferred_out) for row in ledger.rows} == {(0, 0)}
    (ledger,) = card(tmp_path, text, by="Plan").ledgers
    assert sum(row.transferred_in for row in ledger.rows) == 100
    assert card(tmp_path, text).ledgers[0].attributes == {}


def test_a_span_of_days_is_one_period(tmp_path):
    rows = ["b,A,2024-02-10,2024-05-10,60,month,canceled,USD", "c,A,2024-04-10,,10,month,active,USD"]
    found = card(tmp_path, listed(*rows), period=None, since="2024-03-01", until="2024-05-31")
    values = {r.metric: r.value for r in found.results}
    assert (values["nrr"], values["grr"], values["mrr"], values["new_mrr"]) == (100 / 160, 100 / 160, 110, 10)


def test_a_start_after_the_last_day_does_not_count_yet(tmp_path):
    found = card(tmp_path, listed("b,A,2024-08-10,,50,month,active,USD"))
    assert mrr(found) == 100
    assert found.ledgers[0].rows[-1].period == "2024-06"


def test_ends_that_lie_ahead_have_not_come(tmp_path):
    found = card(tmp_path, listed("b,A,2024-02-10,2024-12-10,50,month,active,USD"), until=None)
    assert [row.period for row in found.ledgers[0].rows] == ["2024-01", "2024-02"]
    assert "ledger_running.later" in codes(found)


def test_a_trial_that_ends_later_makes_nothing_newer(tmp_path):
    text = "Customer ID,Start date,Trial End,Price,Interval,Status\na,2024-01-10,,10,month,active\n"
    text += "b,2024-02-10,2024-05-10,20,month,trialing\n"
    (ledger,) = card(tmp_path, text, until=None).ledgers
    assert [(row.period, row.end) for row in ledger.rows] == [("2024-01", 10), ("2024-02", 10)]


def test_a_header_that_is_not_there_fits_no_source(tmp_path):
    with pytest.raises(UnfitOptionsError) as raised:
        card(tmp_path, listed("b,A,2024-02-10,,100,month,active,USD"), by="Plna")
    assert "Plan" in str(raised.value.hint)
    assert mrr(raised.value.scorecard) == 200


def test_cohorts_by_a_header_that_is_not_there_are_refused(tmp_path):
    found = card(tmp_path, listed("b,A,2024-02-10,,100,month,active,USD"), cohort="Chanel")
    assert "no_column" in codes(found)
    assert found.ledgers == ()


def test_a_free_row_without_an_interval_is_worth_nothing(tmp_path):
    found = card(tmp_path, listed("b,A,2024-02-01,,0,0,active,USD").replace(",month,", ",1,"))
    assert (mrr(found), codes(found)) == (100, [])


def test_a_free_row_of_another_currency_is_no_ledger_of_its_own(tmp_path):
    found = card(tmp_path, listed("b,A,2024-02-01,,0,month,active,EUR"))
    assert [one.currency for one in found.ledgers] == ["USD"]
    assert mrr(found) == 100


def test_days_after_the_newest_have_no_rows(tmp_path):
    found = card(tmp_path, listed(), period=None, since="2030-01-01", until=None)
    assert [row for one in found.ledgers for row in one.rows] == []


def test_who_came_and_went_is_not_counted_by_slices(tmp_path):
    found = card(tmp_path, listed("b,B,2024-04-03,2024-04-20,30,month,canceled,USD"), by="Plan")
    april = {row.slice: row for row in found.ledgers[0].rows if row.period == "2024-04"}
    assert (april[()].came_and_went, april[()].came_amount) == (1, 30)
    assert {row.came_and_went for key, row in april.items() if key} == {None}


def test_cohorts_by_a_header_are_named_as_slices_are(tmp_path):
    rows = ["b,a,2024-02-01,,10,month,active,USD", "c,,2024-02-01,,10,month,active,USD"]
    found = card(tmp_path, listed(*rows), cohort="Plan")
    assert sorted((one.name, one.size) for one in found.ledgers[0].cohorts) == [
        ("", 3),
        ("(blank)", 1),
        ("A", 2),
    ]


PLAIN = {
    "en": "Customer;Start;End;Price;Interval;Status;monthly;yearly;active;cancelled",
    "de": "Kunde;Beginn;Ende;Preis;Intervall;Status;monatlich;jährlich;aktiv;gekündigt",
    "de, tariff": "Kunde;Vertragsbeginn;Vertragsende;Betrag;Turnus;Tarif;monatlich;jährlich;Basis;Profi",
    "fr": "Client;Début;Fin;Prix;Intervalle;Statut;mensuel;annuel;actif;résilié",
    "fr, amount": "Client;Date de début;Date de fin;Montant;Périodicité;État;mensuel;annuel;actif;résilié",
    "it": "Cliente;Inizio;Fine;Prezzo;Intervallo;Stato;mensile;annuale;attivo;disdetto",
    "it, fee": "Cliente;Data di inizio;Data di fine;Canone;Periodicità;Piano;mensile;annuale;Base;Pro",
    "tr": "Müşteri;Başlangıç;Bitiş;Fiyat;Ödeme aralığı;Durum;aylık;yıllık;aktif;iptal",
    "ja": "顧客;開始;終了;料金;支払間隔;状態;月次;年次;有効;解約",
    "ja, days": "顧客;利用開始日;利用終了日;金額;請求サイクル;プラン;毎月;毎年;A;B",
}
"""Plain headers, then the words of two intervals and of two cells of the last column."""


@pytest.mark.parametrize("style", PLAIN)
def test_plain_headers_of_every_language(tmp_path, style):
    *headers, month, year, first, second = PLAIN[style].split(";")
    lines = [
        ";".join(headers),
        f"A;2024-01-01;;49;{month};{first}",
        f"B;2024-01-15;2024-04-29;490;{year};{second}",
    ]
    (report,) = card(tmp_path, "\n".join(lines) + "\n").ledgers
    ends = {row.period: float(row.end) for row in report.rows if not row.slice}
    assert ends["2024-03"] == pytest.approx(49 + 490 / 12)
    assert ends["2024-06"] == 49


def test_the_part_of_movements_asks_what_is_open(tmp_path):
    found = card(tmp_path, listed(*MONTH_ENDS))
    text = render_text(found, style=TextStyle(show=("movements", "cohorts")))
    assert text.count("--set end_means=last_day") == 1
