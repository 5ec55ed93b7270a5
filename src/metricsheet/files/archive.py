"""A zip package opened with care: its sizes are checked before anything is unpacked."""

from __future__ import annotations

import copy
import io
import zipfile
import zlib
from collections.abc import Iterator

from metricsheet.errors import WorkbookError
from metricsheet.files import limits
from metricsheet.language.message import Message

_BLOCK = 1 << 22
DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError)
"""What zipfile raises of a damaged package; NotImplementedError is that of a compression nobody knows."""


class Archive:
    """The parts of a zip package by name. Reading never gives more than the package says it holds.

    Raises ``WorkbookError`` with the codes ``damaged_zip``, ``encrypted``, ``zip_bomb`` and ``too_large``.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except Exception as error:  # a damaged directory ends in many kinds of error
            raise _damaged(Message("zip_directory")) from error
        infos = self._zip.infolist()
        _refuse_bombs(infos)
        self._infos = {_part_name(info.filename): info for info in infos}
        if len(self._infos) < len(infos):
            raise _damaged(Message("zip_same_names"))

    def __contains__(self, name: str) -> bool:
        return _part_name(name) in self._infos

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all parts, in lower case with ``/`` between folders."""
        return tuple(self._infos)

    def size(self, name: str) -> int:
        """Return the bytes of a part after unpacking; ``KeyError`` when there is none of that name."""
        return self._infos[_part_name(name)].file_size

    def read(self, name: str) -> bytes:
        """Return a small part as a whole; ``KeyError`` when there is none of that name."""
        info = self._infos[_part_name(name)]
        if info.file_size > limits.MAX_SMALL_PART:
            raise limits.too_large(Message("zip_part_size", part=name, mb=info.file_size >> 20))
        return b"".join(self.blocks(name))

    def blocks(self, name: str) -> Iterator[bytes]:
        """Yield a part in blocks of some megabytes; ``KeyError`` when there is none of that name.

        A part that unpacks to more than the directory says is refused: ``zipfile`` alone would stop at the
        size given there, other readers would not.
        """
        info = self._infos[_part_name(name)]
        to_its_end = copy.copy(info)
        to_its_end.file_size = 2 * limits.MAX_UNPACKED_BYTES
        left = info.file_size
        try:
            with self._zip.open(to_its_end) as part:
                while block := part.read(_BLOCK):
                    left -= len(block)
                    if left < 0:
                        raise _bomb(Message("zip_part_larger", part=info.filename))
                    yield block
        except DAMAGE as error:
            raise _damaged(Message("zip_part_damaged", part=info.filename)) from error

    def check(self, name: str) -> None:
        """Read a part to its end and forget it, so that a wrong size or checksum is known beforehand."""
        for _ in self.blocks(name):
            pass

    def check_all(self, skip: frozenset[str], above: int = 1 << 18) -> None:
        """``check`` every part whose packed size is ``above`` bytes, except those named in ``skip``."""
        for name, info in self._infos.items():
            if info.compress_size > above and name not in skip:
                self.check(name)


def _part_name(name: str) -> str:
    """Return the name a part is looked up by: some writers use ``\\``, a leading ``/`` or other case."""
    return name.replace("\\", "/").lstrip("/").lower()


def _refuse_bombs(infos: list[zipfile.ZipInfo]) -> None:
    """Raise unless all entries together stay within the limits and none is packed suspiciously well."""
    if len(infos) > limits.MAX_ENTRIES:
        raise _bomb(Message("zip_parts", count=len(infos)))
    total = 0
    for info in infos:
        if info.flag_bits & 1:
            raise WorkbookError("encrypted", Message("protected_file"), Message("save_without_password"))
        total += info.file_size
        ratio = info.file_size // max(1, info.compress_size)
        if info.file_size > limits.RATIO_FROM_BYTES and ratio > limits.MAX_RATIO:
            raise _bomb(Message("zip_ratio", part=info.filename, ratio=ratio))
    if total > limits.MAX_UNPACKED_BYTES:
        raise _bomb(Message("zip_total", gb=total / (1 << 30)))


def _bomb(message: Message) -> WorkbookError:
    return WorkbookError("zip_bomb", message, Message("save_again_if_trusted"))


def _damaged(message: Message) -> WorkbookError:
    return WorkbookError("damaged_zip", message, Message("download_again"))
