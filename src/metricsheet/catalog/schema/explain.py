"""Says what jsonschema found in the words of the file: what was expected, what is there, how to fix it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from metricsheet.catalog.problems import Problems
from metricsheet.catalog.schema.schema import Schema
from metricsheet.catalog.schema.shared import KEY
from metricsheet.catalog.schema.synonyms import OTHER_WORDS
from metricsheet.catalog.yaml.quotes import quoted
from metricsheet.catalog.yaml.tree import Block, Items
from metricsheet.errors import did_you_mean
from metricsheet.language import LANGUAGES
from metricsheet.language.message import Message
from metricsheet.source import Place

_TYPE_WORDS = {
    "string": Message("kind_text"),
    "number": Message("kind_number"),
    "integer": Message("kind_whole_number"),
    "boolean": Message("kind_true_or_false"),
    "object": Message("kind_keys"),
    "array": Message("kind_list"),
    "null": Message("nothing"),
}

_RANGE_HINTS = {
    "for": Message("for_newest_period"),
    "keep": Message("leave_out_keep"),
    "priority": Message("one_comes_first"),
    "min_sample": Message("leave_out_min_sample"),
    "decimals": Message("zero_decimals"),
}


def explain(
    part: Schema, value: object, holder: Block | None, key: str, problems: Problems
) -> set[tuple[str, str]]:
    """Report every way in which ``value``, the entry ``key`` of ``holder``, is not of the shape ``part``.

    Returns ("", key) for each key of the value that cannot be used. Without ``holder`` the value is a whole
    file; then (section, key) is returned, too, for each entry whose key is none.
    """
    speaker = _Speaker(value, holder, key, problems)
    for error in _errors(part, value):
        speaker.report(error)
    return speaker.broken


def _errors(part: Schema, value: object) -> Iterable[Any]:
    try:
        from jsonschema import Draft7Validator
    except ImportError:  # in a browser
        from metricsheet.catalog.schema.violations import violations

        return violations(part, value)
    return Draft7Validator(part).iter_errors(value)


class _Speaker:
    def __init__(self, value: object, holder: Block | None, key: str, problems: Problems) -> None:
        self.value = value
        self.holder = holder
        self.key = key
        self.problems = problems
        self.broken: set[tuple[str, str]] = set()
        self.incomplete: set[tuple[tuple[Any, ...], tuple[Any, ...]]] = set()

    def report(self, error: Any) -> None:
        """Report one error of jsonschema, or the errors of the branch that was most likely meant."""
        path = list(error.absolute_path)
        if path and "propertyNames" not in error.absolute_schema_path:
            self.broken.add(("", str(path[0])))
        if error.validator == "anyOf":
            branch = _branch(error)
            for inner in branch:
                self.report(inner)
            if not branch:
                self._wrong_type(error, path, _wanted_types(error.context))
            return
        speak = getattr(self, f"_{error.validator}", None)
        if speak is not None:
            speak(error, path)
        else:
            self._say(Message("wrong_shape.other", text=error.message), path)

    def _additionalProperties(self, error: Any, path: Sequence[Any]) -> None:  # noqa: N802 (a keyword's name)
        known = list(error.schema.get("properties", {}))
        block = self._walk(path)
        languages = set(known) == set(LANGUAGES)
        for key in error.instance:
            if key in known:
                continue
            if not path:
                self.broken.add(("", key))
            place = block.key_place(key) if isinstance(block, Block) else self._place(path)
            code = "unknown_language" if languages else "unknown_key"
            thing = Message("one_of_the_languages") if languages else Message("known_key")
            self.problems.error(
                Message("expected_found", expected=thing, found=key),
                place,
                _suggestion(key, known),
                code=code,
            )

    def _required(self, error: Any, path: Sequence[Any]) -> None:
        at = (tuple(error.absolute_path), tuple(error.absolute_schema_path))
        if at in self.incomplete:
            return  # jsonschema reports each missing key by itself; they are said together
        self.incomplete.add(at)
        missing = [key for key in error.validator_value if key not in error.instance]
        where = path[-1] if path and isinstance(path[-1], str) else self.key
        names = _listed(missing)
        message = (
            Message("missing_key.where", names=names, where=where)
            if where
            else Message("missing_key", names=names)
        )
        hint = Message("keys_one_level_deeper") if not error.instance else None
        self._say(message, path, hint, at_key=True)

    def _type(self, error: Any, path: Sequence[Any]) -> None:
        wanted = error.validator_value
        self._wrong_type(error, path, [wanted] if isinstance(wanted, str) else list(wanted))

    def _wrong_type(self, error: Any, path: Sequence[Any], wanted: Sequence[str]) -> None:
        words = _listed([_TYPE_WORDS[name] for name in dict.fromkeys(wanted)], "either_or")
        hint = self._type_hint(error.instance, wanted, path)
        self._say(Message("wrong_type", expected=words, found=_found(error.instance)), path, hint)

    def _enum(self, error: Any, path: Sequence[Any]) -> None:
        choices = [str(choice) for choice in error.validator_value]
        hint = None
        if isinstance(error.instance, str):
            hint = _suggestion(error.instance, choices, listed=False) or Message("choose_one")
        self._say(
            Message("not_one_of", choices=tuple(choices), found=_found(error.instance)),
            path,
            hint,
        )

    def _const(self, error: Any, path: Sequence[Any]) -> None:
        self._say(
            Message("wrong_version", expected=error.validator_value, found=_found(error.instance)),
            path,
        )

    def _pattern(self, error: Any, path: Sequence[Any]) -> None:
        if error.validator_value != KEY:
            self._say(Message("wrong_shape.three_capitals", found=_found(error.instance)), path)
            return
        text = str(error.instance)
        block = self._walk(path)
        place = block.key_place(text) if isinstance(block, Block) else self._place(path)
        self.broken.add((str(path[0]) if path else "", text))
        meant = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")
        hint = Message("write", text=meant) if re.search(KEY, meant) and meant != text else None
        self.problems.error(Message("bad_key", found=text), place, hint)

    def _minLength(self, error: Any, path: Sequence[Any]) -> None:  # noqa: N802
        self._say(Message("wrong_type.text", found=_found(error.instance)), path)

    def _minItems(self, error: Any, path: Sequence[Any]) -> None:  # noqa: N802
        self._say(
            Message("too_few.items", least=error.validator_value, found=len(error.instance)),
            path,
        )

    def _minProperties(self, error: Any, path: Sequence[Any]) -> None:  # noqa: N802
        self._say(Message("too_few.keys", least=error.validator_value), path)

    def _minimum(self, error: Any, path: Sequence[Any]) -> None:
        self._out_of_range(error, path, "out_of_range.at_least")

    def _maximum(self, error: Any, path: Sequence[Any]) -> None:
        self._out_of_range(error, path, "out_of_range.at_most")

    def _out_of_range(self, error: Any, path: Sequence[Any], key: str) -> None:
        message = Message(key, limit=error.validator_value, found=error.instance)
        self._say(message, path, _RANGE_HINTS.get(str(path[-1])) if path else None)

    def _type_hint(self, value: object, wanted: Sequence[str], path: Sequence[Any]) -> Message | None:
        key = path[-1] if path else self.key
        if key == "scale" and isinstance(value, list) and len(value) == 2:
            return Message("write_scale", low=value[0], high=value[1])
        if key == "when" and isinstance(value, list | int | float):
            return Message("write_in_words")
        place = self._place(path)
        rest = place.source.line(place.line)[place.column - 1 :]
        if "boolean" in wanted and isinstance(value, str):
            return Message("write_true_or_false")
        if "array" in wanted and isinstance(value, str):
            return (
                Message("space_after_dash")
                if value.startswith("-")
                else Message("write_as_list", value=value)
            )
        if "string" in wanted and "number" not in wanted and isinstance(value, bool | int | float):
            written = re.match(r"[^,\]}#]*", rest)
            return Message("put_in_quotes", text=quoted(written.group().strip())) if written else None
        if "string" in wanted and isinstance(value, dict | list):
            return Message("quotes_for_colon_text")
        if "object" in wanted and isinstance(value, str) and re.match(r"\w+:\S", value):
            return Message("space_after_colon")
        if value is None:
            return Message("write_after_colon") if "object" not in wanted else Message("write_keys_below")
        if set(wanted) & {"number", "integer"} and isinstance(value, str):
            return Message("write_digits")
        return None

    def _say(
        self, message: Message, path: Sequence[Any], hint: Message | None = None, at_key: bool = False
    ) -> None:
        self.problems.error(message, self._place(path, at_key), hint)

    def _walk(self, path: Sequence[Any]) -> object:
        value = self.value
        for step in path:
            value = value[step]  # type: ignore[index]
        return value

    def _place(self, path: Sequence[Any], at_key: bool = False) -> Place:
        """Return where the value at ``path`` is, or with ``at_key`` the key above it."""
        if not path:
            if self.holder is None:
                assert isinstance(self.value, Block)
                return self.value.place()
            return self.holder.key_place(self.key) if at_key else self.holder.place(self.key)
        holder = self._walk(path[:-1])
        if isinstance(holder, Items):
            return holder.place(path[-1])
        assert isinstance(holder, Block)
        return holder.key_place(path[-1]) if at_key else holder.place(path[-1])


def _branch(error: Any) -> list[Any]:
    """Return the errors of the branch of an ``anyOf`` that was most likely meant: its type fits."""
    branches: dict[int, list[Any]] = {}
    for inner in error.context:
        branches.setdefault(inner.schema_path[0], []).append(inner)
    fitting = [errors for errors in branches.values() if _fits(errors)]
    return min(fitting, key=_distance) if fitting else []


def _fits(errors: Sequence[Any]) -> bool:
    """Return whether ``errors``, those of one branch, are about parts of the value and not about its type."""
    if any(e.validator == "type" and not e.relative_path for e in errors):
        return False
    return all(e.validator != "anyOf" or e.relative_path or _branch(e) for e in errors)


def _distance(errors: Sequence[Any]) -> tuple[int, int]:
    """Return how far the value is from a branch: keys it does not know, then the number of errors."""
    unknown = count = 0
    for error in errors:
        inner = _distance(_branch(error)) if error.validator == "anyOf" else (_unknown_keys(error), 1)
        unknown, count = unknown + inner[0], count + inner[1]
    return unknown, count


def _unknown_keys(error: Any) -> int:
    if error.validator != "additionalProperties":
        return 0
    return sum(key not in error.schema.get("properties", {}) for key in error.instance)


def _wanted_types(errors: Sequence[Any]) -> list[str]:
    wanted: list[str] = []
    for error in errors:
        if error.validator == "type" and not error.relative_path:
            wanted += (
                [error.validator_value] if isinstance(error.validator_value, str) else error.validator_value
            )
        elif error.validator == "anyOf":
            wanted += _wanted_types(error.context)
    return wanted


def _suggestion(key: str, known: Sequence[str], listed: bool = True) -> Message | None:
    other = OTHER_WORDS.get(key.lower()) or key.lower().split("-")[0]
    if other in known:
        return Message("did_you_mean", name=other)
    close = did_you_mean(key, known)
    return Message("known_here", names=tuple(known)) if close is None and listed else close


def _listed(parts: Sequence[Message | str], key: str = "both_and") -> Message | str:
    return parts[0] if len(parts) == 1 else Message(key, parts=tuple(parts[:-1]), last=parts[-1])


def _found(value: object) -> Message | str:
    if value is None:
        return Message("nothing")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return Message("the_number", value=value)
    if value == "":
        return Message("an_empty_text")
    if isinstance(value, str):
        return Message("the_text", text=value if len(value) <= 40 else value[:37] + "...")
    return (
        Message("kind_list")
        if isinstance(value, list)
        else Message("kind_keys")
        if isinstance(value, dict)
        else Message("something_else")
    )
