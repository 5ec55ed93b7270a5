"""Files of translations: what they add to definitions, what wins, and what is missing."""

import copy
import re

import pytest
import yaml

from metricsheet.api import load_catalog
from metricsheet.catalog.translations import missing_translations, to_translate
from metricsheet.cli.main import main
from metricsheet.language import LANGUAGES
from metricsheet.prepared import check_definitions
from tests import stages
from tests.catalog.test_broken_entries import DUMPER, OTHERS, places

OWN = """\
version: 1
settings: {age: {label: Age, one_of: [new, old]}}
inputs:
  orders: {label: Orders, also: [purchases], description: What was sold}
metrics:
  total:
    label: Total
    question: How many?
    note: Returns too.
    stage: expand
    kind: outcome
    unit: count
    better: higher
    formula: SUM(orders)
    bands_by: age
    bands: [{status: ok, when: at least 5, label: Enough}, {status: warn, when: below 5, label: Few}]
    band_variants:
      new: [{status: ok, when: at least 1, label: Enough}, {status: warn, when: below 1, label: None yet}]
"""
RULES = """\
version: 1
advice: {call_them: "Call them, it is {total}"}
rules:
  low:
    severity: low
    when: total < 5
    finding: "It is {total}, was {total.previous}"
    recommend: [call_them, Write to them, {do: Wait, priority: 9}, look]
"""
GERMAN = """\
version: 1
settings: {age: {label: Alter}}
inputs: {orders: {label: Bestellungen, also: [käufe, purchases], description: Was verkauft wurde}}
metrics:
  total:
    label: Summe
    question: Wie viele?
    note: Auch Rückgaben.
    bands: {Enough: Genug, Few: Wenige, None yet: Noch keine}
rules:
  low:
    finding: Vorher {total.previous}, jetzt {total}
    recommend: {Write to them: Schreiben, Wait: Warten, look: Hinsehen}
advice: {call_them: "Bei {total} anrufen"}
benchmarks: {saas: {usual: {label: Üblich, note: Im Mittel}}}
"""
PACK = """\
version: 1
source: x
as_of: 2026-01-01
population: y
benchmarks:
  usual: {metric: total, value: 7, label: Usual, note: On average}
"""
FILES = {
    "metrics.yaml": OWN,
    "lifecycle_rules/expand.yaml": RULES,
    "benchmark_packs/saas.yaml": PACK,
    "translations/de.yaml": GERMAN,
}
EXTENDING = "version: 1\nextends: ../metrics.yaml\n"


def load(write, files=None, of="metrics.yaml", **options):
    return load_catalog(write({**FILES, **(files or {})}) / of, **options)


def problems(write, files):
    _, found = check_definitions(write({**FILES, **files}), benchmarks=["saas"])
    return [(d.severity, d.code, d.place.source.name.rsplit("/", 1)[-1], d.place.line) for d in found]


PLACES = {
    "setting": (lambda c: c.settings["age"].label, "Age", "Alter"),
    "input": (lambda c: c.inputs["orders"].label, "Orders", "Bestellungen"),
    "description": (lambda c: c.inputs["orders"].description, "What was sold", "Was verkauft wurde"),
    "metric": (lambda c: c.metrics["total"].label, "Total", "Summe"),
    "question": (lambda c: c.metrics["total"].question, "How many?", "Wie viele?"),
    "note": (lambda c: c.metrics["total"].note, "Returns too.", "Auch Rückgaben."),
    "band": (lambda c: c.metrics["total"].bands[1].label, "Few", "Wenige"),
    "band of a variant": (lambda c: c.metrics["total"].band_variants["new"][0].label, "Enough", "Genug"),
    "finding": (
        lambda c: c.rules["low"].finding,
        "It is {total}, was {total.previous}",
        "Vorher {total.previous}, jetzt {total}",
    ),
    "named advice": (
        lambda c: c.rules["low"].recommend[0].text,
        "Call them, it is {total}",
        "Bei {total} anrufen",
    ),
    "recommendation": (lambda c: c.rules["low"].recommend[1].text, "Write to them", "Schreiben"),
    "recommendation of one word": (lambda c: c.rules["low"].recommend[2].text, "look", "Hinsehen"),
    "recommendation with a priority": (lambda c: c.rules["low"].recommend[3].text, "Wait", "Warten"),
    "label of a benchmark": (lambda c: c.benchmarks[0].label, "Usual", "Üblich"),
    "note of a benchmark": (lambda c: c.benchmarks[0].note, "On average", "Im Mittel"),
}


@pytest.mark.parametrize("what", PLACES)
def test_every_text_can_be_translated(write, what):
    look, english, german = PLACES[what]
    assert dict(look(load(write, benchmarks=["saas"]))) == {"en": english, "de": german}


def test_they_are_found_without_a_problem(write):
    assert problems(write, {}) == []


def test_headers_follow_those_of_the_definitions_in_the_order_of_languages(write):
    italian = "version: 1\ninputs: {orders: {also: [ordini]}}\n"
    japanese = "version: 1\ninputs: {orders: {label: 注文, also: [注文数]}}\n"
    catalog = load(write, {"translations/it.yaml": italian, "translations/ja.yaml": japanese})
    assert catalog.inputs["orders"].also == ("purchases", "注文数", "ordini", "käufe")
    assert list(catalog.inputs["orders"].label) == ["en", "ja", "de"]


def test_a_text_is_placed_where_it_was_translated(write):
    rule = load(write).rules["low"]
    places = {language: str(place).rsplit("/", 1)[-1] for language, place in rule.finding_places.items()}
    assert places == {"en": "expand.yaml:7:14", "de": "de.yaml:12:14"}
    assert str(rule.recommend[0].places["de"]).endswith("translations/de.yaml:14:21")


@pytest.mark.parametrize(
    ("own", "german", "look", "expected"),
    [
        pytest.param("label: Mine", "", "label", {"en": "Mine"}, id="a new text has no old translation"),
        pytest.param(
            "label: Mine", "label: Meins", "label", {"en": "Mine", "de": "Meins"}, id="but a new one"
        ),
        pytest.param(
            "label: {en: Mine, de: Meins}",
            "label: Anderes",
            "label",
            {"en": "Mine", "de": "Meins"},
            id="inline",
        ),
        pytest.param(
            "label: Mine", "", "note", {"en": "Returns too.", "de": "Auch Rückgaben."}, id="others stay"
        ),
        pytest.param(
            "", "label: Meine Summe", "label", {"en": "Total", "de": "Meine Summe"}, id="another word"
        ),
        pytest.param("target: 7", "label: ", "label", {"en": "Total", "de": "Summe"}, id="an empty one"),
    ],
)
def test_who_overrides_a_text(write, own, german, look, expected):
    files = {"own/metrics.yaml": EXTENDING}
    if own:
        files["own/metrics.yaml"] += f"metrics: {{total: {{override: true, {own}}}}}\n"
    if german:
        files["own/translations/de.yaml"] = f"version: 1\nmetrics: {{total: {{{german}}}}}\n"
    assert dict(getattr(load(write, files, "own/metrics.yaml").metrics["total"], look)) == expected


def test_bands_and_advice_of_ones_own_have_no_translation_of_others(write):
    files = {
        "own/metrics.yaml": EXTENDING
        + "metrics: {total: {override: true, bands: [{status: ok, when: at least 0, label: Few}, "
        "{status: warn, when: below 0, label: Odd}]}}\n",
        "own/lifecycle_rules/expand.yaml": "version: 1\n"
        "rules: {low: {override: true, recommend: [Write to them, call_them]}}\n",
    }
    catalog = load(write, files, "own/metrics.yaml")
    assert dict(catalog.metrics["total"].bands[0].label) == {"en": "Few"}
    own, named = catalog.rules["low"].recommend
    assert dict(own.text) == {"en": "Write to them"}
    assert named.text["de"] == "Bei {total} anrufen", "advice by name keeps the translation of its name"


def test_files_of_one_folder_share_its_translations(write):
    own = "version: 1\nextends: metrics.yaml\ninputs: {seats: {label: Seats}}\n"
    own += "metrics: {total: {override: true, label: Mine}}\n"
    german = GERMAN.replace("Summe", "Meins").replace("inputs: {", "inputs: {seats: {label: Plätze}, ")
    catalog = load(write, {"own.yaml": own, "translations/de.yaml": german}, "own.yaml")
    assert dict(catalog.metrics["total"].label) == {"en": "Mine", "de": "Meins"}
    assert dict(catalog.inputs["seats"].label) == {"en": "Seats", "de": "Plätze"}
    assert catalog.inputs["orders"].also == ("purchases", "käufe")


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"translations/de.more.yaml": "version: 1\nmetrics: {total: {label: X}}\n"},
         [("warning", "translated_twice", "de.yaml", 6)]),
        ({"metrics.yaml": OWN.replace("label: Total", "label: {en: Total, de: Summe}")},
         [("warning", "translated_twice", "de.yaml", 6)]),
        ({"metrics.yaml": OWN.replace("label: Few", "label: Too few")},
         [("error", "nothing_to_translate", "de.yaml", 9)]),
        ({"lifecycle_rules/expand.yaml": RULES.replace("Write to", "Visit")},
         [("error", "nothing_to_translate", "de.yaml", 13)]),
        ({"lifecycle_rules/expand.yaml": RULES.replace(", was {total.previous}", "")},
         [("error", "other_facts", "de.yaml", 12)]),
        ({"translations/en.yaml": "version: 1\n"}, [("error", "unknown_language", "en.yaml", 1)]),
        ({"translations/sv.yaml": "version: 1\nrules: {}\n"}, [("error", "unknown_language", "sv.yaml", 1)]),
        # where definitions cannot be read, nothing is said about what may be in the lost part
        ({"lifecycle_rules/expand.yaml": "version: 1\nrules: [\n"},
         [("error", "unclosed_bracket", "expand.yaml", 2)]),
        # files of other programs
        ({"translations/messages.de.yaml": "hello: Hallo\n", "translations/app.yml": "- a\n"}, []),
    ],
)  # fmt: skip
def test_what_does_not_fit(write, files, expected):
    assert problems(write, files) == expected


def test_definitions_copied_without_their_benchmark_packs_are_right(tmp_path):
    for name, text in FILES.items():
        if not name.startswith("benchmark_packs/"):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
    assert "benchmarks:" in FILES["translations/de.yaml"]
    assert load_catalog(tmp_path / "metrics.yaml").benchmarks == ()


@pytest.mark.parametrize("name", FILES)
def test_a_key_of_another_kind_is_reported_with_its_place(write, name):
    folder, whole = write(FILES), yaml.safe_load(FILES[name])
    for path, other in stages.some([(path, other) for path in places(whole) for other in OTHERS], 15):
        changed = copy.deepcopy(whole)
        holder = changed
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = other
        write({name: yaml.dump(changed, Dumper=DUMPER, sort_keys=False, allow_unicode=True)})
        _, found = check_definitions(folder, benchmarks=["saas"])
        assert [problem.render() for problem in found if problem.place is None] == []


@pytest.mark.parametrize(
    ("change", "changes"),
    [
        (lambda text: text.replace("Summe", "Gesamt"), True),
        (lambda text: text.replace("käufe, ", ""), True),
        (lambda text: "# a note\n" + text.replace("Summe", '"Summe"'), False),
    ],
)
def test_the_digest_covers_them(write, change, changes):
    before = load(write).digest
    assert (load(write, {"translations/de.yaml": change(GERMAN)}).digest != before) == changes


def test_the_language_belongs_to_the_digest(write):
    folder = write(FILES)
    before = load_catalog(folder).digest
    (folder / "translations/de.yaml").rename(folder / "translations/it.yaml")
    assert load_catalog(folder).digest != before


def test_benchmarks_of_the_package_are_translated_beside_other_definitions(write):
    metric = "{label: X, stage: nurture, kind: activity, unit: percent, better: higher, formula: SUM(a)}"
    keys = ("open_rate", "click_rate", "click_to_open")
    own = "version: 1\ninputs: {a: {label: A}}\nmetrics:\n" + "".join(f"  {key}: {metric}\n" for key in keys)
    folder = write({"metrics.yaml": own})
    catalog = load_catalog(folder, benchmarks=["email"])
    notes = {benchmark.name: benchmark.note for benchmark in catalog.benchmarks}
    assert notes["opens_b2b"]["de"] == "Durch automatische Öffnungen aufgebläht"
    origin = "source: x, as_of: 2026-01-01, population: y"
    pack = f"version: 1\nbenchmarks: {{opens_b2b: {{metric: open_rate, value: 3%, note: Mine, {origin}}}}}\n"
    write({"benchmark_packs/email.yaml": pack})
    (mine,) = load_catalog(folder, benchmarks=["email"]).benchmarks
    assert dict(mine.note) == {"en": "Mine"}, "a pack of one's own has no translation of another one"


def test_what_is_missing_is_listed_with_its_place(write):
    files = {"translations/de.yaml": "version: 1\nmetrics: {total: {label: Summe, question: }}\n"}
    found = missing_translations(load(write, files, benchmarks=["saas"]))
    lacking = {str(d.message).partition(" has no translation into ")[0]: d for d in found}
    assert len(lacking) == len(found) == 16
    assert str(lacking["the label of total"].message).endswith("into ja, tr, it, fr")
    assert str(lacking["the question of total"].message).endswith("into ja, tr, it, de, fr")
    assert [d.place.source.name.rsplit("/", 1)[-1] for d in found].count("expand.yaml") == 5
    assert str(lacking["the advice call_them"].place).endswith("expand.yaml:2:21")


def test_a_translator_fills_in_what_is_missing(write):
    """The file is accepted as it is, and after it was filled in nothing is missing."""
    files = {**FILES, "translations/de.yaml": "version: 1\nmetrics: {total: {label: Summe}}\n"}
    files["metrics.yaml"] = OWN.replace("Returns too.", '"Returns: #1 too"')
    folder = write(files)
    count, text = to_translate(load_catalog(folder, benchmarks=["saas"]), "de")
    assert count == 15
    assert text.count("\n  low:\n") == text.count('"Write to them":  # Write to them\n') == 1
    write({"translations/de.more.yaml": text})
    assert check_definitions(folder, benchmarks=["saas"])[1] == ()
    assert to_translate(load_catalog(folder, benchmarks=["saas"]), "de") == (count, text)
    filled = re.sub(r":  # (.*\{.*)", lambda m: f": 'X {m[1]}'", text)
    filled = re.sub(r":  # ", ": X  # ", filled).replace("also: []", "also: [käufe]")
    write({"translations/de.more.yaml": filled})
    assert check_definitions(folder, benchmarks=["saas"])[1] == ()
    catalog = load_catalog(folder, benchmarks=["saas"])
    assert to_translate(catalog, "de")[0] == 0
    assert catalog.inputs["orders"].also == ("purchases", "käufe")
    assert to_translate(catalog, "it")[0] == 16


def test_the_command_writes_a_new_file_and_touches_no_other(write, capsys):
    folder = write({"metrics.yaml": OWN})
    command = ["translate", "de", "--metrics", str(folder)]
    assert main(command) == 0
    shown = capsys.readouterr().out
    file = folder / "de.yaml"
    assert main([*command, "-o", str(file)]) == 0
    assert capsys.readouterr().out == f"wrote {file}: 9 texts to translate\n"
    assert file.read_text("utf-8") == shown
    file.write_text("mine", "utf-8")
    assert main([*command, "-o", str(file)]) == 2
    assert "exists already" in capsys.readouterr().err
    assert file.read_text("utf-8") == "mine"
    assert main(["translate", "en", "--metrics", str(folder)]) == 2
    assert "one of ja, tr, it, de, fr" in capsys.readouterr().err


def test_nothing_is_missing_in_the_definitions_that_come_with_the_package(capsys, tmp_path):
    for language in LANGUAGES[1:]:
        assert main(["translate", language, "--metrics", "builtin", "-o", str(tmp_path / "x.yaml")]) == 0
        assert "every text has a translation" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


WITH_TABLES = OWN.replace(
    "metrics:\n",
    """\
  sold: {label: Sold, type: flag, means: {bought: "yes"}}
  effort: {label: Effort, scale: 1..7}
words: {bought: [bought]}
generic: [amount]
tables:
  sales:
    row: one sale
    needs: [orders, shop]
    signs: {shop: [Shop]}
    columns: {orders: [Amount], sold: [], effort: []}
    status: [{column: State, not: [void]}]
    id: [Sale ID]
metrics:
""",
    1,
)
HEADERS = """\
inputs: {sold: {also: [verkauft]}, effort: {either_way: [Aufwand]}}
words: {bought: [gekauft]}
generic: ["betrag, menge"]
tables:
  sales:
    row: ein Verkauf
    signs: {shop: [Laden]}
    columns: {orders: [Betrag, Menge: {with: sold}]}
    status: [{column: Stand, not: [storniert]}]
    id: [Verkaufsnummer]
    examples: [{headers: [Laden, Betrag, Verkaufsnummer], is: {orders: Betrag}}]
"""


def test_headers_and_words_of_a_language_are_added(write):
    files = {"metrics.yaml": WITH_TABLES, "translations/de.more.yaml": "version: 1\n" + HEADERS}
    assert problems(write, files) == []
    catalog = load(write, files)
    kind = catalog.tables["sales"]
    assert dict(kind.row) == {"en": "one sale", "de": "ein Verkauf"}
    assert [word.text for word in kind.signs["shop"]] == ["Shop", "Laden"]
    assert [(word.text, word.beside) for word in kind.columns["orders"]] == [
        ("Amount", ""),
        ("Betrag", ""),
        ("Menge", "sold"),
    ]
    assert [(rule.column, rule.words) for rule in kind.status] == [
        ("State", ("void",)),
        ("Stand", ("storniert",)),
    ]
    assert kind.id == ("Sale ID", "Verkaufsnummer")
    assert [dict(example.meant) for example in kind.examples] == [{"orders": "Betrag"}]
    assert {"amount", "betrag", "menge"} <= set(catalog.generic)
    assert catalog.inputs["sold"].also == ("verkauft",)
    assert dict(catalog.inputs["sold"].means) == {"bought": "yes", "gekauft": "yes"}
    assert catalog.inputs["effort"].either_way == ("Aufwand",)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("bought: [", "sold: ["), ("{shop: [Laden", "{store: [Laden"), ("{orders: [Betrag", "{order: [Betrag"),
     ("betrag, menge", "betrag, farbe"), ("is: {orders: Betrag", "is: {orders: Umsatz")],
)  # fmt: skip
def test_a_header_of_nothing_is_reported(write, right, wrong):
    assert right in HEADERS
    text = "version: 1\n" + HEADERS.replace(right, wrong)
    files = {"metrics.yaml": WITH_TABLES, "translations/de.more.yaml": text}
    found = problems(write, files)
    assert [(severity, name) for severity, _, name, _ in found] == [("error", "de.more.yaml")]
