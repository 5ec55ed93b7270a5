"""What the tests of the stage ``test`` read once and share; in the other stages each test reads it anew."""

from __future__ import annotations

import os
from collections.abc import Callable
from copy import copy
from functools import lru_cache, wraps
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from metricsheet import one_source, prepared
from metricsheet.binding import bind
from metricsheet.catalog.assembly import files, make, metrics
from metricsheet.catalog.problems import Problems
from metricsheet.files import read
from metricsheet.records import replace

ROOT = Path(__file__).parents[1]
MOST = 30
"""So many catalogs are kept, the newest ones."""


def share() -> None:
    """Keep what costs most: definitions in every state, from YAML trees to rules, and bound workbooks."""
    # the bytes tell the same definitions; whether they may be used is still asked each time
    prepared._unpickle = lru_cache(maxsize=MOST)(prepared._unpickle)
    files.read_file = _shipped_once(files.read_file)
    read.read_book = _once(read.read_book)
    bind.bind = _once_for_books(bind.bind)
    one_source.evaluate_dataset = _once_in_all_languages(one_source.evaluate_dataset)
    metrics.compile_formula = _once_over_names(metrics.compile_formula)
    make.make_catalog = _once_while_files_hold(make.make_catalog)
    prepared._compiled = _once_for_catalogs(prepared._compiled)
    prepared.input_forms = _once_for_each(prepared.input_forms)
    prepared.Prepared = _once_for_each(prepared.Prepared)  # type: ignore[misc]
    prepared.store = _but_for_one_test(prepared.store, os.environ[prepared.SWITCH])


BOOKS: dict[tuple[object, ...], dict[str, Any]] = {}
"""The workbooks outside the folders of single tests, read once, under each name that is shown for them."""


BOUND: dict[int, Any] = {}
"""The data of these workbooks, bound once to the same definitions, by their ids."""


def _once(read_book: Callable[..., Any]) -> Callable[..., Any]:

    @wraps(read_book)
    def read_shared(path: Path, *, shown: str | None = None) -> Any:
        try:
            whole = Path(path).resolve()
            file, name = (str(whole), whole.stat().st_mtime_ns), shown or path.name
        except (OSError, RuntimeError, ValueError):
            return read_book(path, shown=shown)
        if whole.is_relative_to(Path(gettempdir()).resolve()):
            return read_book(path, shown=shown)
        under_names = BOOKS.setdefault(file, {})
        if name not in under_names:
            same = next((book for book in under_names.values() if not book.problems), None)
            under_names[name] = replace(same, name=name) if same else read_book(path, shown=shown)
        return under_names[name]

    return read_shared


def _shipped_once(read: Callable[..., Any]) -> Callable[..., Any]:
    trees: dict[tuple[object, ...], Any] = {}

    @wraps(read)
    def read_file(path: Path, shown: str, kind: Any, problems: Problems) -> Any:
        whole = Path(path).resolve()
        if not whole.is_relative_to(ROOT) or problems.found:
            return read(path, shown, kind, problems)
        key = path, shown, kind, whole.stat().st_mtime_ns
        if key not in trees:
            found = read(path, shown, kind, problems)
            if problems.found:
                return found
            trees[key] = found
        problems.about(shown)
        return trees[key]

    return read_file


def _once_for_books(bind: Callable[..., Any]) -> Callable[..., Any]:
    """Bind a shared workbook once to the same definitions, with the same mapping; errors are raised anew."""
    found: dict[tuple[object, ...], tuple[Any, Any]] = {}

    @wraps(bind)
    def bind_shared(catalog: Any, book: Any, mapping: Any = None, **options: Any) -> Any:
        if not any(book is one for under_names in BOOKS.values() for one in under_names.values()):
            return bind(catalog, book, mapping, **options)
        said = [sorted((one or {}).items()) for one in (mapping, options.get("read"))]
        key = id(catalog), id(book), str(options.get("folder")), str(said)
        if key not in found:
            found[key] = bind(catalog, book, mapping, **options), catalog  # which keeps its id
            BOUND[id(found[key][0])] = found[key][0]
        return found[key][0]

    return bind_shared


def _once_in_all_languages(evaluate: Callable[..., Any]) -> Callable[..., Any]:
    """Evaluate a shared dataset once with the same options: only what is said of it has a language."""
    found: dict[tuple[object, ...], tuple[Any, Any]] = {}

    @wraps(evaluate)
    def evaluate_shared(catalog: Any, rules: Any, dataset: Any, options: Any, unbound: Any = None) -> Any:
        if id(dataset) not in BOUND:
            return evaluate(catalog, rules, dataset, options, unbound)
        key = id(catalog), id(dataset), str(replace(options, language="en"))
        if key not in found:
            found[key] = evaluate(catalog, rules, dataset, options), catalog
            while len(found) > MOST:
                del found[next(iter(found))]
        return found[key][0]

    return evaluate_shared


def _once_over_names(compile_formula: Callable[..., Any]) -> Callable[..., Any]:
    """Plan a formula once among the same names while those it uses mean the same; problems are found anew."""
    plans: dict[tuple[object, ...], tuple[Any, dict[str, Any]]] = {}

    @wraps(compile_formula)
    def compile_shared(text: str, names: dict[str, Any], *, place: Any, unit: str | None) -> Any:
        key = text, unit, frozenset(names)
        if key in plans:
            plan, meant = plans[key]
            if all(names[name] == info for name, info in meant.items()):
                return copy(plan), ()  # without what one catalog made of it
        plan, found = compile_formula(text, names, place=place, unit=unit)
        if plan is not None and not found:
            used = (*plan.inputs, *plan.metrics, *plan.parameters)
            plans[key] = plan, {name: names[name] for name in used}
        return plan, found

    return compile_shared


def _text(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except (OSError, ValueError):
        return None


def _names(folder: str) -> list[str]:
    return sorted(path.name for path in Path(folder).glob("*"))


def _once_while_files_hold(make_catalog: Callable[..., Any]) -> Callable[..., Any]:
    """Make a catalog without errors once, while its files hold the same and no other lies beside them."""
    made: dict[tuple[object, ...], tuple[Any, Any, Any]] = {}

    def held(found: Any, benchmarks: Any) -> Any:
        return (
            [_text(path) for path, _ in found.texts],
            [_names(folder) for folder in found.folders],
            [_text(one) for one in benchmarks],
        )

    @wraps(make_catalog)
    def make_shared(files: Any, benchmarks: Any, *, warn: bool) -> Any:
        key = str(files), tuple(benchmarks), warn
        if key in made and held(made[key][0], benchmarks) == made[key][1]:
            found, _, (told, order) = made[key]
            problems = Problems()  # to which each who asks adds its own
            problems.found, problems.order = list(told), dict(order)
            return replace(found, problems=problems, building=replace(found.building, problems=problems))
        found = make_catalog(files, benchmarks, warn=warn)
        if found.catalog is not None and not found.problems.errors:
            told = list(found.problems.found), dict(found.problems.order)
            made[key] = found, held(found, benchmarks), told
            while len(made) > MOST:
                del made[next(iter(made))]
        return found

    return make_shared


def _once_for_catalogs(compiled: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Compile the rules of a catalog once."""
    rules: dict[int, tuple[Any, Any, Any]] = {}

    @wraps(compiled)
    def compile_shared(catalog: Any) -> Any:
        if id(catalog) not in rules or rules[id(catalog)][0] is not catalog:
            rules[id(catalog)] = catalog, *compiled(catalog)
            while len(rules) > MOST:
                del rules[next(iter(rules))]
        _, made, problems = rules[id(catalog)]
        return list(made), list(problems)

    return compile_shared


def _once_for_each(made: Callable[..., Any]) -> Callable[..., Any]:
    """Make something once of a catalog and what belongs to it."""
    found: dict[tuple[int, ...], tuple[Any, Any]] = {}

    @wraps(made)
    def make_shared(catalog: Any, *rest: Any) -> Any:
        key = id(catalog), *map(id, rest[0] if rest else ())  # the rules of the catalog
        if key not in found:
            found[key] = made(catalog, *rest), (catalog, rest)
            while len(found) > MOST:
                del found[next(iter(found))]
        return found[key][0]

    return make_shared


def _but_for_one_test(store: Callable[..., Any], folder: str) -> Callable[..., Any]:
    """Cache no definitions of a single test beside those that all tests read: they are shared as above."""

    @wraps(store)
    def store_some(key: Any, *content: Any) -> None:
        if prepared.cache_folder() != folder or not Path(key.metrics).is_relative_to(gettempdir()):
            store(key, *content)

    return store_some
