"""One YAML file into a ``Block``: strict, with limits, and with every problem of the file in one run."""

from __future__ import annotations

from typing import Any

from metricsheet.catalog.problems import Problems
from metricsheet.catalog.yaml.events import MOST_VALUES, LimitExceeded, Reading
from metricsheet.catalog.yaml.text import MOST_BYTES, clean, decode
from metricsheet.catalog.yaml.tree import Block
from metricsheet.language.message import Message
from metricsheet.source import Place, SourceFile

MOST_MENDS = 40


def read_yaml(source: SourceFile, problems: Problems, *, loader: Any = None) -> Block | None:
    """Return the mapping that ``source`` holds, or ``None`` when nothing of it can be used.

    Problems are added to ``problems``; where YAML cannot go on, the line is read as it was most likely meant
    and reading starts again, so that later problems show in the same run. ``loader`` is the PyYAML loader
    whose events are read: libyaml's where it is there, else the one in Python; both give the same.
    """
    import yaml

    loader = loader or getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    before = len(problems.found)
    text = clean(source, problems)
    if not text.endswith("\n"):
        text += "\n"
    characters_read = values_read = last_line = 0
    for _ in range(MOST_MENDS):
        found = Problems()
        reading = Reading(source, text, found)
        try:
            reading.run(yaml.parse(text, Loader=loader))
        except LimitExceeded:
            problems.take(found)
            return None
        except yaml.MarkedYAMLError as error:
            from metricsheet.catalog.yaml.recovery import recover

            stop = recover(reading.lines, error)
            place = Place(source, *stop.at)
            if stop.at[0] > last_line and not problems.refuses(place):
                problems.syntax(stop.message, place, stop.hint, stop.code)
            characters_read += len(text)
            values_read += reading.values
            small = characters_read < 3 * MOST_BYTES and values_read < MOST_VALUES
            if not stop.changed or stop.at[0] <= last_line or not small:
                problems.take(found)
                return None
            last_line = max(stop.changed) + 1
            text = "\n".join(stop.changed.get(i, line) for i, line in enumerate(reading.lines))
        else:
            problems.take(found)
            return _root(source, reading.root, problems if len(problems.found) == before else Problems())
    return None


def read_bytes(name: str, data: bytes, problems: Problems, *, loader: Any = None) -> Block | None:
    """Return the mapping in the bytes of a file shown as ``name``; see ``read_yaml``."""
    problems.about(name)
    source = decode(name, data, problems)
    return None if source is None else read_yaml(source, problems, loader=loader)


def _root(source: SourceFile, root: object, problems: Problems) -> Block | None:
    if isinstance(root, Block):
        return root
    kind = "nothing" if root is None else "kind_list" if isinstance(root, list) else "kind_text"
    code = "empty_file" if root is None else "not_a_block"
    hint = Message("start_with_version")
    problems.syntax(Message("keys_expected", found=Message(kind)), Place(source, 1, 1), hint, code)
    return None
