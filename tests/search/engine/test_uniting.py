"""An index of many parts becomes one of one part, in which the same is found in the same order."""

from pathlib import Path
from typing import Any

import pytest

from functions.search.engine.embedded import schema, writer
from functions.search.engine.ports import Change, Written
from tests.search.engine.indexes import EMBEDDED, Engine, blueprint, index
from tests.search.schemas import FIELDS

KEPT = {f"id-{number:05}": {"title": "White whale"} for number in range(0, 80, 10)}


def united(folder: Path, documents: dict[str, dict[str, Any]]) -> Written:
    return EMBEDDED.unite(folder, blueprint(), [Change(id_, 2, content) for id_, content in documents.items()])


def parts(folder: Path) -> int:
    return EMBEDDED.parts(writer.meta_of(folder))


def found(folder: Path) -> list[tuple[str, int]]:
    engine = Engine(EMBEDDED.open(folder, blueprint()), FIELDS)
    return [(hit.id, hit.text_match) for q in ("white whale", "wha", "wahle", "*") for hit in engine.search(q).hits]


def test_an_index_of_parts_of_any_size_becomes_one_part(tmp_path: Path):
    number = 0
    for size in (17_000, 30, 4, 1):
        documents = range(number, number + size)
        index(tmp_path, {f"id-{each:05}": {"title": "" if each % 5 else "White whale"} for each in documents})
        number += size
    index(tmp_path, {}, removed=["id-00005", "id-17034"])
    before = parts(tmp_path), found(tmp_path)
    written = united(tmp_path, KEPT)

    assert before[0] == 3
    assert (parts(tmp_path), written.documents, written.holds_erased) == (1, 17_033, False)
    assert [id_ for id_, _ in found(tmp_path)] == [id_ for id_, _ in before[1]]
    assert writer.is_in_order(tmp_path)
    index(tmp_path, {"id-00005": {"title": "White whale"}})
    assert [id_ for id_, _ in found(tmp_path)[:2]] == ["id-00000", "id-00005"]


def test_documents_are_in_it_as_they_are_now(tmp_path: Path):
    for each in KEPT:
        index(tmp_path, {each: {"title": "A whale"}})
        index(tmp_path, {f"{each}-more": {"title": "A whale"}}, removed=[f"{each}-more"])
    index(tmp_path, {"gone": {"title": "A whale"}})
    changes = [*(Change(id_, 2, {"title": "Typee"}) for id_ in KEPT), Change("gone", 2, None)]
    written = EMBEDDED.unite(tmp_path, blueprint(), changes)

    assert (parts(tmp_path), written) == (1, Written(8, frozenset(), holds_erased=False))
    assert Engine(EMBEDDED.open(tmp_path, blueprint()), FIELDS).finds("typee") == [*KEPT]


def test_with_fewer_documents_an_index_keeps_its_parts(tmp_path: Path):
    for each in [*KEPT][:3]:
        index(tmp_path, {each: {"title": "A whale"}})
    united(tmp_path, dict([*KEPT.items()][:3]))

    assert Engine(EMBEDDED.open(tmp_path, blueprint()), FIELDS).finds("white") == [*KEPT][:3]


def test_an_index_that_the_engine_cannot_merge_stays_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for each, content in KEPT.items():
        index(tmp_path, {each: content})
    index(tmp_path, {"more": {"title": "Whale"}})
    before = found(tmp_path)

    def panics() -> Any:
        raise ValueError("as a refusal of the engine is")

    monkeypatch.setattr(schema, "nothing", panics)
    written = united(tmp_path, KEPT)

    assert (written.documents, found(tmp_path)) == (9, before)
    assert {path.name for path in tmp_path.iterdir() if path.is_dir()} == set()
