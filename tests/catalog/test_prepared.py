"""Definitions kept for the next run: used when nothing has changed, and never trusted beyond that."""

import os
import pickle
import stat
import sys
from zlib import crc32

import pytest

from metricsheet import kept, prepared
from metricsheet.errors import DefinitionError

OWN = """\
version: 1
inputs: {a: {label: Ä}}
metrics:
  total: {label: T, stage: expand, kind: outcome, unit: points, better: higher, formula: SUM(a), target: 5}
"""
RULES = "version: 1\nrules: {low: {severity: low, when: total < 5, finding: x}}\n"
GERMAN = "version: 1\nmetrics: {total: {label: S}}\n"


def load(path=None, **options):
    return prepared.prepare(path, **options).catalog


@pytest.fixture
def cache(tmp_path, monkeypatch):
    folder = tmp_path / "cache"
    monkeypatch.setenv(prepared.SWITCH, str(folder))
    return folder


@pytest.fixture
def own(write, cache):
    files = {
        "own/metrics.yaml": OWN,
        "own/lifecycle_rules/expand.yaml": RULES,
        "own/translations/de.yaml": GERMAN,
    }
    return write(files) / "own"


def read_again(own, monkeypatch):
    """Return whether loading reads the files again rather than what is kept, and what it loads."""
    made = []
    with monkeypatch.context() as patch:
        patch.setattr(prepared, "store", lambda *a: made.append(a))
        catalog = load(own)
    return bool(made), catalog


def kept_file(cache):
    (file,) = cache.iterdir()
    return file


def kept_file_of(cache):
    return next(file for file in cache.iterdir() if file.suffix == ".definitions")


def test_the_second_run_gives_the_same_without_reading(own, cache, monkeypatch):
    first = load(own)
    monkeypatch.setitem(sys.modules, "metricsheet.catalog.assembly.make", None)
    second = load(own)
    assert second == first
    assert second.metrics["total"].place == first.metrics["total"].place
    assert second.metrics["total"].place.source.text == OWN
    assert type(second.metrics) is type(first.metrics)
    assert second.metrics["total"].plan.residual == first.metrics["total"].plan.residual
    assert second.digest == first.digest
    assert second.rivals == first.rivals


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions another way")
def test_only_the_user_can_read_it(own, cache):
    load(own)
    assert stat.S_IMODE(kept_file(cache).stat().st_mode) == 0o600
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


CHANGES = {
    "a cutoff": lambda own: (own / "metrics.yaml").write_text(OWN.replace("target: 5", "target: 6"), "utf-8"),
    "a comment": lambda own: (own / "metrics.yaml").write_text(OWN + "# note\n", "utf-8"),
    "a rule": lambda own: (own / "lifecycle_rules/expand.yaml").write_text(RULES.replace("5", "6"), "utf-8"),
    "a new file of rules": lambda own: (own / "lifecycle_rules/convert.yaml").write_text(
        "version: 1\n", "utf-8"
    ),
    "a lost file of rules": lambda own: (own / "lifecycle_rules/expand.yaml").unlink(),
    "a text": lambda own: (own / "translations/de.yaml").write_text(GERMAN.replace("S}", "T}"), "utf-8"),
    "a new language": lambda own: (own / "translations/it.yaml").write_text(GERMAN, "utf-8"),
    "a lost language": lambda own: (own / "translations/de.yaml").unlink(),
    "a new file beside it": lambda own: (own / "metrics.yml").write_text("version: 1\n", "utf-8"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_has_changed_is_read_again(own, cache, monkeypatch, change):
    before = load(own)
    CHANGES[change](own)
    again, after = read_again(own, monkeypatch)
    assert again
    assert (after == before) == (change == "a new file beside it")


def test_so_is_an_extended_file_that_has_changed(own, write, monkeypatch, cache):
    write({"own/metrics.yaml": "version: 1\nextends: ../base.yaml\n", "base.yaml": OWN})
    assert load(own).metrics["total"].targets[0].value == 5
    write({"base.yaml": OWN.replace("target: 5", "target: 6")})
    assert load(own).metrics["total"].targets[0].value == 6


def test_a_file_saved_in_another_encoding_says_the_same(own, cache, monkeypatch):
    load(own)
    (own / "metrics.yaml").write_bytes(OWN.replace("\n", "\r\n").encode("utf-16"))
    assert not read_again(own, monkeypatch)[0]
    (own / "metrics.yaml").write_bytes(OWN.encode("latin-1"))
    with pytest.raises(DefinitionError, match="not_utf8"):
        load(own)


def test_what_a_file_held_when_it_was_read_is_what_counts(own, cache, monkeypatch):
    """A file saved between reading it and keeping it is read again."""
    keep = prepared.store

    def late(*given):
        (own / "metrics.yaml").write_text(OWN.replace("target: 5", "target: 6"), "utf-8")
        keep(*given)

    monkeypatch.setattr(prepared, "store", late)
    assert load(own).metrics["total"].targets[0].value == 5
    monkeypatch.undo()
    monkeypatch.setenv(prepared.SWITCH, str(cache))
    assert load(own).metrics["total"].targets[0].value == 6


def test_files_of_the_same_name_take_turns(write, cache, monkeypatch):
    write({"a.yaml": OWN, "b.yaml": OWN.replace("total", "all_of_it")})
    monkeypatch.setattr(prepared, "crc32", lambda _: 7)
    for _ in range(2):
        for name, key in (("a.yaml", "total"), ("b.yaml", "all_of_it")):
            assert list(load(write({}) / name).metrics) == [key]
    assert kept_file(cache).name.startswith("00000007")


def test_another_version_of_the_package_reads_again(own, cache, monkeypatch):
    load(own)
    monkeypatch.setattr(prepared, "code_state", lambda _: "another")
    assert read_again(own, monkeypatch)[0]


def test_the_same_file_shown_under_another_name_is_its_own(own, cache, monkeypatch):
    load(own)
    monkeypatch.chdir(own)
    assert load().path == "metrics.yaml"
    assert load("metrics.yaml").metrics["total"].place.source.name == "metrics.yaml"


def test_definitions_with_errors_are_not_kept(own, cache):
    (own / "metrics.yaml").write_text(OWN.replace("SUM(a)", "SUM(b)"), "utf-8")
    for _ in range(2):
        with pytest.raises(DefinitionError):
            load(own)
    assert not cache.exists()


def test_a_flipped_bit_is_not_used(own, cache, monkeypatch):
    """A cutoff changed inside the cached bytes must not be used under the digest of the definitions."""
    first = load(own)
    data = bytearray(kept_file(cache).read_bytes())
    body = data.index(b"\n\n") + 2
    for at in range(body, len(data), max(1, (len(data) - body) // 50)):
        changed = data.copy()
        changed[at] ^= 1
        kept_file(cache).write_bytes(bytes(changed))
        again, second = read_again(own, monkeypatch)
        assert again, at
        assert second == first


class Harm:
    """What an attacker would put there: unpickling it calls a function."""

    def __reduce__(self):
        return (os.system, ("touch harmed",))


BODIES = {
    "a function": pickle.dumps(Harm()),
    "a builtin": b"cbuiltins\neval\n(S'1'\ntR.",
    "another class": pickle.dumps(pytest.approx(1).__class__),
    "a function of ours": b"cmetricsheet.catalog.definitions\nin_language\n.",
    "a module reached through ours": b"cmetricsheet.catalog.definitions\ndataclass\n.",
    "no definitions": pickle.dumps([1, 2]),
    "half of it": None,
    "nothing": b"",
    "garbage": b"\x80\x05garbage" * 100,
}


@pytest.mark.parametrize("body", BODIES)
def test_a_file_that_somebody_changed_is_not_used(own, cache, monkeypatch, tmp_path, body):
    monkeypatch.chdir(tmp_path)
    first = load(own)
    header, _, rest = kept_file(cache).read_bytes().partition(b"\n\n")
    data = rest[: len(rest) // 2] if BODIES[body] is None else BODIES[body]
    # with a digest of its own: what is not a definition must be refused even where the digest fits
    lines = header.split(b"\n")
    lines[1] = f"{len(data)}:{crc32(data):08x}".encode()
    kept_file(cache).write_bytes(b"\n".join(lines) + b"\n\n" + data)
    again, second = read_again(own, monkeypatch)
    assert again
    assert second == first
    assert not (tmp_path / "harmed").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps permissions another way")
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_can_write_is_not_used(own, cache, monkeypatch, mode):
    load(own)
    kept_file(cache).chmod(mode)
    assert read_again(own, monkeypatch)[0]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_is_not_followed(own, cache, monkeypatch, tmp_path):
    load(own)
    file = kept_file(cache)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to(tmp_path / "elsewhere")
    assert read_again(own, monkeypatch)[0]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are no files there")
def test_a_pipe_is_not_waited_for(own, cache, monkeypatch):
    load(own)
    file = kept_file(cache)
    file.unlink()
    os.mkfifo(file)
    assert read_again(own, monkeypatch)[0]
    load(own)  # and it is replaced
    assert not read_again(own, monkeypatch)[0]


def test_what_a_killed_run_left_goes_and_another_version_takes_its_turn(own, cache, monkeypatch):
    load(own)
    (cache / "1.new").write_bytes(b"half of it")
    os.utime(kept_file_of(cache), (0, 0))  # the clock decides nothing
    assert not read_again(own, monkeypatch)[0]
    for version in ("9.9", "0.0", kept.__version__):
        with monkeypatch.context() as other:
            other.setattr(kept, "__version__", version)
            assert load(own) == load(own)
            assert [file.suffix for file in cache.iterdir()] == [".definitions"]
    assert not read_again(own, monkeypatch)[0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are not copied there")
def test_many_processes_at_once(own, cache, monkeypatch):
    children = []
    for _ in range(6):
        child = os.fork()
        if not child:
            try:
                os._exit(0 if load(own).metrics["total"] else 1)
            finally:
                os._exit(2)
        children.append(child)
    assert {os.waitpid(child, 0)[1] for child in children} == {0}
    assert kept_file(cache).suffix == ".definitions"
    assert not read_again(own, monkeypatch)[0]


def test_a_folder_that_cannot_be_written_is_no_trouble(own, cache, monkeypatch):
    cache.write_text("a file where the folder should be", "utf-8")
    assert load(own) == load(own)


@pytest.mark.parametrize("switch", ["off", "0", "no", ""])
def test_it_can_be_turned_off(own, cache, monkeypatch, switch):
    monkeypatch.setenv(prepared.SWITCH, switch)
    load(own)
    assert not cache.exists()


def test_old_ones_are_thrown_away(write, cache):
    for number in range(prepared.MOST_CACHED + 3):
        load(write({f"n{number}.yaml": OWN}) / f"n{number}.yaml")
    assert len(list(cache.iterdir())) == prepared.MOST_CACHED


def test_where_it_is_kept(monkeypatch):
    monkeypatch.delenv(prepared.SWITCH)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", "/x/cache")
    assert prepared.cache_folder() == os.path.join("/x/cache", "metricsheet")
    monkeypatch.setenv("XDG_CACHE_HOME", "")
    monkeypatch.setenv("HOME", "/home/me")
    assert prepared.cache_folder() == os.path.join("/home/me/.cache", "metricsheet")
    monkeypatch.setattr(sys, "platform", "darwin")
    assert prepared.cache_folder() == os.path.join("/home/me/Library/Caches", "metricsheet")
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)
    assert prepared.cache_folder() is None
