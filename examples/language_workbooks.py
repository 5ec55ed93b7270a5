"""The same small company in six languages: equal numbers under each language's headers and ways of writing.

Money, percentages, dates, flags and answers stand partly as text, as exports in that language have them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from acme_data import Sheet, Value

MONTHS = tuple(dt.date(2024, month, 1) for month in range(1, 13))


@dataclass(frozen=True)
class Language:
    """How one language writes: sheet names, headers in column order, words, and values as text."""

    code: str
    sheets: tuple[str, str, str]
    survey: tuple[str, ...]
    months: tuple[str, ...]
    customers: tuple[str, ...]
    missing: str
    flags: tuple[str, str]
    agreement: tuple[str, str, str, str, str]
    day: str
    month: str | None
    money: Callable[[float], str]
    percent: Callable[[float], str]


def _comma(number: float) -> str:
    """Return ``1.234,50``."""
    return f"{number:,.2f}".translate(str.maketrans(",.", ".,"))


LANGUAGES = (
    Language(
        "en",
        ("Survey", "Months", "Customers"),
        ("Survey date", "Segment", "Likelihood to recommend", "Customer satisfaction", "Ease score",
         "Agreement"),
        ("Month", "Opening customers", "Cancellations", "Customers acquired", "Paying customers", "ARPA",
         "One-time revenue", "Revenue (first-year cohort)", "Customers (first-year cohort)", "Total revenue",
         "Upsell revenue",
         "Established customer revenue", "Marketing spend", "Sales expense", "Gross margin %", "Delivered",
         "Unique opens", "Clicks", "Leads", "Visitors", "Impressions"),
        ("Churned", "Monthly charges", "Signup date", "Churn date"),
        "n/a", ("Yes", "No"),
        ("Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"),
        "{m}/{d}/{y}", None, lambda n: f"${n:,.2f}", lambda n: f"{n * 100:.1f}%",
    ),
    Language(
        "ja",
        ("アンケート", "月次", "顧客"),
        ("回答日", "セグメント", "推奨度", "顧客満足度", "手軽さ", "同意度"),
        ("対象月", "月初顧客数", "解約数", "新規顧客数", "契約数", "顧客平均単価", "スポット売上",
         "売上高(初年度コホート)", "顧客数(初年度コホート)", "総売上", "アップセル売上",
         "既存顧客売上", "広告費", "営業費用", "粗利率", "到達数",
         "開封数", "クリック数", "リード数", "訪問者数", "表示回数"),
        ("解約フラグ", "月額料金", "契約開始日", "終了日"),
        "未回答", ("はい", "いいえ"),
        ("全くそう思わない", "そう思わない", "どちらともいえない", "そう思う", "非常にそう思う"),
        "{y}年{m}月{d}日", "{y}年{m}月", lambda n: f"{n:,.2f}円", lambda n: f"{n * 100:.1f}％",
    ),
    Language(
        "tr",
        ("Anket", "Aylar", "Müşteriler"),
        ("İşlem tarihi", "Segment", "Tavsiye puanı", "Müşteri memnuniyeti", "Kolaylık puanı",
         "Katılım düzeyi"),
        ("Dönem", "Başlangıç müşteri sayısı", "Kayıp müşteri", "Yeni müşteri", "Ödeme yapan müşteri",
         "Ortalama gelir", "Tek seferlik gelir", "Ciro (ilk yıl grubu)", "Müşteri sayısı (ilk yıl grubu)",
         "Toplam gelir", "Ek satış geliri",
         "Mevcut müşteri geliri", "Pazarlama gideri", "Satış gideri", "Brüt kâr marjı", "Teslim edilen",
         "Açılma", "Tıklama", "Potansiyel müşteri", "Ziyaretçi", "Gösterim"),
        ("Kayıp", "Aylık ücret", "Başlangıç tarihi", "İptal tarihi"),
        "yok", ("Evet", "Hayır"),
        ("Hiç katılmıyorum", "Katılmıyorum", "Kararsızım", "Katılıyorum", "Tamamen katılıyorum"),
        "{d:02}.{m:02}.{y}", "01.{m:02}.{y}", lambda n: f"₺{_comma(n)}",
        lambda n: f"%{n * 100:.1f}".replace(".", ","),
    ),
    Language(
        "it",
        ("Sondaggio", "Mesi", "Clienti"),
        ("Data risposta", "Segmento", "Raccomandazione", "Soddisfazione", "Facilità", "Accordo"),
        ("Mese", "Clienti iniziali", "Disdette", "Nuovi clienti", "Clienti paganti", "Ricavo medio",
         "Ricavi una tantum", "Fatturato (coorte primo anno)", "Numero di clienti (coorte primo anno)",
         "Ricavi totali", "Ricavi upsell",
         "Ricavi clienti esistenti", "Spesa pubblicitaria", "Costi commerciali", "Margine lordo",
         "Recapitate", "Aperture", "Clic", "Contatti", "Visitatori", "Visualizzazioni"),
        ("Abbandono", "Canone mensile", "Data attivazione", "Data disdetta"),
        "n.d.", ("Sì", "No"),
        ("Per niente d'accordo", "In disaccordo", "Neutrale", "D'accordo", "Completamente d'accordo"),
        "{d:02}/{m:02}/{y}", None, lambda n: f"{_comma(n)} €", lambda n: f"{n * 100:.1f} %".replace(".", ","),
    ),
    Language(
        "de",
        ("Umfrage", "Monate", "Kunden"),
        ("Datum", "Kundengruppe", "Weiterempfehlung", "Kundenzufriedenheit", "Einfachheit", "Zustimmung"),
        ("Zeitraum", "Anfangsbestand", "Kündigungen", "Neukunden", "Zahlende Kunden", "Durchschnittsumsatz",
         "Einmalumsatz", "Umsatz (Kohorte erstes Jahr)", "Anzahl Kunden (Kohorte erstes Jahr)",
         "Gesamtumsatz", "Zusatzverkauf", "Bestandskundenumsatz",
         "Werbekosten", "Vertriebskosten", "Bruttomarge", "Zugestellt", "Öffnungen", "Klicks", "Anfragen",
         "Besucher", "Impressionen"),
        ("Gekündigt", "Monatspreis", "Startdatum", "Kündigungsdatum"),
        "k.A.", ("Ja", "Nein"),
        ("Stimme überhaupt nicht zu", "Stimme nicht zu", "Neutral", "Stimme zu", "Stimme voll zu"),
        "{d:02}.{m:02}.{y}", "01.{m:02}.{y}", lambda n: f"{_comma(n)} €",
        lambda n: f"{n * 100:.1f} %".replace(".", ","),
    ),
    Language(
        "fr",
        ("Enquête", "Mois", "Clients"),
        ("Date de réponse", "Type de client", "Recommandation", "Satisfaction client", "Facilité",
         "Niveau d'accord"),
        ("Période", "Clients initiaux", "Résiliations", "Clients acquis", "Clients payants", "Revenu moyen",
         "Revenus ponctuels", "CA (cohorte première année)", "Nombre de clients (cohorte première année)",
         "CA total", "Ventes additionnelles", "CA clients existants",
         "Dépenses publicitaires", "Frais commerciaux", "Taux de marge brute", "Emails délivrés",
         "Ouvertures", "Clics", "Prospects", "Visiteurs", "Affichages"),
        ("Résilié", "Abonnement mensuel", "Date de souscription", "Date de résiliation"),
        "n.c.", ("Oui", "Non"),
        ("Pas du tout d'accord", "Pas d'accord", "Neutre", "D'accord", "Tout à fait d'accord"),
        "{d:02}/{m:02}/{y}", "{french} {y}", lambda n: f"{_comma(n)} €".replace(".", "\u202f"),
        lambda n: f"{n * 100:.1f}\u00a0%".replace(".", ","),
    ),
)  # fmt: skip

FRENCH = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."]


def language_sheets(language: Language, seed: int = 7) -> tuple[Sheet, ...]:
    """Return the workbook of one language; the numbers depend on the seed alone."""
    rng = Random(seed)
    survey, months, customers = language.sheets
    return (
        Sheet(survey, language.survey, _survey(rng, language)),
        Sheet(months, language.months, _months(rng, language)),
        Sheet(customers, language.customers, _customers(rng, language)),
    )


def _written(form: str, day: dt.date) -> str:
    return form.format(y=day.year, m=day.month, d=day.day, french=FRENCH[day.month - 1])


def _survey(rng: Random, language: Language) -> Sequence[Sequence[Value]]:
    rows: list[Sequence[Value]] = []
    for number in range(60):
        day = dt.date(2024, 1, 13) + dt.timedelta(days=number * 5)
        recommend: Value = 3 + int(rng.random() * 8)
        satisfied: Value = 3 + int(rng.random() * 8)
        ease = 2 + int(rng.random() * 6)
        answer: Value = language.agreement[int(rng.random() ** 0.6 * 5)]
        if number % 17 == 4:
            recommend = language.missing
        if number % 19 == 7:
            satisfied = None
        if number % 23 == 9:
            answer = None
        # every third score is text, as spreadsheets filled in by hand have it
        written: Value = str(recommend) if number % 3 == 0 and recommend is not None else recommend
        rows.append((_written(language.day, day), "SML"[number % 3], written, satisfied, ease, answer))
    return rows


def _months(rng: Random, language: Language) -> Sequence[Sequence[Value]]:
    rows: list[Sequence[Value]] = []
    standing = 1200
    for index, month in enumerate(MONTHS):
        lost, new = 22 + int(rng.random() * 9), 30 + int(rng.random() * 9)
        end = standing - lost + new
        price = round(48 + rng.random() * 3, 2)
        one_time = round(1500 + rng.random() * 900, 2)
        total = round(end * price + one_time, 2)
        cohort = 28 + int(rng.random() * 9)
        cohort_revenue = round(cohort * (540 + rng.random() * 60), 2)
        marketing = round(new * (95 + 4 * index + rng.random() * 5), 2)
        sales = round(new * (60 + 2 * index + rng.random() * 5), 2)
        delivered = 5000 + int(rng.random() * 400)
        upsell, established = round(total * 0.14, 2), round(total * 0.61, 2)
        said: Value = month if language.month is None else _written(language.month, month)
        rows.append(
            (said, standing, lost, new, end, language.money(price), language.money(one_time),
             language.money(cohort_revenue), cohort, language.money(total), upsell, established,
             language.money(marketing), sales, language.percent(0.8), delivered,
             int(delivered * (0.2 + rng.random() * 0.05)), int(delivered * (0.02 + rng.random() * 0.01)),
             new * 6 + int(rng.random() * 20), new * 180 + int(rng.random() * 300), new * 9000)
        )  # fmt: skip
        standing = end
    return rows


def _customers(rng: Random, language: Language) -> Sequence[Sequence[Value]]:
    rows: list[Sequence[Value]] = []
    for number in range(48):
        gone = rng.random() < 0.2
        start = dt.date(2022, 2, 14) + dt.timedelta(days=int(rng.random() * 700))
        end = dt.date(2024, 3, 20) + dt.timedelta(days=int(rng.random() * 250))
        flag = language.missing if number == 11 else language.flags[0 if gone else 1]
        price = round(19 + rng.random() * 80, 2)
        rows.append(
            (flag, language.money(price), _written(language.day, start),
             _written(language.day, end) if gone else None)
        )  # fmt: skip
    return rows
