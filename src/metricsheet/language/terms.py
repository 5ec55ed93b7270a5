"""The engine's own words in five languages: statuses, stages, kinds, severities, outcomes, directions.

Labels of metrics and bands, findings and advice are written in the definitions; only words that no
definition can carry stand here.
"""

from __future__ import annotations

from collections.abc import Mapping

_ORDER = ("en", "ja", "tr", "it", "de")

_WORDS: dict[str, tuple[str, str, str, str, str]] = {
    # statuses, where no band gives a label of its own
    "ok": ("On target", "目標達成", "Hedefte", "In linea con l'obiettivo", "Im Ziel"),
    "info": ("Information", "参考情報", "Bilgi", "Informazione", "Hinweis"),
    "warn": ("At risk", "要注意", "Risk altında", "A rischio", "Gefährdet"),
    "critical": ("Critical", "危険", "Kritik", "Critico", "Kritisch"),
    "low_data": (
        "Sample too small",
        "サンプル数不足",
        "Örneklem yetersiz",
        "Campione insufficiente",
        "Stichprobe zu klein",
    ),
    "no_target": (
        "No target set",
        "目標未設定",
        "Hedef tanımlı değil",
        "Nessun obiettivo definito",
        "Kein Ziel definiert",
    ),
    "no_data": ("No data", "データなし", "Veri yok", "Nessun dato", "Keine Daten"),
    "invalid": ("Invalid input", "入力エラー", "Geçersiz girdi", "Dato non valido", "Ungültige Eingabe"),
    # labels of the two bands that a target alone implies
    "on_target": ("On target", "目標達成", "Hedefte", "In linea con l'obiettivo", "Im Ziel"),
    "above_target": ("Above target", "目標超過", "Hedefin üzerinde", "Sopra l'obiettivo", "Über Ziel"),
    "below_target": ("Below target", "目標未達", "Hedefin altında", "Sotto l'obiettivo", "Unter Ziel"),
    "misses_target": (
        "Worse than target",
        "目標より悪い",
        "Hedeften kötü",
        "Peggio dell'obiettivo",
        "Schlechter als das Ziel",
    ),
    # a value that the target and the bands are not made for
    "unjudged_year": (
        "Not judged: one year, the bands are for the whole engagement",
        "判定なし: 1年分の値、基準は取引期間全体のもの",
        "Değerlendirilmedi: bir yıl, sınırlar tüm ilişki için",
        "Non valutato: un anno, le soglie sono per tutto il rapporto",
        "Nicht bewertet: ein Jahr, die Grenzen gelten der ganzen Beziehung",
    ),
    "unjudged_chained": (
        "Not judged: several periods, the bands are for one",
        "判定なし: 複数期間の値、基準は1期間のもの",
        "Değerlendirilmedi: birkaç dönem, sınırlar tek dönem için",
        "Non valutato: più periodi, le soglie sono per uno",
        "Nicht bewertet: mehrere Zeiträume, die Grenzen gelten einem",
    ),
    "unjudged_cohort": (
        "Not judged: one cohort, the bands are for all customers",
        "判定なし: 1コホートの値、基準は全顧客のもの",
        "Değerlendirilmedi: tek grup, sınırlar tüm müşteriler için",
        "Non valutato: una coorte, le soglie sono per tutti i clienti",
        "Nicht bewertet: eine Kohorte, die Grenzen gelten allen Kunden",
    ),
    # what a label adds about the span of its value
    "over_year": ("(one year)", "(1年)", "(bir yıl)", "(un anno)", "(ein Jahr)"),
    "over_cohort": ("(cohort)", "(コホート)", "(grup)", "(coorte)", "(Kohorte)"),
    "chained_day": (
        "(chained, {0} days)",
        "({0}日の連鎖)",
        "(zincirleme, {0} gün)",
        "(concatenato, {0} giorni)",
        "(verkettet, {0} Tage)",
    ),
    "chained_week": (
        "(chained, {0} weeks)",
        "({0}週の連鎖)",
        "(zincirleme, {0} hafta)",
        "(concatenato, {0} settimane)",
        "(verkettet, {0} Wochen)",
    ),
    "chained_month": (
        "(chained, {0} months)",
        "({0}か月の連鎖)",
        "(zincirleme, {0} ay)",
        "(concatenato, {0} mesi)",
        "(verkettet, {0} Monate)",
    ),
    "chained_quarter": (
        "(chained, {0} quarters)",
        "({0}四半期の連鎖)",
        "(zincirleme, {0} çeyrek)",
        "(concatenato, {0} trimestri)",
        "(verkettet, {0} Quartale)",
    ),
    "chained_year": (
        "(chained, {0} years)",
        "({0}年の連鎖)",
        "(zincirleme, {0} yıl)",
        "(concatenato, {0} anni)",
        "(verkettet, {0} Jahre)",
    ),
    # stages of the customer lifecycle
    "attract": ("Attract", "集客", "Çekme", "Attrazione", "Anziehen"),
    "capture": ("Capture", "リード獲得", "Aday Yakalama", "Acquisizione contatti", "Leads erfassen"),
    "nurture": ("Nurture", "育成", "Besleme", "Nurturing", "Pflegen"),
    "convert": ("Convert", "成約", "Dönüştürme", "Conversione", "Konvertieren"),
    "expand": ("Expand", "拡大", "Genişletme", "Espansione", "Ausbauen"),
    # kinds of metric
    "activity": (
        "Activity metric",
        "活動指標",
        "Faaliyet metriği",
        "Metrica di attività",
        "Aktivitätskennzahl",
    ),
    "outcome": ("Outcome metric", "成果指標", "Sonuç metriği", "Metrica di risultato", "Ergebniskennzahl"),
    # severities of a finding; info and critical are shared with the statuses
    "low": ("Low", "低", "Düşük", "Basso", "Niedrig"),
    "medium": ("Medium", "中", "Orta", "Medio", "Mittel"),
    "high": ("High", "高", "Yüksek", "Alto", "Hoch"),
    # outcomes of a rule
    "fired": ("Fired", "該当", "Tetiklendi", "Attiva", "Ausgelöst"),
    "pending": ("Pending", "保留", "Beklemede", "In attesa", "Ausstehend"),
    "suppressed": ("Suppressed", "抑制", "Bastırıldı", "Sostituita", "Unterdrückt"),
    "not_fired": ("Not fired", "非該当", "Tetiklenmedi", "Non attiva", "Nicht ausgelöst"),
    "not_evaluated": (
        "Not evaluated",
        "評価不可",
        "Değerlendirilemedi",
        "Non valutata",
        "Nicht bewertet",
    ),
    "error": ("Error", "エラー", "Hata", "Errore", "Fehler"),
    # directions of a trend
    "rising": ("rising", "上昇", "yükseliyor", "in aumento", "steigend"),
    "falling": ("falling", "下降", "düşüyor", "in calo", "fallend"),
    "flat": ("flat", "横ばい", "yatay", "stabile", "gleichbleibend"),
    # flags among the settings
    "yes": ("yes", "はい", "evet", "sì", "ja"),
    "no": ("no", "いいえ", "hayır", "no", "nein"),
    # which way is better
    "higher": ("higher is better", "高いほど良い", "yüksek olan iyi", "meglio se alto", "höher ist besser"),
    "lower": ("lower is better", "低いほど良い", "düşük olan iyi", "meglio se basso", "niedriger ist besser"),
    "within": (
        "best within a range",
        "範囲内が良い",
        "aralık içi iyi",
        "meglio entro un intervallo",
        "im Bereich am besten",
    ),
}

PHRASES: Mapping[str, Mapping[str, str]] = {
    key: dict(zip(_ORDER, words, strict=True)) for key, words in _WORDS.items()
}
"""Every word of the engine by key, then by language code."""


def phrase(key: str, language: str) -> str:
    """Return the engine's word for ``key`` in ``language``.

    English stands in for an unknown language; an unknown key comes back as it is.
    """
    words = PHRASES.get(key)
    if words is None:
        return key
    return words.get(language) or words["en"]
