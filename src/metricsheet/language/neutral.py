"""Messages without words of their own, the same in every language: places, signs and options as typed."""

from __future__ import annotations

MESSAGES: dict[str, str] = {
    "these": "{parts}",
    "of_input": "{input}: {reason}",
    "at_place": "{place}: {reason}",
    "at_cell": "{cell}: {reason}",
    "cell_holds": "{cell} = {value}",
    "of_source": "{source}: {reason}",
    "where_failed": "{--where:{condition}}: {error} {reason}",
    "of_where": "{--where}: {reason}",
    "two_hints": "{first} {second}",
    "fact_lacks": "{fact} ({error} {reason})",
    "fact_lacks.code": "{fact} ({error})",
    "fact_lacks.column": "{fact} ({reason})",
    "in_turn": "{first}; {then}",
    "text": "{text}",
    "wrong_shape.other": "{text}",
    "error_because": "{error} {reason}",
    "error_in": "{source}: error[{code}]: {reason}",
    "fail_on": "--fail-on {level}: {found}",
    "use": "{options}",
    "with_hint": "{reason} ({hint})",
    "of_dates": "{where}: {reason}",
}
