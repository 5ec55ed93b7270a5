"""Definitions that were found good, kept for the next run in the user's cache folder.

Reading and checking the built-in definitions takes most of the time of a short run. What is kept is used only
while every file it came from has the same bytes, the folders hold the same files and the package is the same.

A kept file is data and never code: it can name nothing but the classes of definitions and formulas, and it is
only looked at when it belongs to the user and nobody else can write it. ``METRICSHEET_CACHE=off`` turns
this off; another value is the folder to use.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Sequence
from typing import IO, TYPE_CHECKING, Any

from metricsheet.records import is_record, made_from
from metricsheet.source import SourceFile

if TYPE_CHECKING:
    from metricsheet.catalog.definitions import Catalog

SWITCH = "METRICSHEET_CACHE"
MOST_KEPT = 20
MOST_BYTES = 64_000_000

_FORMAT = "metricsheet definitions 1"
_MODULES = (
    "metricsheet.catalog.definitions",
    "metricsheet.catalog.frozen",
    "metricsheet.formula.ast",
    "metricsheet.formula.plan",
    "metricsheet.source",
    "metricsheet.values.kinds",
)
_TABS = (0, 1, 2, 3)
_CODE = ("catalog", "formula", "values")


def recall(main: str, shown: str) -> Catalog | None:
    """Return the definitions kept for the metrics file ``main``, or ``None`` when there are none to trust."""
    folder = _folder()
    if folder is None:
        return None
    try:
        data = _read_own(os.path.join(folder, _name(main, shown)))
        header, _, body = data.partition(b"\n\n")
        texts = _unchanged(header.decode("utf-8").split("\n"))
        return None if texts is None else _unpickle(body, texts)
    except Exception:
        # whatever is wrong with a kept file, the definitions themselves are still there to be read
        return None


def remember(
    catalog: Catalog, main: str, shown: str, files: Sequence[tuple[str, str]], folders: Iterable[str]
) -> None:
    """Keep ``catalog``, which came from ``files`` (path, name shown) and all that ``folders`` hold.

    Nothing happens where nothing can be written.
    """
    folder = _folder()
    if folder is None:
        return
    lines = [_FORMAT, f"code\t{_code()}"]
    try:
        lines += [f"folder\t{path}\t{_listing(path)}" for path in folders]
        lines += [f"file\t{path}\t{name}\t{_digest(_bytes(path))}" for path, name in files]
        header = "\n".join(lines)
        if len(header.splitlines()) == len(lines) and all(line.count("\t") in _TABS for line in lines):
            _write(folder, _name(main, shown), header.encode("utf-8") + b"\n\n" + _pickle(catalog))
    except (OSError, ValueError):
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


def _name(main: str, shown: str) -> str:
    python = sys.implementation.cache_tag or "python"
    return f"{_digest(f'{os.path.realpath(main)}{chr(0)}{shown}'.encode())[:24]}.{python}.definitions"


def _digest(data: bytes) -> str:
    from hashlib import sha256

    return sha256(data).hexdigest()


def _code() -> str:
    """Return a digest of the package's own files by name, size and time of change."""
    package = os.path.dirname(os.path.dirname(__file__))
    seen: list[str] = []
    for part in _CODE:
        for folder, _, names in os.walk(os.path.join(package, part)):
            for name in sorted(names):
                if name.endswith(".py"):
                    state = os.stat(os.path.join(folder, name))
                    seen.append(f"{part} {name} {state.st_size} {state.st_mtime_ns}")
    return _digest("\n".join(seen).encode())


def _listing(folder: str) -> str:
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith((".yaml", ".yml")))
    except OSError:
        return ""
    return "/".join(names)


def _bytes(path: str) -> bytes:
    with open(path, "rb") as opened:
        return opened.read()


def _read_own(path: str) -> bytes:
    """Return the bytes of a file that only the user can write; raise ``OSError`` for any other."""
    opened = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(opened, "rb") as file:
        state = os.fstat(opened)
        foreign = hasattr(os, "getuid") and (state.st_uid != os.getuid() or state.st_mode & 0o022)
        if foreign or state.st_size > MOST_BYTES:
            raise OSError("not a file of our own")
        return file.read()


def _unchanged(lines: Sequence[str]) -> dict[str, str] | None:
    """Return the text of each file by the name shown, or ``None`` when anything is not as it was."""
    if lines[0] != _FORMAT or lines[1] != f"code\t{_code()}":
        return None
    texts: dict[str, str] = {}
    for line in lines[2:]:
        kind, path, *rest = line.split("\t")
        if kind == "folder":
            if _listing(path) != rest[0]:
                return None
        else:
            data = _bytes(path)
            if _digest(data) != rest[1]:
                return None
            encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
            texts[rest[0]] = data.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    return texts


def _pickle(catalog: Catalog) -> bytes:
    import io
    import pickle

    class Keeper(pickle.Pickler):
        """Leaves the texts of files out, and writes definitions as calls of their classes."""

        def persistent_id(self, value: object) -> str | None:
            return value.name if isinstance(value, SourceFile) else None

        def reducer_override(self, value: Any) -> Any:
            kind = type(value)
            if "__reduce__" in kind.__dict__ or "__post_init__" in kind.__dict__ or not is_record(value):
                return NotImplemented
            return kind, made_from(value)

    kept = io.BytesIO()
    Keeper(kept, protocol=5).dump(catalog)
    return kept.getvalue()


def _unpickle(body: bytes, texts: dict[str, str]) -> Catalog:
    import io
    import pickle
    from importlib import import_module

    from metricsheet.catalog.definitions import Catalog

    sources: dict[str, SourceFile] = {}

    class Reader(pickle.Unpickler):
        """Makes definitions and nothing else: no other class, and no function, can be named."""

        def find_class(self, module: str, name: str) -> type:
            found = getattr(import_module(module), name, None) if module in _MODULES else None
            if isinstance(found, type) and found.__module__ == module:
                return found
            raise pickle.UnpicklingError(f"not a definition: {module}.{name}")

        def persistent_load(self, name: Any) -> SourceFile:
            if name not in sources:
                sources[name] = SourceFile(name, texts[name])
            return sources[name]

    reader: IO[bytes] = io.BytesIO(body)
    catalog = Reader(reader).load()
    if not isinstance(catalog, Catalog):
        raise TypeError("not definitions")
    return catalog


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
