"""Reads a metrics file, the files it extends and their rules; checked for their shape, not yet for sense."""

from __future__ import annotations

import os
from pathlib import Path

from metricsheet.catalog.definitions import STAGES, Stage
from metricsheet.catalog.find import (
    ADVICE_FILE,
    RULES_FOLDER,
    TRANSLATED,
    TRANSLATIONS_FOLDER,
    DefinitionFiles,
    extended_definitions,
)
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.schema.accept import Broken, broken_entries
from metricsheet.catalog.schema.schema import FileKind
from metricsheet.catalog.schema.synonyms import OTHER_WORDS
from metricsheet.catalog.yaml.reader import MOST_BYTES, read_bytes
from metricsheet.catalog.yaml.tree import Block
from metricsheet.errors import Diagnostic, did_you_mean
from metricsheet.language.message import Message
from metricsheet.records import field, record
from metricsheet.source import Place

MOST_EXTENDS = 10


@record(frozen=False)
class DefinitionFile:
    """One file as read: its content, and what of it cannot be used (see ``broken_entries``).

    ``whole`` says that all of it could be read; ``language`` is that of a file of translations.
    """

    path: Path
    shown: str
    root: Block
    broken: Broken
    stage: Stage | None = None
    language: str = ""
    whole: bool = True

    def entry_is_broken(self, section: str, key: str) -> bool:
        """Return whether the entry, or the whole section, is not of the right shape."""
        return (section, key) in self.broken or ("", section) in self.broken


@record(frozen=False)
class Pack:
    """A metrics file, the rules and the translations beside it; ``whole`` where all rules could be read."""

    files: DefinitionFiles
    metrics: DefinitionFile
    rules: list[DefinitionFile] = field(default_factory=list)
    translations: list[DefinitionFile] = field(default_factory=list)
    whole: bool = True

    @property
    def read(self) -> list[DefinitionFile]:
        """Every file of the pack."""
        return [self.metrics, *self.rules, *self.translations]

    @property
    def sources(self) -> list[str]:
        """The names of all files of the pack, as shown."""
        return [file.root.source.name for file in self.read]

    @property
    def content(self) -> list[object]:
        """What the pack says, for its digest; the language of translations is part of it."""
        translated = [[file.language, file.root] for file in self.translations]
        return [self.metrics.root, *(file.root for file in self.rules), *translated]


def read_packs(files: DefinitionFiles, problems: Problems) -> list[Pack]:
    """Return the pack of ``files`` and all that it extends, the most basic one first."""
    return _read(files, problems, [], set())


def _read(
    files: DefinitionFiles, problems: Problems, chain: list[tuple[str, str]], seen: set[str]
) -> list[Pack]:
    identity = os.path.realpath(files.metrics)
    content = read_file(files.metrics, files.shown, "metrics", problems)
    if content is None:
        return []
    # files of one folder share its translations: they translate what is said there in the end
    folder = os.path.realpath(files.folder(TRANSLATIONS_FOLDER))
    translates = folder not in seen
    seen.add(folder)
    packs: list[Pack] = []
    extends = content.root.text("extends")
    if extends and ("", "extends") not in content.broken:
        place = content.root.place("extends")
        base = _base(extends, files, place, problems)
        chain = [*chain, (identity, files.shown)]
        if base is not None and _may_extend(base, chain, place, problems):
            packs = _read(base, problems, chain, seen)
    pack = Pack(files, content, whole=content.whole and all(one.whole for one in packs))
    for path in files.rules:
        if os.path.realpath(path) not in seen:
            seen.add(os.path.realpath(path))
            rules = _read_rules(path, files.beside(f"{RULES_FOLDER}/{path.name}"), pack, problems)
            pack.whole = pack.whole and rules is not None and rules.whole
            if rules is not None:
                pack.rules.append(rules)
    if translates:
        pack.translations = read_translations(files, problems)
    return [*packs, pack]


def read_translations(files: DefinitionFiles, problems: Problems) -> list[DefinitionFile]:
    """Return the translations beside a metrics file, by language in the order of all languages."""
    found: list[DefinitionFile] = []
    for language, path in files.translations:
        shown = files.beside(f"{TRANSLATIONS_FOLDER}/{path.name}")
        file = read_file(path, shown, "translations", problems)
        if file is None:
            continue
        file.language = language
        if language in TRANSLATED:
            found.append(file)
            continue
        code = "unknown_language"
        meant = OTHER_WORDS.get(language, language)
        hint = did_you_mean(meant, TRANSLATED) or Message("translations_named", names=TRANSLATED)
        if meant == "en":
            hint = Message("english_in_definitions")
        problems.error(
            Message("expected_found", expected=Message("one_of_the_languages"), found=language),
            file.root.place(),
            hint,
            code=code,
        )
    return sorted(found, key=lambda file: TRANSLATED.index(file.language))


def read_file(path: Path, shown: str, kind: FileKind, problems: Problems) -> DefinitionFile | None:
    """Return the content of one file, or ``None`` when nothing of it can be used."""
    problems.about(shown)
    try:
        with open(path, "rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except OSError as error:
        problems.found.append(
            Diagnostic(Message("file_unreadable", path=shown, why=error.strerror or str(error)))
        )
        return None
    before = len(problems.found)
    root = read_bytes(shown, data, problems)
    if root is None:
        return None
    whole = len(problems.found) == before
    return DefinitionFile(path, shown, root, broken_entries(kind, root, problems), whole=whole)


def _read_rules(path: Path, shown: str, pack: Pack, problems: Problems) -> DefinitionFile | None:
    rules = read_file(path, shown, "rules", problems)
    if rules is None:
        return None
    if path.stem == ADVICE_FILE and "rules" not in rules.root:
        return rules
    if path.stem not in STAGES:
        hint = did_you_mean(path.stem, STAGES) or Message("named_after_stage")
        problems.error(
            Message("unknown_stage", stages=STAGES, found=path.stem),
            rules.root.place(),
            hint,
        )
        return None
    rules.stage = path.stem
    if any(other.stage == rules.stage for other in pack.rules):
        place = rules.root.place()
        problems.error(Message("two_rule_files", stage=rules.stage), place)
        return None
    return rules


def _base(extends: str, files: DefinitionFiles, place: Place, problems: Problems) -> DefinitionFiles | None:
    try:
        return extended_definitions(extends, files)
    except FileNotFoundError as error:
        hint = Message("write_path_or_builtin")
        problems.error(Message("file_not_found.extends", path=error.args[0]), place, hint)
        return None


def _may_extend(
    base: DefinitionFiles, chain: list[tuple[str, str]], place: Place, problems: Problems
) -> bool:
    identity = os.path.realpath(base.metrics)
    known = [at for at, _ in chain]
    if identity in known:
        circle = " → ".join([*(shown for _, shown in chain[known.index(identity) :]), base.shown])
        problems.error(Message("extends_circle.files", cycle=circle), place)
        return False
    if len(chain) >= MOST_EXTENDS:
        problems.error(Message("extends_circle.too_long", most=MOST_EXTENDS), place)
        return False
    return True
