"""How spreadsheet programs write rows of an xlsx sheet: patterns that match all of a row or nothing of it."""

from __future__ import annotations

import re

from metricsheet.patterns import late

_TEXT = rb"[^<&\x00-\x08\x0b-\x1f]*+(?:&(?:amp|lt|gt|quot|apos);[^<&\x00-\x08\x0b-\x1f]*+)*+"
_ATTRIBUTES = rb'(?: (?!xmlns)[a-zA-Z][a-zA-Z0-9:]*+="[^"<>&\x00-\x1f]*+")*+'
_INDEX = rb"(?:0|[1-9][0-9]{0,8}+)"
_EXPONENT = rb"[eE](?:-[0-9]{1,3}+|\+?+(?:2[0-8][0-9]|1[0-9][0-9]|[0-9]{1,2}))"
_ENDS = rb"</v>|" + _EXPONENT + rb"</v>"
_NUMBER = rb"<v>-?+[0-9]{1,17}+(?:" + _ENDS + rb"|\.[0-9]{1,40}+(?:" + _ENDS + rb"))"
"""What is usual stands first, here and in cells: half of the time of reading goes into these patterns."""
_SHARED_TEXT = rb' t="s"><v>' + _INDEX + rb"</v></c>"
_FORMULA = rb'(?: [cv]m="[0-9]++")*+>(?:<f' + _ATTRIBUTES + rb"(?: ?+/>|>" + _TEXT + rb"</f>))?+"
_OTHERS = (
    rb'(?: t="n")?+' + _FORMULA + rb"(?:" + _NUMBER + rb"|<v></v>|<v ?+/>)?+</c>"
    rb'| t="b"' + _FORMULA + rb"<v>[01]</v></c>"
    rb'| t="(?:str|e)"' + _FORMULA + rb'(?:<v(?: xml:space="preserve")?+>' + _TEXT + rb"</v>|<v ?+/>)?+</c>"
    rb'| t="inlineStr"><is><t(?: xml:space="preserve")?+>' + _TEXT + rb"</t></is></c>"
)
_SPACES = rb"[ \t\r\n]*+"


def _rows_of(cell: bytes) -> re.Pattern[bytes]:
    """Return the pattern of rows as spreadsheet programs write them, cells with the number of their row."""
    start = rb'<row r="([1-9][0-9]{0,6}+)"' + _ATTRIBUTES + rb"(?: ?+/>|>" + _SPACES
    cells = rb'(?:<c r="[A-Z]{1,3}+\1"(?: s="' + _INDEX + rb'")?+(?:' + cell + rb'|/>| (?:t="n" )?+/>))*+'
    return late(_SPACES + rb"(?:" + start + cells + _SPACES + rb"</row>)" + _SPACES + rb")*+")


PLAIN_ROWS = _rows_of(rb">" + _NUMBER + rb"</c>|" + _SHARED_TEXT + rb'| t="n">' + _NUMBER + rb"</c>")
"""Rows of numbers and shared texts without a formula."""
ROWS = _rows_of(_SHARED_TEXT + rb"|" + _OTHERS)
