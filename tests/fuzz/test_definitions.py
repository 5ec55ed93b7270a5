"""Good definitions with a few random slips: whatever comes of it, it is said and nothing breaks."""

import random

import pytest

from metricsheet.prepared import check_definitions
from tests.catalog.test_load import METRICS, RULES
from tests.fuzz.counts import blocks

pytestmark = pytest.mark.fuzz

SLIPS = [
    *[
        "null",
        "true",
        "[]",
        "{}",
        "5",
        "x",
        '"x"',
        "-1",
        "1.5",
        "[1, 2]",
        "{a: b}",
        "3:1",
        "5%",
        "nps",
        "cac",
        "",
    ],
    *[
        "2026-01-01",
        "at least 5",
        "between 1 and 2",
        "override: true",
        " ",
        "\n",
        "SUM(score)",
        "{cac}",
        "{{",
        "}}",
    ],
    *["#N/A", '"#N/A"', "ok", "within", "percent"],
]


def with_slips(text: str, chance: random.Random) -> str:
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        line = lines[at]
        inside = chance.randrange(len(line) + 1)
        match chance.randrange(6):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, chance.choice(lines))
            case 2:
                lines[at] = f"{line.split(':')[0]}: {chance.choice(SLIPS)}"
            case 3:
                lines[at] = line[:inside] + chance.choice(SLIPS) + line[inside:]
            case 4:
                lines[at] = line[:inside] + line[inside + 1 :]
            case 5:
                lines[at] = " " * chance.randint(0, 6) + line.strip()
    return "\n".join(lines)


@pytest.mark.parametrize("block", blocks("definitions"), ids=lambda block: str(block[0]))
def test_slips(write, block):
    for seed in block:
        chance = random.Random(seed)
        texts = {"metrics.yaml": METRICS, "lifecycle_rules/convert.yaml": RULES}
        slipped = chance.choice(list(texts))
        texts[slipped] = with_slips(texts[slipped], chance)
        catalog, found = check_definitions(write(texts))
        assert (catalog is None) == any(d.severity == "error" for d in found), seed
        for diagnostic in found:
            assert diagnostic.place is not None, seed
            assert diagnostic.render(), seed
