"""Problems of the data and what would mend them: English, Japanese, Turkish, Italian, German.

``{0}``, ``{1}`` … stand for what is named, numbered as they come in the English text.
"""

from __future__ import annotations

PROBLEMS: tuple[tuple[str, str, str, str, str], ...] = (
    # cells that cannot be used
    (
        "{0} of {1} {2} cells are not on the scale {3} ({4})",
        "{2}の{1}個中{0}個が尺度{3}の外（{4}）",
        "{1} {2} hücresinden {0} tanesi {3} ölçeğinde değil ({4})",
        "{0} celle di {2} su {1} sono fuori dalla scala {3} ({4})",
        "{0} von {1} Zellen in {2} liegen außerhalb der Skala {3} ({4})",
    ),
    (
        "{0} of {1} {2} cells is not on the scale {3} ({4})",
        "{2}の{1}個中{0}個が尺度{3}の外（{4}）",
        "{1} {2} hücresinden {0} tanesi {3} ölçeğinde değil ({4})",
        "{0} cella di {2} su {1} è fuori dalla scala {3} ({4})",
        "{0} von {1} Zellen in {2} liegt außerhalb der Skala {3} ({4})",
    ),
    (
        "{0} of {1} {2} cells are not on the whole scale {3} ({4})",
        "{2}の{1}個中{0}個が{3}の整数でない（{4}）",
        "{1} {2} hücresinden {0} tanesi {3} ölçeğinde tam sayı değil ({4})",
        "{0} celle di {2} su {1} non sono numeri interi della scala {3} ({4})",
        "{0} von {1} Zellen in {2} sind keine ganzen Zahlen der Skala {3} ({4})",
    ),
    (
        "{0} of {1} {2} cells is not on the whole scale {3} ({4})",
        "{2}の{1}個中{0}個が{3}の整数でない（{4}）",
        "{1} {2} hücresinden {0} tanesi {3} ölçeğinde tam sayı değil ({4})",
        "{0} cella di {2} su {1} non è un numero intero della scala {3} ({4})",
        "{0} von {1} Zellen in {2} ist keine ganze Zahl der Skala {3} ({4})",
    ),
    (
        "{0} of {1} {2} cells are text and not counted, the first is {3} = {4}",
        "{2}の{1}個中{0}個は文字で数えない。最初は{3} = {4}",
        "{1} {2} hücresinden {0} tanesi metin ve sayılmadı, ilki {3} = {4}",
        "{0} celle di {2} su {1} sono testo e non contano, la prima è {3} = {4}",
        "{0} von {1} Zellen in {2} sind Text und zählen nicht, die erste ist {3} = {4}",
    ),
    (
        "{0} of {1} {2} cells hold an error, the first is {3}",
        "{2}の{1}個中{0}個がエラー。最初は{3}",
        "{1} {2} hücresinden {0} tanesi hata içeriyor, ilki {3}",
        "{0} celle di {2} su {1} contengono un errore, la prima è {3}",
        "{0} von {1} Zellen in {2} enthalten einen Fehler, die erste ist {3}",
    ),
    (
        "{0} ({1}) has only blank cells ({2})",
        "{0}（{1}）は空白だけ（{2}）",
        "{0} ({1}) yalnızca boş hücre ({2})",
        "{0} ({1}) ha solo celle vuote ({2})",
        "{0} ({1}) hat nur leere Zellen ({2})",
    ),
    (
        "{0} ({1}) has no rows below its header",
        "{0}（{1}）は見出しの下に行がない",
        "{0} ({1}) başlığının altında satır yok",
        "{0} ({1}) non ha righe sotto l'intestazione",
        "{0} ({1}) hat keine Zeilen unter der Überschrift",
    ),
    (
        "answers look like a 1–{0} scale ({1} answers, none above it), the rule is for {2}",
        "回答は1～{0}の尺度らしい（{1}件、それを超えるものなし）が、規則は{2}用",
        "yanıtlar 1–{0} ölçeğine benziyor ({1} yanıt, üstü yok), kural {2} için",
        "le risposte sembrano su scala 1–{0} ({1} risposte, nessuna oltre), la regola è per {2}",
        "Antworten sehen nach einer Skala 1–{0} aus ({1} Antworten, keine darüber), die Regel ist für {2}",
    ),
    (
        "answers go up to {0} (such as {1}), the rule is for {2}",
        "回答は{0}まであり（例 {1}）、規則は{2}用",
        "yanıtlar {0} değerine kadar çıkıyor (örneğin {1}), kural {2} için",
        "le risposte arrivano a {0} (per esempio {1}), la regola è per {2}",
        "die Antworten reichen bis {0} (etwa {1}), die Regel gilt für {2}",
    ),
    (
        "{0} looks like a finished score or an average, not like answers on {1}",
        "{0}は{1}の回答でなく、集計済みの値か平均のようだ",
        "{0}, {1} üzerindeki yanıtlara değil, hazır bir skora ya da ortalamaya benziyor",
        "{0} sembra un punteggio già calcolato o una media, non risposte su {1}",
        "{0} sieht nach einem fertigen Wert oder Mittelwert aus, nicht nach Antworten auf {1}",
    ),
    (
        "'{0}' may be {1} or {2}, and no other cell decides",
        "「{0}」は{1}とも{2}とも読め、決め手になるセルがない",
        "'{0}' {1} ya da {2} olabilir, belirleyen başka hücre yok",
        "'{0}' può essere {1} o {2}, e nessun'altra cella decide",
        "'{0}' kann {1} oder {2} sein, und keine andere Zelle entscheidet",
    ),
    (
        "'{0}' may be {1}, and no other cell decides",
        "「{0}」は{1}と読め、決め手になるセルがない",
        "'{0}' {1} olabilir, belirleyen başka hücre yok",
        "'{0}' può essere {1}, e nessun'altra cella decide",
        "'{0}' kann {1} sein, und keine andere Zelle entscheidet",
    ),
    (
        "{0} and {1} in one column: fractions and percents seem to be mixed",
        "1列に{0}と{1}があり、小数と百分率が混ざっているようだ",
        "bir sütunda {0} ve {1}: ondalık ve yüzde karışmış görünüyor",
        "{0} e {1} in una colonna: frazioni e percentuali sembrano mescolate",
        "{0} und {1} in einer Spalte: Anteile und Prozente sind wohl vermischt",
    ),
    (
        "{0} would mean {1}%: a percent is a fraction here",
        "{0}は{1}%の意味になる。百分率はここでは小数で書く",
        "{0}, %{1} anlamına gelir: yüzde burada ondalık yazılır",
        "{0} vorrebbe dire {1}%: qui una percentuale è una frazione",
        "{0} hieße {1} %: ein Prozentwert ist hier ein Anteil",
    ),
    (
        "numbers such as {0} look like counts, not like a yes or no per row",
        "{0}などの数値は件数のようで、行ごとの「はい・いいえ」ではない",
        "{0} gibi sayılar adete benziyor, satır başına evet/hayır değil",
        "numeri come {0} sembrano conteggi, non un sì o no per riga",
        "Zahlen wie {0} sehen nach Anzahlen aus, nicht nach einem Ja oder Nein je Zeile",
    ),
    (
        "numbers such as {0} look like rates, not like a yes or no per row",
        "{0}などの数値は率のようで、行ごとの「はい・いいえ」ではない",
        "{0} gibi sayılar orana benziyor, satır başına evet/hayır değil",
        "numeri come {0} sembrano tassi, non un sì o no per riga",
        "Zahlen wie {0} sehen nach Raten aus, nicht nach einem Ja oder Nein je Zeile",
    ),
    (
        "{0} are different currencies in one column",
        "1列に異なる通貨がある: {0}",
        "bir sütunda farklı para birimleri: {0}",
        "valute diverse in una colonna: {0}",
        "verschiedene Währungen in einer Spalte: {0}",
    ),
    (
        "one figure per month, quarter or year is a finished score or a count, not a list of answers",
        "月・四半期・年ごとに1つの数値は、回答の一覧でなく集計済みの値か件数",
        "ay, çeyrek ya da yıl başına tek sayı yanıt listesi değil, hazır skor ya da adettir",
        "una cifra per mese, trimestre o anno è un punteggio finito o un conteggio, non risposte singole",
        "eine Zahl je Monat, Quartal oder Jahr ist ein fertiger Wert oder eine Anzahl, keine Antwortliste",
    ),
    # rows and sheets that were left out
    (
        "1 row of {0} without a readable date: in no period, and never the newest or first",
        "{0}の1行は日付が読めず、どの期間にも入らず、最新にも最初にもならない",
        "{0} içinde 1 satırın tarihi okunamadı: hiçbir dönemde değil, en yeni ya da ilk olamaz",
        "1 riga di {0} senza data leggibile: in nessun periodo, e mai la più recente o la prima",
        "1 Zeile von {0} ohne lesbares Datum: in keinem Zeitraum, und nie die neueste oder erste",
    ),
    (
        "{0} rows of {1} without a readable date: in no period, and never the newest or first",
        "{1}の{0}行は日付が読めず、どの期間にも入らず、最新にも最初にもならない",
        "{1} içinde {0} satırın tarihi okunamadı: hiçbir dönemde değiller, en yeni ya da ilk olamazlar",
        "{0} righe di {1} senza data leggibile: in nessun periodo, e mai le più recenti o le prime",
        "{0} Zeilen von {1} ohne lesbares Datum: in keinem Zeitraum, und nie die neuesten oder ersten",
    ),
    (
        "the totals rest on different numbers of cells: {0}",
        "合計に使ったセルの数が異なる: {0}",
        "toplamlar farklı sayıda hücreye dayanıyor: {0}",
        "i totali poggiano su numeri di celle diversi: {0}",
        "die Summen beruhen auf verschieden vielen Zellen: {0}",
    ),
    (
        "over the whole span {0} to {1}, losses of customers won meanwhile included; "
        "--period gives the rate of each period",
        "{0}から{1}までの全期間の値で、その間に獲得した顧客の損失も含む。期間ごとの率は --period で",
        "{0} – {1} aralığının tümü için, arada kazanılan müşterilerin kayıpları dahil; "
        "dönem oranı için --period",
        "sull'intero arco dal {0} al {1}, comprese le perdite di clienti acquisiti nel frattempo; "
        "--period dà il tasso di ogni periodo",
        "über die ganze Spanne {0} bis {1}, Verluste inzwischen gewonnener Kunden eingeschlossen; "
        "--period gibt die Rate je Zeitraum",
    ),
    # what would mend it
    (
        "correct the cells, or write `outside: exclude` under inputs: {0}: to leave them out",
        "セルを直すか、inputs: {0}: に `outside: exclude` と書いて除く",
        "hücreleri düzeltin ya da dışarıda bırakmak için inputs: {0}: altına `outside: exclude` yazın",
        "correggere le celle, o scrivere `outside: exclude` sotto inputs: {0}: per escluderle",
        "die Zellen berichtigen, oder `outside: exclude` unter inputs: {0}: schreiben, um sie auszulassen",
    ),
    (
        "if they were given on {0}, insist with --scale {1}",
        "{0}での回答なら --scale {1} で指定する",
        "{0} üzerinde verildiyse --scale {1} ile belirtin",
        "se sono su {0}, insistere con --scale {1}",
        "wenn sie auf {0} gegeben wurden, mit --scale {1} darauf bestehen",
    ),
    (
        "if it holds the finished figure: {0}",
        "集計済みの値なら {0}",
        "hazır sayıyı içeriyorsa: {0}",
        "se contiene la cifra finita: {0}",
        "wenn dort die fertige Zahl steht: {0}",
    ),
    (
        "map the finished figure to its metric instead of {0}, or give the single answers",
        "{0}でなくその指標に集計値を割り当てるか、個々の回答を渡す",
        "hazır sayıyı {0} yerine metriğine bağlayın ya da tek tek yanıtları verin",
        "indicare la cifra finita per la sua metrica anziché {0}, o dare le singole risposte",
        "die fertige Zahl ihrer Kennzahl statt {0} zuordnen, oder die einzelnen Antworten angeben",
    ),
    (
        "settle it with {0}",
        "{0} で決める",
        "{0} ile belirleyin",
        "deciderlo con {0}",
        "mit {0} festlegen",
    ),
    (
        "fill it, or map another column",
        "値を入れるか、別の列を --map で指定する",
        "doldurun ya da --map ile başka bir sütun verin",
        "riempirla, o indicare un'altra colonna con --map",
        "füllen, oder mit --map eine andere Spalte angeben",
    ),
    (
        "mend the formula in that cell: an error goes through to every metric that reads it",
        "そのセルの数式を直す。エラーはそれを読むすべての指標に及ぶ",
        "o hücredeki formülü düzeltin: hata onu okuyan her metriğe geçer",
        "correggere la formula di quella cella: un errore passa a ogni metrica che la legge",
        "die Formel in dieser Zelle richten: ein Fehler geht in jede Kennzahl ein, die sie liest",
    ),
    (
        "Excel's own functions ignore text in a range too; clear it or write a number",
        "Excelの関数も範囲内の文字を無視する。消すか数値にする",
        "Excel işlevleri de aralıktaki metni saymaz; silin ya da sayı yazın",
        "anche le funzioni di Excel ignorano il testo; cancellarlo o scrivere un numero",
        "auch Excels Funktionen übergehen Text in einem Bereich; löschen oder eine Zahl schreiben",
    ),
    (
        "open and save the workbook in Excel",
        "Excelでブックを開いて保存し直す",
        "çalışma kitabını Excel'de açıp kaydedin",
        "aprire e salvare la cartella di lavoro in Excel",
        "die Arbeitsmappe in Excel öffnen und speichern",
    ),
    (
        "did you mean '{0}'?",
        "「{0}」のことですか",
        "'{0}' mi demek istediniz?",
        "forse '{0}'?",
        "ist '{0}' gemeint?",
    ),
    (
        "--by takes one of {0}",
        "--by に使えるもの: {0}",
        "--by şunlardan birini alır: {0}",
        "--by prende uno di {0}",
        "--by nimmt eines von {0}",
    ),
)
