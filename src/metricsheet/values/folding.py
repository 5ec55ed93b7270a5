"""Text brought to one form, so that spellings of the same word can be compared."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from metricsheet.patterns import late

# I, İ, ı and i are two letters in Turkish and one elsewhere: comparing treats all four alike
_ALIKE = str.maketrans(
    {
        "İ": "i",
        "ı": "i",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "`": "'",
        "´": "'",
        "‐": "-",
        "‑": "-",
        "‒": "-",
        "–": "-",
        "—": "-",
        "―": "-",
        "−": "-",
        "\u200b": "",
        "\u200c": "",
        "\u200d": "",
        "\u2060": "",
        "\ufeff": "",
        "\u00ad": "",
    }
)
_LATIN_MARKS = ("\u0300", "\u036f")
_SIGNS = late(r"[\W_]+")


def fold(text: str) -> str:
    """Return ``text`` for comparison: NFKC, one space between words, no case and no diacritics.

    ``Öffnungen``, ``OFFNUNGEN`` and ``Offnungen`` fold alike, so do ``İPTAL``, ``IPTAL`` and ``iptal``,
    full-width and plain letters. Japanese voiced marks stay: ``か`` and ``が`` are different letters.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    text = unicodedata.normalize("NFKC", text.translate(_ALIKE)).translate(_ALIKE).casefold()
    first, last = _LATIN_MARKS
    bare = "".join(c for c in unicodedata.normalize("NFD", text) if not first <= c <= last)
    return " ".join(unicodedata.normalize("NFC", bare).translate(_ALIKE).split())


def words(text: str) -> list[str]:
    """Return the words of ``text`` for comparison: folded, every sign between letters and digits a break."""
    return _SIGNS.sub(" ", fold(text).replace("'", "")).split()


@lru_cache(maxsize=16_384)
def form_of(text: str) -> str:
    """Return the words of ``text`` without spaces: how headers are compared."""
    return "".join(words(text))


def caseless(text: str) -> str:
    """Return what two texts must share to be equal in a formula, and what orders them: no case, all else.

    Signs are folded one by one, so that ``ﬁ`` is not ``fi``; the one that counts as two is ``ß``, as ``ss``.
    """
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    return "".join(["ss" if sign in "ßẞ" else _small(sign) for sign in text])


def units(text: str) -> str:
    """Return ``text`` as wildcards see it: no case, ``ß`` one sign, an emoji two as ``LEN`` counts them."""
    folded = text.casefold()
    if len(folded) != len(text):
        folded = "".join(map(_small, text))
    if folded.isascii() or max(folded) <= "\uffff":
        return folded
    pairs = folded.encode("utf-16-be", "surrogatepass")
    return "".join([chr(pairs[at] << 8 | pairs[at + 1]) for at in range(0, len(pairs), 2)])


def _small(sign: str) -> str:
    """Return a sign without case, itself where that would be several signs."""
    return next((one for one in (sign.casefold(), sign.lower()) if len(one) == 1), sign)


_UNSEEN = " \t\n\r\f\v\x1c\x1d\x1e\x1f\x85\u00a0\u1680\u2028\u2029\u202f\u205f\u2060\u3000\ufeff" + "".join(
    map(chr, range(0x2000, 0x200E))
)
_OTHER_WIDTH = late("[\u3000\uff01-\uffee]+")
_DOTTED = str.maketrans({"İ": "i", "ı": "i"})


def tidy(text: str) -> str:
    """Return ``text`` as it is read: without blanks around it, every sign in its usual width.

    ``ＥＵ`` is ``EU`` and ``ｶﾅ`` is ``カナ``; everything else stays, ``²``, ``㈱`` and case too.
    """
    if text.isascii():
        return text.strip()
    usual = _OTHER_WIDTH.sub(lambda wide: unicodedata.normalize("NFKC", wide[0]), text)
    return usual.strip(_UNSEEN)


def name_key(text: str) -> str:
    """Return what two names must share to be one, as in a pivot table of Excel.

    Case, blanks around them and between their words, and width make no difference; ``İ ı I i`` are alike.
    Accents do.
    """
    plain = " ".join(tidy(text).split())
    if plain.isascii():
        return plain.lower()
    return unicodedata.normalize("NFC", plain.translate(_DOTTED).casefold())
