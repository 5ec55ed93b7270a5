"""What ``metricsheet --version`` prints: what somebody who helps must know about an installation."""

from __future__ import annotations

import re
from collections.abc import Iterable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from metricsheet.language.message import Value

_OF_AN_EXTRA = re.compile(r"([\w.-]++)[^;]*+;.*\bextra\s*==\s*['\"]([\w.-]+)['\"]")
_PACKAGE = "metricsheet"


def about(language: str = "en", *, more: bool = False) -> str:
    """Return the version, the definitions in use with their digest, and the extras found, a line each.

    ``more`` tells where definitions are cached, and by which Python this runs.
    """
    from metricsheet._version import __version__
    from metricsheet.language.message import Message, say
    from metricsheet.report.columns import padded, width

    rows: list[tuple[Value, Value]] = [
        (Message("about.definitions"), _definitions()),
        (Message("about.extras"), _extras()),
    ]
    if more:
        import sys

        from metricsheet.prepared import cache_folder

        folder = cache_folder()
        rows.append((Message("about.cached"), str(folder) if folder else Message("about.nowhere")))
        rows.append(("Python", f"{sys.version.split()[0]}, {sys.executable}"))
    labels = [say(label, language) for label, _ in rows]
    gap = max(map(width, labels)) + 2
    lines = [padded(label, gap) + say(text, language) for label, (_, text) in zip(labels, rows, strict=True)]
    return "\n".join((f"{_PACKAGE} {__version__}", *lines)) + "\n"


def _definitions() -> Value:
    from metricsheet.errors import DefinitionError
    from metricsheet.language.message import Message
    from metricsheet.prepared import prepare

    try:
        catalog = prepare().catalog
    except DefinitionError:
        return Message("about.unusable")
    return Message("with_digest", path=str(catalog.path), digest=catalog.digest)


def _extras() -> Value:
    from importlib import metadata

    from metricsheet.language.message import Message

    try:
        requirements = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return Message("about.not_installed")
    installed = {_normal(name) for one in metadata.distributions() if (name := one.metadata["Name"])}
    return tuple(extras_found(requirements, installed)) or Message("about.none")


def extras_found(requirements: Iterable[str], installed: set[str]) -> list[str]:
    """Return the names of the extras of which every package is installed, sorted.

    ``requirements`` are those of the package's metadata (``numpy>=1.26; extra == 'fast'``), ``installed`` the
    names of packages in small letters. An extra that only gathers other extras is not named.
    """
    needs: dict[str, set[str]] = {}
    for requirement in requirements:
        if found := _OF_AN_EXTRA.match(requirement):
            needs.setdefault(found[2], set()).add(_normal(found[1]))
    return sorted(
        extra for extra, packages in needs.items() if _PACKAGE not in packages and packages <= installed
    )


def _normal(name: str) -> str:
    """Return a package's name in the one spelling that all its spellings share."""
    return re.sub(r"[-_.]+", "-", name).lower()
