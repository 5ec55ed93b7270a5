"""What people write for a word that has another name in definitions."""

from __future__ import annotations

_MEANT: dict[str, tuple[str, ...]] = {
    "label": ("name", "title"),
    "formula": ("expr", "expression", "calculation"),
    "bands": ("threshold", "thresholds", "cutoffs"),
    "better": ("direction",),
    "also": ("aliases", "alias", "synonyms"),
    "target": ("goal",),
    "stage": ("category",),
    "finding": ("message", "text"),
    "when": ("if", "condition", "conditions"),
    "recommend": ("advice",),
    "inputs": ("variables", "columns"),
    "one_of": ("options", "values"),
    "as_of": ("date",),
    "expect": ("expected",),
    "ok": ("good", "green"),
    "critical": ("bad", "red", "error"),
    "warn": ("warning", "amber", "yellow", "orange"),
    "percent": ("%", "percentage"),
    "money": ("currency",),
    "count": ("number",),
    "higher": ("up",),
    "lower": ("down",),
    "flag": ("boolean", "bool"),
    "text": ("string",),
    "mean": ("average",),
    "fired": ("true",),
    "not_fired": ("false",),
    "suppressed": ("suppress",),
    "ja": ("jp", "jpn"),
    "de": ("ger", "deu"),
    "en": ("eng",),
    "tr": ("tur",),
    "it": ("ita",),
}

OTHER_WORDS: dict[str, str] = {said: meant for meant, words in _MEANT.items() for said in words}
"""The word of the format by the word that somebody may use for it."""
