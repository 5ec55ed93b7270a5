"""What there is to know about an add-in on this computer, and the one command that puts it right."""

from __future__ import annotations

import json
import os
import sys
import zipfile
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path

from excel_addin.definitions import METRICS_VARIABLE, Definitions
from excel_addin.worksheet import worksheet_functions
from excel_addin.xlam import settings_of, startup_file, state_of
from metricsheet._version import __version__
from metricsheet.catalog.find import BUILT_IN
from metricsheet.errors import DefinitionError, UsageError
from metricsheet.language.message import Message
from metricsheet.records import record


@record
class Check:
    """One thing looked at: ``fix`` is the command that puts it right, empty where nothing is wrong."""

    about: str
    said: str
    fix: str = ""


def look(addin: Path | None) -> Iterator[Check]:
    """Yield what was found out about this Python, the definitions in use and an add-in.

    Without ``addin`` that is the one that Excel loads as it starts. Raises ``UsageError`` for a file that is
    not an add-in of ours.
    """
    yield Check("Python", f"{sys.version.split()[0]}, {sys.executable}")
    yield Check("metricsheet", __version__)
    definitions = Definitions()
    try:
        yield Check("definitions", _shown(definitions))
    except DefinitionError:
        yield Check("definitions", "cannot be used", "metricsheet check")
        return
    yield from _xlwings()
    if addin is not None and not addin.is_file():
        raise UsageError(Message("addin_not_there", path=str(addin)))
    if addin is None and not os.environ.get("APPDATA"):
        yield Check("add-in", "is for Excel for Windows, which is not here")
    elif addin is None and not startup_file().is_file():
        yield Check("add-in", f"{startup_file()} is not there", "metricsheet addin install")
    elif addin is not None and addin.suffix.lower() == ".oxt":
        yield from _extension(addin)
    else:
        yield from _addin(
            addin or startup_file(), "metricsheet addin install" if addin is None else _build(addin)
        )


def _shown(definitions: Definitions) -> str:
    catalog = definitions.catalog()
    named = f", named by {METRICS_VARIABLE}" if os.environ.get(METRICS_VARIABLE) else ""
    return f"{catalog.path} (digest {catalog.digest}){named}"


def _xlwings_version() -> str:
    try:
        return metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return ""


def _xlwings() -> Iterator[Check]:
    version = _xlwings_version()
    if not version:
        yield Check("xlwings", "is not installed", "pip install xlwings")
        return
    yield Check("xlwings", version)
    dll = f"xlwings64-{version}.dll"
    if sys.platform == "win32" and not os.path.isfile(os.path.join(sys.prefix, dll)):
        yield Check("xlwings", f"{dll} is not in {sys.prefix}", "pip install --force-reinstall xlwings")


def _build(addin: Path) -> str:
    return f'metricsheet addin build -o "{addin}"'


def _addin(addin: Path, command: str) -> Iterator[Check]:
    """Yield what an add-in for Excel was built for, and what of it is no longer so."""
    built = settings_of(addin)
    if "metricsheet version" not in built:
        raise UsageError(Message("not_an_addin", path=str(addin)))
    metrics = built["metricsheet definitions"]
    fix = command if metrics == BUILT_IN else f'{command} --metrics "{metrics}"'
    yield Check("add-in", str(addin))
    asked, installed = built["metricsheet xlwings"], _xlwings_version()
    if installed and asked != installed:
        yield Check("add-in", f"was built for xlwings {asked}, and {installed} is installed", fix)
    if built["metricsheet version"] != __version__:
        yield Check("add-in", f"was built by metricsheet {built['metricsheet version']}", fix)
    yield from _interpreter(built, fix)
    if os.path.exists(f"{addin}:Zone.Identifier"):
        yield Check("add-in", "is marked as downloaded, so Excel blocks its macros", fix)
    try:
        definitions = Definitions(metrics)
        same = state_of(worksheet_functions(definitions)) == built["metricsheet functions"]
    except DefinitionError:
        yield Check(
            "add-in", f"its definitions {metrics} cannot be used", f'metricsheet check --metrics "{metrics}"'
        )
        return
    if not same:
        yield Check("add-in", f"has other functions or other help than {metrics} now", fix)
    elif definitions.catalog().digest != built["metricsheet digest"]:
        yield Check("add-in", "its functions read definitions that changed since: nothing is to be done")


def _interpreter(built: Mapping[str, str], fix: str) -> Iterator[Check]:
    python = built.get("Interpreter_Win")
    if python is None:
        yield Check("add-in", "starts the Python that Windows finds")
    elif not os.path.isfile(python):
        yield Check("add-in", f"starts {python}, which is not there", fix)
    elif not os.path.samefile(python, sys.executable):
        yield Check("add-in", f"starts another Python: {python}", f'"{python}" -m metricsheet doctor')


def _extension(path: Path) -> Iterator[Check]:
    """Yield what an extension for LibreOffice carries, and whether it is what is in use here."""
    try:
        with zipfile.ZipFile(path) as archive:
            carried = json.loads(archive.read("carried.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise UsageError(Message("not_an_addin", path=str(path))) from None
    yield Check("extension", str(path))
    fix = f'metricsheet addin build --for libreoffice -o "{path}"'
    if carried["version"] != __version__:
        yield Check("extension", f"carries metricsheet {carried['version']}", fix)
    if carried["digest"] != Definitions().catalog().digest:
        yield Check("extension", f"carries other definitions (digest {carried['digest']})", fix)
