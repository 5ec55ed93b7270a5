"""metricsheet: one definition per customer-lifecycle metric, the same answer in every host.

``calculate`` computes a formula over values; ``evaluate`` a scorecard over workbooks, CSV files or data
frames; ``load_catalog`` reads the definitions. Names are imported when first used, so that a command that
needs none of them starts fast.
"""

from __future__ import annotations

from metricsheet._version import __version__ as __version__

TYPE_CHECKING = False  # checkers take it as true; importing typing would cost the command line its start-up
if TYPE_CHECKING:
    from metricsheet.api import evaluate as evaluate
    from metricsheet.api import evaluate_each as evaluate_each
    from metricsheet.api import load_catalog as load_catalog
    from metricsheet.errors import DefinitionError as DefinitionError
    from metricsheet.errors import UsageError as UsageError
    from metricsheet.errors import WorkbookError as WorkbookError
    from metricsheet.evaluation.calculate import calculate as calculate
    from metricsheet.options import Options as Options
    from metricsheet.scorecard import Scorecard as Scorecard
    from metricsheet.values import ExcelError as ExcelError


__all__ = [
    "DefinitionError",
    "ExcelError",
    "Options",
    "Scorecard",
    "UsageError",
    "WorkbookError",
    "__version__",
    "calculate",
    "evaluate",
    "evaluate_each",
    "load_catalog",
]

_HOMES = {
    "DefinitionError": "metricsheet.errors",
    "ExcelError": "metricsheet.values",
    "Options": "metricsheet.options",
    "Scorecard": "metricsheet.scorecard",
    "UsageError": "metricsheet.errors",
    "WorkbookError": "metricsheet.errors",
    "calculate": "metricsheet.evaluation.calculate",
    "evaluate": "metricsheet.api",
    "evaluate_each": "metricsheet.api",
    "load_catalog": "metricsheet.api",
}


def __getattr__(name: str) -> object:
    """Import a public name from its home when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    found: object = getattr(importlib.import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
