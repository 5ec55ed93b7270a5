"""The page of a text report: lines, headings, paragraphs, tables, colours, letters its stream can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

from metricsheet.language.currencies import SIGNS
from metricsheet.language.letters import steady
from metricsheet.records import field, record
from metricsheet.report.columns import cut, letter_width, padded, width, wrapped
from metricsheet.report.style import TextStyle

_COLOURS = {
    "bold": "1",
    "dim": "2",
    "green": "32",
    "yellow": "33",
    "blue": "34",
    "red": "31",
    "grey": "90",
    "loud": "1;31",
}
# one cell for one cell where there is such a letter, so that columns stay where they are
_STAND_INS = {
    "\u00a0": " ",
    "～": "~ ",
    **{
        pair[0]: pair[1:]
        for pair in (
            *("●*", "◆i", "▲!", "✖x", "○o", "✓+", "–-", "—-", "─-", "·-", "…~", "↑^", "↓v", "→="),
            *("×x", "÷/", "±+-", "≥>=", "≤<=", "‘'", "’'", '“"', '”"'),
            *("▁_", "▂_", "▃.", "▄.", "▅-", "▆-", "▇=", "█="),
        )
    },
    **{sign: code for code, sign in SIGNS.items() if len(sign) == 1},
}


def one_line(text: str) -> str:
    """Return ``text`` without line breaks and without letters that only steer what shows it."""
    return steady(text, keep="")


@record
class Cell:
    """A cell of a text table: its text and the name of its colour (``""`` for none)."""

    text: str
    colour: str = ""


@record(frozen=False)
class Page:
    """The lines of a report being made, in a style; ``stroke`` draws the rules below headings."""

    style: TextStyle
    stroke: str = "─"
    lines: list[str] = field(default_factory=list)

    @property
    def width(self) -> int:
        """Return how many cells a line may take."""
        return self.style.cells

    def safe(self, text: str) -> str:
        """Return ``text`` on one line, without control letters, with stand-ins for what cannot be encoded."""
        text = one_line(text)
        if text.isascii() or self.style.encoding.lower().replace("-", "").replace("_", "") == "utf8":
            return text
        for code, sign in SIGNS.items():
            if len(sign) > 1 and sign in text and not all(map(self._encodes, sign)):
                text = text.replace(sign, code)
        return "".join(c if self._encodes(c) else self._stand_in(c) for c in text)

    def cut(self, text: str, cells: int) -> str:
        """Return ``text`` as it can be shown in at most ``cells`` cells, a mark for an end left out."""
        return self.safe(cut(self.safe(text), cells))

    def _stand_in(self, letter: str) -> str:
        """Return a letter that can be shown: a table's, the letter without its accents, or ``?``."""
        if letter in _STAND_INS:
            return _STAND_INS[letter]
        plain = unicodedata.normalize("NFKD", letter)
        plain = "".join(c for c in plain if not unicodedata.combining(c) and self._encodes(c))
        return plain or "?" * letter_width(letter)

    def _encodes(self, letter: str) -> bool:
        try:
            letter.encode(self.style.encoding)
        except (UnicodeEncodeError, LookupError):
            return letter.isascii()
        return True

    def paint(self, text: str, colour: str) -> str:
        """Return ``text`` in a colour when the page is coloured."""
        if not (self.style.colour and colour and text.strip()):
            return text
        return f"\x1b[{_COLOURS[colour]}m{text}\x1b[0m"

    def blank(self) -> None:
        """Add an empty line, unless there is one already or the page is empty."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def line(self, text: str, colour: str = "") -> None:
        """Add one line as it is."""
        self.lines.append(self.paint(self.safe(text).rstrip(" "), colour))

    def heading(self, text: str, note: str = "") -> None:
        """Add a section's heading over a rule, after an empty line; ``note`` is dim behind it."""
        self.blank()
        text, note = self.safe(text), self.safe(note)
        note = cut(note, max(0, self.width - width(text) - 2)) if note else ""
        shown = self.paint(text, "bold") + ("  " + self.paint(note, "grey") if note else "")
        self.lines.append(shown)
        self.rule()

    def rule(self) -> None:
        """Add a line across the page."""
        self.line(self.stroke * self.width, "grey")

    def paragraph(self, text: str, *, indent: int = 0, first: str = "", colour: str = "") -> None:
        """Add wrapped text; ``first`` is before the first line, inside an indent at least its width."""
        first, text = self.safe(first), self.safe(text)
        indent = max(indent, width(first))
        for number, line in enumerate(wrapped(text, max(self.width - indent, 20))):
            before = padded(first, indent) if number == 0 else " " * indent
            self.lines.append((before + self.paint(line, colour)).rstrip(" "))

    def labelled(self, rows: Sequence[tuple[str, str]], *, indent: int = 0, colour: str = "grey") -> None:
        """Add lines of a label and its text, the texts aligned; labels are shown in ``colour``."""
        rows = [(self.safe(label), text) for label, text in rows]
        gap = max((width(label) for label, _ in rows), default=0) + 2
        for label, text in rows:
            shown = wrapped(self.safe(text), max(self.width - indent - gap, 20))
            for number, line in enumerate(shown):
                before = self.paint(padded(label, gap), colour) if number == 0 else " " * gap
                self.lines.append((" " * indent + before + line).rstrip(" "))

    def text(self) -> str:
        """Return the whole page, ending in one line break."""
        return "\n".join(self.lines).strip("\n") + "\n"


_GAP = "  "
_LABEL_LEAST, _LABEL_MOST = 26, 44


@record
class Column:
    """A column after the label column. A smaller ``need`` is left out earlier; ``right`` aligns numbers."""

    key: str
    title: str
    right: bool = True
    need: int = 9


@record
class Grid:
    """The columns that fit a page, with their widths: the same for every table of a source."""

    columns: tuple[Column, ...]
    widths: Mapping[str, int]
    label: int

    def left_out(self, key: str) -> bool:
        """Return whether a column did not fit (or had nothing to show)."""
        return key not in self.widths


def fit_grid(
    page: Page,
    columns: Sequence[Column],
    labels: Sequence[str],
    rows: Sequence[Mapping[str, Cell]],
    least: int = _LABEL_LEAST,
) -> Grid:
    """Return the columns that have something to show and fit beside the label column of ``page``.

    The label column is not narrower than ``least``, if the page has room.
    """
    widths: dict[str, int] = {}
    for column in columns:
        texts = [page.safe(row[column.key].text) for row in rows if column.key in row]
        if any(texts):
            widths[column.key] = max(width(page.safe(column.title)), *(width(t) for t in texts))
    longest = max((width(page.safe(label)) for label in labels), default=0)
    label = min(max(longest, least), _LABEL_MOST)
    for column in sorted(columns, key=lambda c: c.need):
        taken = sum(widths.values()) + len(_GAP) * len(widths)
        if taken + min(label, least) <= page.width:
            break
        widths.pop(column.key, None)
    taken = sum(widths.values()) + len(_GAP) * len(widths)
    label = max(min(label, page.width - taken), 16)
    return Grid(tuple(c for c in columns if c.key in widths), widths, label)


def header(page: Page, grid: Grid, title: str) -> None:
    """Add a table's head over a rule: the bold title in place of the label column, then column titles."""
    page.blank()
    first, *rest = wrapped(page.safe(title), grid.label)
    titles = "".join(
        _GAP + padded(page.safe(c.title), grid.widths[c.key], right=c.right) for c in grid.columns
    )
    page.lines.append(
        (page.paint(padded(first, grid.label), "bold") + page.paint(titles, "grey")).rstrip(" ")
    )
    page.lines += [page.paint(line, "bold") for line in rest]
    page.rule()


def table_row(page: Page, grid: Grid, label: str, cells: Mapping[str, Cell], *, indent: int = 0) -> None:
    """Add a row; a label wider than its column goes on below, indented by two cells."""
    first, *rest = _label_lines(page.safe(label), grid.label - indent)
    line = padded(" " * indent + first, grid.label)
    for column in grid.columns:
        cell = cells.get(column.key, Cell(""))
        line += _GAP + page.paint(
            padded(page.safe(cell.text), grid.widths[column.key], right=column.right), cell.colour
        )
    page.lines.append(line.rstrip(" "))
    page.lines += [" " * (indent + 2) + more for more in rest]


def _label_lines(label: str, cells: int) -> list[str]:
    first = wrapped(label, cells)[0]
    rest = label[len(first) :].strip()
    return [first, *(wrapped(rest, cells - 2) if rest else [])]
