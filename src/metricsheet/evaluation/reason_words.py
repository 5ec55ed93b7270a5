"""Reasons why there is no value: English, Japanese, Turkish, Italian, German.

``{0}``, ``{1}`` … stand for what is named, numbered as they come in the English text.
"""

from __future__ import annotations

REASONS: tuple[tuple[str, str, str, str, str], ...] = (
    # inputs that were not found
    ("not bound: {0}", "列が見つからない: {0}", "bulunamadı: {0}", "non trovato: {0}", "nicht gefunden: {0}"),
    (
        "not bound: {0} (no header matches; looked for: {1})",
        "列が見つからない: {0}（探した見出し: {1}）",
        "bulunamadı: {0} (aranan başlıklar: {1})",
        "non trovato: {0} (intestazioni cercate: {1})",
        "nicht gefunden: {0} (gesuchte Überschriften: {1})",
    ),
    (
        "{0} may be {1}",
        "{0}の候補が複数ある: {1}",
        "{0} için birden çok aday var: {1}",
        "{0} può essere {1}",
        "{0} kann {1} sein",
    ),
    # values that cannot be computed
    ("{0} is 0", "{0}が0", "{0} sıfır", "{0} è 0", "{0} ist 0"),
    (
        "{0} is 0 in a row",
        "{0}が0の行がある",
        "bir satırda {0} sıfır",
        "{0} è 0 in una riga",
        "{0} ist in einer Zeile 0",
    ),
    ("{0} is empty", "{0}が空", "{0} boş", "{0} è vuoto", "{0} ist leer"),
    (
        "{0} has no rows here",
        "ここには{0}の行がない",
        "burada {0} satırı yok",
        "qui {0} non ha righe",
        "{0} hat hier keine Zeilen",
    ),
    (
        "{0} holds only text, no number",
        "{0}は文字だけで数値がない",
        "{0} yalnızca metin içeriyor, sayı yok",
        "{0} contiene solo testo, nessun numero",
        "{0} enthält nur Text, keine Zahl",
    ),
    (
        "{0} has {1} rows on one date and cannot be added up: slice it with --by",
        "{0}は同じ日付に{1}行あり合計できない。--by で分ける",
        "{0} aynı tarihte {1} satır, toplanamaz: --by ile bölün",
        "{0} ha {1} righe alla stessa data e non si può sommare: dividerlo con --by",
        "{0} hat {1} Zeilen an einem Tag und lässt sich nicht addieren: mit --by aufteilen",
    ),
    (
        "{0} has {1} rows and cannot be added up: slice it with --by",
        "{0}は{1}行あり合計できない。--by で分ける",
        "{0} {1} satır, toplanamaz: --by ile bölün",
        "{0} ha {1} righe e non si può sommare: dividerlo con --by",
        "{0} hat {1} Zeilen und lässt sich nicht addieren: mit --by aufteilen",
    ),
    (
        "{0} has {1} rows without dates: {2} is measured on the newest date alone",
        "{0}の{1}行に日付がない。{2}は最新の日付だけで測る",
        "{0} tarihsiz {1} satır: {2} yalnızca en yeni tarihte ölçülür",
        "{0} ha {1} righe senza data: {2} si misura solo alla data più recente",
        "{0} hat {1} Zeilen ohne Datum: {2} wird nur am neuesten Tag gemessen",
    ),
    (
        "{0} ({1}) and {2} ({3}) must stand in the same rows of one table",
        "{0}（{1}）と{2}（{3}）は1つの表の同じ行になければならない",
        "{0} ({1}) ile {2} ({3}) tek bir tablonun aynı satırlarında olmalı",
        "{0} ({1}) e {2} ({3}) devono stare nelle stesse righe di una tabella",
        "{0} ({1}) und {2} ({3}) müssen in denselben Zeilen einer Tabelle stehen",
    ),
    (
        "{0}: {1} holds {2}",
        "{0}: {1}の値は{2}",
        "{0}: {1} hücresinde {2} var",
        "{0}: {1} contiene {2}",
        "{0}: in {1} steht {2}",
    ),
    (
        "{0} is not given (--period, or --from and --to)",
        "{0}が未指定（--period、または --from と --to）",
        "{0} verilmedi (--period ya da --from ile --to)",
        "{0} non è indicato (--period, oppure --from e --to)",
        "{0} ist nicht angegeben (--period oder --from und --to)",
    ),
    (
        "the setting {0} is not given (--set {1}=…)",
        "設定{0}が未指定（--set {1}=…）",
        "{0} ayarı verilmedi (--set {1}=…)",
        "l'impostazione {0} non è indicata (--set {1}=…)",
        "die Einstellung {0} ist nicht angegeben (--set {1}=…)",
    ),
    (
        "the formula gives the text {0}, not a number",
        "計算結果が数値でなく文字{0}になる",
        "formül sayı değil, {0} metnini veriyor",
        "la formula dà il testo {0}, non un numero",
        "die Formel ergibt den Text {0}, keine Zahl",
    ),
    (
        "the result is too large",
        "結果が大きすぎる",
        "sonuç çok büyük",
        "il risultato è troppo grande",
        "das Ergebnis ist zu groß",
    ),
    # slices and periods
    (
        "{0} ({1}) is not in a table, it cannot be split by {2}",
        "{0}（{1}）は表の中になく、{2}で分けられない",
        "{0} ({1}) bir tabloda değil, {2} ile bölünemez",
        "{0} ({1}) non sta in una tabella, non si può dividere per {2}",
        "{0} ({1}) steht in keiner Tabelle und lässt sich nicht nach {2} aufteilen",
    ),
    (
        "{0} ({1}) is not in a table, it cannot be split with --where",
        "{0}（{1}）は表の中になく、--where で絞れない",
        "{0} ({1}) bir tabloda değil, --where ile süzülemez",
        "{0} ({1}) non sta in una tabella, non si può filtrare con --where",
        "{0} ({1}) steht in keiner Tabelle und lässt sich nicht mit --where filtern",
    ),
    (
        "{0} has no date column: name it with --map date=…",
        "{0}に日付の列がない。--map date=… で指定する",
        "{0} içinde tarih sütunu yok: --map date=… ile belirtin",
        "{0} non ha una colonna di date: indicarla con --map date=…",
        "{0} hat keine Datumsspalte: mit --map date=… angeben",
    ),
    (
        "{0} has several date columns ({1}): choose with --map date=…",
        "{0}に日付の列が複数ある（{1}）。--map date=… で選ぶ",
        "{0} içinde birkaç tarih sütunu var ({1}): --map date=… ile seçin",
        "{0} ha più colonne di date ({1}): scegliere con --map date=…",
        "{0} hat mehrere Datumsspalten ({1}): mit --map date=… wählen",
    ),
    (
        "{0} has no column '{1}'",
        "{0}に列「{1}」がない",
        "{0} içinde '{1}' sütunu yok",
        "{0} non ha la colonna '{1}'",
        "{0} hat keine Spalte '{1}'",
    ),
    (
        "{0} has no column '{1}': shown as a whole",
        "{0}に列「{1}」がないため、全体だけを示す",
        "{0} içinde '{1}' sütunu yok: bütün olarak gösteriliyor",
        "{0} non ha la colonna '{1}': mostrata per intero",
        "{0} hat keine Spalte '{1}': nur im Ganzen gezeigt",
    ),
    (
        "{0} have no column '{1}': shown as a whole",
        "{0}に列「{1}」がないため、全体だけを示す",
        "{0} içinde '{1}' sütunu yok: bütün olarak gösteriliyor",
        "{0} non hanno la colonna '{1}': mostrate per intero",
        "{0} haben keine Spalte '{1}': nur im Ganzen gezeigt",
    ),
    (
        "{0} rows of {1} name no {2}: only in the total",
        "{1}の{0}行は{2}が空で、全体にだけ含まれる",
        "{1} içinde {0} satırda {2} yok: yalnızca toplamda",
        "{0} righe di {1} non indicano {2}: solo nel totale",
        "{0} Zeilen von {1} nennen kein {2}: nur im Ganzen",
    ),
    (
        "the target {0} of {1} is for {2}, which is none of the slices",
        "{1}の目標{0}は{2}用だが、その区分はない",
        "{1} için {0} hedefi {2} içindir, böyle bir kırılım yok",
        "l'obiettivo {0} di {1} vale per {2}, che non è tra i segmenti",
        "das Ziel {0} von {1} gilt für {2}, das kein Segment ist",
    ),
)
