"""One YAML file into a ``Block``: strict, with limits, and with every problem of the file in one run."""

from __future__ import annotations

import re
from typing import Any

from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.events import MOST_VALUES, LimitExceeded, Reading
from metricsheet.catalog.yaml.tree import Block
from metricsheet.language.message import Message
from metricsheet.source import Place, SourceFile, encoding_of, text_of

MOST_MENDS = 40


def read_yaml(source: SourceFile, problems: Problems, *, loader: Any = None) -> Block | None:
    """Return the mapping that ``source`` holds, or ``None`` when nothing of it can be used.

    Problems are added to ``problems``; where YAML cannot go on, the line is read as it was most likely meant
    and reading starts again, so that later problems show in the same run. ``loader`` is the PyYAML loader
    whose events are read: libyaml's where it is there, else the one in Python; both give the same.
    """
    import yaml

    loader = loader or getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    before = len(problems.found)
    text = clean(source, problems)
    if not text.endswith("\n"):
        text += "\n"
    characters_read = values_read = last_line = 0
    for _ in range(MOST_MENDS):
        found = Problems()
        reading = Reading(source, text, found)
        try:
            reading.run(yaml.parse(text, Loader=loader))
        except LimitExceeded:
            problems.take(found)
            return None
        except yaml.MarkedYAMLError as error:
            from metricsheet.catalog.yaml.recovery import recover

            stop = recover(reading.lines, error)
            place = Place(source, *stop.at)
            if stop.at[0] > last_line and not problems.refuses(place):
                problems.syntax(stop.message, place, stop.hint, stop.code)
            characters_read += len(text)
            values_read += reading.values
            small = characters_read < 3 * MOST_BYTES and values_read < MOST_VALUES
            if not stop.changed or stop.at[0] <= last_line or not small:
                problems.take(found)
                return None
            last_line = max(stop.changed) + 1
            text = "\n".join(stop.changed.get(i, line) for i, line in enumerate(reading.lines))
        else:
            problems.take(found)
            return _root(source, reading.root, problems if len(problems.found) == before else Problems())
    return None


def read_bytes(name: str, data: bytes, problems: Problems, *, loader: Any = None) -> Block | None:
    """Return the mapping in the bytes of a file shown as ``name``; see ``read_yaml``."""
    problems.about(name)
    source = decode(name, data, problems)
    return None if source is None else read_yaml(source, problems, loader=loader)


def _root(source: SourceFile, root: object, problems: Problems) -> Block | None:
    if isinstance(root, Block):
        return root
    kind = "nothing" if root is None else "kind_list" if isinstance(root, list) else "kind_text"
    code = "empty_file" if root is None else "not_a_block"
    hint = Message("start_with_version")
    problems.syntax(Message("keys_expected", found=Message(kind)), Place(source, 1, 1), hint, code)
    return None


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
    "\t": Message("character_tab"),
    "\u00a0": Message("character_nbsp"),
    "\u3000": Message("character_wide_space"),
    "\u200b": Message("character_zero_width"),
    "\ufeff": Message("character_bom"),
    "\u00ad": Message("character_soft_hyphen"),
    "\u2028": Message("character_line_separator"),
    "\u2029": Message("character_paragraph_separator"),
    "\x85": Message("character_next_line"),
    "\x00": Message("character_zero"),
}
_WORDS = {
    "invisible_character": (Message("wanted_visible"), Message("delete_it")),
    "odd_space": (Message("wanted_space"), Message("type_a_space")),
    "tab": (Message("wanted_spaces"), Message("two_spaces_for_tab")),
}


def decode(name: str, data: bytes, problems: Problems) -> SourceFile | None:
    """Return ``data`` as text with plain line breaks, or ``None`` when it is no text at all."""
    if len(data) > MOST_BYTES:
        problems.syntax(
            Message("file_too_large", most=MOST_BYTES, found=len(data)),
            Place(SourceFile(name, ""), 1, 1),
            Message("split_definitions"),
        )
        return None
    try:
        return SourceFile(name, text_of(data))
    except UnicodeDecodeError as error:
        encoding = encoding_of(data)
        before = data[: error.start].decode(encoding, "replace")
        source = SourceFile(name, data.decode(encoding, "replace"))
        problems.syntax(
            Message("not_utf8"),
            Place(source, before.count("\n") + 1, len(before) - before.rfind("\n")),
            Message("save_as_utf8"),
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
            found = _NAMES.get(line[at], Message("character_unknown"))
            point = f"U+{ord(line[at]):04X}"
            problems.syntax(
                Message("odd_character", wanted=wanted, found=found, code_point=point),
                Place(source, index + 1, at + 1),
                hint,
                code,
            )
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
