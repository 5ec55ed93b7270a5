"""Text brought to one form, so that spellings of the same word can be compared."""

from __future__ import annotations

import re
import unicodedata

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
_SIGNS = re.compile(r"[\W_]+")


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
