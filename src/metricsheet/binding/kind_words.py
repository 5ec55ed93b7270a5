"""What headers mean in each kind of table: the words that definitions list, ready to be looked up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property, lru_cache

from metricsheet.binding.headers import AliasIndex, header_forms, indexed_forms, normalise
from metricsheet.catalog.table_kinds import HeaderWord, TableKind
from metricsheet.records import record

LISTED, OWN, PATTERN, GENERIC = range(4)
"""How a header names an input: as the kind lists it, by the input's own name, through a pattern, or as a
word that means too many things elsewhere. A column goes to the input that it names in the first way."""

_MOST_GUESSES = 3
_NO_CONDITION = HeaderWord("")


@record
class Claim:
    """A header names the input or sign ``name``: ``how``, and ``order`` among its headers, best first."""

    name: str
    how: int
    order: int
    word: HeaderWord

    @property
    def tier(self) -> int:
        """Listed headers and own names count alike where two inputs want one column."""
        return OWN if self.how == LISTED else self.how


class KindWords:
    """The headers of one kind of table."""

    def __init__(self, kind: TableKind, index: AliasIndex) -> None:
        self.kind = kind
        self._index = index
        self._exact: dict[str, list[Claim]] = {}
        self._patterns: list[tuple[re.Pattern[str], Claim]] = []
        for name in (*kind.signs, *kind.columns):
            self._add(name)

    def _add(self, name: str) -> None:
        generic = self._index.generic
        for order, word in enumerate(self.kind.words_of(name)):
            if "*" in word.text:
                parts = (normalise(part).replace(" ", "") for part in word.text.split("*"))
                pattern = re.compile(".*".join(map(re.escape, parts)), re.DOTALL)
                self._patterns.append((pattern, Claim(name, PATTERN, order, word)))
                continue
            form = normalise(word.text).replace(" ", "")
            how = GENERIC if form in generic else LISTED
            self._exact.setdefault(form, []).append(Claim(name, how, order, word))
        definition = self._index.catalog.inputs.get(name) if name in self.kind.columns else None
        for form in indexed_forms(definition) if definition is not None else ():
            claims = self._exact.setdefault(form, [])
            if form not in generic and all(claim.name != name for claim in claims):
                claims.append(Claim(name, OWN, 0, _NO_CONDITION))

    def claims(self, header: str) -> Iterator[tuple[int, Claim]]:
        """Yield what ``header`` names in this kind, with the form that does: 0 is the whole text.

        The first form that names anything counts. A header that as a whole names another input is not looked
        at without its brackets, unit and counting word.
        """
        for level, form in enumerate(header_forms(header)):
            found = list(self._exact.get(form, ()))
            if level == 0:
                found += [claim for pattern, claim in self._patterns if pattern.fullmatch(form)]
                if not found and self._index.keys_of_form(form):
                    return
            if found:
                yield from ((level, claim) for claim in found)
                return


@lru_cache(maxsize=2)
def kind_index(index: AliasIndex) -> KindIndex:
    """Return the kinds of the catalog of ``index``, the same for all files of a run."""
    return KindIndex(index)


class KindIndex:
    """All kinds of tables of a catalog with their headers."""

    def __init__(self, index: AliasIndex) -> None:
        self.index = index

    def guesses(self, headers: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """Return for each header the inputs that it may be, those first that its own words name."""
        inputs, near = self.index.catalog.inputs, self.index.nearest(headers)
        found: dict[str, tuple[str, ...]] = {}
        for header in headers:
            claims = [claim for words in self.kinds for _, claim in words.claims(header)]
            named = (claim.name for claim in sorted(claims, key=lambda claim: claim.tier))
            likely = dict.fromkeys((*self.index.keys_of(header), *(key for key in named if key in inputs)))
            likely.update(dict.fromkeys(key for key, like in near.items() if like == header))
            found[header] = tuple(likely)[:_MOST_GUESSES]
        return found

    @cached_property
    def kinds(self) -> tuple[KindWords, ...]:
        """The kinds, made ready when the first table is looked at."""
        return tuple(KindWords(kind, self.index) for kind in self.index.catalog.tables.values())
