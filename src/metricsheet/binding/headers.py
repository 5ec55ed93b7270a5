"""Header texts and the inputs they name: one form for all spellings, an index of labels and aliases."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from metricsheet.binding.same_words import names_part, same_words_form
from metricsheet.catalog.definitions import Catalog, InputDefinition
from metricsheet.catalog.derived import with_parts
from metricsheet.language import currencies
from metricsheet.language.lexicon import joined, meanings, wordings
from metricsheet.language.message import Message
from metricsheet.language.template import Label, of_label
from metricsheet.patterns import late
from metricsheet.values.folding import fold, form_of, words

_BRACKETS = late(r"[(\[（][^()\[\]（）]*[)\]）]")
_NEAR_ENOUGH = 0.7
_MOST_KEPT = 5_000


@lru_cache(maxsize=1)
def _unit_words() -> frozenset[str]:
    """Return the words that name a unit at the end of a header, currencies among them, or say *actual*."""
    money = (form for form in currencies.forms() if form.isalpha())
    return frozenset(map(fold, (*wordings("header_units"), *wordings("actual"), *money)))


@lru_cache(maxsize=1)
def _counting() -> tuple[str, ...]:
    """Return the words before what a header names that count it or say *actual*, each with its space.

    The longest are first.
    """
    words = {fold(word) + " " for word in (*wordings("count_before"), *wordings("actual"))}
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@lru_cache(maxsize=1)
def _of_another_figure() -> tuple[frozenset[str], tuple[str, ...]]:
    """Return what makes another figure of a header: all that a bracket says, and words that are in it."""
    planned = (normalise(word) for word in wordings("planned"))
    return frozenset(planned), tuple(normalise(word) for word in wordings("another_figure"))


def _without_bracket(bracket: re.Match[str]) -> str:
    """Return a space in place of a bracket, or the bracket itself where it makes another figure of a header.

    ``Leads (EU)`` are leads. ``Leads (YTD)`` and ``Leads (budget)`` are not those of a month.
    """
    said = normalise(bracket[0])
    wholly, among = _of_another_figure()
    other = said.strip(" 0123456789") in wholly or any(_is_in(word, said) for word in among)
    other = other or names_part(said.split())
    return bracket[0] if other else " "


def _is_in(word: str, said: str) -> bool:
    return word in said if joined(word) else f" {word} " in f" {said} "


@lru_cache(maxsize=1)
def _other_letters() -> dict[int, str]:
    """Return the letters that are written as two where a keyboard lacks them, for ``str.translate``."""
    return str.maketrans(dict(meanings("letters")))


def normalise(header: str) -> str:
    """Return a header for comparison: letters and digits in lower case with single spaces.

    Unicode forms, case, diacritics, Turkish ``İ`` and ``ı``, ``_``, ``-`` and other signs make no difference.
    """
    return " ".join(words(header))


@lru_cache(maxsize=8192)
def header_forms(header: str) -> tuple[str, ...]:
    """Return the forms under which ``header`` is looked up, the fullest first, all without spaces.

    After the whole text come the text without brackets, without a unit at its end (``Umsatz EUR``) and
    without a counting word at its start (``Number of customers``); each is followed by the form that it
    shares with headers in other words (``Clients lost``).
    """
    plain = _plain_forms(header)
    both = (form for text in plain for form in (text.replace(" ", ""), same_words_form(text.split())))
    return tuple(dict.fromkeys(form for form in both if form))


def _plain_forms(header: str) -> list[str]:
    whole = normalise(header)
    forms = [whole]
    if "(" in header or "[" in header or "（" in header:
        forms.append(normalise(_BRACKETS.sub(_without_bracket, header)))
    units = _unit_words()
    for form in list(forms):
        words = form.split()
        while len(words) > 1 and words[-1] in units:
            words.pop()
        forms.append(" ".join(words))
    for form in list(forms):
        for start in _counting():
            if form.startswith(start):
                forms.append(form[len(start) :])
    return forms


def same_header(one: str, other: str) -> bool:
    """Return whether two header texts are spellings of the same header."""
    return form_of(one) == form_of(other)


def names_of(definition: InputDefinition) -> tuple[str, ...]:
    """Return every text that names an input: its key, its labels in all languages, its further aliases."""
    return (definition.key.replace("_", " "), *definition.label.values(), *definition.also)


class AliasIndex:
    """The inputs of a catalog by the headers that name them, and the metrics that read each input.

    ``forms`` are those of ``input_forms``, where they are at hand.
    """

    def __init__(self, catalog: Catalog, forms: Mapping[str, tuple[str, ...]] | None = None) -> None:
        self.catalog = catalog
        self._keys = input_forms(catalog) if forms is None else forms
        self._by_letter: dict[str, list[tuple[str, str]]] = {}
        self.users: dict[str, tuple[str, ...]] = _users(catalog)
        self.generic = frozenset(catalog.generic)
        self._listed: frozenset[str] | None = None
        self._nearest: dict[tuple[str, ...], dict[str, str]] = {}
        self._looked_for: dict[str, Label] = {}
        self._lacking: dict[tuple[str, str | None], Message] = {}

    def keys_of(self, header: str) -> tuple[str, ...]:
        """Return the inputs that ``header`` names, by the first of its forms that names any."""
        for form in header_forms(header):
            keys = self._keys.get(form)
            if keys is not None:
                return keys
        return ()

    def keys_of_form(self, form: str) -> tuple[str, ...]:
        """Return the inputs of which ``form`` is a name that means one thing only."""
        return () if form in self.generic else self._keys.get(form, ())

    def plain_keys_of(self, header: str) -> tuple[str, ...]:
        """Return the inputs that ``header`` names without a kind of table that says so."""
        for form in header_forms(header):
            if form in self._keys:
                return self.keys_of_form(form)
        return ()

    def names_text(self, header: str) -> bool:
        """Return whether ``header`` names an input of text, such as the id of a customer."""
        return any(self.catalog.inputs[key].type == "text" for key in self.keys_of(header))

    def knows(self, header: str) -> bool:
        """Return whether ``header`` names an input, in some kind of table at least."""
        if self._listed is None:
            kinds = self.catalog.tables.values()
            self._listed = frozenset(
                w.form for kind in kinds for words in kind.columns.values() for w in words
            )
        return any(form in self._keys or form in self._listed for form in header_forms(header))

    def looked_for(self, key: str) -> Label:
        """Return the first few headers that would name an input, for a message: first the reader's own."""
        found = self._looked_for.get(key)
        if found is None:
            definition = self.catalog.inputs[key]
            texts = dict.fromkeys((definition.label["en"], *definition.also[:3]))
            english = ", ".join(texts) + (", …" if len(names_of(definition)) > 5 else "")
            own = {code: f"{text}, {definition.label['en']}, …" for code, text in definition.label.items()}
            found = self._looked_for[key] = of_label({**own, "en": english})
        return found

    def lacking(self, key: str, near: str | None) -> Message:
        """Return that no header names an input, and the one that comes near; kept as ``nearest`` is."""
        asked = key, near
        if asked not in self._lacking:
            if len(self._lacking) > _MOST_KEPT:
                self._lacking.clear()
            looked_for = self.looked_for(key)
            self._lacking[asked] = (
                Message("not_bound.looked_for", input=key, looked_for=looked_for)
                if near is None
                else Message("not_bound.similar", input=key, looked_for=looked_for, near=near)
            )
        return self._lacking[asked]

    def nearest(self, headers: Sequence[str]) -> dict[str, str]:
        """Return for each input the header most like one of its names, where one is alike enough.

        The answer is kept, as a folder of workbooks mostly repeats its headers.
        """
        asked = tuple(headers)
        if asked not in self._nearest:
            if len(self._nearest) > 50:
                self._nearest.clear()
            self._nearest[asked] = self._find_nearest(asked)
        return self._nearest[asked]

    def _find_nearest(self, headers: Iterable[str]) -> dict[str, str]:
        if not self._by_letter:
            for form, keys in self._keys.items():
                self._by_letter.setdefault(form[0], []).extend((form, key) for key in keys)
        best: dict[str, tuple[float, str]] = {}
        for header in headers:
            last = _plain_forms(header)[-1].replace(" ", "")
            if len(last) < 3:
                continue
            grams = _grams(last)
            # a slip of the pen is seldom in the first letter
            for form, key in self._by_letter.get(last[0], ()):
                name = _grams(form)
                alike = 2 * len(grams & name) / (len(grams) + len(name))
                if alike >= _NEAR_ENOUGH and alike > best.get(key, (0.0, ""))[0]:
                    best[key] = (alike, header)
        return {key: header for key, (_, header) in best.items()}


def input_forms(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    """Return the inputs that each form of a header names, in catalog order."""
    keys: dict[str, tuple[str, ...]] = {}
    for key, definition in catalog.inputs.items():
        for form in _indexed(definition):
            keys[form] = (*keys.get(form, ()), key)
    for form, several in _in_other_words(catalog).items():
        if len(several) == 1:
            keys[form] = tuple(several)
    return keys


def _in_other_words(catalog: Catalog) -> dict[str, dict[str, None]]:
    """Return the inputs of each form that names in other words share: of counts and amounts only.

    Dates, texts and answers are named by words that mean something else there.
    """
    found: dict[str, dict[str, None]] = {}
    for key, definition in catalog.inputs.items():
        if definition.type != "number" or definition.unit not in ("count", "money"):
            continue
        for name in names_of(definition):
            form = same_words_form(normalise(name).split())
            if form:
                found.setdefault(form, {})[key] = None
    return found


def _indexed(definition: InputDefinition) -> list[str]:
    """Return the forms under which an input is found; German umlauts also as ``ae``, ``oe``, ``ue``."""
    forms: dict[str, None] = {}
    names, letters = names_of(definition), _other_letters()
    bare = (_BRACKETS.sub(" ", label) for label in definition.label.values())
    spellings = dict.fromkeys((*names, *(name.translate(letters) for name in names), *bare))
    forms = dict.fromkeys(form_of(spelling) for spelling in spellings)
    forms.pop("", None)
    return list(forms)


def _users(catalog: Catalog) -> dict[str, tuple[str, ...]]:
    users: dict[str, dict[str, None]] = {}
    for metric in catalog.metrics.values():
        plans = [metric.plan, *([metric.sample] if metric.sample is not None else [])]
        for plan in plans:
            for key in with_parts(plan.inputs, catalog.inputs):
                users.setdefault(key, {})[metric.key] = None
    return {key: tuple(metrics) for key, metrics in users.items()}


@lru_cache(maxsize=4096)
def _grams(form: str) -> frozenset[str]:
    """Return the pairs of neighbouring letters of a form, its ends marked."""
    marked = f" {form} "
    return frozenset(marked[i : i + 2] for i in range(len(marked) - 1))
