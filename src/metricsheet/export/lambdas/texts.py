"""Inputs of text in a LAMBDA: which cells are filled, and which texts Excel may not tell apart as the core
does.
"""

from __future__ import annotations

from metricsheet.catalog.definitions import InputDefinition
from metricsheet.export.lambdas.steps import Steps, text_constant
from metricsheet.language.lexicon import error_words, wordings
from metricsheet.values.folding import fold

FILLED = "f"
_DOTLESS, _DOTTED = 0x131, 0x130
"""The two letters of Turkish that count as i."""
_LONGEST = 40
"""Longer texts always say something."""


def filled_cells(steps: Steps, argument: str, *, numbers: bool = False) -> str:
    """Return the text for 1 where a cell is filled, 0 for blanks and for texts that say that there is none.

    Among ``numbers`` some more words say so, which are names of something elsewhere.
    """
    texts = steps.let("t", f'IF(ISTEXT({argument}),TRIM({argument}),"")')
    strokes = texts
    for stroke in "".join(wordings("missing_strokes")):
        strokes = f'SUBSTITUTE({strokes},{text_constant(stroke)},"")'
    small = f'SUBSTITUTE(SUBSTITUTE({texts},UNICHAR({_DOTLESS}),"i"),UNICHAR({_DOTTED}),"i")'
    for wild in "*?~":
        small = f'SUBSTITUTE({small},"{wild}","_")'
    missing = f"ISNUMBER(MATCH(LOWER({small}),{_tokens(numbers)},0))"
    bare = f'({strokes}="")*((LEN({argument})<={_LONGEST})+({texts}="")>0)'
    said = f"IF({bare},0,IF({missing},0,1))"
    return f'IF(ISTEXT({argument}),{said},IF({argument}="",0,1))'


def _tokens(numbers: bool) -> str:
    """Return the texts for no value as an array constant, as they are written and without their marks."""
    every = (*wordings("missing"), *(wordings("missing_number") if numbers else ()))
    words = [word for word in every if not word.startswith("#")]
    plain = [word.translate({_DOTLESS: "i", _DOTTED: "i"}).lower() for word in words]
    tokens = dict.fromkeys([*plain, *map(fold, words)])
    return "{" + ",".join(map(text_constant, tokens)) + "}"


def text_trouble(steps: Steps, argument: str, definition: InputDefinition, *, compared: bool) -> str:
    """Return the condition under which texts are not understood as the core understands them.

    Where texts are ``compared`` with each other or with others, every sign must be one that Excel compares as
    the core does. Else only short texts matter, which might be another way to write that there is nothing.
    """
    if definition.means:
        known = dict.fromkeys(map(str, definition.means.values()))
        same = "+".join(f"({argument}={text_constant(word)})" for word in known)
        return f'SUM(IF(ISTEXT({argument}),IF(({argument}="")+{same}>0,0,1),0))>0'
    texts = steps.let("t", f'TOCOL(IF(ISTEXT({argument}),{argument},""))')
    most = f"MAX(LEN({texts}))" if compared else f"MIN({_LONGEST},MAX(LEN({texts})))"
    signs = steps.let("c", f"IFERROR(UNICODE(MID({texts},SEQUENCE(1,MAX(1,{most})),1)),32)")
    odd = _odd(signs, compared=compared)
    if compared:
        return (
            f'(MAX(LEN({texts}))>255)+SUM({odd})+SUM((LEFT({texts})=" ")+(RIGHT({texts})=" "))'
            f"+SUM({_error_word(texts)})>0"
        )
    short = f"(LEN({texts})<={_LONGEST})"
    return f"SUM({odd}*{short})+SUM({_error_word(texts)})>0"


def _error_word(texts: str) -> str:
    """Return 1 for texts that look like an error (``#REF!``), which the core takes for one; ``#12`` does
    not.
    """
    longest = max(map(len, error_words()))
    return f'(LEFT({texts})="#")*(LEN({texts})<={longest})*ISERROR(VALUE(MID({texts},2,1)))'


def _odd(signs: str, *, compared: bool) -> str:
    """Return 1 for each sign that has another form, or that has no width, or is a blank other than a
    space.
    """
    c = signs
    usual = (
        f"({c}>879)*({c}<1424)+({c}>8215)*({c}<8233)+({c}=8364)+({c}>12352)*({c}<40960)"
        f"+({c}>44031)*({c}<55204)+({c}>126975)"
    )
    found = f"({c}=160)+({c}=173)+({c}>767)*(1-({usual}))"
    if compared:
        found += f"+({c}<32)+({c}=127)+({c}=223)+({c}=304)+({c}=305)+({c}=383)+({c}>879)*({c}<1024)"
    return f"({found}>0)"
