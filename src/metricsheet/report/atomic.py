"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from metricsheet.errors import WorkbookError
from metricsheet.language.message import Message
from metricsheet.patterns import late

_NAME = 40
_LEFTOVER = late(r"[0-9a-f]{16}\.part")

MADE: list[Path] = []
"""The temporary files of this process: what is left of them is removed where it ends in the middle."""


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a temporary path beside ``target`` to write to; it takes the target's place at the end.

    When the writing fails, the temporary file is removed and the old file stays as it was; what a killed run
    left is removed by the next one. A link is
    followed, and the mode of a file that is replaced is kept. A device or pipe is written to as it is.
    Raises ``WorkbookError`` (``not_written``) when the file system refuses.
    """
    final = Path(os.path.realpath(target))
    try:
        mode = final.stat().st_mode
    except OSError:
        mode = None
    if mode is not None and not stat.S_ISREG(mode):
        if stat.S_ISDIR(mode):
            raise WorkbookError("not_written", Message("cannot_write.folder", path=str(target)))
        yield final
        return
    try:
        _remove_leftovers(final)
        temporary, handle = _temporary(final)
        try:
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
            yield temporary
            _to_disk(temporary)
            if os.name == "nt":  # an open file cannot take the place of another there
                os.close(handle)
                handle = -1
            os.replace(temporary, final)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
        finally:
            if handle >= 0:
                os.close(handle)
    except OSError as error:
        raise WorkbookError(
            "not_written", Message("cannot_write.because", path=str(target), reason=_why(error)), _hint(error)
        ) from error
    _to_disk(final.parent)


def _temporary(final: Path) -> tuple[Path, int]:
    """Make a file beside ``final`` to write to, and return it with the handle that keeps it locked."""
    import secrets  # brings OpenSSL with it

    while True:
        temporary = final.with_name(f".{final.name[:_NAME]}.{secrets.token_hex(8)}.part")
        MADE.append(temporary)
        # exclusive: a file or link that somebody put there under this name is never written through
        handle = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        if _lock(handle) and os.fstat(handle).st_nlink:
            return temporary, handle
        os.close(handle)  # another run took it for a leftover before it was locked


def _remove_leftovers(final: Path) -> None:
    """Remove what killed runs left beside ``final``: files of its temporary names that nobody has locked."""
    start = f".{final.name[:_NAME]}."
    with suppress(OSError), os.scandir(final.parent) as entries:
        for entry in entries:
            if not _LEFTOVER.fullmatch(entry.name.removeprefix(start)) or not entry.name.startswith(start):
                continue
            with suppress(OSError):
                handle = os.open(entry.path, os.O_RDWR | getattr(os, "O_NOFOLLOW", 0))
                try:
                    if _lock(handle):
                        os.unlink(entry.path)
                finally:
                    os.close(handle)


def _lock(handle: int) -> bool:
    """Lock an open file and return whether that was possible; the locks of a killed process are gone."""
    try:
        import fcntl
    except ImportError:  # Windows, which lets nobody remove a file that is open
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _to_disk(path: Path) -> None:
    """Make sure that a file or folder is on the disk; folders cannot be asked on every system."""
    flags = os.O_RDONLY if path.is_dir() else os.O_RDWR
    try:
        handle = os.open(path, flags)
    except OSError:
        if path.is_dir():
            return
        raise
    try:
        os.fsync(handle)
    except OSError:
        if not path.is_dir():
            raise
    finally:
        os.close(handle)


def _why(error: OSError) -> str:
    return (error.strerror or str(error)).lower()


def _hint(error: OSError) -> Message | None:
    if isinstance(error, FileNotFoundError):
        return Message("make_folder_first")
    if isinstance(error, PermissionError):
        return Message("close_in_excel")
    return None
