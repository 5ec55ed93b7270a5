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
from metricsheet.language.message import Message, Value
from metricsheet.records import record

_DEFINITIONS, _ADDIN, _EXTENSION = (
    Message("about.definitions"),
    Message("check.addin"),
    Message("check.extension"),
)


@record
class Check:
    """One thing looked at: ``fix`` is the command that puts it right, empty where nothing is wrong."""

    about: Value
    said: Value
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
        yield Check(_DEFINITIONS, _shown(definitions))
    except DefinitionError:
        yield Check(_DEFINITIONS, Message("check.unusable"), "metricsheet check")
        return
    yield from _xlwings()
    if addin is not None and not addin.is_file():
        raise UsageError(Message("addin_not_there", path=str(addin)))
    if addin is None and not os.environ.get("APPDATA"):
        yield Check(_ADDIN, Message("check.excel_only"))
    elif addin is None and not startup_file().is_file():
        yield Check(_ADDIN, Message("addin_not_there", path=str(startup_file())), "metricsheet addin install")
    elif addin is not None and addin.suffix.lower() == ".oxt":
        yield from _extension(addin)
    else:
        yield from _addin(
            addin or startup_file(), "metricsheet addin install" if addin is None else _build(addin)
        )


def _shown(definitions: Definitions) -> Message:
    catalog = definitions.catalog()
    shown = Message("with_digest", path=str(catalog.path), digest=catalog.digest)
    named = bool(os.environ.get(METRICS_VARIABLE))
    return Message("check.named_by", shown=shown, variable=METRICS_VARIABLE) if named else shown


def _xlwings_version() -> str:
    try:
        return metadata.version("xlwings")
    except metadata.PackageNotFoundError:
        return ""


def _xlwings() -> Iterator[Check]:
    version = _xlwings_version()
    if not version:
        yield Check("xlwings", Message("check.not_installed"), "pip install xlwings")
        return
    yield Check("xlwings", version)
    dll = f"xlwings64-{version}.dll"
    if sys.platform == "win32" and not os.path.isfile(os.path.join(sys.prefix, dll)):
        missing = Message("check.not_in", file=dll, folder=sys.prefix)
        yield Check("xlwings", missing, "pip install --force-reinstall xlwings")


def _build(addin: Path) -> str:
    return f'metricsheet addin build -o "{addin}"'


def _addin(addin: Path, command: str) -> Iterator[Check]:
    """Yield what an add-in for Excel was built for, and what of it is no longer so."""
    built = settings_of(addin)
    if "metricsheet version" not in built:
        raise UsageError(Message("not_an_addin", path=str(addin)))
    metrics = built["metricsheet definitions"]
    fix = command if metrics == BUILT_IN else f'{command} --metrics "{metrics}"'
    yield Check(_ADDIN, str(addin))
    asked, installed = built["metricsheet xlwings"], _xlwings_version()
    if installed and asked != installed:
        yield Check(_ADDIN, Message("check.built_for", built=asked, installed=installed), fix)
    if built["metricsheet version"] != __version__:
        yield Check(_ADDIN, Message("check.built_by", version=built["metricsheet version"]), fix)
    yield from _interpreter(built, fix)
    if os.path.exists(f"{addin}:Zone.Identifier"):
        yield Check(_ADDIN, Message("check.downloaded"), fix)
    try:
        definitions = Definitions(metrics)
        same = state_of(worksheet_functions(definitions)) == built["metricsheet functions"]
    except DefinitionError:
        unusable = Message("check.definitions_unusable", metrics=metrics)
        yield Check(_ADDIN, unusable, f'metricsheet check --metrics "{metrics}"')
        return
    if not same:
        yield Check(_ADDIN, Message("check.other_functions", metrics=metrics), fix)
    elif definitions.catalog().digest != built["metricsheet digest"]:
        yield Check(_ADDIN, Message("check.definitions_changed"))


def _interpreter(built: Mapping[str, str], fix: str) -> Iterator[Check]:
    python = built.get("Interpreter_Win")
    if python is None:
        yield Check(_ADDIN, Message("check.python_found"))
    elif not os.path.isfile(python):
        yield Check(_ADDIN, Message("check.python_gone", python=python), fix)
    elif not os.path.samefile(python, sys.executable):
        other = Message("check.python_other", python=python)
        yield Check(_ADDIN, other, f'"{python}" -m metricsheet doctor')


def _extension(path: Path) -> Iterator[Check]:
    """Yield what an extension for LibreOffice carries, and whether it is what is in use here."""
    try:
        with zipfile.ZipFile(path) as archive:
            carried = json.loads(archive.read("carried.json"))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        raise UsageError(Message("not_an_addin", path=str(path))) from None
    yield Check(_EXTENSION, str(path))
    fix = f'metricsheet addin build --for libreoffice -o "{path}"'
    if carried["version"] != __version__:
        yield Check(_EXTENSION, Message("check.carries", version=carried["version"]), fix)
    if carried["digest"] != Definitions().catalog().digest:
        yield Check(_EXTENSION, Message("check.carries_definitions", digest=carried["digest"]), fix)
