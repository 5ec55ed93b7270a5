"""Small XML parts of a package, read with expat; document types and entities are refused."""

from __future__ import annotations

from collections.abc import Callable
from pyexpat import ExpatError, ParserCreate, XMLParserType
from typing import Any, NamedTuple

from metricsheet.errors import WorkbookError
from metricsheet.language.message import Message


class Element(NamedTuple):
    """An element without its namespace prefixes: name, attributes, and the text directly inside it."""

    name: str
    attributes: dict[str, str]
    text: str


def local(name: str) -> str:
    """Return an XML name without its prefix."""
    return name.rpartition(":")[2]


def safe_parser(
    start: Callable[[str, dict[str, str]], Any], end: Callable[[str], Any] | None = None
) -> XMLParserType:
    """Return an expat parser that refuses a document type, and with it every entity of a file's own."""
    parser = ParserCreate()
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

    Raises ``WorkbookError`` (``damaged_workbook``, ``unsafe_xml``) for text that is not sound XML.
    """
    found: list[Element] = []
    open_elements: list[tuple[str, dict[str, str], list[str]]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        open_elements.append((local(name), {local(key): value for key, value in attributes.items()}, []))

    def end(_: str) -> None:
        name, attributes, texts = open_elements.pop()
        found.append(Element(name, attributes, "".join(texts)))

    def text(part: str) -> None:
        open_elements[-1][2].append(part)

    parser = safe_parser(start, end)
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except (ExpatError, LookupError, ValueError) as error:  # LookupError: an unknown encoding
        raise damaged(part) from error
    return found


def damaged(part: Message) -> WorkbookError:
    """Return the error for a part that is not sound XML."""
    return WorkbookError(
        "damaged_workbook",
        Message("damaged_part", part=part),
        Message("let_excel_repair"),
    )
