"""Scorecards made by hand: two years in quarters, three segments, every status, five languages."""

from __future__ import annotations

from functools import cache

from metricsheet.catalog.bands_in_force import bands_against
from metricsheet.catalog.definitions import (
    BandDefinition,
    Benchmark,
    Catalog,
    InputDefinition,
    MetricDefinition,
    Setting,
    Target,
)
from metricsheet.dataset import Problem
from metricsheet.evaluation.result import InputUse, Result, Trend, Verdict
from metricsheet.language import LANGUAGES
from metricsheet.language.message import Message, say
from metricsheet.language.numbers import NumberFormat
from metricsheet.language.words import term
from metricsheet.records import replace
from metricsheet.report import render_markdown, render_text
from metricsheet.report.scorecard import Finding
from metricsheet.report.style import PLAIN, TextStyle
from metricsheet.report.wording import reason_of
from metricsheet.rules.engine.trace import Comparison
from metricsheet.scorecard import Scorecard

QUARTERS = tuple(f"{year}-Q{q}" for year in (2023, 2024) for q in (1, 2, 3, 4))
SOURCE = "Northwind customers.xlsx"


def _texts(en: str, ja: str, tr: str, it: str, de: str) -> dict[str, str]:
    """The texts of a definition; a language without one of its own has the English."""
    return {**dict.fromkeys(LANGUAGES, en), "ja": ja, "tr": tr, "it": it, "de": de}


LABELS = {
    "impressions": _texts("Impressions", "インプレッション数", "Gösterim", "Impression", "Impressionen"),
    "cost_per_lead": _texts(
        "Cost per lead", "リード獲得単価", "Aday Başına Maliyet", "Costo per lead", "Kosten pro Lead"
    ),
    "open_rate": _texts("Open rate", "開封率", "Açılma Oranı", "Tasso di apertura", "Öffnungsrate"),
    "click_rate": _texts(
        "Click-through rate", "クリック率", "Tıklama Oranı", "Percentuale di clic", "Klickrate"
    ),
    "win_rate": _texts("Win rate", "受注率", "Kazanma Oranı", "Tasso di chiusura", "Gewinnquote"),
    "sales_cycle": _texts(
        "Sales cycle (days)",
        "平均商談日数",
        "Satış Döngüsü (gün)",
        "Ciclo di vendita (giorni)",
        "Verkaufszyklus (Tage)",
    ),
    "cac": _texts(
        "Customer acquisition cost",
        "顧客獲得コスト(CAC)",
        "Müşteri Edinme Maliyeti",
        "Costo di acquisizione cliente",
        "Kundenakquisitionskosten",
    ),
    "clv_cac_ratio": _texts(
        "CLV to CAC ratio", "LTV/CAC比率", "CLV:CAC Oranı", "Rapporto CLV:CAC", "CLV:CAC-Verhältnis"
    ),
    "cac_payback": _texts(
        "CAC payback (months)",
        "CAC回収期間(月)",
        "CAC Geri Ödeme Süresi",
        "Mesi di recupero del CAC",
        "CAC-Amortisation (Monate)",
    ),
    "nps": _texts(
        "Net Promoter Score (NPS)",
        "ネットプロモータースコア(NPS)",
        "Net Tavsiye Skoru (NPS)",
        "Net Promoter Score (NPS)",
        "Net Promoter Score (NPS)",
    ),
    "css": _texts(
        "Customer satisfaction score",
        "顧客満足度スコア(CSAT)",
        "Müşteri Memnuniyeti Skoru",
        "Punteggio di soddisfazione del cliente",
        "Kundenzufriedenheit (CSAT)",
    ),
    "ces": _texts(
        "Customer effort score",
        "顧客努力指標(CES)",
        "Müşteri Efor Skoru (CES)",
        "Customer Effort Score (facilità)",
        "Kundenaufwand (CES)",
    ),
    "churn_rate": _texts(
        "Churn rate", "解約率", "Müşteri Kayıp Oranı", "Tasso di abbandono", "Abwanderungsrate"
    ),
    "churn_rate_flags": _texts(
        "Churn rate from flags",
        "解約率（フラグ）",
        "Müşteri Kayıp Oranı (bayrak)",
        "Tasso di abbandono da indicatori",
        "Abwanderungsrate aus Kennzeichen",
    ),
    "mrr": _texts(
        "Monthly recurring revenue",
        "月次経常収益(MRR)",
        "Aylık Yinelenen Gelir (MRR)",
        "Ricavi mensili ricorrenti (MRR)",
        "Monatlich wiederkehrender Umsatz (MRR)",
    ),
    "upsell_share": _texts(
        "Upsell revenue share",
        "アップセル売上比率",
        "Ek Satış Gelir Payı",
        "Quota ricavi da upsell",
        "Upsell-Umsatzanteil",
    ),
    "existing_customer_share": _texts(
        "Existing-customer revenue share",
        "既存顧客売上比率",
        "Mevcut Müşteri Gelir Payı",
        "Quota ricavi da clienti esistenti",
        "Bestandskunden-Umsatzanteil",
    ),
}
INPUT_LABELS = {
    "recommend_score": _texts(
        "Recommendation score", "推奨度", "Tavsiye puanı", "Punteggio di raccomandazione", "Weiterempfehlung"
    ),
    "satisfaction_score": _texts(
        "Satisfaction score", "満足度", "Memnuniyet puanı", "Punteggio di soddisfazione", "Zufriedenheit"
    ),
    "effort_score": _texts("Effort score", "努力度", "Efor puanı", "Punteggio di sforzo", "Aufwand"),
    "marketing_cost": _texts(
        "Marketing cost", "マーケティング費用", "Pazarlama maliyeti", "Costi di marketing", "Marketingkosten"
    ),
    "sales_cost": _texts("Sales cost", "営業費用", "Satış maliyeti", "Costi di vendita", "Vertriebskosten"),
    "new_customers": _texts("New customers", "新規顧客数", "Yeni müşteri", "Nuovi clienti", "Neukunden"),
    "delivered": _texts("Delivered e-mails", "到達数", "Teslim edilen", "E-mail consegnate", "Zugestellt"),
    "opens": _texts("Opens", "開封数", "Açılma", "Aperture", "Öffnungen"),
    "customers_lost": _texts(
        "Customers lost", "解約数", "Kaybedilen müşteri", "Clienti persi", "Verlorene Kunden"
    ),
    "customers_at_start": _texts(
        "Customers at start",
        "期初顧客数",
        "Dönem başı müşteri",
        "Clienti a inizio periodo",
        "Kunden am Anfang",
    ),
}
# key: (stage, kind, unit, better, formula)
SHAPES = {
    "impressions": ("attract", "activity", "count", "higher", "SUM(impressions)"),
    "cost_per_lead": ("capture", "activity", "money", "lower", "marketing_cost / leads"),
    "open_rate": ("nurture", "activity", "percent", "higher", "opens / delivered"),
    "click_rate": ("nurture", "activity", "percent", "higher", "clicks / delivered"),
    "win_rate": ("convert", "outcome", "percent", "higher", "won / (won + lost)"),
    "sales_cycle": ("convert", "outcome", "days", "lower", "MEDIAN(sales_days)"),
    "cac": ("convert", "outcome", "money", "lower", "(marketing_cost + sales_cost) / new_customers"),
    "clv_cac_ratio": ("convert", "outcome", "ratio", "higher", "clv / cac"),
    "cac_payback": ("convert", "outcome", "months", "lower", "cac / (arpa * margin)"),
    "nps": (
        "expand",
        "outcome",
        "points",
        "higher",
        '(COUNTIF(recommend_score, ">=9") - COUNTIF(recommend_score, "<=6")) / COUNT(recommend_score) * 100',
    ),
    "css": (
        "expand",
        "outcome",
        "percent",
        "higher",
        'COUNTIF(satisfaction_score, ">=6") / COUNT(satisfaction_score)',
    ),
    "ces": ("expand", "outcome", "points", "higher", "AVERAGE(effort_score)"),
    "churn_rate": ("expand", "outcome", "percent", "lower", "customers_lost / customers_at_start"),
    "churn_rate_flags": ("expand", "outcome", "percent", "lower", "SUM(churned) / COUNT(churned)"),
    "mrr": ("expand", "outcome", "money", "higher", "active_customers * average_revenue"),
    "upsell_share": ("expand", "outcome", "percent", "higher", "upsell_revenue / total_revenue"),
    "existing_customer_share": (
        "expand",
        "outcome",
        "percent",
        "higher",
        "existing_customer_revenue / total_revenue",
    ),
}
PROMOTERS = _texts(
    "More promoters than detractors",
    "推奨者が批判者を上回る",
    "Destekleyenler kötüleyenlerden çok",
    "Più promotori che detrattori",
    "Mehr Promotoren als Detraktoren",
)
DETRACTORS = _texts(
    "More detractors than promoters",
    "批判者が推奨者を上回る",
    "Kötüleyenler destekleyenlerden çok",
    "Più detrattori che promotori",
    "Mehr Detraktoren als Promotoren",
)
SLIM = _texts("Slim profit", "利益が薄い", "Kâr ince", "Profitto esiguo", "Schmaler Gewinn")
BANDS = {
    "nps": (
        BandDefinition("critical", "below 0", DETRACTORS, None, False, 0.0, False),
        BandDefinition("ok", "at least 0", PROMOTERS, 0.0, True, None, False),
    ),
    "clv_cac_ratio": (
        BandDefinition("critical", "at most 1", {"en": "Break-even or loss"}, None, False, 1.0, True),
        BandDefinition("warn", "below 3", SLIM, 1.0, False, 3.0, False),
        BandDefinition("ok", "at most 5", {"en": "On target"}, 3.0, True, 5.0, True),
        BandDefinition("info", "above 5", {"en": "Possible under-investment"}, 5.0, False, None, False),
    ),
}
TARGETS = {
    "clv_cac_ratio": Target(3.0, "3:1"),
    "churn_rate": Target(0.05, "5%"),
    "win_rate": Target(0.25, "25%"),
}
USES = {
    "nps": ("recommend_score", "Survey!C2:C6201", 6043, 120, 37, 0),
    "css": ("satisfaction_score", "Survey!D2:D6201", 6100, 98, 0, 2),
    "cac": ("marketing_cost", "Marketing!B2:B25", 24, 0, 0, 0),
    "open_rate": ("opens", "Marketing!F2:F25", 24, 0, 0, 0),
    "churn_rate": ("customers_lost", "Customers and revenue!E2:E25", 24, 0, 0, 0),
    "mrr": ("active_customers", "Customers and revenue!C2:C25", 22, 0, 0, 0),
}


@cache
def catalog(language: str = "en", *, benchmarks: bool = False) -> Catalog:
    """Return definitions that fit the sample scorecards; their plans are never asked."""

    class NoPlan:
        parameters: tuple[str, ...] = ()

    metrics = {
        key: MetricDefinition(
            key=key,
            label=LABELS[key],
            stage=stage,
            kind=kind,
            unit=unit,
            better=better,
            formula=formula,
            plan=NoPlan(),  # type: ignore[arg-type]
            udf=key.upper(),
            question={"en": f"What is our {LABELS[key]['en'].lower()}?"},
            min_sample=30 if key in ("nps", "css", "ces") else None,
            bands=BANDS.get(key, ()),
            targets=(TARGETS[key],) if key in TARGETS else (),
            note={"en": "CLV is revenue, without margin"} if key == "clv_cac_ratio" else None,
            source="10 customer success metrics, 2022",
        )
        for key, (stage, kind, unit, better, formula) in SHAPES.items()
    }
    packs = (
        Benchmark(
            "established_share",
            "existing_customer_share",
            0.30,
            "30%",
            "Gleanster",
            "2014-06-30",
            "average companies",
        ),
    )
    return Catalog(
        path="metrics.yaml",
        digest="3f2a9c0b77d14e5f8a9b0c1d2e3f4a5b6c7d8e9f",
        inputs={key: InputDefinition(key=key, label=label) for key, label in INPUT_LABELS.items()},
        metrics=metrics,
        rules={},
        settings={
            "company_stage": Setting(
                "company_stage",
                _texts(
                    "Company stage", "企業の段階", "Şirket evresi", "Fase dell'azienda", "Unternehmensphase"
                ),
                ("new", "seasoned"),
            )
        },
        benchmarks=packs if benchmarks else (),
        currency="USD",
        language=language,
    )


def result(
    key: str,
    value: float | None,
    status: str,
    language: str = "en",
    *,
    series: tuple[float | None, ...] = (),
    period: str | None = None,
    slice_: dict[str, str] | None = None,
    **more: object,
) -> Result:
    """Return a result of a sample metric; the last of ``series`` is the value of ``period``."""
    stage, kind, unit, better, formula = SHAPES[key]
    target = TARGETS.get(key)
    trend = None
    if value is not None and len(series) > 1 and series[-2] is not None:
        quarters = QUARTERS[: QUARTERS.index(period) + 1] if period in QUARTERS else QUARTERS
        change = value - series[-2]
        direction = "flat" if abs(change) < abs(series[-2]) / 100 else "rising" if change > 0 else "falling"
        trend = Trend(
            series[-2],
            quarters[-2],
            change,
            direction,
            tuple(zip(quarters[-len(series) :], series, strict=True)),
        )
    bands = bands_against(BANDS.get(key, ()), better, target)  # type: ignore[arg-type]
    band = next((b for b in bands if value is not None and b.contains(value)), None)
    use = USES.get(key)
    fields: dict[str, object] = {
        "source": SOURCE,
        "metric": key,
        "label": LABELS[key][language],
        "stage": stage,
        "kind": kind,
        "slice": slice_ or {},
        "period": period,
        "value": value,
        "unit": unit,
        "display": NumberFormat(unit, "USD", language).value(value),
        "status": status,
        "status_label": band.label.get(language, band.label["en"])
        if band is not None and status in ("ok", "info", "warn", "critical")
        else term(status, language),
        "target": target.value if target else None,
        "target_display": target.text if target else "",
        "gap": value - target.value if target and value is not None else None,
        "n": None,
        "interval": None,
        "verdict": Verdict(status, band if status in ("ok", "info", "warn", "critical") else None),
        "better": better,
        "trend": trend,
        "inputs": (InputUse(*use),) if use else (),
        "formula": formula,
        "currency": "USD" if unit == "money" else "",
    }
    n = more.get("n")
    if isinstance(n, int):
        counted = "answers_counted" if key in ("nps", "css") else "rows_counted"
        fields["rests_on"] = say(Message(counted, count=n), language)
    made = Result(**{**fields, **more})  # type: ignore[arg-type]
    return replace(made, reason=str(reason_of(made) or ""))


HISTORIES = {
    "impressions": (812000, 790500, 905300, 1020400, 998700, 1100250, 1203400, 1284300),
    "cost_per_lead": (41.2, 44.0, 43.5, 47.9, 52.0, 55.3, 58.8, 61.42),
    "win_rate": (0.231, 0.243, 0.238, 0.252, 0.26, 0.249, 0.255, 0.262),
    "sales_cycle": (38, 41, 40, 44, 43, 47, 46, 46),
    "cac": (255.0, 262.0, 270.5, 281.0, 288.4, 294.0, 301.9, 318.6),
    "clv_cac_ratio": (3.6, 3.5, 3.3, 3.2, 3.0, 2.9, 2.7, 2.43),
    "nps": (11.2, 12.9, 14.0, 13.1, 15.8, 17.0, 16.3, 18.5963114754),
    "css": (0.71, 0.7, 0.72, 0.73, 0.72, 0.74, 0.731, 0.7312),
    "churn_rate": (0.041, 0.043, 0.046, 0.044, 0.049, 0.052, 0.055, 0.0584),
    "mrr": (48200, 49900, 50150, 52300, 54000, 55800, 57750, 58931.5),
    "existing_customer_share": (0.34, 0.35, 0.36, 0.36, 0.38, 0.39, 0.41, 0.42),
}
STATUS = {
    "impressions": "no_target",
    "cost_per_lead": "no_target",
    "win_rate": "ok",
    "sales_cycle": "no_target",
    "cac": "no_target",
    "clv_cac_ratio": "warn",
    "nps": "ok",
    "css": "no_target",
    "churn_rate": "warn",
    "mrr": "no_target",
    "existing_customer_share": "info",
}
SEGMENTS = {
    "nps": {
        "Enterprise": (32.1, "ok", 812, (27.8, 36.4)),
        "Mid-market": (14.7, "ok", 2011, (11.6, 17.8)),
        "SMB": (-6.2, "critical", 3220, (-9.0, -3.4)),
    },
    "churn_rate": {
        "Enterprise": (0.021, "ok", 140, None),
        "Mid-market": (0.048, "ok", 610, None),
        "SMB": (0.0913, "warn", 1904, None),
    },
    "css": {
        "Enterprise": (0.91, "low_data", 22, (0.72, 0.975)),
        "Mid-market": (0.75, "no_target", 2040, (0.731, 0.768)),
        "SMB": (None, "no_data", 0, None),
    },
}


@cache
def quarterly(language: str = "en") -> Scorecard:
    """Return two years in quarters, the newest by three segments, with findings and problems."""
    results: list[Result] = []
    for key, series in HISTORIES.items():
        for place, period in enumerate(QUARTERS):
            so_far = series[: place + 1]
            more: dict[str, object] = {}
            if key == "nps":
                more = {"n": 1250 + 40 * place, "interval": (so_far[-1] - 2.5, so_far[-1] + 2.5)}
            elif key == "css":
                more = {"n": 1262, "interval": (so_far[-1] - 0.024, so_far[-1] + 0.024)}
            elif key == "win_rate":
                interval = (so_far[-1] - 0.03, so_far[-1] + 0.03)
                more = {"n": 830, "interval": interval, "candidates": ("ok", "warn")}
            elif key == "clv_cac_ratio":
                more = {"notes": ("CLV is revenue, without margin: the 3:1 rule of thumb expects margin.",)}
            elif key == "churn_rate":
                more = {"n": 2654, "variants": ("churn_rate_flags",)}
            if key in USES:
                name, where, used, *_ = USES[key]
                more["inputs"] = (InputUse(name, where, used // 8, 2, 1, 0),)
            results.append(
                result(key, so_far[-1], STATUS[key], language, series=so_far, period=period, **more)
            )
        for segment, (value, status, n, interval) in SEGMENTS.get(key, {}).items():
            results.append(
                result(
                    key,
                    value,
                    status,
                    language,
                    period=QUARTERS[-1],
                    slice_={"Segment": segment},
                    n=n,
                    interval=interval,
                    why=None if value is not None else Message("empty", name="satisfaction_score"),
                    error="" if value is not None else "#N/A",
                )
            )
    results += not_computed(language)
    return Scorecard(
        version="0.1.0",
        definitions_path="metrics.yaml",
        definitions_digest="3f2a9c0b77d14e5f8a9b0c1d2e3f4a5b6c7d8e9f",
        results=tuple(results),
        findings=findings(language),
        problems=problems(),
        language=language,
        currency="USD",
        settings={"company_stage": "seasoned"},
    )


def not_computed(language: str = "en") -> list[Result]:
    """Return metrics without a value, one for each way of not having one."""
    missing: dict[str, tuple[str, str, Message]] = {
        "open_rate": ("no_data", "#N/A", Message("not_bound", input="delivered")),
        "click_rate": ("no_data", "#N/A", Message("not_bound", input="delivered")),
        "cac_payback": ("no_data", "#DIV/0!", Message("zero", name="arpa")),
        "ces": (
            "invalid",
            "#NUM!",
            Message(
                "out_of_scale.any",
                count=3,
                cells=500,
                input="effort_score",
                scale="1..7",
                which=("Survey!E5 = 9", "Survey!E19 = 0", "Survey!E70 = 9"),
            ),
        ),
        "upsell_share": ("invalid", "#VALUE!", Message("only_text", input="upsell_revenue")),
        "churn_rate_flags": ("no_data", "#N/A", Message("not_bound", input="churned")),
    }
    return [
        result(key, None, status, language, why=why, error=error)
        for key, (status, error, why) in missing.items()
    ]


def findings(language: str = "en") -> tuple[Finding, ...]:
    """Return a finding of each outcome."""
    ratio = NumberFormat("ratio", language=language).value(2.43)
    text = _texts(
        f"CLV:CAC is {ratio} (target 3:1) while CAC rose to $319.",
        f"CLV:CACは{ratio}（目標 3:1）で、CACは$319に上昇しました。",
        f"CLV:CAC {ratio} (hedef 3:1) iken CAC $319 oldu.",
        f"CLV:CAC è {ratio} (obiettivo 3:1) mentre il CAC è salito a 319 $.",
        f"CLV:CAC liegt bei {ratio} (Ziel 3:1), während der CAC auf 319 $ stieg.",
    )
    advice = (
        "Move budget from paid ads and cold e-mail to existing customers",
        "Score leads and drop unqualified ones early",
    )
    common = {"source": SOURCE, "slice": {}, "period": QUARTERS[-1]}
    return (
        Finding(
            rule="touch_point_gap",
            stage="expand",
            severity="low",
            outcome="fired",
            text="Satisfaction differs between segments by 16 points.",
            because=(Comparison("css.spread > 10%", "16.0%", ">", "10.0%", True, "6.0 pp"),),
            recommend=("Look at the weakest segment first",),
            **common,
        ),
        Finding(
            rule="acquisition_outpaces_value",
            stage="convert",
            severity="high",
            outcome="fired",
            text=text[language],
            because=(
                Comparison('clv_cac_ratio.status = "warn"', "warn", "=", "warn", True),
                Comparison("clv_cac_ratio < 3:1", ratio, "<", "3:1", True, "0.6"),
                Comparison('cac.trend = "rising"', "rising", "=", "rising", True),
            ),
            recommend=advice,
            since="2024-Q2",
            **common,
        ),
        Finding(
            rule="nps_negative",
            stage="expand",
            severity="critical",
            outcome="fired",
            source=SOURCE,
            slice={"Segment": "SMB"},
            period=QUARTERS[-1],
            text="There are more detractors than promoters.",
            because=(Comparison("nps < 0", "-6.2", "<", "0", True, "6.2"),),
            recommend=("Read the verbatim answers of detractors", "Call the ten largest of them"),
        ),
        Finding(
            rule="clv_cac_below_target",
            stage="convert",
            severity="medium",
            outcome="suppressed",
            text="",
            replaced_by="acquisition_outpaces_value",
            **common,
        ),
        Finding(
            rule="mrr_falls",
            stage="expand",
            severity="medium",
            outcome="pending",
            text="",
            since="2024-Q4",
            **common,
        ),
        Finding(
            rule="low_effort_score",
            stage="expand",
            severity="medium",
            outcome="not_evaluated",
            text="",
            missing=("ces",),
            **common,
        ),
        Finding(
            rule="growth_campaign",
            stage="convert",
            severity="info",
            outcome="error",
            text="",
            reason="#DIV/0! in clv_cac_ratio / cac",
            **common,
        ),
        Finding(
            rule="churn_above_target",
            stage="expand",
            severity="high",
            outcome="not_fired",
            text="",
            **common,
        ),
    )


def problems() -> tuple[Problem, ...]:
    """Return a problem of the data, and a source that could not be read."""
    return (
        Problem(
            SOURCE,
            "ambiguous",
            Message("text", text="two columns could be revenue: Sales!Revenue and Sales!Umsatz"),
            Message("text", text='choose one with --map revenue="Sales!Revenue"'),
            ("clv", "existing_customer_share"),
            ("revenue",),
        ),
        Problem(
            "old survey.xlsx",
            "encrypted",
            Message("text", text="the workbook is encrypted"),
            Message("text", text="save it without a password"),
            fatal=True,
        ),
    )


@cache
def plain(language: str = "en") -> Scorecard:
    """Return a small scorecard without periods, slices, findings or problems."""
    return replace(
        quarterly(language),
        results=(
            result("nps", 9.9950355784, "ok", language, n=6043, interval=(7.8, 12.1)),
            result("clv_cac_ratio", 3.24, "ok", language),
            result("churn_rate", 0.2653698708, "warn", language, n=7043),
            *not_computed(language)[:1],
        ),
        findings=(),
        problems=(),
        settings={},
    )


EVIL = (
    "a | b",
    "a \\| b | `c` \\",
    "``` | ```",
    "<script>alert(1)</script>",
    "&lt;b&gt; &#60;i>",
    "[click](javascript:alert(1)) ![i](x) *b* _i_ __b__ ~~s~~",
    "# head",
    "1. one",
    "- item\n\n# head\n| a | b |\n|---|---|",
    "---",
    "=cmd|' /C calc'!A0",
    "+1+2",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "\x1b[31mred",
    "a\nb",
    "\u202egnp.exe",
)


@cache
def hostile() -> Scorecard:
    """Return a scorecard whose every text comes from somebody who means harm."""
    results = tuple(
        replace(
            result("nps", -14.7147880, "critical", n=2),
            source=text,
            label=text,
            slice={text: text},
            status_label=text,
            reason=text,
            notes=(text,),
            inputs=(InputUse(text, text, 1, 0, 0, 0),),
        )
        for text in EVIL
    )
    found = tuple(
        Finding(
            source=text,
            rule=text,
            stage="expand",
            severity="high",
            outcome="fired",
            slice={text: text},
            period=text,
            text=text,
            because=(Comparison(text, text, text, text, True, text),),
            recommend=(text,),
        )
        for text in EVIL
    )
    problems = tuple(
        Problem(text, text, Message("text", text=text), Message("text", text=text), (text,)) for text in EVIL
    )
    return replace(
        plain(),
        results=results,
        findings=found,
        problems=problems,
        definitions_path=EVIL[0],
        settings={EVIL[1]: EVIL[0]},
    )


def full_text(card: Scorecard, catalog: Catalog | None = None, style: TextStyle = PLAIN) -> str:
    """Return the full report as text."""
    return render_text(card, catalog, replace(style, show=("all",)))


def full_markdown(card: Scorecard, catalog: Catalog | None = None, style: TextStyle = PLAIN) -> str:
    """Return the full report as Markdown."""
    return render_markdown(card, catalog, replace(style, show=("all",)))
