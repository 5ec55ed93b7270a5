"""The worksheet functions as an extension of LibreOffice Calc: one file that carries all it needs.

An extension is a zip archive: a type library that declares one method for each function, a configuration that
gives their names and help, the component that answers (``excel_addin.calc``), and in ``pythonpath`` the
package, PyYAML and the definitions.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from excel_addin.definitions import Definitions
from excel_addin.worksheet import worksheet_functions
from excel_addin.worksheet_function import Argument, WorksheetFunction
from metricsheet._version import __version__
from metricsheet.catalog.find import BUILT_IN, PACKS_FOLDER, RULES_FOLDER, TRANSLATIONS_FOLDER
from metricsheet.prepared import definition_files_read

IDENTIFIER = "org.metricsheet.calc"
_SERVICE = f"{IDENTIFIER}.AddIn"
_PACKAGES = ("metricsheet", "excel_addin", "yaml")
_BUILT_IN = "pythonpath/metricsheet/builtin"
_ALWAYS = (1980, 1, 1, 0, 0, 0)  # the same definitions give the same bytes

_MANIFEST = """<?xml version="1.0" encoding="UTF-8"?>
<manifest:manifest xmlns:manifest="http://openoffice.org/2001/manifest">
<manifest:file-entry manifest:full-path="functions.idl"
 manifest:media-type="application/vnd.sun.star.uno-typelibrary;type=RDB"/>
<manifest:file-entry manifest:full-path="calc.py"
 manifest:media-type="application/vnd.sun.star.uno-component;type=Python"/>
<manifest:file-entry manifest:full-path="CalcAddIns.xcu"
 manifest:media-type="application/vnd.sun.star.configuration-data"/>
</manifest:manifest>
"""
_DESCRIPTION = """<?xml version="1.0" encoding="UTF-8"?>
<description xmlns="http://openoffice.org/extensions/description/2006"
 xmlns:l="http://libreoffice.org/extensions/description/2011">
<identifier value="{identifier}"/><version value="{version}"/>
<dependencies><l:LibreOffice-minimal-version value="7.4" l:name="LibreOffice 7.4"/></dependencies>
<display-name><name lang="en">metricsheet: definitions {digest}</name></display-name>
</description>
"""


def write_oxt(target: Path, definitions: Definitions) -> int:
    """Write the extension with the functions of ``definitions``; return how many there are.

    It carries those definitions and all that they extend; raises ``DefinitionError`` for broken ones.
    """
    functions = worksheet_functions(definitions)
    catalog = definitions.catalog()
    metrics, carried = _carried(definitions.path)
    described = _DESCRIPTION.format(identifier=IDENTIFIER, version=__version__, digest=catalog.digest)
    texts = {
        "META-INF/manifest.xml": _MANIFEST,
        "description.xml": described,
        "CalcAddIns.xcu": _configuration(functions),
        "functions.idl": _types(functions),
        "carried.json": json.dumps({"metrics": metrics, "digest": catalog.digest, "version": __version__}),
    }
    with zipfile.ZipFile(target, "w") as archive:
        for name, text in texts.items():
            _add(archive, name, text.encode())
        for name, path in [("calc.py", Path(__file__).with_name("calc.py")), *_code(), *carried]:
            _add(archive, name, path.read_bytes())
    return len(functions)


def is_oxt(path: Path) -> bool:
    """Return whether a file is an extension that ``write_oxt`` wrote."""
    try:
        with zipfile.ZipFile(path) as archive:
            return "carried.json" in archive.namelist()
    except (OSError, zipfile.BadZipFile):
        return False


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(zipfile.ZipInfo(name, _ALWAYS), data, zipfile.ZIP_DEFLATED)


def _code() -> Iterator[tuple[str, Path]]:
    for package in _PACKAGES:
        spec = find_spec(package)
        assert spec is not None
        assert spec.origin is not None
        root = Path(spec.origin).parent
        for path in sorted(root.rglob("*.py")):
            yield f"pythonpath/{package}/{path.relative_to(root).as_posix()}", path


def _carried(metrics: str | None) -> tuple[str, list[tuple[str, Path]]]:
    """Return where in the extension the definitions stand, and every file of them with its name there."""
    read = definition_files_read(metrics)
    own, ours = read.metrics.parent, read.built_in.parent
    names = ("", RULES_FOLDER, TRANSLATIONS_FOLDER, PACKS_FOLDER)
    carried = [
        (f"{_BUILT_IN}/{path.relative_to(ours).as_posix()}", path)
        for name in names
        for path in sorted((ours / name).glob("*.yaml" if name else read.built_in.name))
    ]
    if own == ours:
        return BUILT_IN, carried
    others = [path for path in read.paths if not path.is_relative_to(ours) or path.is_relative_to(own)]
    others += sorted((own / PACKS_FOLDER).glob("*.y*ml"))
    root = Path(os.path.commonpath([path.parent for path in others]))
    carried += [(f"definitions/{path.relative_to(root).as_posix()}", path) for path in others]
    return f"definitions/{read.metrics.relative_to(root).as_posix()}", carried


def method_name(function: str) -> str:
    """Return the method of a function: UNO takes no underscores, and functions have no small letters.

    OpenDocument files name the method in place of the function, so it is the same with other definitions.
    """
    return "ms" + function.replace("_", "u")


def _types(functions: Sequence[WorksheetFunction]) -> str:
    """Return the type library, in the text form of UNO's interface language."""

    def taken(number: int, argument: Argument) -> str:
        kind = "com::sun::star::table::XCellRange" if argument.cells else "any"
        return f", [in] {kind} a{number:02}"

    document = "[in] com::sun::star::beans::XPropertySet document"
    methods = (
        f"{'sequence< sequence<any> >' if function.table else 'any'} {method_name(function.name)}"
        f"({document}{''.join(taken(*one) for one in enumerate(function.arguments))});\n"
        for function in functions
    )
    opened = "".join(f"module {name} {{ " for name in IDENTIFIER.split("."))
    return f"{opened}\ninterface XFunctions {{\n{''.join(methods)}}};\n{'}; ' * len(IDENTIFIER.split('.'))}\n"


def _configuration(functions: Sequence[WorksheetFunction]) -> str:
    """Return names, categories and help of the functions as Calc's configuration takes them."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
        ' xmlns:xs="http://www.w3.org/2001/XMLSchema" oor:name="CalcAddIns"'
        ' oor:package="org.openoffice.Office">'
        + _node(
            "AddInInfo", _node(_SERVICE, _node("AddInFunctions", "".join(map(_function, functions)), "")), ""
        )
        + "</oor:component-data>\n"
    )


def _function(function: WorksheetFunction) -> str:
    help_of = [
        _node(f"a{number:02}", _text("DisplayName", argument.name) + _text("Description", argument.help))
        for number, argument in enumerate(function.arguments)
    ]
    # Calc has no categories but its own and files all others under Add-in: the description tells ours
    described = f"{function.description} ({function.category})"
    return _node(
        method_name(function.name),
        _text("DisplayName", function.name)
        + _text("Description", described)
        + f'<prop oor:name="Category"><value>{escape(function.category)}</value></prop>'
        + _text("CompatibilityName", function.name)
        + _node("Parameters", "".join(help_of), ""),
    )


def _node(name: str, inside: str, how: str = ' oor:op="replace"') -> str:
    return f"<node oor:name={quoteattr(name)}{how}>{inside}</node>\n"


def _text(name: str, text: str) -> str:
    return f'<prop oor:name="{name}"><value xml:lang="en">{escape(text)}</value></prop>'
