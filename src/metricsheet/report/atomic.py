"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from metricsheet.errors import WorkbookError


@contextmanager
def whole_file(target: Path) -> Iterator[Path]:
    """Give a temporary path beside ``target`` to write to; it takes the target's place at the end.

    When the writing fails, the temporary file is removed and the old file stays as it was. A link is
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
            raise WorkbookError("not_written", f"cannot write {target}: it is a folder")
        yield final
        return
    temporary = final.with_name(f".{final.name[:100]}.{os.getpid()}.part")
    try:
        # exclusive: a file or link that somebody put there under this name is never written through
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        try:
            if mode is not None:
                os.chmod(temporary, stat.S_IMODE(mode))
            yield temporary
            _to_disk(temporary)
            os.replace(temporary, final)
        except BaseException:
            with suppress(OSError):
                os.unlink(temporary)
            raise
    except OSError as error:
        raise WorkbookError("not_written", f"cannot write {target}: {_why(error)}", _hint(error)) from error
    _to_disk(final.parent)


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


def _hint(error: OSError) -> str | None:
    if isinstance(error, FileNotFoundError):
        return "make its folder first"
    if isinstance(error, PermissionError):
        return "close it in Excel, or choose another place with -o"
    return None
