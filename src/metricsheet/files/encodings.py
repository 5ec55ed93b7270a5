"""The encoding of a text file: by its marks, by what its bytes allow, or not at all.

Text without a mark is UTF-8 if it is sound UTF-8. Otherwise the bytes above 127 decide between Japanese
(cp932), Western European (cp1252) and Turkish (iso-8859-9, in Windows cp1254). Where they fit none of these,
or more than one, nothing is guessed.
"""

from __future__ import annotations

import codecs
import re

from metricsheet.errors import WorkbookError
from metricsheet.language.message import Message
from metricsheet.patterns import late

_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_SAMPLE = 1 << 20

_PAIR = late(rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]|[\xa1-\xdf]|[\x80-\xff]")
"""One character of cp932 that is not ASCII: two bytes, a half-width katakana, or a stray byte."""

_COMMON = frozenset((0x81, 0x82, 0x83, 0x84, *range(0x87, 0x98)))
"""First bytes of kana, signs and the common kanji."""

_TELLING = late(rb"\x82[\x9f-\xf1]|\x83[\x40-\x96]|\x81[\x40-\x5b]|[\x88-\x97][\x80-\xfc]|\x87[\x40-\x9c]")
"""Kana, common signs, and kanji that do not end in an ASCII letter."""

_TURKISH_ONLY = late(rb"[\xd0\xdd\xde\xf0\xfd\xfe]")
"""Ğ İ Ş ğ ı ş in Turkish; Ð Ý Þ ð ý þ in Western European."""

_NEVER_TURKISH = late(rb"[\xc1\xc3\xc5\xc6\xcd\xd3\xda\xe1\xe3\xe5\xe6\xed\xf3\xfa]")
"""Á Ã Å Æ Í Ó Ú in both sets: beside Ð or Þ they may be Icelandic."""

_LETTER = rb"[A-Za-z\xc0-\xff]"
_SIGN = rb"[\x80-\x83\x88\x8a\x8c\x8e\x98-\x9a\x9c\x9e\x9f\xa1-\xa9\xac-\xaf\xb1\xb6\xb8\xb9\xbc-\xbf]"
_NOT_WESTERN = late(
    rb"[\x81\x8d\x8f\x90\x9d]"  # no character of cp1252
    rb"|" + _LETTER + _SIGN + rb"+" + _LETTER + rb"|" + _SIGN + _LETTER + _SIGN + rb"|\x9f[a-z]"
    rb"|[\xb0\xb4][\xc0-\xff][\xb0\xb4]"
    rb"|[\xc0-\xff]{4}"  # no Western word has four accented letters in a row
)
"""Bytes that Western text does not have: signs between letters, as Mac and Central European text show."""


_LINE_END, _LINE_END_LE, _LINE_END_BE = (late(end) for end in (rb"[\r\n]", rb"[\r\n]\0", rb"\0[\r\n]"))
_UTF8_IN_WORD = late(rb"[a-z][\xc3-\xc5][\x80-\xbf]|[\xc3-\xc5][\x80-\xbf][a-z]")
"""An accented letter of UTF-8 beside a small letter: in single bytes a capital and a sign, as in no word."""


def decode(data: bytes) -> str:
    """Return the text of a file; raises ``WorkbookError`` (``unknown_encoding``) rather than guess."""
    encoding = detect_encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unknown(Message("unsound_bytes", encoding=encoding, byte=error.start + 1)) from error


def detect_encoding(data: bytes) -> str:
    """Return the name of the encoding; raises ``WorkbookError`` (``unknown_encoding``)."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    if b"\0" in data[:_SAMPLE]:
        return _utf16(data)
    if b"\x1b$B" in data[:_SAMPLE] or b"\x1b$@" in data[:_SAMPLE]:
        return "iso2022_jp"
    try:
        if not data.isascii():  # which needs no memory
            data.decode("utf-8")
    except UnicodeDecodeError as error:
        return _eight_bit(data, error.start)
    return "utf-8"


def _utf16(data: bytes) -> str:
    """Return the byte order of UTF-16 without a mark: ASCII text has its zero bytes all on one side.

    Lines end in them as well, and delimiters are many: a zero byte that strayed into other text makes no
    UTF-16 of it.
    """
    head = data[:_SAMPLE]
    even, odd, ends = head[0::2].count(0), head[1::2].count(0), len(_LINE_END.findall(head))
    if 40 * max(even, odd) < len(head):
        raise _unknown(Message("zero_bytes"))
    if odd > 10 * even and 2 * len(_LINE_END_LE.findall(head)) >= ends:
        return "utf-16-le"
    if even > 10 * odd and 2 * len(_LINE_END_BE.findall(head)) >= ends:
        return "utf-16-be"
    raise _unknown(Message("zero_bytes"))


def _eight_bit(data: bytes, not_utf8: int) -> str:
    """Return the one 8-bit encoding that explains the bytes above 127; that at ``not_utf8`` is not UTF-8."""
    not_western = _NOT_WESTERN.search(data)
    pairs = _japanese_pairs(data)
    if pairs is not None:
        if not_western is None and pairs < 3:
            raise _unknown(Message("japanese_or_european"))
        return "cp932"
    mixed = _UTF8_IN_WORD.search(data)
    if mixed:
        lines = sorted(data.count(b"\n", 0, place) + 1 for place in (mixed.start(), not_utf8))
        raise _unknown(Message("mixed_encodings", line=lines[0], other=lines[1]))
    if not_western:
        line = data.count(b"\n", 0, not_western.start()) + 1
        raise _unknown(Message("unknown_text", line=line))
    if not _TURKISH_ONLY.search(data):
        return "cp1252"
    if _NEVER_TURKISH.search(data):
        raise _unknown(Message("turkish_or_icelandic"))
    return "cp1254" if re.search(rb"[\x80-\x9f]", data) else "iso-8859-9"


def _japanese_pairs(data: bytes) -> int | None:
    """Return the number of Japanese characters if the text is Japanese in cp932, else ``None``.

    It must be sound cp932 made of what Japanese text is made of: kana and common kanji, many of them ending
    above 7F. Western text with accents may be sound cp932 by chance, but there a pair ends in an ASCII letter
    or starts with an accented one. Half-width katakana come several in a row, which accented letters do not;
    such text alone may as well be EUC-JP. Without pairs, the number of half-width katakana is returned.
    """
    if not _is_sound(data, "cp932"):
        return None
    units = _PAIR.findall(data[:_SAMPLE])
    pairs = [unit for unit in units if len(unit) == 2]
    in_rows = sum(len(match) for match in re.findall(rb"[\xa1-\xdf]{3,}", data[:_SAMPLE]))
    if not pairs:
        return len(units) if in_rows == len(units) and not _is_sound(data, "euc_jp") else None
    common = sum(pair[0] in _COMMON for pair in pairs)
    telling = sum(bool(_TELLING.match(pair)) for pair in pairs)
    if common < 0.8 * len(pairs) or telling < 0.35 * len(pairs):
        return None
    return len(pairs)


def _is_sound(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _unknown(why: Message) -> WorkbookError:
    return WorkbookError(
        "unknown_encoding",
        Message("unknown_encoding", why=why),
        Message("save_as_csv_utf8"),
    )
