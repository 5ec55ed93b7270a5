"""Small XML parts of a package, read with expat; document types and entities are refused."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pyexpat import ExpatError, ParserCreate, XMLParserType
from typing import Any, NamedTuple

from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.language.message import Message
from metricsheet.patterns import late

NAMESPACE_END = "\x01"
"""Stands in no XML."""

_ESCAPED = late(r"_x([0-9A-Fa-f]{4})_")


class Element(NamedTuple):
    """An element without its namespace prefixes: name, attributes, and the text directly inside it."""

    name: str
    attributes: dict[str, str]
    text: str


def local(name: str) -> str:
    """Return an XML name without its prefix."""
    return name.rpartition(":")[2]


def safe_parser(
    start: Callable[[str, dict[str, str]], Any],
    end: Callable[[str], Any] | None = None,
    *,
    namespaces: bool = False,
) -> XMLParserType:
    """Return an expat parser that refuses a document type, and with it every entity of a file's own.

    With ``namespaces``, names come as the namespace, ``NAMESPACE_END`` and the name without its prefix.
    """
    parser = ParserCreate(namespace_separator=NAMESPACE_END if namespaces else None)
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise WorkbookError(
        "unsafe_xml",
        Message("unsafe_xml"),
        Message("save_again_in_excel"),
    )


def elements(data: bytes, part: Message) -> list[Element]:
    """Return the elements of an XML part in the order in which they end.

    Raises ``WorkbookError``: ``damaged_workbook`` for text that is not sound XML, ``unsafe_xml``,
    ``too_large``.
    """
    found: list[Element] = []
    open_elements: list[tuple[str, dict[str, str], list[str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(found) + len(open_elements) >= limits.MAX_ELEMENTS:
            raise limits.too_large(Message("too_many_elements", part=part, most=limits.MAX_ELEMENTS))
        open_elements.append((local(name), {local(key): value for key, value in attributes.items()}, []))

    def end(_: str) -> None:
        name, attributes, texts = open_elements.pop()
        found.append(Element(name, attributes, "".join(texts)))

    def text(part: str) -> None:
        open_elements[-1][2].append(part)

    parser = safe_parser(start, end)
    parser.CharacterDataHandler = text
    feed(parser, (data,), part)
    return found


def feed(parser: XMLParserType, blocks: Iterable[bytes], part: Message) -> int:
    """Parse an XML part given in blocks, and return its size in bytes.

    Raises ``WorkbookError`` (``damaged_workbook``) for text that is not sound XML, for an unknown encoding,
    and for an element or comment without end: the parser would read it again with every block.
    """
    size = 0
    try:
        for block in blocks:
            parser.Parse(block, False)
            size += len(block)
            if size - max(parser.CurrentByteIndex, 0) > limits.MAX_TOKEN + len(block):
                raise damaged(part)
        parser.Parse(b"", True)
    except (ExpatError, LookupError, ValueError, OverflowError) as error:
        raise damaged(part) from error
    return size


def whole_number(text: str, most: int, part: Message) -> int:
    """Return the whole number that an attribute of ``part`` holds.

    Raises ``WorkbookError`` (``damaged_workbook``) when it is none, or more than ``most``.
    """
    digits = text.strip().lstrip("0") or "0"
    if digits.isascii() and digits.isdecimal() and len(digits) <= len(str(most)) and int(digits) <= most:
        return int(digits)
    raise damaged(part)


def unescaped(text: str) -> str:
    """Return text with what Excel writes for control characters (``_x000D_``) as characters."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return match[0] if 0xD800 <= code < 0xE000 else chr(code)  # half of a character cannot be written


def damaged(part: Message) -> WorkbookError:
    """Return the error for a part that is not sound XML."""
    return WorkbookError(
        "damaged_workbook",
        Message("damaged_part", part=part),
        Message("let_excel_repair"),
    )
