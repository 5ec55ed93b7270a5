"""Yes and no in five languages, and outcomes such as won and lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from metricsheet.values.folding import fold

_YES = (
    "yes, y, true, 1, checked, ✓, ✔, ☑, はい, 有, 有り, あり, ○, 〇, ◯, 真, "
    "evet, doğru, sì, si, s, vero, ja, j, wahr, richtig"
)
_NO = "no, n, false, 0, unchecked, ✗, ✘, ☐, いいえ, 無, 無し, なし, ×, 偽, hayır, yanlış, falso, nein, falsch"
# two sides of one outcome: which one is "yes" depends on what the input asks
_GONE = (
    "churned, churn, cancelled, canceled, lost, left, terminated, inactive, closed, exited, "
    "解約, 解約済み, 解約済, 退会, 離脱, kayıp, kaybedildi, kaybedilen, iptal, iptal edildi, ayrıldı, pasif, "
    "abbandonato, abbandono, perso, persa, disdetto, cancellato, inattivo, "
    "abgewandert, gekündigt, verloren, inaktiv, storniert"
)
_STAYED = (
    "active, retained, current, stayed, existing, subscribed, not churned, "
    "継続, 契約中, 利用中, 有効, aktif, devam ediyor, mevcut, attivo, attiva, fedele, "
    "aktiv, bestehend, behalten"
)
_WON = (
    "won, closed won, win, converted, 受注, 成約, kazanıldı, kazanılan, "
    "vinta, vinto, vinte, chiusa vinta, chiuse vinte, gewonnen"
)
_LOST = "lost, closed lost, loss, 失注, kaybedildi, kaybedilen, persa, perso, perse, chiusa persa, verloren"


def _words(listed: str, flag: bool) -> dict[str, bool]:
    return {fold(word): flag for word in listed.split(",")}


_PLAIN = {**_words(_YES, True), **_words(_NO, False)}
_GONE_IS_YES = {**_words(_GONE, True), **_words(_STAYED, False)}
_STAYED_IS_YES = {**_words(_GONE, False), **_words(_STAYED, True)}
_WON_IS_YES = {**_words(_LOST, False), **_words(_WON, True)}
_LOST_IS_YES = {**_words(_LOST, True), **_words(_WON, False)}


def flag_words(names: Iterable[str]) -> Mapping[str, bool]:
    """Return what each folded word means for a flag with these names (key, labels, aliases).

    Yes and no mean the same for every flag. ``lost`` is a yes to ``churned`` and a no to ``won``: outcome
    words count only for a flag that bears one of them as its own name.
    """
    own = {fold(name.replace("_", " ")) for name in names}
    found = dict(_PLAIN)
    if own & _words(_WON, True).keys():
        found.update(_WON_IS_YES)
    elif own & (_words(_GONE, True).keys() - _words(_LOST, True).keys()):
        found.update(_GONE_IS_YES)
    elif own & _words(_LOST, True).keys():
        found.update(_LOST_IS_YES)
    elif own & _words(_STAYED, True).keys():
        found.update(_STAYED_IS_YES)
    return found
