"""Texts of translation files into the definitions they belong to, next to the English ones.

A pack's translations are added before the next pack overrides anything: who changes an English text leaves
its old translations behind.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from metricsheet.catalog.assembly.entries import Entry, Merged, as_block, copied, joined, own_copy, without
from metricsheet.catalog.assembly.files import DefinitionFile, Pack
from metricsheet.catalog.assembly.tables import add_words, list_headers
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.tree import Block, Items, place_in_text
from metricsheet.errors import did_you_mean
from metricsheet.language.message import Message
from metricsheet.language.template import names_in
from metricsheet.source import Place

_NESTED = ("bands", "band_variants", "recommend", "columns", "signs")
"""Keys of definitions with several texts, each of which translations call by its English, or with headers."""
_NOTHING = {
    "settings": "nothing_to_translate.settings",
    "inputs": "nothing_to_translate.inputs",
    "tables": "nothing_to_translate.tables",
    "metrics": "nothing_to_translate.metrics",
    "rules": "nothing_to_translate.rules",
    "advice": "nothing_to_translate.advice",
    "benchmarks": "nothing_to_translate.benchmarks",
    "benchmark": "nothing_to_translate.benchmark",
    "bands": "nothing_to_translate.bands",
    "recommend": "nothing_to_translate.recommend",
    "words": "nothing_to_translate.words",
    "columns": "nothing_to_translate.columns",
    "signs": "nothing_to_translate.columns",
}
"""What is said of a translation of something that is not there, by the section or key that it is in."""


def translate(merged: Merged, pack: Pack, problems: Problems) -> None:
    """Add the texts of the pack's translation files to ``merged``; report each that translates nothing."""
    adding = Translating(pack.sources, problems, whole=pack.whole, advice=merged.advice)
    for file in pack.translations:
        for section in ("settings", "inputs", "tables", "metrics", "rules", "advice"):
            adding.add(file, section, getattr(merged, section), file.root.block(section))
        lists = file.root.inner("words")
        for name in lists:
            if name not in merged.words:
                adding.report_nothing("words", name, lists.key_place(name), merged.words)
        add_words(merged, file)
        for kind in (kinds := file.root.inner("tables")):
            list_headers(merged, kinds.inner(kind))
        packs = file.root.inner("benchmarks")
        # whoever copied definitions without their benchmark packs made no mistake in any of these lines
        for name in packs if pack.files.packs else ():
            if name not in pack.files.packs:
                adding.report_nothing("benchmarks", name, packs.key_place(name), pack.files.packs)


class Translating:
    """Adds texts to definitions; ``sources`` are the files of which a text wins over one that is added.

    Where the definitions could not be read as a ``whole``, a key that is not there is not reported. The names
    in ``advice`` stand for texts that are translated in one place, not in every rule that gives them.
    """

    def __init__(
        self, sources: Sequence[str], problems: Problems, *, whole: bool, advice: Collection[str] = ()
    ) -> None:
        self.sources = frozenset(sources)
        self.problems = problems
        self.whole = whole
        self.advice = advice
        self._changed: set[tuple[str, str]] = set()
        self._made: dict[int, Block] = {}

    def add(
        self, file: DefinitionFile, section: str, known: Mapping[str, Entry], given: Block | None
    ) -> None:
        """Add the texts ``given`` for entries of one section by key."""
        if given is None:
            return
        for key, value in given.items():
            entry = known.get(key)
            if entry is None:
                self.report_nothing(section, key, given.key_place(key), known)
                continue
            texts = value
            if section == "advice":
                texts = as_block(given, key) if isinstance(value, str) else None
            if entry.broken or not isinstance(texts, Block):
                continue
            if (section, key) not in self._changed:
                self._changed.add((section, key))
                entry.block = own_copy(entry.block)
                entry.block.update((key, copied(entry.block[key])) for key in _NESTED if key in entry.block)
            usable = without(texts, file.broken.get((section, key), frozenset()))
            for field in usable:
                self._add_field(file.language, section, entry, field, usable)

    def report_nothing(self, section: str, key: str, place: Place, known: Mapping[str, object]) -> None:
        """Report a translation of something that is not defined."""
        if self.whole:
            message = Message(_NOTHING[section], found=key)
            self.problems.error(message, place, did_you_mean(key, known))

    def _add_field(self, language: str, section: str, entry: Entry, field: str, given: Block) -> None:
        value, block = given[field], entry.block
        if isinstance(value, Items):
            block[field] = joined(block.get(field), value)
        elif field in ("columns", "signs"):
            there = block.get(field)
            if isinstance(there, Block) and isinstance(value, Block):
                self._add_headers(field, entry.key, there, value)
        elif isinstance(value, Block):
            texts = [one for one in _texts_of(block, field) if one[0] not in self.advice]
            known = {english for english, _, _ in texts}
            for english in [one for one in value if one not in known]:
                message = Message(_NOTHING[field], found=english, name=entry.key)
                named = field == "recommend" and english in self.advice
                hint = Message("translate_under_advice") if named else did_you_mean(english, known)
                self.problems.error(message, value.key_place(english), hint)
            # one English text may be in several tables of bands
            for english, holder, at in texts:
                if english in value:
                    self._put(language, section, holder, at, value[english], value.place(english))
        elif field in block:
            self._put(language, section, block, field, value, given.place(field))
        else:
            message = Message("nothing_to_translate.text", text=field, name=entry.key)
            self.problems.error(message, given.key_place(field))

    def _add_headers(self, field: str, kind: str, there: Block, given: Block) -> None:
        for name, headers in given.items():
            if name not in there:
                message = Message(_NOTHING[field], found=name, name=kind)
                self.problems.error(message, given.key_place(name), did_you_mean(name, there))
            elif isinstance(headers, Items):
                there[name] = joined(there[name], headers)

    def _put(
        self, language: str, section: str, holder: Block | Items, at: str | int, text: object, place: Place
    ) -> None:
        """Add ``text`` to the text at ``at`` of ``holder``, which may be changed."""
        there = holder[at]  # type: ignore[index]  # a key of a block, or a position in a list
        english = there.get("en") if isinstance(there, Block) else there
        if not isinstance(text, str) or not isinstance(english, str):
            return  # not translated yet, or not a text at all, which is reported elsewhere
        if section in ("rules", "advice") and not self._same_facts(english, text, place):
            return
        if not isinstance(there, Block):
            found_at = holder.place(at)  # type: ignore[arg-type]
            there = Block(found_at.source, (found_at.line, found_at.column))
            there["en"], there.values_at["en"] = english, found_at
        elif language in there and there.place(language).source.name in self.sources:
            related = ((there.place(language), Message("first_written")),)
            hint = Message("delete_one_of_two")
            self.problems.warning(Message("translated_twice"), place, hint, related)
            return
        elif id(there) not in self._made:
            there = own_copy(there)
        self._made[id(there)] = there
        there[language], there.values_at[language] = text, place
        holder[at] = there  # type: ignore[index]

    def _same_facts(self, english: str, text: str, place: Place) -> bool:
        """Return whether a translation shows the facts that the English text shows; report it when not."""
        wanted = dict.fromkeys(name for name, _ in names_in(english))
        found = dict(names_in(text))
        if "" in found or wanted.keys() == found.keys():
            return True  # an unpaired brace is reported where texts are checked
        missing = [name for name in wanted if name not in found]
        more = [name for name in found if name not in wanted]
        for name in more:
            message = Message("other_facts.more", name=name)
            self.problems.error(message, place_in_text(place, text, found[name]), did_you_mean(name, missing))
        for name in missing if not more else ():
            self.problems.error(Message("other_facts.missing", name=name), place, Message("name_same_facts"))
        return False


def _texts_of(block: Block, field: str) -> Iterator[tuple[str, Block | Items, str | int]]:
    """Yield every text of ``bands`` or ``recommend``: its English, what holds it, and where in that."""
    if field == "bands":
        tables = [block.items_of("bands"), *block.inner("band_variants").values()]
        for table in tables:
            for band in table if isinstance(table, Items) else ():
                if isinstance(band, Block) and "label" in band:
                    yield _english(band["label"]), band, "label"
        return
    items = block.items_of(field) or Items(block.source, block.at)
    for index, item in enumerate(items):
        if isinstance(item, Block) and "do" in item:
            yield _english(item["do"]), item, "do"
        else:
            yield _english(item), items, index


def _english(text: object) -> str:
    return str(text.get("en")) if isinstance(text, Block) else str(text)
