"""Records as bytes and back, for files that are kept and for other processes.

What is read back is data and never code: it can name nothing but the classes that its reader knows. A kept
file is only looked at when it belongs to the user and nobody else can write it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from stat import S_ISREG
from typing import Any

from metricsheet._version import __version__
from metricsheet.records import is_record, made_from

MOST_BYTES = 64_000_000


def pickled(value: object, reduced: Mapping[type, Callable[[Any], tuple[Any, ...]]] | None = None) -> bytes:
    """Return ``value`` as bytes; ``reduced`` tells of a class what is called, with what, to make it again."""
    import io
    import pickle

    own = reduced or {}

    class Writer(pickle.Pickler):
        """Writes records as calls of their classes, which are read faster than states to be set."""

        def reducer_override(self, value: Any) -> Any:
            kind = type(value)
            if kind in own:
                return own[kind](value)
            if "__reduce__" in kind.__dict__ or "__post_init__" in kind.__dict__ or not is_record(value):
                return NotImplemented
            return kind, made_from(value)

    written = io.BytesIO()
    Writer(written, protocol=5).dump(value)
    return written.getvalue()


def unpickled(body: bytes, named: Callable[[str, str], Any]) -> Any:
    """Return what ``pickled`` wrote; ``named`` gives what a module calls so, ``None`` for what may not be."""
    import io
    import pickle

    class Reader(pickle.Unpickler):
        """Makes what may be named and nothing else."""

        def find_class(self, module: str, name: str) -> Any:
            found = named(module, name)
            if found is None:
                raise pickle.UnpicklingError(f"not a record: {module}.{name}")
            return found

    return Reader(io.BytesIO(body)).load()


def own_class(module: str, name: str) -> type | None:
    """Return the class of ours that is called so and written in that module, if there is one."""
    from importlib import import_module

    own = module.startswith("metricsheet.") and "__" not in module
    found = getattr(import_module(module), name, None) if own else None
    return found if isinstance(found, type) and found.__module__ == module else None


def read_own(path: str) -> bytes:
    """Return the bytes of a file that only the user can write; raise ``OSError`` for any other."""
    # a pipe without a writer would be waited for
    flags = ("O_NOFOLLOW", "O_NONBLOCK", "O_BINARY")
    opened = os.open(path, os.O_RDONLY | sum(getattr(os, flag, 0) for flag in flags))
    with os.fdopen(opened, "rb") as file:
        state = os.fstat(opened)
        foreign = hasattr(os, "getuid") and (state.st_uid != os.getuid() or state.st_mode & 0o022)
        if foreign or not S_ISREG(state.st_mode) or state.st_size > MOST_BYTES:
            raise OSError("not a file of our own")
        return file.read()


def code_state(folders: Iterable[str] | None = None) -> str:
    """Return how many files the package has in ``folders``, else in all, their sizes and times of change."""
    package = os.path.dirname(__file__)
    files = size = changed = 0
    for folder in [root for root, _, _ in os.walk(package)] if folders is None else folders:
        with os.scandir(os.path.join(package, folder)) as inside:
            states = [one.stat() for one in inside if one.name.endswith(".py")]
        files += len(states)
        size += sum(state.st_size for state in states)
        changed += sum(state.st_mtime_ns for state in states)
    return f"{__version__} {sys.version_info[:3]} {files} {size} {changed}"
