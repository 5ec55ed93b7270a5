"""The headings and set phrases of reports in five languages."""

from __future__ import annotations

from collections.abc import Mapping

_ORDER = ("en", "ja", "tr", "it", "de")

_WORDS: dict[str, tuple[str, str, str, str, str]] = {
    "title": (
        "Customer scorecard",
        "顧客スコアカード",
        "Müşteri karnesi",
        "Scorecard clienti",
        "Kunden-Scorecard",
    ),
    # statuses in a word or two, for a narrow column
    "short.ok": ("ok", "良好", "iyi", "bene", "gut"),
    "short.info": ("info", "参考", "bilgi", "info", "Hinweis"),
    "short.warn": ("at risk", "要注意", "riskli", "a rischio", "gefährdet"),
    "short.critical": ("critical", "危険", "kritik", "critico", "kritisch"),
    "short.low_data": ("few data", "件数不足", "az veri", "pochi dati", "zu wenig"),
    "short.no_target": ("no target", "目標なし", "hedef yok", "senza obiettivo", "ohne Ziel"),
    "short.no_data": ("no data", "データなし", "veri yok", "nessun dato", "keine Daten"),
    "short.invalid": ("invalid", "入力エラー", "geçersiz", "non valido", "ungültig"),
    # the head of the report
    "definitions": ("Definitions", "定義", "Tanımlar", "Definizioni", "Definitionen"),
    "digest": ("digest", "ダイジェスト", "özet", "impronta", "Prüfsumme"),
    "source": ("Source", "データ", "Kaynak", "Fonte", "Quelle"),
    "sources": ("Sources", "データ", "Kaynaklar", "Fonti", "Quellen"),
    "period": ("Period", "期間", "Dönem", "Periodo", "Zeitraum"),
    "newest": (
        "{period} shown (newest of {count}; earlier ones in json, csv and xlsx)",
        "{period}を表示（全{count}期間の最新。過去分は json・csv・xlsx に収録）",
        "{period} gösteriliyor ({count} dönemin en yenisi; öncekiler json, csv ve xlsx içinde)",
        "mostrato {period} (il più recente di {count}; i precedenti in json, csv e xlsx)",
        "gezeigt: {period} (neuester von {count}; frühere in json, csv und xlsx)",
    ),
    "not_read": ("Not read", "読取不可", "Okunamadı", "Non letti", "Nicht gelesen"),
    "settings": ("Settings", "設定", "Ayarlar", "Impostazioni", "Einstellungen"),
    "currency": ("Currency", "通貨", "Para birimi", "Valuta", "Währung"),
    "at_a_glance": ("At a glance", "概要", "Bir bakışta", "In sintesi", "Auf einen Blick"),
    # columns
    "stage": ("Stage", "ステージ", "Aşama", "Fase", "Phase"),
    "metric": ("Metric", "指標", "Metrik", "Metrica", "Kennzahl"),
    "slice": ("Segment", "区分", "Kırılım", "Segmento", "Segment"),
    "value": ("Value", "値", "Değer", "Valore", "Wert"),
    "status": ("Status", "判定", "Durum", "Stato", "Status"),
    "meaning": ("Meaning", "意味", "Anlamı", "Significato", "Bedeutung"),
    "target": ("Target", "目標", "Hedef", "Obiettivo", "Ziel"),
    "gap": ("Gap", "差", "Fark", "Scarto", "Abstand"),
    "n": ("n", "n", "n", "n", "n"),
    "interval": ("95% interval", "95%区間", "%95 aralık", "Intervallo 95%", "95\u00a0%-Intervall"),
    "interval_low": ("95% low", "95%下限", "%95 alt", "95% inf.", "95\u00a0% unten"),
    "interval_high": ("95% high", "95%上限", "%95 üst", "95% sup.", "95\u00a0% oben"),
    "previous": ("Before", "前期", "Önceki", "Prima", "Zuvor"),
    "change": ("Change", "増減", "Değişim", "Variazione", "Änderung"),
    "trend": ("Trend", "傾向", "Eğilim", "Trend", "Trend"),
    "history": ("History", "推移", "Geçmiş", "Storico", "Verlauf"),
    "reason": ("Reason", "理由", "Neden", "Motivo", "Grund"),
    "notes": ("Notes", "注記", "Notlar", "Note", "Hinweise"),
    "note": ("Note", "注", "Not", "Nota", "Hinweis"),
    # below a row
    "by": (
        "{metric} by {keys}",
        "{metric}（{keys}別）",
        "{metric}: {keys}",
        "{metric} per {keys}",
        "{metric} nach {keys}",
    ),
    "also_touches": (
        "the interval also reaches: {statuses}",
        "区間は次の判定にもまたがる: {statuses}",
        "aralık şuraya da uzanıyor: {statuses}",
        "l'intervallo tocca anche: {statuses}",
        "das Intervall reicht auch bis: {statuses}",
    ),
    "other_definition": (
        "Other definition",
        "別の定義",
        "Diğer tanım",
        "Altra definizione",
        "Andere Definition",
    ),
    "benchmark": ("Benchmark", "ベンチマーク", "Kıyas", "Benchmark", "Benchmark"),
    "as_of": ("as of {date}", "{date}時点", "{date} itibarıyla", "al {date}", "Stand {date}"),
    "stale": (
        "more than {years} years before these data",
        "このデータより{years}年以上前",
        "bu verilerden {years} yıldan fazla önce",
        "più di {years} anni prima di questi dati",
        "mehr als {years} Jahre vor diesen Daten",
    ),
    "more_slices": (
        "{count} more in json, csv and xlsx",
        "ほか{count}件は json・csv・xlsx に収録",
        "{count} tanesi daha json, csv ve xlsx içinde",
        "altri {count} in json, csv e xlsx",
        "{count} weitere in json, csv und xlsx",
    ),
    "not_computed": ("Not computed", "計算できない指標", "Hesaplanamadı", "Non calcolate", "Nicht berechnet"),
    "not_bound": (
        "no column or cell found for {inputs}",
        "列またはセルが見つからない: {inputs}",
        "sütun ya da hücre bulunamadı: {inputs}",
        "nessuna colonna o cella trovata per {inputs}",
        "keine Spalte oder Zelle gefunden für {inputs}",
    ),
    "more_unbound": (
        "{count} more (--all names them)",
        "ほか{count}件（--all で表示）",
        "{count} tane daha (--all ile)",
        "altre {count} (con --all)",
        "{count} weitere (mit --all)",
    ),
    "all_unbound": (
        "{count} metrics (--all names them)",
        "{count}指標（--all で表示）",
        "{count} metrik (--all ile)",
        "{count} metriche (con --all)",
        "{count} Kennzahlen (mit --all)",
    ),
    "looked_for": (
        "looked for: {names}",
        "探した見出し: {names}",
        "aranan: {names}",
        "cercati: {names}",
        "gesucht: {names}",
    ),
    "none_bound": (
        "no column or cell found",
        "列またはセルが見つからない",
        "sütun ya da hücre bulunamadı",
        "nessuna colonna o cella trovata",
        "keine Spalte oder Zelle gefunden",
    ),
    # inputs
    "inputs": ("Inputs", "入力", "Girdiler", "Dati di ingresso", "Eingaben"),
    "input": ("Input", "入力", "Girdi", "Dato", "Eingabe"),
    "from": ("From", "出所", "Nereden", "Da", "Woher"),
    "used": ("used", "使用", "kullanılan", "usate", "verwendet"),
    "blank": ("blank", "空白", "boş", "vuote", "leer"),
    "text": ("text", "文字", "metin", "testo", "Text"),
    "rejected": ("rejected", "除外", "reddedilen", "scartate", "verworfen"),
    "read_from_text": (
        "read from text",
        "文字から読取",
        "metinden okunan",
        "lette da testo",
        "aus Text gelesen",
    ),
    "metrics": ("Metrics", "指標", "Metrikler", "Metriche", "Kennzahlen"),
    # findings
    "findings": ("Findings", "所見", "Bulgular", "Osservazioni", "Befunde"),
    "finding": ("Finding", "所見", "Bulgu", "Osservazione", "Befund"),
    "severity": ("Severity", "重大度", "Önem", "Gravità", "Schwere"),
    "outcome": ("Outcome", "結果", "Sonuç", "Esito", "Ergebnis"),
    "rule": ("Rule", "ルール", "Kural", "Regola", "Regel"),
    "where": ("Where", "対象", "Nerede", "Dove", "Wo"),
    "since": ("Since", "開始", "Başlangıç", "Dal", "Seit"),
    "compared": ("Compared", "比較", "Karşılaştırma", "A confronto", "Vergleich"),
    "before_value": (
        "{value} before ({period})",
        "前期 {value}（{period}）",
        "önceki {value} ({period})",
        "prima {value} ({period})",
        "zuvor {value} ({period})",
    ),
    "target_value": ("target {value}", "目標 {value}", "hedef {value}", "obiettivo {value}", "Ziel {value}"),
    "why": ("Why", "理由", "Neden", "Perché", "Warum"),
    "also": ("Also in", "他の区分", "Ayrıca", "Anche in", "Auch in"),
    "do_first": ("Do first", "まず行うこと", "Önce yapın", "Da fare prima", "Zuerst tun"),
    "no_findings": (
        "No rule fired.",
        "該当したルールはありません。",
        "Hiçbir kural tetiklenmedi.",
        "Nessuna regola è scattata.",
        "Keine Regel hat ausgelöst.",
    ),
    "other_rules": ("Other rules", "その他のルール", "Diğer kurallar", "Altre regole", "Weitere Regeln"),
    "missing": (
        "missing: {names}",
        "不足: {names}",
        "eksik: {names}",
        "mancano: {names}",
        "es fehlt: {names}",
    ),
    # what rules without a verdict wait for
    "needs_period": (
        "no earlier period to compare with (--period month, for instance)",
        "比較する前の期間がない（例: --period month）",
        "karşılaştırılacak önceki dönem yok (örneğin --period month)",
        "nessun periodo precedente con cui confrontare (per esempio --period month)",
        "kein früherer Zeitraum zum Vergleich (etwa --period month)",
    ),
    "needs_slices": (
        "fewer than two segments large enough to compare (--by)",
        "比べられる大きさの区分が2つない（--by）",
        "karşılaştırmaya yetecek büyüklükte iki kırılım yok (--by)",
        "meno di due segmenti abbastanza grandi da confrontare (--by)",
        "keine zwei Segmente, die groß genug zum Vergleich sind (--by)",
    ),
    "needs_target": (
        "no target in the definitions",
        "定義に目標がない",
        "tanımlarda hedef yok",
        "nessun obiettivo nelle definizioni",
        "kein Ziel in den Definitionen",
    ),
    "needs_setting": (
        "settings not given (--set)",
        "設定が未指定（--set）",
        "verilmemiş ayarlar (--set)",
        "impostazioni non indicate (--set)",
        "nicht angegebene Einstellungen (--set)",
    ),
    "needs_value": (
        "metrics without a value",
        "値のない指標",
        "değeri olmayan metrikler",
        "metriche senza valore",
        "Kennzahlen ohne Wert",
    ),
    "replaced_by": (
        "covered by {rule}",
        "{rule} に含まれる",
        "{rule} bunu kapsıyor",
        "già coperta da {rule}",
        "abgedeckt durch {rule}",
    ),
    "pending_since": (
        "since {period}",
        "{period}から",
        "{period} döneminden beri",
        "dal {period}",
        "seit {period}",
    ),
    # problems
    "problems": ("Problems", "問題", "Sorunlar", "Problemi", "Probleme"),
    "code": ("Code", "コード", "Kod", "Codice", "Code"),
    "message": ("Message", "内容", "İleti", "Messaggio", "Meldung"),
    "hint": ("Hint", "ヒント", "İpucu", "Suggerimento", "Tipp"),
    # definitions sheet
    "key": ("Key", "キー", "Anahtar", "Chiave", "Schlüssel"),
    "question": ("Question", "問い", "Soru", "Domanda", "Frage"),
    "kind": ("Kind", "種類", "Tür", "Tipo", "Art"),
    "unit": ("Unit", "単位", "Birim", "Unità", "Einheit"),
    "better": ("Direction", "方向", "Yön", "Direzione", "Richtung"),
    "formula": ("Formula", "計算式", "Formül", "Formula", "Formel"),
    "bands": ("Bands", "判定基準", "Aralıklar", "Fasce", "Bereiche"),
    "min_sample": ("Smallest n", "最小 n", "En küçük n", "n minimo", "Kleinstes n"),
    "excel_function": ("In Excel", "Excel 関数", "Excel'de", "In Excel", "In Excel"),
    "page_of": (
        "Page {page} of {pages}",
        "{page} / {pages} ページ",
        "Sayfa {page} / {pages}",
        "Pagina {page} di {pages}",
        "Seite {page} von {pages}",
    ),
}

WORDS: Mapping[str, Mapping[str, str]] = {
    key: dict(zip(_ORDER, words, strict=True)) for key, words in _WORDS.items()
}
"""Every heading and phrase by key, then by language code."""


def word(key: str, language: str, **values: object) -> str:
    """Return the phrase of ``key`` in ``language`` (English where unknown) with its ``{…}`` filled in."""
    words = WORDS[key]
    text = words.get(language) or words["en"]
    return text.format(**values) if values else text
