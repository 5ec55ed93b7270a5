"""Kinds of tables from their blocks: merged over those of extended files, checked, made into records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from metricsheet.catalog.assembly.context import BuildContext, local_text
from metricsheet.catalog.assembly.entries import Entry, Merged, joined, own_copy, put, without
from metricsheet.catalog.assembly.files import DefinitionFile
from metricsheet.catalog.frozen import Frozen
from metricsheet.catalog.problems import Problems
from metricsheet.catalog.table_kinds import (
    PAST,
    Contradiction,
    HeadersExample,
    HeaderWord,
    StatusWords,
    TableKind,
)
from metricsheet.catalog.yaml.tree import Block, Items
from metricsheet.errors import did_you_mean
from metricsheet.language.message import Message
from metricsheet.source import Place
from metricsheet.values.folding import form_of

_BY_NAME = ("columns", "signs")
_IN_FRONT = ("status", "contradicts", "id", "may_hold")


def add_tables(merged: Merged, file: DefinitionFile, problems: Problems) -> None:
    """Add the kinds, generic words and words of cells of one file to those of the files it extends."""
    for key, text, _ in _aliases(file):
        # who calls an input so in definitions of their own says what the word means there
        if key in merged.inputs:
            merged.generic.pop(form_of(text), None)
    add_words(merged, file)
    tables = file.root.inner("tables")
    for key in tables:
        _add_table(merged, key, tables, file, problems)


def add_words(merged: Merged, file: DefinitionFile) -> None:
    """Add the generic words and the words of cells of one file."""
    for text, place in file.root.texts("generic"):
        merged.generic.update((form_of(word), (word.strip(), place)) for word in text.split(","))
    lists = file.root.inner("words")
    for name in lists:
        found = [text for text, _ in lists.texts(name)]
        merged.words[name] = (*found, *merged.words.get(name, ()))


def list_headers(merged: Merged, kind: Block) -> None:
    """Note the headers that a kind of table names, which may be generic."""
    merged.listed.update(
        word.form for name in _BY_NAME for found in _headers(kind.inner(name)).values() for word in found
    )


def _aliases(file: DefinitionFile) -> Iterator[tuple[str, str, Place]]:
    inputs = file.root.inner("inputs")
    for key in inputs:
        yield from ((key, text, place) for text, place in inputs.inner(key).texts("also"))


def _add_table(merged: Merged, key: str, tables: Block, file: DefinitionFile, problems: Problems) -> None:
    place = tables.key_place(key)
    block = tables.block(key) or Block(tables.source, (place.line, place.column))
    broken = file.entry_is_broken("tables", key) or key not in tables or tables.block(key) is None
    block = without(block, file.broken.get(("tables", key), frozenset()))
    list_headers(merged, block)
    into, earlier = merged.tables, merged.tables.get(key)
    replaces = block.get("replace") is True
    if earlier is None and replaces and not broken:
        hint = did_you_mean(key, into) or Message("leave_out_replace")
        problems.error(Message("nothing_to_override", found=key), place, hint)
    if earlier is None or replaces:
        into[key] = Entry(key, block, place, broken)
    else:
        into[key] = Entry(key, _over(earlier.block, block), place, broken or earlier.broken)


def _over(base: Block, change: Block) -> Block:
    """Return a kind with what another file adds: its headers come first, as they are the best known."""
    result = own_copy(base)
    for key, value in base.items():
        put(result, key, value, base)
    for key, value in change.items():
        before = base.get(key)
        if key in _BY_NAME and isinstance(value, Block) and isinstance(before, Block):
            named = own_copy(before)
            for name, there in before.items():
                put(named, name, there, before)
            for name, headers in value.items():
                put(named, name, joined(headers, before.get(name, Items(value.source, value.at))), value)
            put(result, key, named, change)
        elif key in _IN_FRONT and isinstance(value, Items) and isinstance(before, Items):
            put(result, key, joined(value, before), change)
        elif key == "examples" and isinstance(value, Items):
            put(result, key, joined(before, value), change)
        else:
            put(result, key, value, change)
    return result


def build_tables(building: BuildContext) -> dict[str, TableKind]:
    """Return the kinds of tables; whatever they name that is not there is reported."""
    found: dict[str, TableKind] = {}
    entries = building.merged.tables
    for key, entry in entries.items():
        kind = _kind(entry)
        if not entry.broken:
            _check(building, kind, entry)
            found[key] = kind
    _check_apart(building, found)
    if not any(entry.broken for entry in entries.values()):
        _check_generic(building)
    return found


def _kind(entry: Entry) -> TableKind:
    block = entry.block
    return TableKind(
        key=entry.key,
        row=local_text(block["row"]) if "row" in block else Frozen({"en": entry.key}),
        needs=tuple(_alternatives(line) for line, _ in block.texts("needs")),
        columns=_headers(block.inner("columns")),
        signs=_headers(block.inner("signs")),
        one=block.text("one"),
        several=block.text("several"),
        ledger=block.get("ledger") is True,
        status=tuple(
            StatusWords(rule.text("column"), tuple(word for word, _ in rule.texts("not")))
            for rule in block.blocks("status")
        ),
        contradicts=tuple(
            Contradiction(rule.text("flag"), rule.text("column"), rule.text("says"))
            for rule in block.blocks("contradicts")
        ),
        id=tuple(text for text, _ in block.texts("id")),
        may_hold=tuple(text for text, _ in block.texts("may_hold")),
        examples=tuple(_examples(block)),
        place=entry.place,
    )


def _alternatives(line: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in line.split("|"))


def _headers(block: Block) -> Mapping[str, tuple[HeaderWord, ...]]:
    return Frozen({name: tuple(_header_words(block, name)) for name in block})


def _header_words(block: Block, name: str) -> Iterator[HeaderWord]:
    items = block.items_of(name) or Items(block.source, block.at)
    for index, item in enumerate(items):
        if not isinstance(item, Block):
            yield HeaderWord(str(item), _form(str(item)), place=items.place(index))
            continue
        for header in item:
            rule = item.block(header)
            if rule is not None:
                place = item.key_place(header)
                condition = rule.text("with"), rule.text("if"), rule.text("is")
                yield HeaderWord(header, _form(header), *condition, place)


def _form(header: str) -> str:
    return "*".join(map(form_of, header.split("*")))


def _examples(block: Block) -> Iterator[HeadersExample]:
    for item in block.blocks("examples"):
        headers = tuple(text for text, _ in item.texts("headers"))
        meant = {key: str(header) for key, header in item.inner("is").items()}
        yield HeadersExample(headers, Frozen(meant), item.place())


def _check(building: BuildContext, kind: TableKind, entry: Entry) -> None:
    block, problems = entry.block, building.problems
    known = [*kind.columns, *kind.signs]
    missing = [name for name in ("row", "needs", "columns") if name not in block]
    if missing:
        problems.error(Message("missing_key", names=", ".join(missing)), entry.place)
    columns, signs = block.block("columns"), block.block("signs")
    hint: Message | None
    for name in kind.columns:
        if name not in building.merged.inputs and columns is not None:
            hint = did_you_mean(name, building.merged.inputs) or Message("declare_input")
            problems.error(Message("unknown_input", found=name), columns.key_place(name), hint)
    for name in kind.signs:
        if name in kind.columns and signs is not None:
            problems.error(Message("bad_table.sign", found=name), signs.key_place(name))
    for line, place in block.texts("needs"):
        for name in _alternatives(line):
            if name not in known:
                problems.error(Message("bad_table.needs", found=name), place, did_you_mean(name, known))
    for key, name in (("one", kind.one), ("several", kind.several)):
        if name and name not in kind.columns:
            hint = did_you_mean(name, kind.columns)
            problems.error(Message("bad_table.one", found=name), block.place(key), hint)
    for name, place in block.texts("may_hold"):
        if name not in building.merged.tables:
            hint = did_you_mean(name, building.merged.tables)
            problems.error(Message("bad_table.may_hold", found=name), place, hint)
    _check_contradictions(building, kind, block)
    for headers in (*kind.columns.values(), *kind.signs.values()):
        for word in headers:
            _check_word(building, kind, word)
    for example in kind.examples:
        _check_example(building, kind, example)


def _check_contradictions(building: BuildContext, kind: TableKind, block: Block) -> None:
    inputs, error = building.merged.inputs, building.problems.error
    for rule in block.blocks("contradicts"):
        for name in ("flag", "column"):
            found, place = rule.text(name), rule.place(name)
            if found not in kind.columns:
                error(Message("bad_table.one", found=found), place, did_you_mean(found, kind.columns))
            elif found in inputs:
                definition = inputs[found].block
                type_ = definition.text("type")
                known = [PAST] if type_ == "date" else list((definition.block("means") or {}).values())
                if type_ != "flag" if name == "flag" else rule.text("says") not in known:
                    hint = Message("contradicts_takes")
                    error(Message("bad_table.contradicts", found=found), place, hint)


def _check_word(building: BuildContext, kind: TableKind, word: HeaderWord) -> None:
    error = building.problems.error
    if len(word.form.replace("*", "")) < 2 and "*" in word.form:
        error(Message("bad_table.pattern", found=word.text), word.place, Message("name_part_of_header"))
    for name, known in ((word.beside, [*kind.columns]), (word.column, [*kind.signs, *kind.columns])):
        if name and name not in known:
            error(Message("bad_table.condition", found=name), word.place, did_you_mean(name, known))
    if bool(word.column) != bool(word.says) or (word.beside and word.column):
        error(Message("bad_table.condition_form"), word.place, Message("write_condition"))


def _check_example(building: BuildContext, kind: TableKind, example: HeadersExample) -> None:
    for key, header in example.meant.items():
        if key not in kind.columns:
            hint = did_you_mean(key, kind.columns)
            building.problems.error(Message("bad_table.example_input", found=key), example.place, hint)
        if header not in example.headers:
            hint = did_you_mean(header, example.headers)
            building.problems.error(Message("bad_table.example_header", found=header), example.place, hint)


def _check_apart(building: BuildContext, kinds: Mapping[str, TableKind]) -> None:
    """Report two kinds that need the same: no table could ever tell them apart by it."""
    seen: dict[frozenset[frozenset[str]], TableKind] = {}
    for kind in kinds.values():
        needs = frozenset(map(frozenset, kind.needs))
        other = seen.setdefault(needs, kind)
        if other is not kind and needs and other.place is not None:
            message = Message("bad_table.same_needs", kind=kind.key, other=other.key)
            related = ((other.place, Message("is_defined", name=other.key)),)
            building.problems.error(message, kind.place, Message("add_a_need"), related)


def _check_generic(building: BuildContext) -> None:
    """Report a generic word that no kind has: it could never be found."""
    for form, (word, place) in building.merged.generic.items():
        if form not in building.merged.listed:
            building.problems.error(Message("bad_table.generic", found=word), place, Message("list_in_kind"))
