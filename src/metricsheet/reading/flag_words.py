"""Yes and no, and outcomes such as won and lost, in all languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from metricsheet.language.lexicon import wordings
from metricsheet.values.folding import fold


@lru_cache(maxsize=8)
def _side(kind: str, flag: bool) -> Mapping[str, bool]:
    """Return the words of one side of a question, folded: ``yes`` or ``no``, ``gone`` or ``stayed``."""
    return {fold(word): flag for word in wordings(kind)}


def flag_words(names: Iterable[str]) -> Mapping[str, bool]:
    """Return what each folded word means for a flag with these names (key, labels, aliases).

    Yes and no mean the same for every flag. ``lost`` is a yes to ``churned`` and a no to ``won``: outcome
    words count only for a flag that bears one of them as its own name.
    """
    own = {fold(name.replace("_", " ")) for name in names}
    found = {**_side("yes", True), **_side("no", False)}
    if own & _side("won", True).keys():
        found.update({**_side("lost", False), **_side("won", True)})
    elif own & (_side("gone", True).keys() - _side("lost", True).keys()):
        found.update({**_side("gone", True), **_side("stayed", False)})
    elif own & _side("lost", True).keys():
        found.update({**_side("lost", True), **_side("won", False)})
    elif own & _side("stayed", True).keys():
        found.update({**_side("gone", False), **_side("stayed", True)})
    return found
