"""Options as people write them where they are: on the command line, in Python, or in a worksheet.

Messages and templates name an option; who speaks to a person says once in which host that is (``in_host``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from metricsheet.records import record

COMMAND_LINE, PYTHON, EXCEL = "command line", "Python", "Excel"
EXPORT_RESULTS = "export results"
"""A command line on which ``--to`` says what is written, so that the last day is ``--until``."""

_KEYWORDS = {
    "map": "mapping",
    "set": "settings",
    "limit": "limits",
    "from": "since",
    "to": "until",
    "lang": "language",
    **{name: name for name in ("read", "by", "where", "period", "partial", "pool", "only", "jobs")},
    **{name: name for name in ("metrics", "format", "show", "engine")},
}
"""The options that messages name, and what they are called in Python."""
NAMES = tuple(_KEYWORDS)
_BY_KEY = frozenset({"map", "set", "read", "limit"})
_FLAGS = frozenset({"partial", "pool"})
_SEVERAL = frozenset({"show"})
_ARGUMENTS = frozenset({"map", "set"})
"""What a function of a worksheet is given as an argument."""
_UNQUOTED = "_-=!.:[]/%@+,…"

_HOST = ContextVar("host", default=PYTHON)


@contextmanager
def in_host(host: str) -> Iterator[None]:
    """Write options meanwhile as they are written in ``host``."""
    before = _HOST.set(host)
    try:
        yield
    finally:
        _HOST.reset(before)


def stay_in(host: str) -> None:
    """Write options from now on as they are written in ``host``."""
    _HOST.set(host)


def host() -> str:
    """Return where options are written now; Python where nobody has said."""
    return _HOST.get()


@record
class Option:
    """An option with what is written behind it; several texts are the option given several times.

    ``str`` gives it as on the command line, wherever it is said: a name that stays the same.
    """

    name: str
    texts: tuple[str, ...]

    def said(self, language: str) -> str:  # noqa: ARG002 - options have no language
        """Return the option as it is written here."""
        if host() != PYTHON:
            return self._repeated()
        if len(self.texts) > 1:
            return f"{_KEYWORDS[self.name]}=[{', '.join(map(_python, self.texts))}]"
        return spelled(self.name, *self.texts)

    def __str__(self) -> str:
        with in_host(COMMAND_LINE):
            return self._repeated()

    def _repeated(self) -> str:
        return " ".join(spelled(self.name, _quoted(text)) for text in self.texts or ("",))


def option(name: str, *texts: str) -> Option:
    """Return an option with what is written behind it, if anything is."""
    return Option(name, texts)


def spelled(name: str, text: str = "") -> str:
    """Return an option as it is written here, ``text`` as it is."""
    here = host()
    key, sign, value = text.partition("=")
    if here == EXCEL and name in _ARGUMENTS:
        return key or name
    if here == EXPORT_RESULTS and name == "to":
        name = "until"
    if here != PYTHON:
        return f"{'metricsheet … ' if here == EXCEL else ''}--{name}{' ' if text else ''}{text}"
    keyword = _KEYWORDS[name]
    if name in _FLAGS:
        return f"{keyword}=True"
    if sign and name in _BY_KEY:
        bare = value == "…" or (name == "limit" and value.isdecimal())
        return f"{keyword}={{{_python(key)}: {value if bare else _python(value)}}}"
    said = _python(text) if text else ""
    return f"{keyword}=[{said}]" if said and name in _SEVERAL else f"{keyword}={said}"


def _python(text: str) -> str:
    return (
        f"'{text}'"
        if '"' in text and "'" not in text
        else '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    )


def _quoted(text: str) -> str:
    """Return a text as a shell takes it for one word."""
    if host() == EXCEL or all(c.isalnum() or c in _UNQUOTED for c in text):
        return text
    if '"' in text and "'" not in text:
        return f"'{text}'"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("$", "\\$").replace("`", "\\`")
    return f'"{escaped}"'
