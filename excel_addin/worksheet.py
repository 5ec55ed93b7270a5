"""All worksheet functions of the definitions in force."""

from __future__ import annotations

from excel_addin.definitions import Definitions
from excel_addin.general_functions import general_functions, scorecard_function
from excel_addin.host_check import check_function
from excel_addin.metric_functions import metric_functions
from excel_addin.why import why_function
from excel_addin.worksheet_function import WorksheetFunction


def worksheet_functions(definitions: Definitions) -> tuple[WorksheetFunction, ...]:
    """Return the functions in the order of the definitions, those that take a metric by name last.

    Names are unique and Excel takes them: that was checked when the definitions were loaded. Raises
    ``DefinitionError`` when the definitions cannot be used.
    """
    catalog = definitions.catalog()
    return (
        *metric_functions(definitions, catalog),
        *general_functions(definitions),
        scorecard_function(definitions),
        why_function(definitions, catalog),
        check_function(definitions),
    )
