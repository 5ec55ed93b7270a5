"""Bytes of a definition file into text that YAML can be read from, with every odd character named."""

from __future__ import annotations

import re

from metricsheet.catalog.problems import Problems
from metricsheet.source import Place, SourceFile, encoding_of, text_of

MOST_BYTES = 2_000_000

MOST_REPORTED = 40

_SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff"
    "\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
# where a space has a meaning for YAML: in the indentation, after a dash or a colon, before a comment
_ODD_SPACE = re.compile(rf" *(?:- *)*([{_SPACES}])|[^\"'#]*?\w:([{_SPACES}])|[^\"'#]*?([{_SPACES}])#")
_WORTH_A_LOOK = re.compile(f"\t|{_UNSEEN.pattern}|[{_SPACES}]")
_NAMES = {
    "\t": "a tab",
    "\u00a0": "a non-breaking space",
    "\u3000": "a full-width space",
    "\u200b": "a zero-width space",
    "\ufeff": "a byte-order mark",
    "\u00ad": "a soft hyphen",
    "\u2028": "a line separator",
    "\u2029": "a paragraph separator",
    "\x85": "a next-line character",
    "\x00": "a zero byte",
}
_WORDS = {
    "invisible_character": ("text that can be seen", "delete it"),
    "odd_space": ("a plain space", "type a plain space instead"),
    "tab": ("spaces", "use two spaces instead of a tab"),
}


def decode(name: str, data: bytes, problems: Problems) -> SourceFile | None:
    """Return ``data`` as text with plain line breaks, or ``None`` when it is no text at all."""
    if len(data) > MOST_BYTES:
        problems.syntax(
            "file_too_large",
            f"expected at most {MOST_BYTES:,} bytes, found {len(data):,}",
            Place(SourceFile(name, ""), 1, 1),
            "split the definitions over two files with extends:",
        )
        return None
    try:
        return SourceFile(name, text_of(data))
    except UnicodeDecodeError as error:
        encoding = encoding_of(data)
        before = data[: error.start].decode(encoding, "replace")
        source = SourceFile(name, data.decode(encoding, "replace"))
        problems.syntax(
            "not_utf8",
            "expected text saved as UTF-8, found a byte that is none",
            Place(source, before.count("\n") + 1, len(before) - before.rfind("\n")),
            "save the file as UTF-8 in your editor",
        )
        return None


def clean(source: SourceFile, problems: Problems) -> str:
    """Return the text with every character that YAML would stumble over named, and replaced by a space.

    Places stay right because each is replaced by one; only tabs in front of a line become two.
    """
    if not _WORTH_A_LOOK.search(source.text):
        return source.text
    lines = source.text.split("\n")
    reported = 0
    for index, line in enumerate(lines):
        if not _WORTH_A_LOOK.search(line):
            continue
        if reported >= MOST_REPORTED:
            lines[index:] = [_UNSEEN.sub(" ", "\n".join(lines[index:])).replace("\t", " ")]
            break
        plain = _UNSEEN.sub(" ", line)
        for code, at in _odd_characters(line):
            wanted, hint = _WORDS[code]
            found = _NAMES.get(line[at], "a character that cannot be typed")
            message = f"expected {wanted}, found {found} (U+{ord(line[at]):04X})"
            problems.syntax(code, message, Place(source, index + 1, at + 1), hint)
            reported += 1
            if code == "odd_space":
                plain = plain[:at] + " " + plain[at + 1 :]
        # a tab in front stands for a level, so that the block below it is still read as one
        inner = plain.lstrip(" \t")
        lines[index] = plain[: len(plain) - len(inner)].replace("\t", "  ") + inner.replace("\t", " ")
    return "\n".join(lines)


def _odd_characters(line: str) -> list[tuple[str, int]]:
    """Return the first character of each troublesome kind in ``line``, with its index from 0."""
    found: list[tuple[str, int]] = []
    unseen = _UNSEEN.search(line)
    if unseen:
        found.append(("invisible_character", unseen.start()))
    if "\t" in line and not line.lstrip().startswith("#"):
        found.append(("tab", line.index("\t")))
    odd = _ODD_SPACE.match(line)
    if odd and odd.lastindex and line.strip():
        found.append(("odd_space", odd.start(odd.lastindex)))
    return found
