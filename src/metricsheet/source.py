"""Text of a definition file, and places inside it that a person can find again."""

from __future__ import annotations

from metricsheet.records import field, record


@record
class SourceFile:
    """A text as it was read: ``name`` is the path shown to people, ``text`` the whole content."""

    name: str
    text: str = field(repr=False)

    def line(self, number: int) -> str:
        """Return line ``number`` (from 1) without its line break, or ``""`` past the end."""
        start = 0
        for _ in range(number - 1):
            start = self.text.find("\n", start) + 1
            if start == 0:
                return ""
        end = self.text.find("\n", start)
        return self.text[start : end if end >= 0 else len(self.text)].rstrip("\r")


@record
class Place:
    """A position in a source file; ``line`` and ``column`` count from 1, in characters."""

    source: SourceFile
    line: int
    column: int

    def right(self, characters: int) -> Place:
        """Return the place ``characters`` further to the right on the same line."""
        return Place(self.source, self.line, self.column + characters)

    def __str__(self) -> str:
        return f"{self.source.name}:{self.line}:{self.column}"


def encoding_of(data: bytes) -> str:
    """Return the encoding of the bytes of a text file: UTF-8 unless a mark says UTF-16."""
    return "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"


def text_of(data: bytes) -> str:
    """Return the text in the bytes of a file, with plain line breaks.

    Raises ``UnicodeDecodeError`` when the bytes are no text.
    """
    return data.decode(encoding_of(data)).replace("\r\n", "\n").replace("\r", "\n")
