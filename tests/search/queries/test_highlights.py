"""Which words of a hit are marked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.search.engine import words
from functions.search.queries import highlights, terms

ALPHABET = st.text(alphabet="abcd", max_size=7)


def stem(lower: str) -> str:
    return words.fold(lower).removesuffix("s")


def marked(text: str, q: str) -> str | None:
    asked = terms.read(q, prefix=True, num_typos=2)
    assert asked is not None
    found = highlights.marked(text, asked.wanted, stem)
    return None if found is None else found.snippet


@pytest.mark.parametrize(
    ("text", "q", "expected"),
    [
        ("The white whale", "whale", "The white <mark>whale</mark>"),
        ("The white whales", "whale ", "The white <mark>whales</mark>"),
        ("The white whale", "wha", "The white <mark>whale</mark>"),
        ("The white whale", "wahle", "The white <mark>whale</mark>"),
        ("Der Müller", "mueller", "Der <mark>Müller</mark>"),
        ("Der Mueller", "Müller", "Der <mark>Mueller</mark>"),
        ("white whale, whale white", '"whale white"', "white whale, <mark>whale</mark> <mark>white</mark>"),
        ("2025-11 and 2026-11", "2026-11", "2025-11 and <mark>2026</mark>-<mark>11</mark>"),
        ("東京の日本語", "日本語", "東京の<mark>日本語</mark>"),
        (
            "<script>alert('whale')</script>",
            "whale",
            "&lt;script&gt;alert(&#x27;<mark>whale</mark>&#x27;)&lt;/script&gt;",
        ),
        ("Tom &amp; whale", "whale", "Tom &amp;amp; <mark>whale</mark>"),
        ("<mark>whale</mark>", "whale", "&lt;mark&gt;<mark>whale</mark>&lt;/mark&gt;"),
        ("\u202ewhale\u202c", "whale", "\u202e<mark>whale</mark>\u202c"),
        ("nothing", "whale", None),
        ("", "whale", None),
    ],
)
def test_what_matches_is_marked_and_all_else_escaped(text: str, q: str, expected: str | None):
    assert marked(text, q) == expected


def test_a_long_text_is_shown_around_the_first_match():
    text = " ".join([*(f"a{number}" for number in range(100)), "whale", *(f"b{number}" for number in range(100))])
    shown = marked(text, "whale")

    assert shown is not None
    assert shown.startswith("a94 a95")
    assert shown.endswith(" b22")
    assert "<mark>whale</mark>" in shown


@given(ALPHABET, ALPHABET)
def test_a_distance_is_the_number_of_changes(one: str, other: str):
    found = highlights.distance(one, other, 2)

    assert found == highlights.distance(other, one, 2)
    assert (found == 0) == (one == other)
    assert found >= abs(len(one) - len(other)) or found == 3


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("whale", "wahle", 1), ("whale", "whle", 1), ("whale", "whalle", 1), ("whale", "wxyle", 2), ("whale", "shark", 3)],
)
def test_swapped_letters_are_one_change(one: str, other: str, expected: int):
    assert highlights.distance(one, other, 2) == expected
