"""What the cells of an xlsx workbook stand for: its shared texts and number formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property

from metricsheet.errors import WorkbookError
from metricsheet.files.addresses import a1
from metricsheet.files.archive import Archive
from metricsheet.files.book import RawCell
from metricsheet.files.number_formats import built_in_format, duration, format_kind, moment
from metricsheet.files.sheet_facts import error_value
from metricsheet.files.xml import elements, feed, local, safe_parser, unescaped, whole_number
from metricsheet.language.message import Message
from metricsheet.patterns import late

_PLAIN_TEXTS = late(
    rb"(?:<si><t(?: xml:space=\"preserve\")?+>[^<&\x00-\x08\x0b-\x1f]*+(?:&(?:amp|lt|gt|quot|apos);"
    rb"[^<&\x00-\x08\x0b-\x1f]*+)*+</t></si>)*+"
)
_PLAIN_TEXT = late(rb'<si><t( xml:space="preserve")?+>([^<]*+)')
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&"))
_XML_SPACES = " \t\r\n"
_MOST_FORMATS, _MOST_KNOWN = 1 << 31, 1 << 15


class CellValues:
    """The shared texts and the number formats of a workbook, and the cells that they make.

    ``distinct`` are the different texts, ``unseen`` the numbers of those of spaces alone and whether they are
    empty, ``moments`` the styles of dates, times and durations.
    """

    def __init__(self, archive: Archive, texts: str | None, styles: str | None, *, since_1904: bool) -> None:
        self.texts = read_texts(archive, texts) if texts else []
        self.distinct = frozenset(self.texts)
        self.unseen = {number: not text for number, text in enumerate(self.texts) if not text.strip()}
        self.formats = _read_formats(archive, styles) if styles else []
        kinds = [format_kind(code) for code in self.formats]
        self._dates = frozenset(str(n).encode() for n, kind in enumerate(kinds) if kind == "date")
        self._durations = frozenset(str(n).encode() for n, kind in enumerate(kinds) if kind == "duration")
        self.moments = self._dates | self._durations
        self._since_1904 = since_1904
        self._known: dict[tuple[bytes, bytes], RawCell] = {}

    def texts_of(self, digits: Iterable[bytes]) -> Iterable[str | None]:
        """Return the shared texts of some numbers; ``None`` for an empty one."""
        return map(self._filled.__getitem__, map(int, digits))

    @cached_property
    def _filled(self) -> Sequence[str | None]:
        return [text or None for text in self.texts] if True in self.unseen.values() else self.texts

    def number(self, style: bytes, number: float) -> RawCell:
        """Return what a number is under its style: itself, a date, a time or a duration."""
        if style in self._dates:
            return moment(number, since_1904=self._since_1904)
        return duration(number) if style in self._durations else number

    def moment(self, style: bytes, digits: bytes) -> RawCell:
        """Return ``number`` of digits; dates come again and again."""
        key = (style, digits)
        found = self._known.get(key)
        if found is None:
            if len(self._known) == _MOST_KNOWN:
                self._known.clear()
            found = self._known[key] = self.number(style, float(digits))
        return found

    def format(self, style: bytes) -> str:
        """Return the format code of a style; ``""`` (general) where the workbook does not know it."""
        number = int(style or b"0")
        return self.formats[number] if number < len(self.formats) else ""

    @staticmethod
    def error(sheet: str, row: int, column: int, code: str) -> RawCell:
        """Return the error of a cell; one that does not say which is ``#N/A``."""
        return error_value(code or "#N/A", a1(sheet, row, column))


def plain_text(raw: bytes) -> str:
    """Return text as it is between two tags: sound UTF-8 with no entities but the five of XML."""
    text = raw.decode()
    if "&" in text:
        for entity, sign in _ENTITIES:
            text = text.replace(entity, sign)
    return unescaped(text)


def trimmed(text: str) -> str:
    """Return the text of an element that does not ask to preserve its spaces."""
    return text.strip(_XML_SPACES)


def read_texts(archive: Archive, part: str) -> list[str]:
    """Return the shared texts of a workbook.

    Raises ``WorkbookError`` (``damaged_workbook``, ``unsafe_xml``) for a part that is not sound XML.
    """
    data = b"".join(archive.blocks(part))
    start = data.find(b"<si>")
    end = data.rfind(b"</sst>")
    if (
        0 < start < end
        and b"<!" not in data[:start]
        and b"]]>" not in data
        and _PLAIN_TEXTS.fullmatch(data, start, end) is not None
        and _is_sound(data, data[:start] + data[end:])
    ):
        return [
            plain_text(raw) if preserved else trimmed(plain_text(raw))
            for preserved, raw in _PLAIN_TEXT.findall(data, start, end)
        ]
    texts = TextEvents("si")
    parser = safe_parser(texts.start, texts.end)
    parser.CharacterDataHandler = texts.text
    feed(parser, blocks_of(data), Message("part_table_of_texts"))
    return texts.found


def _is_sound(data: bytes, around: bytes) -> bool:
    try:
        parser = safe_parser(lambda *_: None)
        feed(parser, (around,), Message("part_table_of_texts"))
        return data.isascii() or bool(data.decode())
    except (WorkbookError, UnicodeDecodeError):
        return False


def blocks_of(data: bytes, size: int = 1 << 22) -> Iterable[bytes]:
    """Yield data in blocks."""
    return (data[at : at + size] for at in range(0, len(data), size))


class TextEvents:
    """The handlers of expat that gather the texts of elements: their runs without phonetic guides."""

    def __init__(self, outer: str) -> None:
        self.found: list[str] = []
        self._outer = outer
        self._runs: list[str] = []
        self._run: list[str] | None = None
        self._preserve = False
        self._guides = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take the start of an element."""
        tag = local(name)
        if tag == self._outer:
            self._runs = []
        elif tag == "rPh":
            self._guides += 1
        elif tag == "t" and not self._guides:
            self._run, self._preserve = [], attributes.get("xml:space") == "preserve"

    def text(self, text: str) -> None:
        """Take characters."""
        if self._run is not None:
            self._run.append(text)

    def end(self, name: str) -> None:
        """Take the end of an element."""
        tag = local(name)
        if tag == "t" and self._run is not None:
            run = "".join(self._run)
            self._runs.append(unescaped(run if self._preserve else trimmed(run)))
            self._run = None
        elif tag == "rPh":
            self._guides -= 1
        elif tag == self._outer:
            self.found.append("".join(self._runs))


def _read_formats(archive: Archive, part: str) -> list[str]:
    """Return the format code of every cell style of a workbook."""
    codes: dict[int, str] = {}
    styles: list[int] = []
    where = Message("part_styles")
    for element in elements(archive.read(part), where):
        values = element.attributes
        if element.name == "numFmt":
            number = whole_number(values.get("numFmtId", "0"), _MOST_FORMATS, where)
            codes[number] = values.get("formatCode", "")
        elif element.name == "xf":
            styles.append(whole_number(values.get("numFmtId", "0"), _MOST_FORMATS, where))
        elif element.name == "cellStyleXfs":
            styles.clear()
        elif element.name == "cellXfs":
            break
    return [codes[number] if number in codes else built_in_format(number) for number in styles]


def iso_moment(text: str) -> RawCell:
    """Return the date or moment of a cell of type ``d``; raises ``ValueError`` for other text."""
    found = dt.datetime.fromisoformat(text)
    found = found.replace(tzinfo=None)
    return found.date() if "T" not in text and ":" not in text else found
