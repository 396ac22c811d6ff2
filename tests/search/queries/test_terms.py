"""What `q` asks for."""

import pytest

from functions.search.engine.asked import Phrase, Term, Wanted
from functions.search.queries import terms


def shown(wanted: Wanted) -> str:
    """Return a word with `*` for a beginning and `~` for each typo, a phrase in quotes."""
    match wanted:
        case Term(word, is_prefix, typos):
            return f"{word.folded}{'~' * typos}{'*' if is_prefix else ''}"
        case Phrase(phrase, is_prefix):
            return f'"{" ".join(word.folded for word in phrase)}{"*" if is_prefix else ""}"'


def read(q: str, *, prefix: bool = True, num_typos: int = 2) -> tuple[list[str], list[str]] | None:
    asked = terms.read(q, prefix=prefix, num_typos=num_typos)
    return None if asked is None else ([shown(each) for each in asked.wanted], [shown(each) for each in asked.unwanted])


@pytest.mark.parametrize(
    ("q", "wanted", "unwanted"),
    [
        ("whale", ["whale~*"], []),
        ("white whales", ["white~", "whales~*"], []),
        ("white whales ", ["white~", "whales~"], []),
        ("milestone sea", ["milestone~~", "sea*"], []),
        ('"white whale"', ['"white whale"'], []),
        ('"white whale', ['"white whale"'], []),
        ('sea "white whale" ship', ["sea", '"white whale"', "ship~*"], []),
        ("whale -white", ["whale~"], ['"white"']),
        ('-"white whale"', [], ['"white whale"']),
        ("-whale", [], ['"whale"']),
        ("- whale", ["whale~*"], []),
        ("well-known", ["well~", "known~*"], []),
        ("smart-home/home", ["smart~", "home~", "home~*"], []),
        ("2026-11", ['"2026 11*"'], []),
        ("INV-202603-0001", ['"inv 202603 0001*"'], []),
        ("0001", ["0001*"], []),
        ("v2beta", ["v2beta*"], []),
        ("日本語", ['"日本 本語"'], []),
        ("語", ["語*"], []),
        ("日本語 search", ['"日本 本語"', "search~*"], []),
        ("*", [], []),
        (" * ", [], []),
        ("* whale", ["whale~*"], []),
        ("title:whale OR 1=1", ["title~", "whale~", "or", '"1 1*"'], []),
        ("whale~2^5 +(x)", ['"whale 2 5"', "x*"], []),
    ],
)
def test_a_question_asks_for(q: str, wanted: list[str], unwanted: list[str]):
    assert read(q) == (wanted, unwanted)


@pytest.mark.parametrize("q", ["", " ", "-", '""', "!?", "👩‍👩‍👧‍👦", "\x00", "**"])
def test_a_question_without_a_word_asks_for_nothing(q: str):
    assert read(q) is None


def test_typos_and_beginnings_are_allowed_as_far_as_the_caller_does():
    assert read("milestone whale", prefix=False, num_typos=1) == (["milestone~", "whale~"], [])
    assert read("milestone whale", prefix=False, num_typos=0) == (["milestone", "whale"], [])
