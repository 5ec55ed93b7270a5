"""Which definition files are active: those asked for, the nearest, or those that come with the package."""

from __future__ import annotations

import os
import re
from pathlib import Path

from metricsheet.errors import DefinitionError, Diagnostic
from metricsheet.language import LANGUAGES
from metricsheet.language.message import Message
from metricsheet.patterns import late
from metricsheet.records import record, replace

METRICS_FILES = ("metrics.yaml", "metrics.yml")
RULES_FOLDER = "lifecycle_rules"
ADVICE_FILE = "advice"
"""The file among the rules that holds advice alone, for the rules of several stages."""
PACKS_FOLDER = "benchmark_packs"
TRANSLATIONS_FOLDER = "translations"
TRANSLATED = tuple(language for language in LANGUAGES if language != "en")
"""The languages of translation files: English is written in the definitions themselves."""
BUILT_IN = "builtin"
"""What ``extends:`` says for the definitions that come with the package."""

_BUILT_IN_SHOWN = "built-in"

OUR_KEYS = frozenset(
    {"extends", "defaults", "settings", "campaigns", "inputs", "generic", "words", "tables", "metrics"}
)
"""The keys at the top of a metrics file, apart from ``version``, which other programs write as well."""

_TRANSLATED_KEYS = frozenset({"settings", "inputs", "tables", "metrics", "rules", "advice", "benchmarks"})

_TOP_KEY = late(r"""^(["']?)([A-Za-z_][\w.-]*)\1[ \t]*:(?=\s|$)(.*)$""", re.MULTILINE)
_LIST = late(r"(?:[ \t]*+(?:#[^\n]*+)?+\r?+\n)*+[ \t]*+-(?:\s|$)")
_LOOKED_AT = 1 << 16


@record
class DefinitionFiles:
    """A metrics file with what is beside it. ``shown`` is the name of the metrics file for people.

    ``passed_over`` names nearer files called like one that belong to another program.
    """

    metrics: Path
    shown: str
    built_in: bool = False
    passed_over: tuple[str, ...] = ()

    def beside(self, name: str) -> str:
        """Return how a file beside the metrics file is shown."""
        folder = os.path.dirname(self.shown)
        return f"{folder}/{name}" if folder else name

    def folder(self, name: str) -> Path:
        """Return the folder called ``name`` beside the metrics file."""
        return self.metrics.parent / name

    @property
    def rules(self) -> tuple[Path, ...]:
        """The rule files in the folder beside the metrics file, in alphabetical order."""
        return _yaml_files(self.folder(RULES_FOLDER))

    @property
    def translations(self) -> tuple[tuple[str, Path], ...]:
        """The translations in the folder beside the metrics file, each with its language.

        The language is the name up to its first dot: ``de.yaml``, ``de.more.yaml``. Other programs have such
        a folder, too: a file that neither is named after a language nor says what ours say is skipped.
        """
        paths = _yaml_files(self.folder(TRANSLATIONS_FOLDER))
        named = [(path.name.partition(".")[0], path) for path in paths]
        return tuple(one for one in named if one[0] in LANGUAGES or _translates(one[1]))

    @property
    def packs(self) -> dict[str, Path]:
        """The benchmark packs beside the metrics file, by name."""
        return {path.stem: path for path in _yaml_files(self.folder(PACKS_FOLDER))}


def find_definitions(path: Path | str | None = None, start: Path | None = None) -> DefinitionFiles:
    """Return the active definitions.

    ``path`` is a metrics file, its folder, or ``builtin``, and wins; else the nearest ``metrics.yaml`` at or
    above ``start`` (the working directory) that is one of ours is taken, else the built-in definitions.
    Raises ``FileNotFoundError`` with the path as its argument when ``path`` does not lead to a file.
    """
    if path is not None:
        return built_in_definitions() if str(path) == BUILT_IN else _asked_for(Path(path), str(path))
    folder = (start or Path.cwd()).absolute()
    passed_over: list[str] = []
    for place in (folder, *folder.parents):
        for name in METRICS_FILES:
            file = place / name
            if not file.is_file():
                continue
            if not _is_foreign(file):
                return DefinitionFiles(file, _relative(file), passed_over=tuple(passed_over))
            passed_over.append(_relative(file))
    return replace(built_in_definitions(), passed_over=tuple(passed_over))


def _is_foreign(file: Path) -> bool:
    """Return whether a file called like ours is plainly another program's, such as the metrics of dbt.

    It is where it does not say ``version: 1`` and has a list under ``metrics:`` or no key of ours at all.
    Whatever else is wrong with a file, it is taken as ours, so that its mistakes are reported.
    """
    try:
        text = _start_of(file)
    except OSError:
        return False
    found = {match[2]: match for match in _TOP_KEY.finditer(text)}
    version = found.pop("version", None)
    if version is not None and _value(version) == "1":
        return False
    ours = OUR_KEYS & found.keys()
    if ours != {"metrics"}:
        return bool(found) and not ours
    value, below = _value(found["metrics"]), text[found["metrics"].end() :]
    return value.startswith("[") or (not value and _LIST.match(below) is not None)


def _translates(file: Path) -> bool:
    """Return whether a file has a key of translations at its top."""
    try:
        return any(match[2] in _TRANSLATED_KEYS for match in _TOP_KEY.finditer(_start_of(file)))
    except OSError:
        return False


def _start_of(file: Path) -> str:
    with file.open("rb") as stream:
        return stream.read(_LOOKED_AT).decode("utf-8-sig", "replace")


def _value(key: re.Match[str]) -> str:
    """Return what is behind a key on its line, without a comment."""
    return key[3].partition("#")[0].strip().strip("\"'")


def built_in_definitions() -> DefinitionFiles:
    """Return the definitions that come with the package; in a checkout those at its root."""
    package = Path(__file__).parent.parent
    for folder in (package / "builtin", package.parent.parent):
        if (folder / METRICS_FILES[0]).is_file():
            return DefinitionFiles(folder / METRICS_FILES[0], f"{_BUILT_IN_SHOWN}/{METRICS_FILES[0]}", True)
    raise FileNotFoundError("the built-in metrics.yaml")


def known_packs(path: Path | str | None = None) -> list[str]:
    """Return the names of the benchmark packs that come with the package or are beside the definitions."""
    return list(dict.fromkeys([*built_in_definitions().packs, *packs_beside(path)]))


def packs_beside(path: Path | str | None = None) -> list[str]:
    """Return the names of the benchmark packs beside the active definitions."""
    try:
        return list(find_definitions(path).packs)
    except FileNotFoundError:
        return []


def extended_definitions(extends: str, by: DefinitionFiles) -> DefinitionFiles:
    """Return the definitions that ``extends:`` names: ``builtin``, or a path from the folder of ``by``.

    Raises ``FileNotFoundError`` like ``find_definitions``.
    """
    if extends == BUILT_IN:
        return built_in_definitions()
    shown = os.path.normpath(os.path.join(os.path.dirname(by.shown), extends)).replace(os.sep, "/")
    return _asked_for(by.metrics.parent / extends, shown)


def _asked_for(path: Path, shown: str) -> DefinitionFiles:
    if path.is_dir():
        for name in METRICS_FILES:
            if (path / name).is_file():
                return DefinitionFiles(path / name, str(Path(shown) / name))
        raise FileNotFoundError(str(Path(shown) / METRICS_FILES[0]))
    if not path.is_file():
        raise FileNotFoundError(shown)
    return DefinitionFiles(path, shown)


def _relative(path: Path) -> str:
    try:
        return os.path.relpath(path)
    except ValueError:  # another drive of Windows
        return str(path)


def _yaml_files(folder: Path) -> tuple[Path, ...]:
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return ()
    return tuple(
        folder / name for name in names if name.endswith((".yaml", ".yml")) and not name.startswith(".")
    )


def definition_files(path: Path | str | None = None, start: Path | None = None) -> DefinitionFiles:
    """Return the files of the definitions in use; raise ``DefinitionError`` when ``path`` leads to none."""
    try:
        return find_definitions(path, start)
    except FileNotFoundError as error:
        message = Message("file_not_found", path=str(error.args[0]))
        raise DefinitionError([Diagnostic(message, None, Message("init_writes_one"))]) from None
