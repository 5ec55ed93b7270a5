"""What files gave, cached: by their content and everything else that decides it.

An entry is a file of its own that appears whole or not at all, so that a run that was killed at any moment is
continued by the next one. What is damaged, somebody else's or of another version is skipped and made
anew. A file that could not be read is tried again each time.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from zlib import compress, crc32, decompress

from metricsheet.binding.map_target import mappings_beside
from metricsheet.errors import UsageError
from metricsheet.kept import code_state, read_own
from metricsheet.language.message import Message
from metricsheet.one_source import Source, Work

MOST_BYTES = 1_000_000_000
"""What all entries may take; the oldest go first."""

_FORMAT = "metricsheet part 1"
_READERS = ("python-calamine", "xlrd", "pyarrow", "numpy", "pandas", "duckdb")
_SUFFIX, _UNFINISHED = ".part", ".new"


class PartCache:
    """A folder of parts, for one evaluation."""

    def __init__(self, folder: str | os.PathLike[str], work: Work) -> None:
        self._folder = os.fspath(folder)
        try:
            os.makedirs(self._folder, mode=0o700, exist_ok=True)
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            raise UsageError(Message("cannot_make_folder", path=self._folder, reason=reason)) from None
        self._about = "\n".join((_FORMAT, code_state(), _readers(), work.told)).encode(
            "utf-8", "surrogateescape"
        )

    def key(self, name: str, source: Source) -> str | None:
        """Return what the part of a file is found by, ``None`` of what is no file that can be read."""
        if not isinstance(source, (str, os.PathLike)):
            return None
        import hashlib

        path = Path(source)
        digest = hashlib.sha256(self._about)
        try:
            for one in (path, *filter(os.path.exists, mappings_beside(path))):
                with open(one, "rb") as file:
                    content = hashlib.sha256()
                    while piece := file.read(1 << 20):
                        content.update(piece)
                digest.update(f"\n{one.name}\n{content.hexdigest()}".encode("utf-8", "surrogateescape"))
        except OSError:
            return None
        digest.update(f"\n{name}".encode("utf-8", "surrogateescape"))
        return digest.hexdigest()[:40]

    def load(self, key: str | None) -> bytes | None:
        """Return the part kept under ``key`` as bytes, ``None`` when there is none to trust."""
        if key is None:
            return None
        path = os.path.join(self._folder, key + _SUFFIX)
        try:
            head, _, packed = read_own(path).partition(b"\n")
            if head != _head(key, packed):
                return None
            body = decompress(packed)
            os.utime(path)
            return body
        except Exception:
            # whatever is wrong with an entry, the file itself is still there to be read
            return None

    def store(self, key: str | None, body: bytes) -> None:
        """Keep a part under ``key``; nothing happens where nothing can be written."""
        if key is None:
            return
        from tempfile import mkstemp

        packed = compress(body, 1)
        with suppress(OSError):
            opened, unfinished = mkstemp(_UNFINISHED, dir=self._folder)
            try:
                with os.fdopen(opened, "wb") as file:
                    file.write(_head(key, packed) + b"\n" + packed)
                os.replace(unfinished, os.path.join(self._folder, key + _SUFFIX))
            except BaseException:
                with suppress(OSError):
                    os.unlink(unfinished)
                raise

    def tidy(self) -> None:
        """Remove what killed runs left, and the oldest entries where all of them are too much."""
        with suppress(OSError):
            entries = [(entry, entry.stat()) for entry in os.scandir(self._folder)]
            newest = max((state.st_mtime for _, state in entries), default=0)
            kept = 0
            for entry, state in sorted(entries, key=lambda one: -one[1].st_mtime):
                kept += state.st_size
                # another run may be writing beside this one
                left = entry.name.endswith(_UNFINISHED) and state.st_mtime < newest - 3600
                if left or (entry.name.endswith(_SUFFIX) and kept > MOST_BYTES):
                    os.unlink(entry.path)


def _head(key: str, packed: bytes) -> bytes:
    return f"{_FORMAT} {key} {len(packed)}:{crc32(packed):08x}".encode()


def _readers() -> str:
    """Return the versions of the libraries that read files."""
    from importlib.metadata import PackageNotFoundError, version

    found = []
    for name in _READERS:
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return ", ".join(found)
