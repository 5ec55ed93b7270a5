"""Files with something changed: bytes, pieces of the format's own syntax, or an end cut off."""

from __future__ import annotations

import random

from tests.files.xlsx_by_hand import package, parts_of

XML = (
    *("<", ">", "/", '"', "'", "&", "&amp;", "]]>", "<!-- -->", "<![CDATA[1]]>", "&#49;", "<?pi 1?>", " "),
    *("=", "\n", "\r", "\x01", "é", "+", "-", ".", "e", "E", "0", "9", "00", "99999999999", "A", "B1"),
    *(' t="s"', ' t="str"', ' t="e"', ' t="b"', ' t="d"', ' s="1"', ' r="A2"', "XFD1048576"),
    *("<v>", "</v>", "<v/>", "<v></v>", "<f>", "</f>", "<f/>", '<f x="1"/>', "<c>", "</c>", "<t></t>"),
    *("<is><t>", "</t></is>", "</row>", '<row r="3">', "<row/>", "</sheetData>", "<sheetData>"),
    *(' xml:space="preserve"', ' xmlns="u"', ' q:z="1"', ' table:number-columns-repeated="3"'),
    *(' office:value="7"', ' office:value-type="string"', "<text:p>5</text:p>"),
)
TEXT = (
    *(";", ",", "\t", "|", '"', '""', "\n", "\r", "\r\n", "1,5", "1.234,5", "ü", "\ufeff", "\x00"),
    *("Total", "=1+1", "#"),
)


def mutated(data: bytes, source: random.Random, pieces: tuple[str, ...] = XML) -> bytes:
    """Return ``data`` with one to a few things changed; in a package, inside one of its parts."""
    if data.startswith(b"PK") and source.random() < 0.9:
        parts = parts_of(data)
        # the parts that hold cells are the longest
        name = source.choices(sorted(parts), [1 + len(parts[name]) for name in sorted(parts)])[0]
        parts[name] = mutated(parts[name], source) if parts[name] else b"?"
        return package(parts, 0)
    if source.random() < 0.05:
        return data[: source.randrange(len(data))]
    changed = bytearray(data)
    for _ in range(source.choice((1, 1, 1, 2, 5, 20))):
        at = source.randrange(len(changed) + 1)
        end = at + source.choice((0, 0, 1, 1, 2, 5))
        if data.startswith(b"\xd0\xcf"):
            changed[at:end] = bytes(source.choice((0, 255, source.randrange(256))) for _ in range(end - at))
        elif source.random() < 0.3:
            changed[at:end] = bytes([source.randrange(256)])
        else:
            changed[at:end] = source.choice(pieces).encode()
    return bytes(changed)
