"""Answers in words, worst to best, in English, Japanese, Turkish, Italian and German (a line each)."""

from __future__ import annotations

from collections.abc import Mapping

from metricsheet.records import record
from metricsheet.values.folding import fold


@record
class AnswerScale:
    """A scale of answers: ``words`` maps each folded wording to its number, from 1 (worst) to ``points``."""

    points: int
    words: Mapping[str, int]


def _scale(*answers: str) -> AnswerScale:
    """Return the scale of ``answers``, lowest first, each a list of wordings split at ``|`` and lines."""
    words = {
        fold(word): number
        for number, group in enumerate(answers, 1)
        for word in group.replace("\n", "|").split("|")
    }
    words.pop("", None)
    return AnswerScale(len(answers), words)


_AGREE_LOWEST = """
strongly disagree | completely disagree | totally disagree
全くそう思わない | まったくそう思わない | 全く同意しない
hiç katılmıyorum | kesinlikle katılmıyorum
per niente d'accordo | completamente in disaccordo | fortemente in disaccordo | totalmente in disaccordo
stimme überhaupt nicht zu | stimme gar nicht zu | lehne völlig ab
trifft überhaupt nicht zu | trifft gar nicht zu
"""
_DISAGREE = """
disagree
そう思わない | 同意しない
katılmıyorum
in disaccordo | non d'accordo
stimme nicht zu | trifft nicht zu
"""
_RATHER_DISAGREE = """
somewhat disagree | slightly disagree
あまりそう思わない | ややそう思わない
kısmen katılmıyorum | pek katılmıyorum
poco d'accordo | abbastanza in disaccordo | parzialmente in disaccordo
stimme eher nicht zu | trifft eher nicht zu
"""
_AGREE_MIDDLE = """
neutral | neither agree nor disagree | neither disagree nor agree | undecided | neither
どちらともいえない | どちらとも言えない | どちらでもない | 普通
kararsızım | ne katılıyorum ne katılmıyorum | nötr
neutrale | né d'accordo né in disaccordo | indeciso | indecisa
teils/teils | teils teils | teils, teils | weder noch | unentschieden
"""
_RATHER_AGREE = """
somewhat agree | slightly agree
ややそう思う | まあそう思う
kısmen katılıyorum
abbastanza d'accordo | parzialmente d'accordo
stimme eher zu | trifft eher zu
"""
_AGREE = """
agree
そう思う | 同意する
katılıyorum
d'accordo
stimme zu | trifft zu
"""
_AGREE_HIGHEST = """
strongly agree | completely agree | totally agree
非常にそう思う | とてもそう思う | 強くそう思う | 強く同意する
tamamen katılıyorum | kesinlikle katılıyorum
completamente d'accordo | fortemente d'accordo | totalmente d'accordo | molto d'accordo | pienamente d'accordo
stimme voll zu | stimme voll und ganz zu | stimme völlig zu | stimme vollkommen zu
trifft voll zu | trifft voll und ganz zu
"""

_EXTREMELY_UNLIKELY = """
extremely unlikely
全く可能性がない | 全く勧めない
kesinlikle olası değil
estremamente improbabile
äußerst unwahrscheinlich
"""
_VERY_UNLIKELY = """
very unlikely
とても可能性が低い
hiç olası değil | çok düşük ihtimal
molto improbabile
sehr unwahrscheinlich
"""
_UNLIKELY = """
unlikely
可能性は低い | 勧めない
olası değil | düşük ihtimal
improbabile
unwahrscheinlich
"""
_RATHER_UNLIKELY = """
somewhat unlikely
あまり勧めない
pek olası değil
poco probabile
eher unwahrscheinlich
"""
_LIKELY_MIDDLE = """
neither likely nor unlikely | neither unlikely nor likely | neutral | neither
どちらともいえない | どちらとも言えない
kararsızım | ne olası ne değil
né probabile né improbabile | neutrale
weder wahrscheinlich noch unwahrscheinlich | teils/teils
"""
_RATHER_LIKELY = """
somewhat likely
やや可能性がある
biraz olası
abbastanza probabile
eher wahrscheinlich
"""
_LIKELY = """
likely
可能性は高い | 勧める
olası | muhtemel
probabile
wahrscheinlich
"""
_VERY_LIKELY = """
very likely
とても可能性が高い
çok olası | çok yüksek ihtimal
molto probabile
sehr wahrscheinlich
"""
_EXTREMELY_LIKELY = """
extremely likely
非常に可能性が高い | 強く勧める
kesinlikle olası
estremamente probabile
äußerst wahrscheinlich
"""

_VERY_DISSATISFIED = """
very dissatisfied | very unsatisfied | extremely dissatisfied
とても不満 | 非常に不満 | 大変不満
hiç memnun değilim | çok memnuniyetsizim | çok memnuniyetsiz | kesinlikle memnun değilim
molto insoddisfatto | molto insoddisfatta | per niente soddisfatto | per niente soddisfatta
sehr unzufrieden
"""
_DISSATISFIED = """
dissatisfied | unsatisfied
不満
memnun değilim | memnuniyetsizim | memnuniyetsiz
insoddisfatto | insoddisfatta
unzufrieden
"""
_RATHER_DISSATISFIED = """
somewhat dissatisfied | slightly dissatisfied
やや不満
pek memnun değilim
poco soddisfatto | poco soddisfatta
eher unzufrieden
"""
_SATISFIED_MIDDLE = """
neutral | neither satisfied nor dissatisfied | neither dissatisfied nor satisfied | neither
どちらともいえない | どちらとも言えない | 普通 | ふつう
kararsızım | ne memnunum ne değilim | orta | nötr
neutrale | né soddisfatto né insoddisfatto | né soddisfatta né insoddisfatta
teils/teils | weder zufrieden noch unzufrieden | weder noch
"""
_RATHER_SATISFIED = """
somewhat satisfied | slightly satisfied
やや満足
kısmen memnunum
abbastanza soddisfatto | abbastanza soddisfatta
eher zufrieden
"""
_SATISFIED = """
satisfied
満足
memnunum | memnun
soddisfatto | soddisfatta
zufrieden
"""
_VERY_SATISFIED = """
very satisfied | extremely satisfied
とても満足 | 非常に満足 | 大変満足
çok memnunum | çok memnun | kesinlikle memnunum
molto soddisfatto | molto soddisfatta | completamente soddisfatto | completamente soddisfatta
sehr zufrieden
"""

_VERY_POOR = """
very poor | very bad | terrible
とても悪い | 非常に悪い
çok kötü
pessimo | molto scarso
sehr schlecht
"""
_POOR = """
poor | bad
悪い
kötü
scarso | cattivo
schlecht
"""
_GOOD_MIDDLE = """
neither good nor poor | neither poor nor good | fair | average | ok | okay
どちらともいえない | 普通 | ふつう
orta
discreto | sufficiente
mittelmäßig | mittel | durchschnittlich
"""
_GOOD = """
good
良い | よい
iyi
buono
gut
"""
_VERY_GOOD = """
very good
とても良い | 非常に良い
çok iyi
molto buono
sehr gut
"""
_EXCELLENT = """
excellent | outstanding
最高 | 大変良い
mükemmel
eccellente | ottimo
ausgezeichnet | hervorragend
"""

ANSWER_SCALES: Mapping[str, tuple[AnswerScale, ...]] = {
    "agreement": (
        _scale(_AGREE_LOWEST, _DISAGREE, _AGREE_MIDDLE, _AGREE, _AGREE_HIGHEST),
        _scale(_AGREE_LOWEST, _RATHER_DISAGREE, _AGREE_MIDDLE, _RATHER_AGREE, _AGREE_HIGHEST),
        # the usual Japanese scale is milder below the middle than above it
        _scale(_AGREE_LOWEST, "あまりそう思わない", _AGREE_MIDDLE, "そう思う", _AGREE_HIGHEST),
        _scale(
            _AGREE_LOWEST, _DISAGREE, _RATHER_DISAGREE, _AGREE_MIDDLE, _RATHER_AGREE, _AGREE, _AGREE_HIGHEST
        ),
    ),
    "likelihood": (
        _scale(_EXTREMELY_UNLIKELY, _UNLIKELY, _LIKELY_MIDDLE, _LIKELY, _EXTREMELY_LIKELY),
        _scale(_VERY_UNLIKELY, _UNLIKELY, _LIKELY_MIDDLE, _LIKELY, _VERY_LIKELY),
        _scale(_VERY_UNLIKELY, _RATHER_UNLIKELY, _LIKELY_MIDDLE, _RATHER_LIKELY, _VERY_LIKELY),
    ),
    "satisfaction": (
        _scale(_VERY_DISSATISFIED, _DISSATISFIED, _SATISFIED_MIDDLE, _SATISFIED, _VERY_SATISFIED),
        _scale(
            _VERY_DISSATISFIED, _RATHER_DISSATISFIED, _SATISFIED_MIDDLE, _RATHER_SATISFIED, _VERY_SATISFIED
        ),
        _scale(_DISSATISFIED, _RATHER_DISSATISFIED, _SATISFIED_MIDDLE, _RATHER_SATISFIED, _SATISFIED),
        _scale(_VERY_POOR, _POOR, _GOOD_MIDDLE, _GOOD, _VERY_GOOD),
        _scale(_VERY_POOR, _POOR, _GOOD_MIDDLE, _GOOD, _EXCELLENT),
        _scale(_POOR, _GOOD_MIDDLE, _GOOD, _VERY_GOOD, _EXCELLENT),
        _scale(
            _VERY_DISSATISFIED,
            _DISSATISFIED,
            _RATHER_DISSATISFIED,
            _SATISFIED_MIDDLE,
            _RATHER_SATISFIED,
            _SATISFIED,
            _VERY_SATISFIED,
        ),
    ),
}
"""The scales of each table that an input may name under ``words:``."""
