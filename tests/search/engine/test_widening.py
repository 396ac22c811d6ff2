"""What is found besides the words themselves, and what is not looked for: part of the suite that each engine passes."""

import pytest

from functions.search.collections import wording
from functions.search.engine.asked import Searched
from tests.search.engine.indexes import Opens
from tests.search.schemas import CODES, TAGS


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("coat", ["coat", "jackets", "anorak"]),
        ("coats", ["coat", "jackets", "anorak"]),
        ("anorak", ["anorak", "coat", "jackets"]),
        ("caot", ["coat"]),
        ("coa", ["coat"]),
        ('"coat"', ["coat"]),
        ("-coat", ["anorak", "jackets", "phone", "smartphone"]),
        ("smart phone", ["phone", "smartphone"]),
        ("galaxy", ["smartphone"]),
        ("phone case", []),
        ("smart phone plum", ["smartphone"]),
        ("the coat", ["coat", "jackets", "anorak"]),
        ('"the coat"', []),
        ("the", ["anorak"]),
        ("coat-1", []),
    ],
)
def test_synonyms_are_found_as_well_and_stop_words_are_not_looked_for(opens: Opens, q: str, expected: list[str]):
    titles = {
        "coat": "a coat",
        "jackets": "jackets",
        "anorak": "the anorak",
        "phone": "smart phone",
        "smartphone": "Galaxy in plum",
    }
    engine = opens({id_: {"title": title} for id_, title in titles.items()})
    said = wording.kept(
        synonyms=[
            {"root": None, "synonyms": ["coat", "jacket", "anorak"]},
            {"root": "smart phone", "synonyms": ["galaxy", "pocket phone"]},
        ],
        stop_words=["the"],
        language_stop_words=False,
    )
    found = engine.finds(q, wording=said)

    assert (found[:1], sorted(found)) == (expected[:1], sorted(expected))


@pytest.mark.parametrize(
    ("q", "expected"),
    [
        ("phone", ["phone", "telephone"]),
        ("elep", ["telephone"]),
        ("stra", ["street"]),
        ("strass", ["street"]),
        ("ueller", ["street"]),
        ("üller", ["street"]),
        ("ab", ["letters"]),
        ("bc", []),
        ("bcd", ["letters"]),
        ("cde efg", ["letters"]),
        ("def", []),
        ('"elep"', []),
        ("9-1", []),
    ],
)
def test_parts_within_words_are_found_from_three_letters_on(opens: Opens, q: str, expected: list[str]):
    codes = {
        "phone": ["phone"],
        "telephone": ["telephone 29", "17"],
        "street": ["Müllerstraße"],
        "letters": ["abcde", "fghij efgh"],
    }
    engine = opens({id_: {"codes": each, "tags": ["xphonex"]} for id_, each in codes.items()})

    assert engine.finds(q, num_typos=0, searched=[Searched(CODES, 1.0)]) == expected
    assert engine.finds("hone", num_typos=0, searched=[Searched(TAGS, 1.0)]) == []
