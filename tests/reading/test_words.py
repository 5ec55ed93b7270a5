"""Missing tokens, yes and no, and answers in words, in five languages."""

from __future__ import annotations

import pytest

from metricsheet.reading.answer_words import ANSWER_SCALES
from metricsheet.reading.flag_words import flag_words
from metricsheet.reading.words import is_missing, read_answers
from metricsheet.values.folding import fold

ALIKE = [
    ("NPS", "ＮＰＳ", "nps"),
    ("İPTAL", "IPTAL", "iptal"),
    ("ıptal", "iptal", "Iptal"),
    ("müşteri", "musteri", "MÜŞTERİ"),
    ("Öffnungen", "offnungen", "O\u0308ffnungen"),
    ("città", "citta", "CITTA"),
    ("ｶﾞｲﾄﾞ", "ガイド", "カ\u3099イト\u3099"),
    ("straße", "STRASSE", "strasse"),
    ("a\u00a0b", "a\u3000b", " a  b "),
    ("d’accordo", "d'accordo", "d‘accordo"),
    ("e–mail", "e-mail", "e\u2011mail"),
    ("a\u200bb", "ab", "\ufeffab"),
]


@pytest.mark.parametrize("spellings", ALIKE)
def test_spellings_fold_alike(spellings: tuple[str, ...]) -> None:
    assert len({fold(text) for text in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("か", "が"), ("a", "b"), ("ab", "a b"), ("5", "50"), ("は", "ぱ")]
)
def test_different_words_stay_different(one: str, other: str) -> None:
    assert fold(one) != fold(other)


MISSING = (
    "| |\u3000|\u00a0|-|--|---|–|—|－|―|n/a|N/A|NA|n.a.|NaN|Nan|nan|null|NULL|None|none|#N/A|#DIV/0!|#VALUE!|"
    "該当なし|未回答|不明|yok|bilinmiyor|Belirtilmemiş|BİLİNMİYOR|n.d.|N.D.|non disponibile|"
    "k.A.|k. A.|keine Angabe|KEINE ANGABE|entfällt|#NV|unknown"
)


@pytest.mark.parametrize("token", MISSING.split("|"))
def test_missing_tokens(token: str) -> None:
    assert is_missing(token)


@pytest.mark.parametrize(
    "token",
    ["0", "no", "nein", "x", "Don't know", "nana", "n", ".", "-1", "無", "なし", "a-", "nothing", "?"],
)
def test_not_missing(token: str) -> None:
    assert not is_missing(token)


@pytest.mark.parametrize("name", ["NA", "None", "nan", "yok", "nil", "nd"])
def test_names_of_something_are_not_missing_in_text(name: str) -> None:
    assert is_missing(name)
    assert not is_missing(name, in_text=True)


@pytest.mark.parametrize("token", ["", "  ", "-", "n/a", "#N/A", "未回答", "k.A.", " " * 60])
def test_missing_in_text_too(token: str) -> None:
    assert is_missing(token, in_text=True)


YES = "yes|YES|y|true|TRUE|1|はい|有|○|〇|あり|evet|EVET|doğru|sì|si|SÌ|vero|ja|Ja|wahr|✓"
NO = "no|No|n|false|FALSE|0|いいえ|無|×|なし|hayır|HAYIR|yanlış|falso|nein|NEIN|falsch"


@pytest.mark.parametrize("word", YES.split("|"))
def test_yes(word: str) -> None:
    assert flag_words(["anything"])[fold(word)] is True


@pytest.mark.parametrize("word", NO.split("|"))
def test_no(word: str) -> None:
    assert flag_words(["anything"])[fold(word)] is False


OUTCOMES = [
    (["churned", "churn"], "Churned", True),
    (["churned", "churn"], "Cancelled", True),
    (["churned", "churn"], "Lost", True),
    (["churned", "churn"], "Active", False),
    (["churned", "churn"], "gekündigt", True),
    (["churned", "churn"], "AKTİF", False),
    (["churned", "churn"], "解約", True),
    (["churned", "churn"], "契約中", False),
    (["churned", "churn"], "Won", None),
    (["deal_won", "won"], "Won", True),
    (["deal_won", "won"], "Closed Won", True),
    (["deal_won", "won"], "Lost", False),
    (["deal_won", "won"], "失注", False),
    (["deal_won", "won"], "verloren", False),
    (["deal_won", "won"], "Open", None),
    (["deal_lost", "lost"], "Lost", True),
    (["deal_lost", "lost"], "Won", False),
    (["is_active", "active"], "Active", True),
    (["is_active", "active"], "Churned", False),
    (["complained"], "Active", None),
    (["complained"], "Lost", None),
    (["complained"], "maybe", None),
]


@pytest.mark.parametrize(("names", "word", "flag"), OUTCOMES)
def test_outcomes_depend_on_the_question(names: list[str], word: str, flag: bool | None) -> None:
    assert flag_words(names).get(fold(word)) is flag


# table, worst to best
SCALES = [
    ("agreement", "Strongly disagree|Disagree|Neutral|Agree|Strongly agree"),
    ("agreement", "STRONGLY DISAGREE|disagree|Neither agree nor disagree|agree|Strongly Agree."),
    ("agreement", "全くそう思わない|そう思わない|どちらともいえない|そう思う|非常にそう思う"),
    ("agreement", "全くそう思わない|あまりそう思わない|どちらともいえない|そう思う|とてもそう思う"),
    ("agreement", "全くそう思わない|あまりそう思わない|どちらともいえない|ややそう思う|とてもそう思う"),
    ("agreement", "Hiç Katılmıyorum|Katılmıyorum|Kararsızım|Katılıyorum|Tamamen Katılıyorum"),
    ("agreement", "Kesinlikle Katılmıyorum|Katılmıyorum|Kararsızım|Katılıyorum|Kesinlikle Katılıyorum"),
    ("agreement", "KESİNLİKLE KATILMIYORUM|KATILMIYORUM|KARARSIZIM|KATILIYORUM|KESİNLİKLE KATILIYORUM"),
    ("agreement", "Per niente d'accordo|In disaccordo|Neutrale|D'accordo|Completamente d'accordo"),
    ("agreement", "Per niente d’accordo|Poco d’accordo|Neutrale|Abbastanza d’accordo|Molto d’accordo"),
    ("agreement", "Stimme überhaupt nicht zu|Stimme nicht zu|Neutral|Stimme zu|Stimme voll zu"),
    (
        "agreement",
        "Stimme gar nicht zu|Stimme eher nicht zu|Teils/teils|Stimme eher zu|Stimme voll und ganz zu",
    ),
    (
        "agreement",
        "Strongly disagree|Disagree|Somewhat disagree|Neutral|Somewhat agree|Agree|Strongly agree",
    ),
    (
        "agreement",
        "Stimme überhaupt nicht zu|Stimme nicht zu|Stimme eher nicht zu|Neutral|"
        "Stimme eher zu|Stimme zu|Stimme voll zu",
    ),
    ("likelihood", "Extremely unlikely|Unlikely|Neither likely nor unlikely|Likely|Extremely likely"),
    ("likelihood", "Very unlikely|Unlikely|Neutral|Likely|Very likely"),
    (
        "likelihood",
        "Sehr unwahrscheinlich|Eher unwahrscheinlich|Neutral|Eher wahrscheinlich|Sehr wahrscheinlich",
    ),
    ("likelihood", "Molto improbabile|Improbabile|Neutrale|Probabile|Molto probabile"),
    ("likelihood", "Kesinlikle olası değil|Olası değil|Kararsızım|Olası|Kesinlikle olası"),
    ("satisfaction", "Very dissatisfied|Dissatisfied|Neutral|Satisfied|Very satisfied"),
    ("satisfaction", "非常に不満|不満|どちらともいえない|満足|非常に満足"),
    ("satisfaction", "不満|やや不満|どちらともいえない|やや満足|満足"),
    ("satisfaction", "とても不満|やや不満|普通|やや満足|とても満足"),
    ("satisfaction", "Hiç memnun değilim|Memnun değilim|Kararsızım|Memnunum|Çok memnunum"),
    ("satisfaction", "Molto insoddisfatto|Insoddisfatto|Neutrale|Soddisfatto|Molto soddisfatto"),
    ("satisfaction", "Sehr unzufrieden|Unzufrieden|Teils/teils|Zufrieden|Sehr zufrieden"),
    ("satisfaction", "Very poor|Poor|Neither good nor poor|Good|Very good"),
    ("satisfaction", "Poor|Fair|Good|Very good|Excellent"),
    ("satisfaction", "Very poor|Poor|Average|Good|Excellent"),
]


@pytest.mark.parametrize(("table", "answers"), SCALES)
def test_answers_in_words(table: str, answers: str) -> None:
    words = answers.split("|")
    reading = read_answers(table, words)
    assert reading.refusal is None
    assert reading.numbers == {word: number for number, word in enumerate(words, 1)}
    assert reading.points == len(words)


@pytest.mark.parametrize("table", sorted(ANSWER_SCALES))
def test_every_wording_has_one_place_in_its_scale(table: str) -> None:
    for scale in ANSWER_SCALES[table]:
        assert set(scale.words.values()) == set(range(1, scale.points + 1))


def test_other_texts_are_left_out() -> None:
    reading = read_answers("likelihood", ["Extremely likely", "Don't know", "5"])
    assert reading.numbers == {"Extremely likely": 5}
    assert not read_answers("likelihood", ["Don't know", ""]).points


def test_answers_of_several_languages_make_one_scale() -> None:
    reading = read_answers("agreement", ["Agree", "Stimme zu", "Katılıyorum", "D'accordo", "そう思う"])
    assert set(reading.numbers.values()) == {4}


AMBIGUOUS = [
    ("satisfaction", ["Good", "Very good"]),
    ("satisfaction", ["満足", "不満"]),
    ("satisfaction", ["Poor"]),
]


@pytest.mark.parametrize(("table", "words"), AMBIGUOUS)
def test_words_that_do_not_show_their_scale_are_refused(table: str, words: list[str]) -> None:
    refusal = read_answers(table, words).refusal
    assert refusal is not None
    assert refusal.code == "ambiguous_words"


def test_words_of_two_scales_are_refused() -> None:
    refusal = read_answers("likelihood", ["Extremely likely", "Very likely"]).refusal
    assert refusal is not None
    assert "different scales" in str(refusal.message)


def test_an_unknown_table_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(KeyError):
        read_answers("mood", ["fine"])
