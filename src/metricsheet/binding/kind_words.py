"""What headers mean in each kind of table: the words that definitions list, ready to be looked up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import TypeAlias

from metricsheet.binding.headers import AliasIndex, header_forms
from metricsheet.catalog.table_kinds import HeaderWord, TableKind
from metricsheet.records import record
from metricsheet.values.folding import words

LISTED, OWN, PATTERN, GENERIC = range(4)
"""How a header names an input: as the kind lists it, by the input's own name, through a pattern, or as a
word that means too many things elsewhere. A column goes to the input that it names in the first way."""

_MOST_GUESSES, _MOST_KEPT = 3, 5_000
_NO_CONDITION = HeaderWord("", "")


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


Claims: TypeAlias = Mapping[str, Sequence[tuple[int, Claim]]]
"""What one header names, by the key of the kind of table: each claim with the form that makes it."""


class KindWords:
    """The headers of one kind of table."""

    def __init__(self, kind: TableKind, index: AliasIndex) -> None:
        self.kind = kind
        self._index = index
        self._listed: dict[str, list[Claim]] = {}
        self._patterns: list[tuple[str, list[str], Claim]] = []
        self._places = {name: place for place, name in enumerate((*kind.signs, *kind.columns))}
        for name in self._places:
            for order, word in enumerate(kind.words_of(name)):
                if "*" in word.form:
                    parts = word.form.split("*")
                    self._patterns.append((max(parts, key=len), parts, Claim(name, PATTERN, order, word)))
                else:
                    how = GENERIC if word.form in index.generic else LISTED
                    self._listed.setdefault(word.form, []).append(Claim(name, how, order, word))

    def _exact(self, form: str) -> list[Claim]:
        """Return what a form names as a whole: as it is listed, or by the own name of an input."""
        listed = self._listed.get(form, [])
        own = [
            Claim(name, OWN, 0, _NO_CONDITION)
            for name in self._index.keys_of_form(form)
            if name in self.kind.columns and all(claim.name != name for claim in listed)
        ]
        return sorted((*listed, *own), key=lambda claim: self._places[claim.name]) if own else list(listed)

    def claims(self, header: str) -> Iterator[tuple[int, Claim]]:
        """Yield what ``header`` names in this kind, with the form that does: 0 is the whole text.

        The first form that names anything counts. A header that as a whole names another input is not looked
        at without its brackets, unit and counting word.
        """
        for level, form in enumerate(header_forms(header)):
            found = self._exact(form)
            if level == 0:
                hinted = [one for one in self._patterns if one[0] in form]
                found += [claim for _, parts, claim in hinted if _consists_of(form, parts)]
                if hinted and not found and self._index.keys_of_form(form):
                    return
            if found:
                yield from ((level, claim) for claim in found)
                return


def _consists_of(form: str, parts: Sequence[str]) -> bool:
    """Return whether the parts are in a form in this order, the first and the last at its ends."""
    first, *between, last = parts
    if not form.startswith(first):
        return False
    at = len(first)
    for part in between:
        at = form.find(part, at)
        if at < 0:
            return False
        at += len(part)
    return form.endswith(last) and len(form) - len(last) >= at


@lru_cache(maxsize=2)
def kind_index(index: AliasIndex) -> KindIndex:
    """Return the kinds of the catalog of ``index``, the same for all files of a run."""
    return KindIndex(index)


class KindIndex:
    """All kinds of tables of a catalog with their headers."""

    def __init__(self, index: AliasIndex) -> None:
        self.index = index
        self._claims: dict[str, Claims] = {}

    def claims(self, header: str) -> Claims:
        """Return what ``header`` names by the key of each kind in which it names anything.

        The answer is kept, as a folder of workbooks mostly repeats its headers.
        """
        found = self._claims.get(header)
        if found is None:
            if len(self._claims) > _MOST_KEPT:
                self._claims.clear()
            by_kind = {words.kind.key: tuple(words.claims(header)) for words in self.kinds}
            found = self._claims[header] = {key: claims for key, claims in by_kind.items() if claims}
        return found

    def guesses(self, columns: Sequence[tuple[str, str]]) -> dict[tuple[str, str], tuple[str, ...]]:
        """Return for each header in its kind of table the inputs that it may be.

        First are those that its own words name, then those that its last words do in this kind (``Net
        amount``), then those with a name like it.
        """
        headers = list(dict.fromkeys(header for header, _ in columns))
        inputs, near = self.index.catalog.inputs, self.index.nearest(headers)
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for header, kind in dict.fromkeys(columns):
            claims = [claim for several in self.claims(header).values() for _, claim in several]
            named = (claim.name for claim in sorted(claims, key=lambda claim: claim.tier))
            likely = dict.fromkeys((*self.index.keys_of(header), *(key for key in named if key in inputs)))
            said = words(header)
            for start in range(1, len(said)) if kind else ():
                ends = self.claims(" ".join(said[start:])).get(kind, ())
                likely.update(dict.fromkeys(claim.name for _, claim in ends if claim.name in inputs))
            likely.update(dict.fromkeys(key for key, like in near.items() if like == header))
            found[header, kind] = tuple(likely)[:_MOST_GUESSES]
        return found

    @cached_property
    def kinds(self) -> tuple[KindWords, ...]:
        """The kinds, made ready when the first table is looked at."""
        return tuple(KindWords(kind, self.index) for kind in self.index.catalog.tables.values())
