"""How good the order of hits is, by a judged set, and whether misspelt words find what was meant.

The floors are what was measured first, less a margin of 0.02: a change that is worse must say so here.
"""

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import codespell_lib
import pytest

from functions.search.engine import words
from tests.search.relevance import engines
from tests.search.relevance.engines import Finds
from tests.search.relevance.judged import Query, operations, queries

FLOOR = 0.85
FLOOR_OF_HELD_OUT = 0.88
MISSPELT = 400
FLOOR_OF_MISSPELT = 0.9


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return operations()


@pytest.fixture(scope="module")
def finds(texts: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Finds:
    return engines.embedded(tmp_path_factory.mktemp("relevance"), texts)


@pytest.fixture(scope="module")
def judged() -> list[Query]:
    return queries()


def test_the_judged_set_is_whole(texts: dict[str, str], judged: list[Query]):
    assert len(texts) == 2000
    assert len(judged) >= 60
    assert sum(each.is_held_out for each in judged) >= 20
    assert {grade for each in judged for grade in each.grades.values()} == {0, 1, 2, 3}
    assert {id_ for each in judged for id_ in each.grades} <= texts.keys()


def test_the_order_of_hits_is_as_good_as_it_was(finds: Finds, judged: list[Query]):
    assert engines.mean(finds, judged, held_out=False) >= FLOOR


def test_the_order_is_as_good_for_queries_that_nobody_looked_at(finds: Finds, judged: list[Query]):
    assert engines.mean(finds, judged, held_out=True) >= FLOOR_OF_HELD_OUT


def test_a_misspelt_word_finds_what_was_meant(finds: Finds, texts: dict[str, str]):
    by_word: dict[str, set[str]] = {}
    for id_, text in texts.items():
        for word in words.of(text):
            by_word.setdefault(word.folded, set()).add(id_)
    asked = _misspelt(set(by_word))
    met = [wrong for wrong, right in asked if by_word[right] & set(finds(wrong))]

    assert len(asked) == MISSPELT
    assert len(met) / len(asked) >= FLOOR_OF_MISSPELT


def _misspelt(known: set[str]) -> list[tuple[str, str]]:
    """Return misspellings that people have made of words of the texts, and the one word that each was meant to be."""
    found = [(wrong, right) for wrong, right in _dictionary() if right in known and wrong not in known]
    return sorted(found, key=lambda each: hashlib.sha256(each[0].encode()).hexdigest())[:MISSPELT]


def _dictionary() -> Iterator[tuple[str, str]]:
    path = Path(codespell_lib.__file__).parent / "data" / "dictionary.txt"
    for line in path.read_text(encoding="utf-8").splitlines():
        match = re.fullmatch(r"([a-z]{4,})->([a-z]{4,})", line)
        if match:
            yield match[1], match[2]
