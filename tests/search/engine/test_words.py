"""How text becomes words."""

import pytest

from functions.search.engine import words


def folded(text: str) -> list[str]:
    return [word.folded for word in words.of(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Moby-Dick; or, The Whale", ["moby", "dick", "or", "the", "whale"]),
        ("MÜLLER Müller Mu\u0308ller", ["muller"] * 3),
        ("Straße ŁÓDŹ Ærø Çağrı", ["strasse", "lodz", "aero", "cagri"]),  # noqa: RUF001
        ("O'Brien & Co.", ["o", "brien", "co"]),
        ("INV-202603-0001", ["inv", "202603", "0001"]),
        ("snake_case", ["snake", "case"]),
        ("ＦＵＬＬ　ｗｉｄｔｈ", ["full", "width"]),  # noqa: RUF001
        ("東京の本", ["東京", "京の", "の本", "本"]),
        ("プログラム2026年", ["プロ", "ログ", "グラ", "ラム", "ム", "2026", "年"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनिया"]),
        ("สวัสดี", ["สว", "วั", "ัส", "สด", "ดี", "ี"]),
        ("한국어 검색", ["한국어", "검색"]),
        ("שָׁלוֹם", ["שָׁלוֹם"]),
        ("مَرْحَبًا", ["مَرْحَبًا"]),
        ("👩‍👩‍👧‍👦 🎉", []),
        ("\x00\x07\u202e", []),
        ("", []),
    ],
)
def test_a_text_has_these_words(text: str, expected: list[str]):
    assert folded(text) == expected


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("Müller", "mueller"), ("mueller", None), ("Größe", "groesse"), ("Ärger", "aerger"), ("café", None)],
)
def test_umlauts_are_spelled_out_as_well(text: str, spelled: str | None):
    assert [word.spelled for word in words.of(text)] == [spelled]


def test_a_word_says_where_it_is():
    text = "Zum Müller, 東京"

    assert [text[word.start : word.end] for word in words.of(text)] == ["Zum", "Müller", "東京", "京"]


def test_a_word_without_end_is_looked_at_to_its_hundredth_character():
    (word,) = words.of("x" * 65_536)

    assert (len(word.folded), word.end) == (100, 65_536)
