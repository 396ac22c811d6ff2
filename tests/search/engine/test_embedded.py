"""tantivy in its folder: what changes, what does not, and what it cannot end."""

import shutil
from pathlib import Path

import pytest
from tantivy import DocAddress, Index

from functions.search.engine import stems
from functions.search.engine.asked import Search
from functions.search.engine.embedded import writer as writers
from functions.search.engine.embedded.containment import EngineBroken, contained
from functions.search.engine.embedded.reader import Reader
from functions.search.engine.embedded.writer import Writer
from tests.search.engine.indexes import Engine, index, opened
from tests.search.schemas import FIELDS

HOSTILE = {
    "long": {"title": "x" * 65_000},
    "many": {"title": " ".join(f"w{number}" for number in range(9_000))},
    "control": {"title": "\x00\x01\x1b[31m"},
    "bidi": {"title": "\u202eevil\u202c שלום"},
    "emoji": {"title": "👩‍👩‍👧‍👦 family"},
    "script": {"title": "<script>alert('&amp;')</script>"},
    "proto": {"__proto__": "x", "$where": "function() {}"},
    "query": {"title": 'title:x AND (a OR "b") -c ~2 ^3 [a TO b]'},
    "empty": {"tags": []},
    "texts": {"tags": ["", " ", "x" * 1000]},
    "numbers": {"pages": -(2**63), "price": 1.7976931348623157e308},
    "early": {"published_at": "0001-01-01T00:00:00Z"},
    "late": {"published_at": "9999-12-31T23:59:59.999Z"},
}


def test_no_document_that_was_checked_ends_the_process(tmp_path: Path):
    engine = opened(tmp_path, HOSTILE)

    assert engine.search(limit=20).found == len(HOSTILE)
    assert engine.finds("family") == ["emoji"]
    assert engine.finds("alert") == ["script"]
    assert engine.finds("w8999") == ["many"]
    assert engine.finds("x" * 400) == ["long", "texts"]
    assert engine.finds(where=f"title:={'x' * 3000}") == []


def test_a_text_of_any_length_is_compared_whole(tmp_path: Path):
    engine = opened(tmp_path, {"a": {"title": "y" * 2000}, "b": {"title": "y" * 2001}})

    assert engine.finds(where=f"title:={'y' * 2001}") == ["b"]


def test_a_panic_of_the_engine_is_an_error_that_says_nothing_of_the_text(tmp_path: Path):
    index(tmp_path, {"a": {"title": "secret"}})
    searcher = Index.open(str(tmp_path)).searcher()

    with pytest.raises(EngineBroken) as broken, contained("testing"):
        searcher.doc(DocAddress(99, 0))
    assert (str(broken.value), broken.value.__cause__) == ("the engine panicked while testing", None)


def test_a_refusal_of_the_engine_does_not_quote_it(tmp_path: Path):
    with pytest.raises(EngineBroken) as broken:
        Writer(tmp_path, FIELDS, None).remove("secret\ud800")

    assert "secret" not in str(broken.value)
    assert broken.value.__cause__ is None


@pytest.mark.parametrize("kind", [KeyboardInterrupt, SystemExit, KeyError])
def test_what_is_no_panic_goes_on_as_it_is(kind: type[BaseException]):
    with pytest.raises(kind), contained("testing"):
        raise kind


def test_files_that_are_there_do_not_change(tmp_path: Path):
    index(tmp_path, {"a": {"title": "one"}, "b": {"title": "two"}})
    before = {name: path.read_bytes() for name, path in writers.files(tmp_path).items()}
    index(tmp_path, {"a": {"title": "three"}}, removed=["b"])
    after = {name: path.read_bytes() for name, path in writers.files(tmp_path).items()}

    assert {name: after[name] for name in before.keys() & after.keys()} == {
        name: before[name] for name in before.keys() & after.keys()
    }
    assert after.keys() - before.keys()


def test_an_index_is_its_files_and_what_is_said_of_them(tmp_path: Path):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    index(here, {"a": {"title": "whale"}})
    for name, path in writers.files(here).items():
        shutil.copy(path, there / name)
    writers.restore(there, writers.meta_of(here))
    index(there, {"b": {"title": "whales"}})

    assert Engine(Reader(there, FIELDS, "en"), FIELDS).finds("whale") == ["a", "b"]
    assert Engine(Reader(here, FIELDS, "en"), FIELDS).finds("whale") == ["a"]


def test_a_reader_stays_at_the_state_it_was_opened_in(tmp_path: Path):
    engine = opened(tmp_path, {"a": {"title": "whale"}})
    index(tmp_path, {"b": {"title": "whale"}}, removed=["a"])

    assert engine.finds("whale") == ["a"]
    assert engine.reader.documents == 1


def test_what_was_put_twice_is_there_once(tmp_path: Path):
    index(tmp_path, {"a": {"title": "one"}})
    index(tmp_path, {"a": {"title": "two"}})
    engine = Engine(Reader(tmp_path, FIELDS, "en"), FIELDS)

    assert (engine.finds("two"), engine.finds("one", num_typos=0)) == (["a"], [])
    assert engine.search().found == 1


def test_many_small_segments_are_merged(tmp_path: Path):
    for number in range(20):
        index(tmp_path, {str(number): {"title": "whale"}})
    segments = {name.partition(".")[0] for name in writers.files(tmp_path)}

    assert len(segments) < 20
    assert Reader(tmp_path, FIELDS, "en").search(Search(limit=1)).found == 20


def test_every_language_of_the_shapes_has_stems():
    assert {language: stems.stem("nations", language) for language in ("en", "fr")} == {
        "en": "nation",
        "fr": "nation",
    }
    assert all(stems.stem("x", language) for language in stems.LANGUAGES)
