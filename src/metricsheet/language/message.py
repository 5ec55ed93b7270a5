"""What is to be said, as a code and the values it names; the words are written in the language modules.

Core code makes messages. Only what shows something to a person says them: reports, the command line and the
add-in import ``say``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias, Union

from metricsheet.language import neutral
from metricsheet.language.option import NAMES, spelled
from metricsheet.language.styles import NumberStyle
from metricsheet.language.words import help_texts, words_of

_PLACES = frozenset({"of_input", "of_source", "of_dates", "of_where", "at_cell", "with_hint"})
"""Messages that say nothing but to what or where another one belongs."""


class Spoken(Protocol):
    """What each language writes in its own way: a number in its unit, a word, a period."""

    def said(self, language: str) -> str:
        """Return how a reader of ``language`` writes it."""
        ...


Value: TypeAlias = Union[str, int, float, bool, "Message", Spoken, "tuple[Value, ...]", None]
"""A text as it is in the data or the definitions, a number, another message, or several of them."""


_HELP = "help."
"""What the keys of messages begin with whose texts are those of ``--help``."""

FOR_METRIC = "for_metric"
"""The value of a message that names the metric for which another one has no value."""


class Message:
    """A sentence before it is said: ``Message("too_large.sum", name="revenue")``.

    ``key`` names a template of ``language/en.py`` and its translations. ``code`` is the part of it before the
    first dot: the stable, documented name, while several templates may tell of one code. ``values`` fill the
    template's places. Code that decides anything asks ``code`` and ``values``, never the words. ``str``
    gives the English words, for people who read an exception or a result in Python.
    """

    __slots__ = ("key", "values")

    key: str
    values: Mapping[str, Value]

    def __init__(self, key: str, /, **values: Value) -> None:
        self.key = key
        self.values = values

    @property
    def code(self) -> str:
        """The stable name of what is said, wherever it is said to be."""
        return self.core.key.partition(".")[0]

    @property
    def core(self) -> Message:
        """The message without what only says where: the reason itself, with those values beside its own."""
        inner = self.values.get("reason")
        if self.key not in _PLACES or not isinstance(inner, Message):
            return self
        around = {name: value for name, value in self.values.items() if name != "reason"}
        return Message(inner.core.key, **{**around, **inner.core.values})

    def also(self, **values: Value) -> Message:
        """Return the same message with more values."""
        return Message(self.key, **{**self.values, **values})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and self.key == other.key and self.values == other.values

    def __hash__(self) -> int:
        return hash((self.key, tuple(self.values.items())))

    def __repr__(self) -> str:
        values = "".join(f", {name}={value!r}" for name, value in self.values.items())
        return f"Message({self.key!r}{values})"

    def __str__(self) -> str:
        return say(self, "en")

    def __reduce__(self) -> tuple[object, ...]:
        return message_from, (self.key, self.values)


def message_from(key: str, values: Mapping[str, Value]) -> Message:
    """Return the message of a key and its values."""
    return Message(key, **values)


def and_more(parts: Sequence[str | Message], most: int, count: int | None = None) -> Message | str:
    """Return the first ``most`` of ``parts`` as one value, and how many of ``count`` more there are."""
    count = len(parts) if count is None else count
    if count > most:
        return Message("and_more", parts=tuple(parts[:most]), more=count - most)
    return parts[0] if count == 1 else Message("these", parts=tuple(parts))


def all_of(parts: Sequence[str]) -> Message | str:
    """Return things that hold together as one value: ``a, b and c``."""
    return parts[0] if len(parts) == 1 else Message("all_of", parts=tuple(parts[:-1]), last=parts[-1])


def in_turn(parts: Sequence[Message]) -> Message:
    """Return several sentences as one value: ``a; b; c``."""
    first, *others = parts
    return Message("in_turn", first=first, then=in_turn(others)) if others else first


def one_of(parts: Sequence[Value]) -> Value:
    """Return alternatives as one value: ``a, b or c``."""
    return parts[0] if len(parts) == 1 else Message("either_or", parts=tuple(parts[:-1]), last=parts[-1])


def say(message: Value, language: str = "en") -> str:
    """Return the words of ``message``: lower case, without a full stop, as written in the templates.

    A message that ``language`` lacks, or whose parts it lacks, is said in English as a whole: never half in
    one language.
    """
    said = _value_said(message, language) if language != "en" else None
    if said is None:
        said = _value_said(message, "en")
        assert said is not None, f"no template for {message!r}"
    return str(said)


def say_help(name: str, language: str, **values: Value) -> str:
    """Return the text of ``--help`` called ``name``, empty where there is none."""
    from metricsheet.language import LANGUAGES

    codes = {"languages": one_of(LANGUAGES), "others": one_of(LANGUAGES[1:])}
    known = name in help_texts("en")
    return say(Message(_HELP + name, **codes, **values), language) if known else ""


def _said(message: Message, language: str) -> str | None:
    words: Any = words_of(language)
    template = words.MESSAGES.get(message.key)
    if template is None and message.key.startswith(_HELP):
        template = help_texts(language).get(message.key.removeprefix(_HELP))
    elif template is None:
        template = neutral.MESSAGES.get(message.key)
        template = template and template.replace(": ", words.TERMS["colon"])
    if template is None:
        return None
    if not isinstance(template, str):
        template = template[words.NUMBERS.plural(str(message.values.get("count")))]
    values = {}
    for name, value in message.values.items():
        text = _value_said(value, language)
        if text is None:
            return None
        values[name] = text
    said: str = template.format(**values, **(_OPTIONS if "{--" in template else {}))
    if FOR_METRIC in values:
        said = words.MESSAGES["for_metric"].format(reason=said, metric=values[FOR_METRIC])
    return said


def _value_said(value: Value, language: str) -> object | None:
    """Return a value as ``str.format`` takes it: texts as they are, numbers by language, lists joined."""
    if isinstance(value, Message):
        return _said(value, language)
    if isinstance(value, tuple):
        parts = [_value_said(part, language) for part in value]
        separator: str = words_of(language).TERMS["list_separator"]
        return None if None in parts else separator.join(str(part) for part in parts)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _Number(value, words_of(language).NUMBERS)
    if value is None or isinstance(value, (str, bool)):
        return "" if value is None else value
    return value.said(language)


class _Named:
    """An option that a template names; behind its colon stands what is written behind the option."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __format__(self, text: str) -> str:
        return spelled(self._name, text)


_OPTIONS = {f"--{name}": _Named(name) for name in NAMES}


class _Number:
    """A number that formats with the marks of a language."""

    def __init__(self, number: float, style: NumberStyle) -> None:
        self.number = number
        self.style = style

    def __str__(self) -> str:
        return format(self, "")

    def __format__(self, form: str) -> str:
        marks = {ord(","): self.style.group, ord("."): self.style.decimal}
        return format(self.number, form).translate(marks)
