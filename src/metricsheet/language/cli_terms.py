"""The words of ``list`` and ``explain`` that the reports do not have, in five languages."""

from __future__ import annotations

from metricsheet.language.report_terms import WORDS, word
from metricsheet.language.terms import phrase

_ORDER = ("en", "ja", "tr", "it", "de")
_WORDS: dict[str, tuple[str, str, str, str, str]] = {
    "label": ("label", "名称", "ad", "nome", "Name"),
    "reads": ("reads", "入力", "okur", "legge", "liest"),
    "uses": ("uses", "使う指標", "kullanır", "usa", "nutzt"),
    "also": ("also", "別名", "ayrıca", "anche", "auch"),
    "example": ("example", "例", "örnek", "esempio", "Beispiel"),
    "written_at": ("written at", "記述場所", "yazıldığı yer", "scritto in", "steht in"),
    "type": ("type", "型", "tür", "tipo", "Typ"),
    "scale": ("scale", "尺度", "ölçek", "scala", "Skala"),
    "over_time": ("over time", "期間集計", "zaman içinde", "nel tempo", "über die Zeit"),
    "headers": ("headers", "見出し", "başlıklar", "intestazioni", "Überschriften"),
    "used_by": ("used by", "使用先", "kullanan", "usato da", "genutzt von"),
    "when": ("when", "条件", "koşul", "quando", "wenn"),
    "for": ("for", "連続期間", "süre", "per", "Dauer"),
    "keep": ("keeps", "継続", "sürer", "resta", "bleibt"),
    "unless": ("unless", "除外条件", "dışında", "salvo", "außer"),
    "replaces": ("replaces", "置き換え", "yerine geçer", "sostituisce", "ersetzt"),
    "scope": ("looks at", "対象", "kapsam", "guarda", "betrachtet"),
    "settings": ("settings", "設定", "ayarlar", "impostazioni", "Einstellungen"),
    "pack": ("pack", "パック", "paket", "pacchetto", "Paket"),
    "as_of": ("as of", "時点", "tarih", "data", "Stand"),
    "periods": ("{count} periods in a row", "連続{count}期間", "art arda {count} dönem",
                "{count} periodi di seguito", "{count} Zeiträume in Folge"),
    "kept": ("{count} periods after it ended", "終了後{count}期間", "bittikten sonra {count} dönem",
             "{count} periodi dopo la fine", "{count} Zeiträume nach ihrem Ende"),
    "at_least": ("at least {count}, else low_data", "{count}以上（未満は low_data）",
                 "en az {count}, yoksa low_data", "almeno {count}, altrimenti low_data",
                 "mindestens {count}, sonst low_data"),
    "whole": ("whole numbers", "整数", "tam sayılar", "numeri interi", "ganze Zahlen"),
    "outside": ("outside it: {what}", "範囲外: {what}", "dışında: {what}", "fuori: {what}",
                "außerhalb: {what}"),
    "possible": ("possible", "あり得る値", "olabilir", "possibile", "möglich"),
    "span": ("span", "対象期間", "süre", "arco", "Spanne"),
    "span_row_period": ("one period of its rows", "行の1期間", "satırlarının tek dönemi",
                        "un periodo delle righe", "ein Zeitraum der Zeilen"),
    "span_chained": ("one period of its rows; several multiplied with --set chained=yes",
                     "行の1期間。--set chained=yes で複数期間を掛け合わせる",
                     "satırlarının tek dönemi; --set chained=yes ile birkaçı çarpılır",
                     "un periodo delle righe; più periodi moltiplicati con --set chained=yes",
                     "ein Zeitraum der Zeilen; mehrere multipliziert mit --set chained=yes"),
    "span_year": ("the last 12 months of dated rows", "日付のある行の最後の12か月",
                  "tarihli satırların son 12 ayı", "gli ultimi 12 mesi di righe con data",
                  "die letzten 12 Monate datierter Zeilen"),
    "span_cohort": ("people; by the date of their rows, a cohort", "人。行の日付別ならコホート",
                    "kişiler; satır tarihine göre grup", "persone; per data delle righe, una coorte",
                    "Menschen; nach dem Datum ihrer Zeilen eine Kohorte"),
    "prefers": ("taken first", "優先する指標", "önce alınır", "presi prima", "zuerst genommen"),
    "judged_over": ("bands for", "基準の対象", "sınırlar", "soglie per", "Grenzen für"),
    "over_engagement": ("the whole engagement, not one year", "取引期間全体（1年分ではない）",
                        "tüm ilişki için, bir yıl değil", "tutto il rapporto, non un anno",
                        "die ganze Beziehung, nicht ein Jahr"),
    "since": ("since {day}", "{day}から", "{day} tarihinden beri", "dal {day}", "seit {day}"),
    "scorecard": ("the scorecard as a whole", "スコアカード全体", "karnenin tümü", "l'intera scorecard",
                  "die ganze Scorecard"),
}  # fmt: skip


def say(key: str, language: str, **values: object) -> str:
    """Return the word of ``key`` in ``language``: of these, else of the reports, there in small letters."""
    if key not in _WORDS:
        found = word(key, language, **values)
        # nouns of German keep their capital, and so do names
        keep = language == "de" or key == "excel_function" or key not in WORDS
        return found if keep else found[:1].lower() + found[1:]
    texts = _WORDS[key]
    text = texts[_ORDER.index(language)] if language in _ORDER else texts[0]
    return text.format(**values) if values else text


def named(key: str, language: str) -> str:
    """Return a stage, kind or severity in ``language``; in English as it is written in definitions."""
    return key if language == "en" else phrase(key, language)
