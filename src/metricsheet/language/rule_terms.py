"""The words rules put around values, in the languages of reports."""

from __future__ import annotations

_PHRASES: dict[str, dict[str, str]] = {
    "missing": {"en": "missing", "ja": "データなし", "tr": "yok", "it": "assente", "de": "fehlt"},
    "yes": {"en": "yes", "ja": "はい", "tr": "evet", "it": "sì", "de": "ja"},
    "no": {"en": "no", "ja": "いいえ", "tr": "hayır", "it": "no", "de": "nein"},
    "and": {
        "en": "{0} and {1}",
        "ja": "{0}から{1}",
        "tr": "{0} ile {1}",
        "it": "{0} e {1}",
        "de": "{0} und {1}",
    },
    "below": {
        "en": "{0} below {1}",
        "ja": "{1}を{0}下回る",
        "tr": "{1} değerinin {0} altında",
        "it": "{0} sotto {1}",
        "de": "{0} unter {1}",
    },
    "above": {
        "en": "{0} above {1}",
        "ja": "{1}を{0}上回る",
        "tr": "{1} değerinin {0} üstünde",
        "it": "{0} sopra {1}",
        "de": "{0} über {1}",
    },
    "just_below": {
        "en": "just below {1}",
        "ja": "{1}をわずかに下回る",
        "tr": "{1} değerinin hemen altında",
        "it": "appena sotto {1}",
        "de": "knapp unter {1}",
    },
    "just_above": {
        "en": "just above {1}",
        "ja": "{1}をわずかに上回る",
        "tr": "{1} değerinin hemen üstünde",
        "it": "appena sopra {1}",
        "de": "knapp über {1}",
    },
    "exactly": {
        "en": "exactly {1}",
        "ja": "ちょうど{1}",
        "tr": "tam {1}",
        "it": "esattamente {1}",
        "de": "genau {1}",
    },
    "percentage_points": {
        "en": "{0} pp",
        "ja": "{0}ポイント",
        "tr": "{0} puan",
        "it": "{0} punti percentuali",
        "de": "{0} Prozentpunkte",
    },
    "pending": {
        "en": "holds in {0} of {1} consecutive periods",
        "ja": "連続{1}期間のうち{0}期間で成立",
        "tr": "art arda {1} dönemin {0} tanesinde geçerli",
        "it": "vale in {0} di {1} periodi consecutivi",
        "de": "gilt in {0} von {1} aufeinanderfolgenden Zeiträumen",
    },
    "kept": {
        "en": "kept: the condition last held in {0}",
        "ja": "継続中：条件が最後に成立したのは{0}",
        "tr": "sürdürülüyor: koşul en son {0} döneminde geçerliydi",
        "it": "mantenuto: la condizione è valsa l'ultima volta in {0}",
        "de": "beibehalten: die Bedingung galt zuletzt in {0}",
    },
    "replaced_by": {
        "en": "replaced by {0}",
        "ja": "{0}に置き換え",
        "tr": "yerine {0} bildirildi",
        "it": "sostituito da {0}",
        "de": "ersetzt durch {0}",
    },
    "unless": {
        "en": "does not apply while {0}",
        "ja": "{0}の間は適用しない",
        "tr": "{0} iken uygulanmaz",
        "it": "non si applica finché {0}",
        "de": "gilt nicht, solange {0}",
    },
    "facts_missing": {
        "en": "missing: {0}",
        "ja": "データなし：{0}",
        "tr": "eksik: {0}",
        "it": "mancano: {0}",
        "de": "fehlt: {0}",
    },
    "facts_missing_in": {
        "en": "missing in {1}: {0}",
        "ja": "{1}のデータなし：{0}",
        "tr": "{1} döneminde eksik: {0}",
        "it": "mancano in {1}: {0}",
        "de": "fehlt in {1}: {0}",
    },
    "no_data_in": {
        "en": "no data for {0}",
        "ja": "{0}のデータなし",
        "tr": "{0} dönemi için veri yok",
        "it": "nessun dato per {0}",
        "de": "keine Daten für {0}",
    },
    "needs_periods": {
        "en": "holds, but {0} consecutive periods are needed and the data are not split into periods",
        "ja": "成立しているが、連続{0}期間が必要で、データは期間に分けられていない",
        "tr": "geçerli, ancak art arda {0} dönem gerekir ve veriler dönemlere ayrılmamış",
        "it": "vale, ma servono {0} periodi consecutivi e i dati non sono divisi in periodi",
        "de": "gilt, aber es braucht {0} aufeinanderfolgende Zeiträume, und die Daten sind nicht aufgeteilt",
    },
}


def phrase(key: str, language: str, *values: object) -> str:
    """Return the words called ``key`` in ``language`` (else in English) with values filled in."""
    texts = _PHRASES[key]
    return texts.get(language, texts["en"]).format(*values)
