"""Text tables: encodings by rule, delimiters, quotes, ragged rows."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.files.book import RawCell
from metricsheet.files.delimited import ONE_COLUMN, find_delimiter
from metricsheet.files.encodings import detect_encoding
from metricsheet.files.read import read_bytes
from tests.stages import cases

GERMAN = "Kunde;Zufriedenheit;Grund\nMüller;7;größer als gedacht\nStraßer;9;schön, übersichtlich\n"
ITALIAN = "Cliente;Perché\nNicolò;è più veloce, però caro\n"
TURKISH = "Müşteri;Görüş\nİpek;çok iyi, ağır değil\nIşıl;öğrenci\n"
JAPANESE = "顧客,推奨度,理由\n山田,9,使いやすいです\n佐藤,3,料金が高い\n"
KATAKANA = "ｱﾝｹｰﾄ,ﾃﾝｽｳ\nﾄｳｷｮｳ,9\n"

ENCODED: dict[str, tuple[str, str, str]] = {
    "ascii": ("a,b\n1,2\n", "ascii", "utf-8"),
    "utf-8": (JAPANESE, "utf-8", "utf-8"),
    "utf-8 german": (GERMAN, "utf-8", "utf-8"),
    "utf-8 with mark": (TURKISH, "utf-8-sig", "utf-8-sig"),
    "utf-16": (JAPANESE, "utf-16", "utf-16"),
    "utf-16 little end without mark": (GERMAN, "utf-16-le", "utf-16-le"),
    "utf-16 big end without mark": (JAPANESE, "utf-16-be", "utf-16-be"),
    "utf-32": (JAPANESE, "utf-32", "utf-32"),
    "german": (GERMAN, "cp1252", "cp1252"),
    "german in iso-8859-1": (GERMAN, "iso-8859-1", "cp1252"),
    "italian": (ITALIAN, "cp1252", "cp1252"),
    "euro and curly quotes": ("Preis;Zitat\n5 €;“gut”\n", "cp1252", "cp1252"),
    "apostrophes": ("a;b\nI don’t know;it’s ok\n", "cp1252", "cp1252"),
    "turkish": (TURKISH, "cp1254", "iso-8859-9"),
    "turkish in iso": (TURKISH, "iso-8859-9", "iso-8859-9"),
    "turkish with a euro": (TURKISH + "5 €;x\n", "cp1254", "cp1254"),
    "turkish without its own letters": ("Müteri;Örnek\nçok;öü\n", "cp1254", "cp1252"),
    "japanese": (JAPANESE, "cp932", "cp932"),
    "japanese headers only": ("顧客数,売上\n1,2\n", "cp932", "cp932"),
    "japanese signs of windows": ("№,①,㈱\n山田商店,1,2\n", "cp932", "cp932"),
    "half-width katakana": (KATAKANA, "cp932", "cp932"),
    "katakana": ("アンケート,スコア\n東京,9\n", "cp932", "cp932"),
    "half-width and kanji": ("ﾏｰｹﾃｨﾝｸﾞ費,営業費\n1,2\n", "cp932", "cp932"),
    "iso-2022-jp": (JAPANESE, "iso2022_jp", "iso2022_jp"),
}


@pytest.mark.parametrize("case", ENCODED)
def test_encodings(case: str) -> None:
    text, written_as, expected = ENCODED[case]
    data = text.encode(written_as)
    assert detect_encoding(data) == expected
    rows = read_bytes(data, "a.csv").sheets[0].rows
    delimiter = ";" if ";" in text else ","
    assert [list(row) for row in rows] == list(csv.reader(io.StringIO(text), delimiter=delimiter))


UNKNOWN_ENCODINGS = {
    "mac": GERMAN.encode("mac_roman"),
    "dos": GERMAN.encode("cp850"),
    "icelandic or turkish": "Nafn;Svar\nÞórður;já\n".encode("cp1252"),
    "cyrillic": "Клиент;Оценка\nИванов;9\n".encode("cp1251"),
    "greek": "Πελάτης;Βαθμός\n".encode("cp1253"),
    "polish": "Imię;Ocena\nŁukasz;źle, książka\n".encode("cp1250"),
    "chinese": "客户,评分\n张三,非常满意\n".encode("gbk"),
    "korean": "고객,점수\n홍길동,매우 만족\n".encode("euc_kr"),
    "euc-jp": JAPANESE.encode("euc_jp"),
    "japanese or western": b"a,\x93\xfc\n",
    "zero bytes": b"a,b\n1,\x00\x00\x00\n2,\x00\x00\x00\n",
    "binary": bytes(range(1, 256)) * 4,
    "utf-8 cut off": "a,b\n1,ü".encode()[:-1] + b"\xff\xff\xff\xff",
    "odd utf-16": "a,b\n".encode("utf-16") + b"x",
}


MIXED_ENCODINGS = {
    "utf-8 first": ("café,1\n".encode() + "José,2\n".encode("cp1252"), "line 1 and line 2"),
    "utf-8 last": ("a,b\nJosé,2\n".encode("cp1252") + "café,1\n".encode(), "line 2 and line 3"),
    "capitals": ("École,1\n".encode() + "Ärger,2\n".encode("cp1252"), "line 1 and line 2"),
    "turkish": ("açık,1\n".encode() + "evet,ı\n".encode("cp1254"), "line 1 and line 2"),
    "one line": ("né;".encode() + "né\n".encode("cp1252"), "line 1 and line 1"),
}


@pytest.mark.parametrize("case", MIXED_ENCODINGS)
def test_two_encodings_in_one_file_are_refused_with_their_lines(case: str) -> None:
    data, lines = MIXED_ENCODINGS[case]
    with pytest.raises(WorkbookError) as error:
        read_bytes(data, "a.csv")
    assert error.value.code == "unknown_encoding"
    assert lines in str(error.value)


@pytest.mark.parametrize("case", UNKNOWN_ENCODINGS)
def test_unknown_encodings_are_refused(case: str) -> None:
    with pytest.raises(WorkbookError) as error:
        read_bytes(UNKNOWN_ENCODINGS[case], "a.csv")
    assert error.value.code == "unknown_encoding"
    assert str(error.value.hint) == "save it from Excel as CSV UTF-8"


DELIMITED: dict[str, tuple[str, list[list[str | None]]]] = {
    "comma": ("a,b\n1,2\n", [["a", "b"], ["1", "2"]]),
    "semicolon": ("a;b\n1;2\n", [["a", "b"], ["1", "2"]]),
    "tab": ("a\tb\n1\t2\n", [["a", "b"], ["1", "2"]]),
    "bar": ("a|b\n1|2\n", [["a", "b"], ["1", "2"]]),
    "semicolon and decimal comma": (
        "datum;wert\n2024-01-01;1,5\n2024-01-02;2,5\n",
        [["datum", "wert"], ["2024-01-01", "1,5"], ["2024-01-02", "2,5"]],
    ),
    "comma inside quotes": (
        'name;n\n"Müller, A";1\n"Weber, B";2\n',
        [["name", "n"], ["Müller, A", "1"], ["Weber, B", "2"]],
    ),
    "semicolons inside a text": (
        "id,choices,n\n1,a;b,2\n2,c,3\n",
        [["id", "choices", "n"], ["1", "a;b", "2"], ["2", "c", "3"]],
    ),
    "one column": ("score\n9\n10\n", [["score"], ["9"], ["10"]]),
    "one column of sentences": (
        "comment\nvery good\nnot so good, really\nbad\n",
        [["comment"], ["very good"], ["not so good, really"], ["bad"]],
    ),
    "spaces line columns up": (
        " 00004 0001  2   29.33\n 00004 0001  1   14.96\n 00021 0002 12    6.79\n",
        [["00004", "0001", "2", "29.33"], ["00004", "0001", "1", "14.96"], ["00021", "0002", "12", "6.79"]],
    ),
    "excel's own mark": ("sep=;\na;b\n1;2,5\n", [[None, None], ["a", "b"], ["1", "2,5"]]),
    "quoted line break": ('a,b\n"one\ntwo",2\n3,4\n', [["a", "b"], ["one\ntwo", "2"], ["3", "4"]]),
    "quoted line break of windows": ('a,b\r\n"one\r\ntwo",2\r\n', [["a", "b"], ["one\r\ntwo", "2"]]),
    "doubled quotes": ('a,b\n"say ""yes""",2\n', [["a", "b"], ['say "yes"', "2"]]),
    "quote inside a bare text": (
        'size,n\n5" pipe,2\n6" pipe,3\n',
        [["size", "n"], ['5" pipe', "2"], ['6" pipe', "3"]],
    ),
    "old mac lines": ("a,b\r1,2\r3,4\r", [["a", "b"], ["1", "2"], ["3", "4"]]),
    "no line break at the end": ("a,b\n1,2", [["a", "b"], ["1", "2"]]),
    "blank fields": (
        "a,b,c\n1,,3\n,,\n4,5,\n",
        [["a", "b", "c"], ["1", None, "3"], [None] * 3, ["4", "5", None]],
    ),
    "blank lines at the end": ("a,b\n1,2\n\n\n,\n", [["a", "b"], ["1", "2"]]),
    "delimiter at the end of rows": ("a,b,\n1,2,\n", [["a", "b"], ["1", "2"]]),
    "short rows": ("a,b,c\n1\n2,3\n", [["a", "b", "c"], ["1", None, None], ["2", "3", None]]),
    "title above": (
        "Survey 2024\n\na,b,c\n1,2,3\n4,5,6\n",
        [["Survey 2024", None, None], [None] * 3, ["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]],
    ),
    "spaces are kept": ("a,b\n 1 , \n", [["a", "b"], [" 1 ", " "]]),
    "header only": ("a,b\n", [["a", "b"]]),
}


@pytest.mark.parametrize("case", DELIMITED)
def test_delimiters_quotes_and_rows(case: str) -> None:
    text, expected = DELIMITED[case]
    book = read_bytes(text.encode(), "a.csv")
    assert [list(row) for row in book.sheets[0].rows] == expected
    assert book.text_only
    assert book.problems == ()


@given(
    rows=st.lists(
        st.lists(
            st.text(st.characters(codec="utf-8", exclude_characters="\0\x1b"), max_size=6),
            min_size=3,
            max_size=3,
        ),
        min_size=3,
        max_size=8,
    )
)
def test_what_excel_writes_comes_back(rows: list[list[str]]) -> None:
    """Every field in quotes, as the strictest writers do: whatever is inside, cells come back as written."""
    packed = io.StringIO(newline="")
    csv.writer(packed, quoting=csv.QUOTE_ALL).writerows([["a", "b", "c"], *rows])
    expected: list[list[RawCell]] = [["a", "b", "c"], *([cell or None for cell in row] for row in rows)]
    while expected and not any(expected[-1]):
        expected.pop()
    found = read_bytes(packed.getvalue().encode("utf-8-sig"), "a.csv").sheets[0].rows
    assert [list(row) for row in found] == expected


def test_an_open_quote_is_refused_with_its_line() -> None:
    with pytest.raises(WorkbookError) as error:
        read_bytes(b'a,b\n1,2\n3,"four\n5,6\n7,8\n', "a.csv")
    assert error.value.code == "broken_quotes"
    assert str(error.value.message).startswith("line 3: ")


def test_a_quote_that_swallows_rows_is_refused() -> None:
    rows = "".join(f"{n},x,y\n" for n in range(60))
    text = f'a,b,c\n1,"two,3\n{rows}4,five",6\n'
    with pytest.raises(WorkbookError) as error:
        read_bytes(text.encode(), "a.csv")
    assert error.value.code == "broken_quotes"
    assert str(error.value.message).startswith("line 2: ")


def test_a_long_comment_in_quotes_is_no_lost_quote() -> None:
    comment = "\n".join(f"reason {n}, and more" for n in range(60))
    rows = read_bytes(f'id,score,comment\n1,9,"{comment}"\n2,8,ok\n'.encode(), "a.csv").sheets[0].rows
    assert len(rows) == 3
    assert rows[1][2] == comment


def test_quotes_that_are_not_doubled_are_a_problem() -> None:
    book = read_bytes(b'a,b\n"say "yes" now",2\n3,4\n', "a.csv")
    assert [p.code for p in book.problems] == ["broken_quotes"]
    assert "line 2" in str(book.problems[0].message)
    assert book.sheets[0].rows[2] == ["3", "4"]


def test_a_comma_in_texts_of_the_last_column_is_a_problem() -> None:
    text = "id,n,note\n" + "1,2,fine\n" * 20 + "4,5,slow, but fine\n"
    (problem,) = read_bytes(text.encode(), "a.csv").problems
    assert problem.code == "ragged_rows"
    assert "row 22 has more fields" in str(problem.message)


WIDE = {
    "thousands": "Month,Leads,Lost\n2024-01,1,200,5\n2024-02,1,300,6\n2024-03,900,7\n",
    "decimal comma": "Customer,Revenue,Orders\na,10,50,2\nb,20,75,3\n",
    "index without a name": "Leads,Lost,Deals\n1,100,5,7\n2,50,3,4\n",
    "one row": "a,b,c\n" + "1,2,3\n" * 20 + "4,Smith, John,5\n",
    "below a title": "Leads of the year\n\nMonth,Leads\n2024-01,1,200\n2024-02,1,300\n2024-03,1,100\n",
    "dates": "Day,Leads\n1,01/02/2024,5\n2,02/02/2024,6\n",
}
NOT_WIDE = {
    "trailing delimiters": "Campaign,Opens\nA,50,\nB,60,\n",
    "index with a blank name": ",Leads,Lost\n1,100,5\n2,50,3\n",
    "wider header below": "Report,January\nMonth,Leads,Lost\n2024-01,5,6\n",
    "preamble": "Start date,20240101\nSource,Leads,Lost\na,5,6\n",
    "short rows": "a,b,c\n1,2,3\n4,5\n",
    "no header": "1,2\n3,4,5\n",
    "comments": "# made on 2024-01-01, by us\nSource,Leads,Lost\na,5,6\n",
}


@pytest.mark.parametrize("case", WIDE)
def test_rows_wider_than_their_header_are_refused(case: str) -> None:
    with pytest.raises(WorkbookError) as error:
        read_bytes(WIDE[case].encode(), "a.csv")
    assert error.value.code == "rows_too_wide"


@pytest.mark.parametrize("case", NOT_WIDE)
def test_rows_that_are_not_wider_than_their_header(case: str) -> None:
    assert not read_bytes(NOT_WIDE[case].encode(), "a.csv").problems


def test_comments_above_a_table_say_nothing_of_its_delimiter() -> None:
    text = "# Traffic\n# Start: 20240101\nSource,Sessions\ngoogle,1000\n"
    book = read_bytes(text.encode(), "a.csv")
    assert book.sheets[0].rows[3] == ["google", "1000"]


def test_a_field_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    most = cases(limits.MAX_FIELD_CHARACTERS, 1 << 18)
    monkeypatch.setattr(limits, "MAX_FIELD_CHARACTERS", most)
    with pytest.raises(WorkbookError) as error:
        read_bytes(b"a,b\n1," + b"x" * (most + 1), "a.csv")
    assert error.value.code == "too_large"


def test_the_limit_of_the_csv_module_is_as_before() -> None:
    before = csv.field_size_limit()
    read_bytes(b"a,b\n1,2\n", "a.csv")
    assert csv.field_size_limit() == before


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Revenue\n1,200\n3,400\n12,100\n", 1),
        ("Umsatz\n1200,50\n3.400,20 €\n", 1),
        ("Comment\nGood, but slow\nGreat, thanks\n", 1),
        ("Comment\nGood; but slow\nGreat; thanks\n", 1),
        ("Would you recommend us, from 0 to 10?\n9\n10\n", 1),
        ("Report\nName, Score\nA, 9\nB, 10\n", 2),
        ("Report\nName,Score\nA,9\nB,10\n", 2),
        ("Report\nYear;Revenue\n2023;10,5\n2024;11,5\n", 2),
    ],
)
def test_commas_inside_one_column_cut_nothing(text: str, columns: int) -> None:
    (sheet,) = read_bytes(text.encode(), "b.csv").sheets
    assert sheet.width == columns


def test_find_delimiter_falls_back_to_one_column() -> None:
    assert find_delimiter("") == ONE_COLUMN
    assert find_delimiter("just words\nmore words here\n") == ONE_COLUMN
    assert find_delimiter("no, there\nis, not\nany comma at the top\n") == ","
