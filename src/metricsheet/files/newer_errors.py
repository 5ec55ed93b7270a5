"""Workbooks with errors that python-calamine does not know, made readable for it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Collection

from metricsheet.files.archive import Archive
from metricsheet.patterns import late
from metricsheet.values import ERROR_CODES

_ERROR_CELL = late(
    rb"""(<(?:\w+:)?c\s(?>[^<>]*?\bt=["']e["'])[^<>]*+>\s*+"""
    rb"""(?:<(?:\w+:)?f(?:[\s/][^<>]*+)?+>(?:[^<]*+</(?:\w+:)?f>)?+\s*+)?+<(?:\w+:)?v(?:\s[^<>]*+)?+>)([^<]*+)"""
)
_KNOWN = {code.encode() for code in ERROR_CODES}


def with_known_errors(archive: Archive, sheets: Collection[str]) -> bytes | None:
    """Return the package with every unknown error (``#SPILL!``) in the parts ``sheets`` as ``#VALUE!``.

    What the error was is read from the original; the library refuses a whole sheet for one of them. ``None``
    is returned when no part has one.
    """
    changed: dict[str, bytes] = {}
    for name in archive.original_names:
        if name.lower() in sheets:
            content = b"".join(archive.blocks(name))
            known = _ERROR_CELL.sub(_known, content)
            if known != content:
                changed[name] = known
    if not changed:
        return None
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as copy:
        for name in archive.original_names:
            copy.writestr(name, changed.get(name) or b"".join(archive.blocks(name)))
    return packed.getvalue()


def _known(match: re.Match[bytes]) -> bytes:
    return match[0] if match[2] in _KNOWN else match[1] + b"#VALUE!"
