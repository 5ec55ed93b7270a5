"""Bands: what ``when:`` covers, and the whole number line checked against trying numbers one by one."""

import random

import pytest

from metricsheet.catalog.assembly.amounts import Unreadable
from metricsheet.catalog.assembly.band_checks import Ends, against_better, gaps, hidden, read_when
from metricsheet.catalog.bands_in_force import bands_against
from metricsheet.catalog.definitions import Band, BandDefinition, OfTarget
from metricsheet.values.value_sets import in_words
from tests.stages import seeds

TARGET = OfTarget(1.0)
READ = [
    ("at least 3:1", "ratio", Ends(3.0, True, None, False)),
    ("At Least  3", "ratio", Ends(3.0, True, None, False)),
    ("above 5%", "percent", Ends(0.05, False, None, False)),
    ("at most €300", "money", Ends(None, False, 300.0, True)),
    ("below 0", "points", Ends(None, False, 0.0, False)),
    ("below -5", "points", Ends(None, False, -5.0, False)),
    ("between 10% and 30%", "percent", Ends(0.1, True, 0.3, True)),
    ("between 3 and 3", "points", Ends(3.0, True, 3.0, True)),
    ("between 1 and 12 months", "months", Ends(1.0, True, 12.0, True)),
    ("below target", "ratio", Ends(None, False, TARGET, False)),
    ("At  least TARGET", "points", Ends(TARGET, True, None, False)),
    ("above target", "money", Ends(TARGET, False, None, False)),
    ("at most 1.5 target", "days", Ends(None, False, OfTarget(1.5), True)),
    ("below 0.66 target", "percent", Ends(None, False, OfTarget(0.66), False)),
    ("below 2/3 target", "ratio", Ends(None, False, OfTarget(2 / 3), False)),
    ("between 0.9 target and 1.1 target", "points", Ends(OfTarget(0.9), True, OfTarget(1.1), True)),
    ("between target and 5:1", "ratio", Ends(TARGET, True, 5.0, True)),
    ("between 1 and target", "ratio", Ends(1.0, True, TARGET, True)),
]

REFUSED = [
    (">= 3", "ratio", "write at least 3"),
    (">3", "ratio", "write above 3"),
    ("<= 3", "ratio", "write at most 3"),
    ("<3", "ratio", "write below 3"),
    ("≥ 3", "ratio", "write at least 3"),
    ("over 3", "ratio", "write above 3"),
    ("more than 3", "ratio", "write above 3"),
    ("under 3", "ratio", "write below 3"),
    ("less than 3", "ratio", "write below 3"),
    ("up to 3", "ratio", "write at most 3"),
    ("min 3", "ratio", "write at least 3"),
    ("atleast 3", "ratio", "write at least 3"),
    ("3", "ratio", "write at least 3, at most 3, or between 3 and 3"),
    ("= 3", "ratio", "between 3 and 3"),
    ("1-5", "points", "write between 1 and 5"),
    ("1..5", "points", "write between 1 and 5"),
    ("1 to 5", "points", "write between 1 and 5"),
    ("[1, 5)", "points", "write between 1 and 5"),
    ("(0, 1]", "points", "write between 0 and 1"),
    ("between 5 and 1", "points", "write between 1 and 5"),
    ("at least 5", "percent", "write 5%"),
    ("at least", "points", ""),
    ("between 1", "points", ""),
    ("between and 3", "points", ""),
    ("good", "points", ""),
    ("", "points", ""),
    ("at least 1,000", "points", "1000"),
    ("at least 3 and at most 5", "points", ""),
    ("< target", "points", "write below target"),
    (">= 0.9 target", "points", "write at least 0.9 target"),
    ("below 66% of target", "percent", "write below 0.66 target"),
    ("below 66 % target", "ratio", "write below 0.66 target"),
    ("below 0.5 x target", "ratio", "write below 0.5 target"),
    ("below 0.5*target", "ratio", "write below 0.5 target"),
    ("below 0.5 of the target", "ratio", "write below 0.5 target"),
    ("below target * 0.5", "ratio", "write below 0.5 target"),
    ("at least the target", "ratio", "write at least target"),
    ("at least nps.target", "points", "write at least target"),
    ("between 80% of target and target", "points", "write between 0.8 target and target"),
    ("between target and 1.2*target", "points", "write between target and 1.2 target"),
    ("between target and 0.9 target", "points", "write between 0.9 target and target"),
    ("below target - 5", "points", "by a factor"),
    ("below 0 target", "points", "by a factor"),
    ("below -1 target", "points", "by a factor"),
    ("below 1/0 target", "points", "by a factor"),
    ("below half the target", "points", "by a factor"),
    ("target", "points", ""),
]


@pytest.mark.parametrize(("text", "unit", "expected"), READ)
def test_when_covers(text, unit, expected):
    assert read_when(text, unit, "EUR") == expected


@pytest.mark.parametrize(("text", "unit", "hint"), REFUSED)
def test_when_refuses(text, unit, hint):
    read = read_when(text, unit, "EUR")
    assert isinstance(read, Unreadable)
    assert hint in str(read.hint or "")


def band(when: str, status: str = "ok") -> Band:
    read = read_when(when, "points", "EUR")
    assert isinstance(read, Ends)
    written = BandDefinition(
        status,  # type: ignore[arg-type]
        when,
        {"en": "x"},
        read.low,
        read.low_closed,
        read.high,
        read.high_closed,
    )
    return bands_against([written], "higher", None)[0]


TABLES = [
    # bands, gaps in words, indices of hidden bands
    (["below 0", "at least 0"], [], []),
    (["below 0", "above 0"], ["exactly 0"], []),
    (["at most 1", "below 3", "at most 5", "above 5"], [], []),
    (["at least 3", "below 2"], ["at least 2 and below 3"], []),
    (["above 3", "at most 2"], ["above 2 and at most 3"], []),
    (["between 1 and 3"], ["below 1", "above 3"], []),
    (["between 1 and 3", "at most 5"], ["above 5"], []),
    (["between 1 and 3", "between 3 and 5", "below 1", "above 5"], [], []),
    (["between 1 and 3", "between 2 and 2", "below 1", "above 3"], [], [1]),
    (["at least 3", "above 3", "below 3"], [], [1]),
    (["at least 3", "at least 5", "below 3"], [], [1]),
    (["below 5", "below 5", "at least 5"], [], [1]),
    (["at most 5", "below 5", "above 5"], [], [1]),
    (["below 5", "at most 5", "above 5"], [], []),
    (["at least 0", "below 0", "between 1 and 2", "above -1"], [], [2, 3]),
    (["between 3 and 3"], ["below 3", "above 3"], []),
    (["above 5", "below 5"], ["exactly 5"], []),
]


@pytest.mark.parametrize(("whens", "missing", "unreachable"), TABLES)
def test_gaps_and_hidden_bands(whens, missing, unreachable):
    bands = [band(when) for when in whens]
    assert [str(in_words(gap, "{:g}".format)) for gap in gaps(bands)] == missing
    assert [index for index, _ in hidden(bands)] == unreachable


def test_who_hides_a_band_is_named():
    bands = [band("at least 5"), band("below 2"), band("between 1 and 6"), band("between 1 and 7")]
    assert hidden(bands) == [(3, (0, 1, 2))]
    bands = [band("at least 5"), band("below 2"), band("between 6 and 7")]
    assert hidden(bands) == [(2, (0,))]


def tried(bands: list[Band], value: float) -> int | None:
    """The oracle: the first band that holds the number, by asking each."""
    return next((i for i, one in enumerate(bands) if one.contains(value)), None)


@pytest.mark.parametrize("seed", seeds(3000))
def test_against_trying_many_numbers(seed):
    chance = random.Random(seed)
    edges = [chance.choice([-3, -1, 0, 0.05, 1, 2.5, 3, 7]) for _ in range(6)]
    words = ["at least {0}", "above {0}", "at most {0}", "below {0}", "between {1} and {2}"]
    bands = []
    for _ in range(chance.randint(1, 5)):
        a, b = sorted(chance.sample(edges, 2))
        bands.append(band(chance.choice(words).format(chance.choice(edges), a, b)))
    numbers = sorted({*edges, *(e + d for e in edges for d in (-0.001, 0.001)), -1e9, 1e9})
    numbers += [chance.uniform(-5, 9) for _ in range(200)]
    reached = {tried(bands, n) for n in numbers}
    open_ranges = gaps(bands)
    for number in numbers:
        inside = [
            gap
            for gap in open_ranges
            if (gap.low is None or number > gap.low or (gap.low_closed and number == gap.low))
            and (gap.high is None or number < gap.high or (gap.high_closed and number == gap.high))
        ]
        assert bool(inside) == (tried(bands, number) is None)
    assert {index for index, _ in hidden(bands)} == set(range(len(bands))) - reached


DIRECTIONS = [
    # (when, status) pairs, better, index of the band that is against it
    ([("below 0", "critical"), ("at least 0", "ok")], "higher", None),
    ([("below 0", "critical"), ("at least 0", "ok")], "lower", 0),
    (
        [("at most 1", "critical"), ("below 3", "warn"), ("at most 5", "ok"), ("above 5", "info")],
        "higher",
        None,
    ),
    ([("at least 5", "warn"), ("below 5", "ok")], "higher", 0),
    ([("at least 5", "warn"), ("below 5", "ok")], "lower", None),
    ([("at least 5", "warn"), ("below 5", "ok")], "within", None),
    ([("between 2 and 4", "ok"), ("below 2", "warn"), ("above 4", "warn")], "higher", 2),
    ([("between 2 and 4", "ok"), ("below 2", "warn"), ("above 4", "warn")], "within", None),
]


@pytest.mark.parametrize(("written", "better", "expected"), DIRECTIONS)
def test_bands_follow_the_direction(written, better, expected):
    bands = [band(when, status) for when, status in written]
    assert against_better(bands, better) == expected
