"""Definitions that were found good, kept for the next run in the user's cache folder.

Reading and checking the built-in definitions takes most of the time of a short run. What is kept is used
only while every file it came from holds the same text, the folders hold the same files and the package is
the same: texts are compared, not their times or digests.

A kept file is data and never code: it can name nothing but the classes of definitions and formulas, and it is
only looked at when it belongs to the user and nobody else can write it. ``METRICSHEET_CACHE=off`` turns
this off; another value is the folder to use.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any
from zlib import crc32

from metricsheet.records import is_record, made_from, record
from metricsheet.source import SourceFile, text_of

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog

SWITCH = "METRICSHEET_CACHE"
MOST_KEPT = 20
MOST_BYTES = 64_000_000

_FORMAT = "metricsheet definitions 2"
_MODULES = (
    "metricsheet.catalog.definitions",
    "metricsheet.catalog.frozen",
    "metricsheet.formula.ast",
    "metricsheet.formula.plan",
    "metricsheet.source",
    "metricsheet.values.kinds",
)
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
)


@record
class Wanted:
    """What a kept file is found by: the metrics file, its name as shown, and what was made of the catalog.

    ``classes`` are the modules whose classes occur in what was made, besides those of definitions.
    """

    metrics: str
    shown: str
    made: str = ""
    classes: Collection[str] = ()

    @property
    def name(self) -> str:
        """The name of the file; two sets of definitions may share one, and then take turns."""
        python = sys.implementation.cache_tag or "python"
        return f"{crc32(self.line.encode('utf-8', 'surrogateescape')):08x}.{python}.definitions"

    @property
    def line(self) -> str:
        """What stands in the file, so that it is not taken for another one."""
        return "\t".join((os.path.abspath(self.metrics), self.shown, self.made))


def recall(wanted: Wanted) -> tuple[Catalog, Any] | None:
    """Return the definitions kept and what was made of them, or ``None`` when there are none to trust."""
    folder = _folder()
    if folder is None:
        return None
    try:
        header, _, body = _read_own(os.path.join(folder, wanted.name)).partition(b"\n\n")
        if header != _header(wanted, _folders_in(header)):
            return None
        texts, catalog, made = _unpickle(body, wanted.classes)
        return (catalog, made) if all(_holds(path, s.text) for path, s in texts) else None
    except Exception:
        # whatever is wrong with a kept file, the definitions themselves are still there to be read
        return None


def remember(
    wanted: Wanted, kept: tuple[Catalog, Any], texts: Iterable[tuple[str, SourceFile]], folders: Sequence[str]
) -> None:
    """Keep definitions which came from ``texts`` (path, content) and from all that ``folders`` hold.

    Nothing happens where nothing can be written.
    """
    folder = _folder()
    if folder is None:
        return
    try:
        header = _header(wanted, folders)
        if b"\n\n" not in header and _folders_in(header) == list(folders):
            _write(folder, wanted.name, header + b"\n\n" + _pickle((tuple(texts), *kept)))
    except (OSError, ValueError, RecursionError):
        return


def _folder() -> str | None:
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


def _header(wanted: Wanted, folders: Sequence[str]) -> bytes:
    """Return all that must be as it was, besides the texts: the package, and what lies in the folders."""
    lines = [_FORMAT, _code(), wanted.line, *(f"{folder}\t{_listing(folder)}" for folder in folders)]
    return "\n".join(lines).encode("utf-8", "surrogateescape")


def _folders_in(header: bytes) -> list[str]:
    return [line.partition("\t")[0] for line in header.decode("utf-8", "surrogateescape").split("\n")[3:]]


def _code() -> str:
    """Return how many files the package has where definitions are made, their sizes and times of change."""
    package = os.path.dirname(os.path.dirname(__file__))
    files = size = changed = 0
    for part in _CODE:
        with os.scandir(os.path.join(package, part)) as inside:
            states = [one.stat() for one in inside if one.name.endswith(".py")]
        files += len(states)
        size += sum(state.st_size for state in states)
        changed += sum(state.st_mtime_ns for state in states)
    return f"{sys.version_info[:3]} {files} {size} {changed}"


def _listing(folder: str) -> str:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith((".yaml", ".yml")))
    except OSError:
        return ""
    return "/".join(names)


def _holds(path: str, text: str) -> bool:
    with open(path, "rb") as opened:
        # a character takes four bytes at most, and a mark of the encoding may stand before them
        return text_of(opened.read(4 * len(text) + 4)) == text


def _read_own(path: str) -> bytes:
    """Return the bytes of a file that only the user can write; raise ``OSError`` for any other."""
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(opened, "rb") as file:
        state = os.fstat(opened)
        foreign = hasattr(os, "getuid") and (state.st_uid != os.getuid() or state.st_mode & 0o022)
        if foreign or state.st_size > MOST_BYTES:
            raise OSError("not a file of our own")
        return file.read()


def _pickle(kept: object) -> bytes:
    import io
    import pickle

    class Keeper(pickle.Pickler):
        """Writes records as calls of their classes, which are read faster than states to be set."""

        def reducer_override(self, value: Any) -> Any:
            kind = type(value)
            if "__reduce__" in kind.__dict__ or "__post_init__" in kind.__dict__ or not is_record(value):
                return NotImplemented
            return kind, made_from(value)

    written = io.BytesIO()
    Keeper(written, protocol=5).dump(kept)
    return written.getvalue()


def _unpickle(body: bytes, classes: Collection[str]) -> tuple[Any, Catalog, Any]:
    import io
    import pickle
    from importlib import import_module

    from metricsheet.catalog.definitions import Catalog

    modules = {*_MODULES, *classes}

    class Reader(pickle.Unpickler):
        """Makes definitions and nothing else: no other class, and no function, can be named."""

        def find_class(self, module: str, name: str) -> type:
            found = getattr(import_module(module), name, None) if module in modules else None
            if isinstance(found, type) and found.__module__ == module:
                return found
            raise pickle.UnpicklingError(f"not a definition: {module}.{name}")

    texts, catalog, made = Reader(io.BytesIO(body)).load()
    if not isinstance(catalog, Catalog):
        raise TypeError("not definitions")
    return texts, catalog, made


def _write(folder: str, name: str, data: bytes) -> None:
    os.makedirs(folder, mode=0o700, exist_ok=True)
    temporary = os.path.join(folder, f"{name}.{os.getpid()}.new")
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    opened = os.open(temporary, flags, 0o600)
    try:
        with os.fdopen(opened, "wb") as file:
            file.write(data)
        os.replace(temporary, os.path.join(folder, name))
    except OSError:
        os.unlink(temporary)
        raise
    kept = sorted((e for e in os.scandir(folder) if e.name.endswith(".definitions")), key=_changed)
    for old in kept[:-MOST_KEPT]:
        os.unlink(old.path)


def _changed(entry: os.DirEntry[str]) -> int:
    return entry.stat().st_mtime_ns
