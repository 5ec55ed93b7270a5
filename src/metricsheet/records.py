"""Classes that only hold values: ``dataclass(frozen=True, slots=True)`` without its start-up cost.

``dataclasses`` writes and compiles six methods of every class when its module is imported; over all records
of this package that took a third of a command's time. Here all records share their methods but ``__init__``,
and that is written when the first one is made. Type checkers take a record for a dataclass, and so do
``dataclasses.fields``, ``asdict`` and ``replace``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from typing import dataclass_transform
else:

    def dataclass_transform(**_: object) -> Callable[[Any], Any]:
        """Mark nothing: only type checkers look."""
        return lambda marked: marked


Class = TypeVar("Class", bound=type)
Value = TypeVar("Value")
_NOTHING: Any = object()


class Field:
    """How one value of a record is given; see ``field``."""

    __slots__ = ("compare", "default", "default_factory", "init", "name", "repr")

    def __init__(self, default: Any, factory: Any, init: bool, shown: bool, compare: bool) -> None:
        self.name = ""
        self.default, self.default_factory = default, factory
        self.init, self.repr, self.compare = init, shown, compare


def field(
    *,
    default: Any = _NOTHING,
    default_factory: Any = _NOTHING,
    init: bool = True,
    repr: bool = True,  # noqa: A002  # the names of dataclasses.field, which type checkers expect
    compare: bool = True,
) -> Any:
    """Return what is behind ``=`` for a value that needs more than a default.

    The arguments mean what they mean in ``dataclasses.field``.
    """
    return Field(default, default_factory, init, repr, compare)


@overload
def record(made: Class) -> Class: ...


@overload
def record(*, frozen: bool = True) -> Callable[[Class], Class]: ...


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(made: Any = None, *, frozen: bool = True) -> Any:
    """Make a class a record: its annotated names become its values, in the order written.

    Records are made from values by position or name, compare and hash by value, and refuse to be changed
    unless ``frozen`` is false. Raises ``TypeError`` for a class that inherits from another.
    """
    return (lambda later: _record(later, frozen)) if made is None else _record(made, frozen)


def replace(one: Value, /, **changes: object) -> Value:
    """Return a record like ``one`` with some of its values changed."""
    kind: Any = type(one)
    places, values = kind.__record_values__
    given = list(values(one))
    for name, value in changes.items():
        if name not in places:
            raise TypeError(f"{kind.__qualname__} is not made from {name!r}")
        given[places[name]] = value
    changed: Value = kind(*given)
    return changed


def is_record(one: object) -> bool:
    """Return whether ``one`` is a record."""
    return hasattr(type(one), "__record_fields__")


def made_from(one: Any) -> tuple[Any, ...]:
    """Return the values that make a record like ``one`` when its class is called with them."""
    made: tuple[Any, ...] = tuple(one.__record_values__[1](one))
    return made


def _record(kind: type, frozen: bool) -> type:
    """Return ``kind`` made once more, with slots: a class must know them when it is made."""
    if kind.__bases__ != (object,):
        raise TypeError(f"{kind.__qualname__} inherits from another class, which a record cannot")
    content = {name: value for name, value in vars(kind).items() if name not in ("__dict__", "__weakref__")}
    fields: list[Field] = []
    for name in kind.__annotations__:
        said = content.pop(name, _NOTHING)
        fields.append(said if isinstance(said, Field) else Field(said, _NOTHING, True, True, True))
        fields[-1].name = name
    names = tuple(one.name for one in fields)
    content["__slots__"] = content["__match_args__"] = names
    content["__record_fields__"] = tuple(fields)
    content["__record_values__"] = _values([one.name for one in fields if one.init])
    content["__dataclass_fields__"] = _DataclassFields()
    content["__eq__"], content["__hash__"] = _equality([one.name for one in fields if one.compare])
    content["__getstate__"] = _state
    content.setdefault("__repr__", _shown)
    if frozen:
        content["__setattr__"] = content["__delattr__"] = _refuse
    else:
        content["__hash__"] = None
    made: Any = type(kind.__name__, (object,), content)
    setters = {name: vars(made)[name].__set__ for name in names}
    made.__init__ = _init(made, fields, setters)
    made.__setstate__ = _set_state(list(setters.values()))
    return made  # type: ignore[no-any-return]


def _values(names: list[str]) -> tuple[dict[str, int], Callable[[Any], Iterable[Any]]]:
    """Return the places of the values that make a record by their names, and what reads them all from one."""
    # of one name, attrgetter returns the value itself
    read = attrgetter(*names) if len(names) > 1 else lambda one: [getattr(one, name) for name in names]
    return {name: place for place, name in enumerate(names)}, read


_MANY, _OTHER = 150, 25
"""So many records of a class are made before its ``__init__`` is written, which takes as long; one that is
not given all its values by their places counts as several."""


def _init(made: Any, fields: list[Field], setters: dict[str, Any]) -> Callable[..., None]:
    """Return the ``__init__`` of a record, which is replaced by a written one where many are made."""
    parts = [(one.name, setters[one.name], one.default, one.default_factory) for one in fields if one.init]
    puts, count = list(setters.values()), len(fields)
    plain = len(parts) == count and not hasattr(made, "__post_init__")
    left = _MANY

    def __init__(self: Any, *values: object, **named: object) -> None:  # noqa: N807
        nonlocal left
        if plain and left > 0 and not named and len(values) == count:
            # so are cached definitions given: this is hardly slower than what is written
            left -= 1
            for put, value in zip(puts, values, strict=True):
                put(self, value)
            return
        left -= _OTHER
        if left < 0 or not _filled(self, parts, values, named):
            # the written one also says what is wrong with the values of a call
            made.__init__ = _written_init(made, fields, setters)
            made.__init__(self, *values, **named)
            return
        for one in fields:
            if not one.init and one.default_factory is not _NOTHING:
                setters[one.name](self, one.default_factory())
            elif not one.init and one.default is not _NOTHING:
                setters[one.name](self, one.default)
        if hasattr(made, "__post_init__"):
            self.__post_init__()

    return __init__


def _filled(
    self: Any, parts: list[tuple[str, Any, Any, Any]], values: tuple[object, ...], named: dict[str, object]
) -> bool:
    """Set the slots of a record that is being made; return whether the values given are the right ones."""
    by_name = 0
    for at, (name, put, default, factory) in enumerate(parts):
        if at < len(values):
            if name in named:
                return False
            put(self, values[at])
        elif name in named:
            put(self, named[name])
            by_name += 1
        elif factory is not _NOTHING:
            put(self, factory())
        elif default is not _NOTHING:
            put(self, default)
        else:
            return False
    return len(values) <= len(parts) and by_name == len(named)


def _written_init(made: Any, fields: list[Field], setters: dict[str, Any]) -> Callable[..., None]:
    """Return the ``__init__`` that sets every slot by its own setter, past what refuses changes."""
    known: dict[str, Any] = {"NOTHING": _NOTHING}
    parameters, lines = ["self"], []
    for at, one in enumerate(fields):
        known |= {
            f"put{at}": setters[one.name],
            f"default{at}": one.default,
            f"make{at}": one.default_factory,
        }
        makes, defaults = one.default_factory is not _NOTHING, one.default is not _NOTHING
        own = f"make{at}()" if makes else f"default{at}"
        if not one.init:
            lines += [f" put{at}(self, {own})"] if makes or defaults else []
        elif makes:
            parameters.append(f"{one.name}=NOTHING")
            lines.append(f" put{at}(self, {own} if {one.name} is NOTHING else {one.name})")
        else:
            parameters.append(f"{one.name}={own}" if defaults else one.name)
            lines.append(f" put{at}(self, {one.name})")
    lines.append(" self.__post_init__()" if hasattr(made, "__post_init__") else " pass")
    exec(f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines), known)
    written: Callable[..., None] = known["__init__"]
    written.__qualname__ = f"{made.__qualname__}.__init__"
    return written


def _equality(names: list[str]) -> tuple[Callable[[Any, object], bool], Callable[[Any], int]]:
    """Return ``__eq__`` and ``__hash__`` by the values called ``names``."""
    compared: Callable[[Any], object] = attrgetter(*names) if names else lambda _: ()

    def __eq__(self: Any, other: object) -> bool:  # noqa: N807
        return compared(self) == compared(other) if self.__class__ is other.__class__ else NotImplemented

    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(compared(self))

    return __eq__, __hash__


def _set_state(puts: list[Any]) -> Callable[[Any, list[object]], None]:
    """Return the ``__setstate__`` by which copies and pickles become what they are."""

    def __setstate__(self: Any, state: list[object]) -> None:  # noqa: N807
        for put, value in zip(puts, state, strict=True):
            put(self, value)

    return __setstate__


def _state(self: Any) -> list[object]:
    return [getattr(self, one.name) for one in self.__record_fields__]


def _shown(self: Any) -> str:
    shown = [f"{one.name}={getattr(self, one.name)!r}" for one in self.__record_fields__ if one.repr]
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _refuse(self: object, name: str, _: object = None) -> None:
    from dataclasses import FrozenInstanceError

    raise FrozenInstanceError(f"{type(self).__qualname__} cannot be changed, so neither can its {name}")


class _DataclassFields:
    """Works out the ``__dataclass_fields__`` of a record when ``dataclasses`` first asks for them."""

    def __get__(self, _: object, kind: Any) -> dict[str, Any]:
        import dataclasses

        told = []
        # a class that adds methods to a record has no annotations of its own
        hints = next(one.__annotations__ for one in kind.__mro__ if one.__annotations__)
        for one in kind.__record_fields__:
            given = {"default": one.default, "default_factory": one.default_factory}
            said = {name: value for name, value in given.items() if value is not _NOTHING}
            one_field = dataclasses.field(init=one.init, repr=one.repr, compare=one.compare, **said)
            told.append((one.name, hints[one.name], one_field))
        like: Any = dataclasses.make_dataclass(kind.__name__, told)
        kind.__dataclass_fields__ = like.__dataclass_fields__
        return like.__dataclass_fields__  # type: ignore[no-any-return]
