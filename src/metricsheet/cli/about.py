"""What ``metricsheet --version`` prints: what somebody who helps must know about an installation."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OF_AN_EXTRA = re.compile(r"([\w.-]++)[^;]*+;.*\bextra\s*==\s*['\"]([\w.-]+)['\"]")
_PACKAGE = "metricsheet"


def about(*, more: bool = False) -> str:
    """Return the version, the definitions in use with their digest, and the extras found, a line each.

    ``more`` tells where definitions are cached, and by which Python this runs.
    """
    from metricsheet._version import __version__

    said = f"{_PACKAGE} {__version__}\ndefinitions  {_definitions()}\nextras       {_extras()}\n"
    if more:
        import sys

        from metricsheet.prepared import cache_folder

        said += f"cached in    {cache_folder() or 'nowhere'}\n"
        said += f"Python       {sys.version.split()[0]}, {sys.executable}\n"
    return said


def _definitions() -> str:
    from metricsheet.errors import DefinitionError
    from metricsheet.prepared import prepare

    try:
        catalog = prepare().catalog
    except DefinitionError:
        return "cannot be used; metricsheet check says why"
    return f"{catalog.path} (digest {catalog.digest})"


def _extras() -> str:
    from importlib import metadata

    try:
        requirements = metadata.requires(_PACKAGE) or []
    except metadata.PackageNotFoundError:
        return "not known, as metricsheet runs without being installed"
    installed = {_normal(name) for one in metadata.distributions() if (name := one.metadata["Name"])}
    return ", ".join(extras_found(requirements, installed)) or "none"


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
