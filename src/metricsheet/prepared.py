"""Definitions ready for use: the catalog, its compiled rules and the headers that name its inputs.

Reading and checking the built-in definitions takes most of the time of a short run, so what was prepared is
cached for the next run in the user's cache folder. The cached definitions are used only as long as every file
they came from holds the same text, the folders hold the same files, the package is the same and the cached
bytes have the digest written with them. Texts are compared, not their times or digests.

A cached file is data and never code: it can name nothing but the classes of definitions, formulas and rules,
and it is only looked at when it belongs to the user and nobody else can write it. ``METRICSHEET_CACHE=off``
turns this off; another value is the folder to use.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zlib import crc32

from metricsheet.binding.headers import AliasIndex, input_forms
from metricsheet.catalog.definitions import Catalog
from metricsheet.catalog.find import DefinitionFiles, built_in_definitions, definition_files
from metricsheet.errors import DefinitionError, Diagnostic
from metricsheet.kept import code_state, own_class, pickled, read_own, unpickled
from metricsheet.records import record, replace
from metricsheet.rules.engine.compile import CompiledRule
from metricsheet.rules.engine.ruleset import RuleSet
from metricsheet.source import SourceFile, text_of

if TYPE_CHECKING:
    from metricsheet.catalog.assembly.make import BuildResult

SWITCH = "METRICSHEET_CACHE"
MOST_CACHED = 20

_FORMAT = "metricsheet definitions 5"
_MODULES = (
    "metricsheet.catalog.definitions",
    "metricsheet.catalog.frozen",
    "metricsheet.catalog.table_kinds",
    "metricsheet.dataset",
    "metricsheet.formula.ast",
    "metricsheet.formula.plan",
    "metricsheet.rules.engine.compile",
    "metricsheet.rules.language.conditions",
    "metricsheet.rules.language.facts",
    "metricsheet.source",
    "metricsheet.values",
)
"""The modules whose classes definitions consist of."""

_CODE = (
    "",
    "values",
    "formula",
    "formula/functions",
    "catalog",
    "catalog/yaml",
    "catalog/schema",
    "catalog/assembly",
    "rules",
    "rules/language",
    "rules/engine",
    "binding",
    "language",
)
"""The folders whose code decides what is prepared."""


class Prepared:
    """The definitions of one run: ``catalog``, its ``rules`` and its ``headers``."""

    def __init__(
        self,
        catalog: Catalog,
        rules: Sequence[CompiledRule],
        forms: dict[str, tuple[str, ...]] | None = None,
    ) -> None:
        self.catalog = catalog
        self.rules = RuleSet(catalog, rules)
        self.headers = AliasIndex(catalog, forms)
        self.made_from = catalog, rules, forms


def prepare(
    path: str | os.PathLike[str] | None = None, *, benchmarks: Sequence[str] = (), fresh: bool = False
) -> Prepared:
    """Return the definitions in use (see ``find_definitions``), with the benchmark packs asked for.

    ``fresh`` definitions are read again whatever is cached. Raises ``DefinitionError`` with every error of
    every file, those of the rules too.
    """
    files = definition_files(None if path is None else os.fspath(path))
    key = CacheKey(str(files.metrics), files.shown)
    cached = None if benchmarks or fresh else load_cached(key)
    if cached is None:
        made = _made(files, benchmarks)
        assert made.catalog is not None
        rules, _ = _compiled(made.catalog)
        cached = made.catalog, rules, input_forms(made.catalog)
        if not benchmarks:
            store(key, cached, made.texts, made.folders)
    _latest[:] = [Prepared(_with_passed_over(cached[0], files), *cached[1:])]
    return _latest[0]


def prepared_from(catalog: Catalog) -> Prepared:
    """Return ``catalog`` prepared; the one prepared last is not prepared again.

    Raises ``DefinitionError`` when a rule cannot be used.
    """
    if not _latest or _latest[0].catalog is not catalog:
        from metricsheet.rules.check import compile_ruleset

        _latest[:] = [Prepared(catalog, compile_ruleset(catalog).rules)]
    return _latest[0]


_latest: list[Prepared] = []


def check_definitions(
    path: Path | str | None = None, *, benchmarks: Sequence[str] = (), start: Path | None = None
) -> tuple[Catalog | None, tuple[Diagnostic, ...]]:
    """Return the definitions in use and every problem, warnings too; no definitions when there is an error.

    Rules are checked on the definitions that are sound by themselves, also when others have errors, so that
    all problems show in one run; rules that name a broken definition are left out.
    """
    try:
        files = definition_files(path, start)
    except DefinitionError as error:
        return None, error.diagnostics
    from metricsheet.catalog.assembly.make import make_catalog
    from metricsheet.rules.check import check_rules

    made = make_catalog(files, benchmarks, warn=True)
    if made.catalog is not None:
        found = check_rules(made.sound)
        # what is proven of rules follows from the definitions they read: not while these have errors
        made.problems.extend([p for p in found if p.severity == "error"] if made.problems.errors else found)
    sound = None if made.catalog is None or made.problems.errors else _with_passed_over(made.catalog, files)
    return sound, made.problems.in_order()


@record
class FilesRead:
    """Where definitions stand: the metrics file, that of the package, and all files read; all absolute."""

    metrics: Path
    built_in: Path
    paths: tuple[Path, ...]


def definition_files_read(path: Path | str | None = None) -> FilesRead:
    """Return the files of the definitions in use (see ``find_definitions``) with all that they extend.

    Raises ``DefinitionError`` like ``prepare``.
    """
    files = definition_files(path)
    paths = [Path(name).resolve() for name, _ in _made(files, ()).texts]
    return FilesRead(files.metrics.resolve(), built_in_definitions().metrics.resolve(), tuple(paths))


def _with_passed_over(catalog: Catalog, files: DefinitionFiles) -> Catalog:
    """Return the catalog with the files that were skipped for it, which depend on where it was asked."""
    return replace(catalog, passed_over=files.passed_over) if files.passed_over else catalog


def _made(files: DefinitionFiles, benchmarks: Sequence[str]) -> BuildResult:
    # what reads and checks definitions is not even imported where they are cached
    from metricsheet.catalog.assembly.make import make_catalog

    made = make_catalog(files, benchmarks, warn=False)
    if made.catalog is not None:
        made.problems.extend(_compiled(made.sound)[1])
    if made.catalog is None or made.problems.errors:
        raise DefinitionError(made.problems.in_order("error"))
    return made


def _compiled(catalog: Catalog) -> tuple[list[CompiledRule], list[Diagnostic]]:
    from metricsheet.rules.check import compile_rules

    return compile_rules(catalog)


@record
class CacheKey:
    """What cached definitions are found by: the metrics file and its name as shown."""

    metrics: str
    shown: str

    @property
    def name(self) -> str:
        """The name of the cached file; two sets of definitions may share one, and then take turns."""
        python = sys.implementation.cache_tag or "python"
        return f"{crc32(self.line.encode('utf-8', 'surrogateescape')):08x}.{python}.definitions"

    @property
    def line(self) -> str:
        """What the cached file says it is, so that it is not mistaken for another one."""
        return f"{os.path.abspath(self.metrics)}\t{self.shown}"


Parts = tuple[Catalog, Sequence[CompiledRule], dict[str, tuple[str, ...]]]
"""What is cached: the catalog, its rules and the forms of its headers."""


def load_cached(key: CacheKey) -> Parts | None:
    """Return the cached definitions, or ``None`` when there are none to trust."""
    folder = cache_folder()
    if folder is None:
        return None
    try:
        header, _, body = read_own(os.path.join(folder, key.name)).partition(b"\n\n")
        if header != _header(key, body, _folders_in(header)):
            return None
        texts, parts = _unpickle(body)
        return parts if all(_holds(path, s.text) for path, s in texts) else None
    except Exception:
        # whatever is wrong with a cached file, the definitions themselves are still there to be read
        return None


def store(
    key: CacheKey, parts: Parts, texts: Iterable[tuple[str, SourceFile]], folders: Sequence[str]
) -> None:
    """Cache definitions which came from ``texts`` (path, content) and from all that ``folders`` hold.

    Nothing happens where nothing can be written.
    """
    folder = cache_folder()
    if folder is None:
        return
    try:
        body = pickled((tuple(texts), parts))
        header = _header(key, body, folders)
        if b"\n\n" not in header and _folders_in(header) == list(folders):
            _write(folder, key.name, header + b"\n\n" + body)
    except (OSError, ValueError, RecursionError):
        return


def cache_folder() -> str | None:
    """Return the folder of cached definitions, or ``None`` where nothing is cached."""
    chosen = os.environ.get(SWITCH)
    if chosen is not None:
        return None if chosen.lower() in ("", "0", "off", "no", "false") else chosen
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "metricsheet") if os.path.isabs(base) else None


def _header(key: CacheKey, body: bytes, folders: Sequence[str]) -> bytes:
    """Return all that must be as it was, besides the texts: the bytes, the package, the folders' files."""
    # what the folder's owner writes is trusted: this is for flipped and missing bytes, and costs no OpenSSL
    digest = f"{len(body)}:{crc32(body):08x}"
    listings = (f"{folder}\t{_listing(folder)}" for folder in folders)
    lines = [_FORMAT, digest, code_state(_CODE), key.line, *listings]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _folders_in(header: bytes) -> list[str]:
    return [line.partition("\t")[0] for line in header.decode("utf-8", "surrogateescape").split("\n")[4:]]


def _listing(folder: str) -> str:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith((".yaml", ".yml")))
    except OSError:
        return ""
    return "/".join(names)


def _holds(path: str, text: str) -> bool:
    with open(path, "rb") as opened:
        # a character takes four bytes at most, and a mark of the encoding may be before them
        return text_of(opened.read(4 * len(text) + 4)) == text


def _unpickle(body: bytes) -> tuple[Any, Parts]:
    def definition(module: str, name: str) -> type | None:
        return own_class(module, name) if module in _MODULES else None

    texts, parts = unpickled(body, definition)
    if not isinstance(parts[0], Catalog):
        raise TypeError("not definitions")
    return texts, parts


def _write(folder: str, name: str, data: bytes) -> None:
    from contextlib import suppress
    from tempfile import mkstemp

    os.makedirs(folder, mode=0o700, exist_ok=True)
    # what killed runs left; one that is being written loses nothing but its place in the cache
    for left in [entry.path for entry in os.scandir(folder) if entry.name.endswith(".new")]:
        os.unlink(left)
    opened, temporary = mkstemp(".new", dir=folder)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(data)
        os.replace(temporary, os.path.join(folder, name))
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
    cached = sorted((e for e in os.scandir(folder) if e.name.endswith(".definitions")), key=_changed)
    for old in cached[:-MOST_CACHED]:
        os.unlink(old.path)


def _changed(entry: os.DirEntry[str]) -> int:
    return entry.stat().st_mtime_ns
