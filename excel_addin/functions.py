"""The module that xlwings imports: one Python function per worksheet function, made from the definitions.

xlwings lists the module at each "Import Functions" and asks it for one function at each call. Both ways find
a metric that was added to the definitions after the module was imported.
"""

from __future__ import annotations

from excel_addin.definitions import Definitions
from excel_addin.worksheet import worksheet_functions
from excel_addin.worksheet_function import PythonFunction

_definitions = Definitions()


def _publish() -> list[str]:
    """Put the functions of the definitions in force into this module; return their names."""
    made = {function.name: function.as_python(__name__) for function in worksheet_functions(_definitions)}
    globals().update(made)
    return sorted(made)


def __dir__() -> list[str]:
    return _publish()


def __getattr__(name: str) -> PythonFunction:
    if name.isupper() and name in _publish():
        found: PythonFunction = globals()[name]
        return found
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_publish()
