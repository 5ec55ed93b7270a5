"""Records behave as the frozen, slotted dataclasses they stand for: each case is asked of both."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any

import pytest

from metricsheet.records import field, made_from, record, replace


@record
class Point:
    """A place on a sheet."""

    x: float
    y: float = 0.0
    tags: dict[str, int] = field(default_factory=dict)
    at: int = field(default=0, compare=False, repr=False)

    @property
    def far(self) -> bool:
        return self.x + self.y > 10


@dataclasses.dataclass(frozen=True, slots=True)
class LikePoint:
    """A place on a sheet."""

    x: float
    y: float = 0.0
    tags: dict[str, int] = dataclasses.field(default_factory=dict)
    at: int = dataclasses.field(default=0, compare=False, repr=False)

    @property
    def far(self) -> bool:
        return self.x + self.y > 10


@record
class Sized:
    text: str
    size: int = field(init=False)
    seen: list[str] = field(init=False, default_factory=list, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "size", len(self.text))


@record(frozen=False)
class Tally:
    count: int = 0
    names: list[str] = field(default_factory=list)


@record
class Nothing:
    pass


POINTS: list[Callable[[Any], Any]] = [
    lambda kind: kind(1),
    lambda kind: kind(1, 2),
    lambda kind: kind(1, 2, {"a": 1}, 4),
    lambda kind: kind(x=1),
    lambda kind: kind(1, at=9),
    lambda kind: kind(20, tags={"a": 1}, y=3),
]
WRONG: list[Callable[[Any], Any]] = [
    lambda kind: kind(),
    lambda kind: kind(y=1),
    lambda kind: kind(1, 2, {}, 3, 4),
    lambda kind: kind(1, x=1),
    lambda kind: kind(1, z=1),
    lambda kind: kind(1, 2, {}, 3, z=1),
    lambda kind: kind(1, 2, {}, 3, x=1),
]


@pytest.mark.parametrize("make", POINTS)
def test_a_record_holds_what_a_dataclass_holds(make: Callable[[Any], Any]) -> None:
    ours, theirs = make(Point), make(LikePoint)
    assert dataclasses.asdict(ours) == dataclasses.asdict(theirs)
    assert repr(ours) == repr(theirs).replace("LikePoint", "Point")
    assert ours.far is theirs.far
    assert (ours == make(Point)) is (theirs == make(LikePoint)) is True
    assert [f.name for f in dataclasses.fields(ours)] == [f.name for f in dataclasses.fields(theirs)]


@pytest.mark.parametrize("make", WRONG)
def test_wrong_values_are_refused_as_by_a_dataclass(make: Callable[[Any], Any]) -> None:
    with pytest.raises(TypeError, match="LikePoint"):
        make(LikePoint)
    with pytest.raises(TypeError, match="Point"):
        make(Point)


@pytest.mark.parametrize("make", POINTS)
def test_the_last_of_many_is_made_like_the_first(make: Callable[[Any], Any]) -> None:
    @record
    class Point:
        x: float
        y: float = 0.0
        tags: dict[str, int] = field(default_factory=dict)
        at: int = 0

    made = [make(Point) for _ in range(400)]
    assert all(made_from(one) == made_from(made[0]) for one in made)
    assert len({id(one.tags) for one in made}) == len(made)
    for wrong in WRONG:
        with pytest.raises(TypeError, match="Point"):
            wrong(Point)


def test_nothing_of_a_record_can_be_changed() -> None:
    point = Point(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.x = 2  # type: ignore[misc]
    with pytest.raises(dataclasses.FrozenInstanceError):
        del point.x
    with pytest.raises(dataclasses.FrozenInstanceError):
        point.z = 2  # type: ignore[attr-defined]
    assert not hasattr(point, "__dict__")


def test_records_compare_and_hash_by_the_values_that_count() -> None:
    assert Sized("abc") == Sized("abc") != Sized("abd")
    assert len({Sized("abc"), Sized("abc"), Sized("x")}) == 2
    assert Point(1, at=1) == Point(1, at=2)
    assert Point(1) != LikePoint(1)
    assert Point(1) != 1
    assert Nothing() == Nothing()
    assert hash(Nothing()) == hash(Nothing())


def test_defaults_that_can_change_are_not_shared() -> None:
    one, other = Tally(), Tally()
    one.names.append("a")
    assert other.names == []
    assert Sized("a").seen is not Sized("a").seen


def test_a_record_that_may_change_has_no_hash() -> None:
    tally = Tally(1)
    tally.count += 1
    assert tally == Tally(2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(tally)


@pytest.mark.parametrize("one", [Point(1, 2, {"a": 1}, 3), Sized("abc"), Tally(3, ["x"]), Nothing()])
def test_records_can_be_copied_and_sent(one: Any) -> None:
    for other in (copy.copy(one), copy.deepcopy(one), pickle.loads(pickle.dumps(one)), replace(one)):
        assert other == one
        assert repr(other) == repr(one)
    assert type(one)(*made_from(one)) == one


def test_replace_makes_another_record() -> None:
    assert replace(Point(1, 2), y=3) == Point(1, 3) == dataclasses.replace(Point(1, 2), y=3)
    assert replace(Sized("abc"), text="a").size == 1
    with pytest.raises(TypeError, match="Point"):
        replace(Point(1), z=1)


def test_records_can_be_matched_by_position() -> None:
    match Point(1, 2):
        case Point(x, y):
            assert (x, y) == (1, 2)


def test_a_class_that_inherits_is_refused() -> None:
    with pytest.raises(TypeError, match="inherits"):

        @record
        class Pixel(Tally):
            colour: str = ""
