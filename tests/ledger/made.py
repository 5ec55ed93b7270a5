"""A made list of subscriptions: many accounts, and how several billing systems and languages write it."""

from __future__ import annotations

import datetime as dt
import random
from fractions import Fraction

from tests.ledger.oracle import EPOCH, serial

FIRST, LAST = serial(dt.date(2022, 1, 1)), serial(dt.date(2024, 12, 31))
ACCOUNTS, ROWS = 600, 4000
PLANS = {"Basic": 8, "Pro": 20, "Enterprise": 48}


def rows_of(accounts=ACCOUNTS, rows=ROWS, seed=13):
    """(id, account, plan, seats, start, end or None, price of an interval, months, on trial, region)."""
    draw = random.Random(seed)
    found = []
    for number in range(accounts):
        region, day = draw.choice(["EU", "US", "APAC"]), FIRST + draw.randint(0, 700)
        for _ in range(max(1, round(draw.gauss(rows / accounts, 2)))):
            plan, seats, months = draw.choice([*PLANS]), draw.randint(1, 40), draw.choice([1, 1, 1, 12])
            trial = draw.random() < 0.1
            length = 14 if trial else draw.choice([5, 20, 45, 90, 200, 365, 400])
            end = day + length if day + length <= LAST and draw.random() < 0.85 else None
            price = Fraction(0) if trial else Fraction(PLANS[plan] * (9 if months == 12 else 1))
            found.append((len(found) + 1, f"A{number}", plan, seats, day, end, price, months, trial, region))
            # switches on the same day, with a day between, away for longer, and beside the one before
            day = (end or day + 30) + draw.choice([0, 0, 0, 0, 1, 3, 25, 70, -60])
            if day > LAST:
                break
    return found


def oracle_rows(rows):
    """The same as (account, start, end, monthly amount, region)."""
    return [
        (a, start, end, price * seats / months, region)
        for _, a, _, seats, start, end, price, months, _, region in rows
    ]


def _iso(day):
    return "" if day is None else (EPOCH + dt.timedelta(day)).isoformat()


def _german(day):
    return "" if day is None else (EPOCH + dt.timedelta(day)).strftime("%d.%m.%Y")


WORDS = {
    "en": ("month", "year", "active", "canceled", "trialing"),
    "de": ("monatlich", "jährlich", "aktiv", "gekündigt", "Testphase"),
    "it": ("mensile", "annuale", "attivo", "disdetto", "in prova"),
    "tr": ("aylık", "yıllık", "aktif", "iptal edildi", "deneme"),
    "ja": ("月次", "年次", "契約中", "解約済み", "試用中"),
}


def _words(language, months, end, trial):
    month, year, active, gone, on_trial = WORDS[language]
    return (year if months == 12 else month), (gone if end is not None else on_trial if trial else active)


def _ravenstack(row):
    number, account, plan, seats, start, end, price, months, trial, region = row
    mrr = float(price * seats / months)
    often = "annual" if months == 12 else "monthly"
    return (
        f"S-{number}",
        account,
        _iso(start),
        _iso(end),
        plan,
        seats,
        mrr,
        mrr * 12,
        often,
        trial,
        end is not None,
        region,
    )


def _stripe(row):
    number, account, plan, seats, start, end, price, months, trial, region = row
    often, status = _words("en", months, end, trial)
    at = f"{_iso(end)} 10:15" if end is not None else ""
    return (
        *(f"sub_{number}", account, plan, seats, "usd", often, float(price), status, f"{_iso(start)} 09:00"),
        *("", at, "false", at, region),
    )


def _chargebee(row):
    number, account, plan, seats, start, end, price, months, trial, region = row
    often, status = _words("en", months, end, trial)
    status = "in_trial" if status == "trialing" else "cancelled" if status == "canceled" else status
    return number, account, plan, status, seats, float(price), 1, often, _iso(start), _iso(end), "EUR", region


def _recurly(row):
    number, account, plan, seats, start, end, price, months, _, region = row
    state = "expired" if end is not None else "active"
    return (
        number,
        account,
        plan,
        state,
        float(price),
        "EUR",
        seats,
        months,
        "months",
        _iso(start),
        "",
        _iso(end),
        region,
    )


def _paddle(row):
    number, account, plan, seats, start, end, price, months, trial, region = row
    often, status = _words("en", months, end, trial)
    return number, account, status, plan, float(price), seats, often, 1, _iso(start), _iso(end), region


def _chartmogul(row):
    number, account, plan, seats, start, end, price, months, _, region = row
    mrr, often = float(price * seats / months), "year" if months == 12 else "month"
    state = "cancelled" if end is not None else "active"
    cells = (number, account, plan, seats, mrr, mrr * 12, state, often, 1, f"{_iso(start)}T00:00:00Z")
    return *cells, f"{_iso(end)}T00:00:00Z" if end is not None else "", "USD", region


def _in_language(language, day, decimal):
    def cells(row):
        number, account, plan, seats, start, end, price, months, trial, region = row
        often, status = _words(language, months, end, trial)
        return (
            number,
            account,
            plan,
            seats,
            f"{float(price):.2f}".replace(".", decimal),
            often,
            status,
            day(start),
            day(end),
            region,
        )

    return cells


STYLES = {
    "ravenstack": (
        "subscription_id,account_id,start_date,end_date,plan_tier,seats,mrr_amount,arr_amount,billing_frequency,"
        "is_trial,churn_flag,Region",
        _ravenstack,
    ),
    "stripe": (
        "id,Customer ID,Plan,Quantity,Currency,Interval,Amount,Status,Start Date (UTC),Trial End (UTC),"
        "Canceled At (UTC),Cancel At Period End,Ended At (UTC),Region",
        _stripe,
    ),
    "chargebee": (
        "Subscription Id,Customer Id,Plan Id,Status,Plan Quantity,Plan Unit Price,Billing Period,"
        "Billing Period Unit,Started At,Cancelled At,Currency,Region",
        _chargebee,
    ),
    "recurly": (
        "subscription_id,account_code,plan_code,state,unit_amount,currency,quantity,plan_interval_length,"
        "plan_interval_unit,activated_at,canceled_at,expires_at,Region",
        _recurly,
    ),
    "paddle": (
        "subscription_id,customer_id,status,plan_name,unit_price,quantity,billing_cycle_interval,"
        "billing_cycle_frequency,started_at,canceled_at,Region",
        _paddle,
    ),
    "chartmogul": (
        "external-id,customer-external-id,plan,quantity,mrr,arr,status,billing-cycle,billing-cycle-count,"
        "start-date,end-date,currency,Region",
        _chartmogul,
    ),
    "en": (
        "Subscription ID,Customer ID,Plan,Quantity,Price,Interval,Status,Start date,End date,Region",
        _in_language("en", _iso, "."),
    ),
    "de": (
        "Abo-ID;Kundennummer;Tarif;Menge;Preis;Abrechnungsintervall;Status;Startdatum;Enddatum;Region",
        _in_language("de", _german, ","),
    ),
    "it": (
        "ID abbonamento;ID cliente;Piano;Quantità;Prezzo;Periodicità;Stato;Data inizio;Data fine;Region",
        _in_language("it", _iso, ","),
    ),
    "tr": (
        "Abonelik no;Müşteri no;Plan;Adet;Fiyat;Fatura dönemi;Durum;Başlangıç tarihi;Bitiş tarihi;Region",
        _in_language("tr", _german, ","),
    ),
    "ja": (
        "契約ID,顧客ID,プラン,数量,料金,請求間隔,契約状態,開始日,終了日,Region",
        _in_language("ja", _iso, "."),
    ),
}


def written(rows, style):
    """The list as the text of a CSV file."""
    header, cells = STYLES[style]
    mark = ";" if ";" in header else ","
    lines = [header, *(mark.join(map(str, cells(row))) for row in rows)]
    return "\n".join(lines) + "\n"
