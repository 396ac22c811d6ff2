"""Badges: two words side by side, small and inert."""

from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.charts.badge import badge

SVG = "{http://www.w3.org/2000/svg}"


def test_a_badge_says_its_words_to_eyes_and_to_screen_readers():
    root = Xml.fromstring(badge("progress", "72.34%", "good"))  # noqa: S314 - our own picture

    assert [text.text for text in root.iter(f"{SVG}text")] == ["progress", "72.34%"]
    assert root.find(f"{SVG}title").text == root.get("aria-label") == "progress: 72.34%"
    assert root.get("role") == "img"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\"/><image href='x'/>", "a\x00\x1b\ufffe\ud800b", "&" * 500]
)
def test_words_are_inert_and_a_badge_stays_small(text):
    drawn = badge(text, text)

    assert len(drawn.encode()) <= 2048
    tags = {element.tag for element in Xml.fromstring(drawn).iter()}  # noqa: S314 - our own picture
    assert tags == {f"{SVG}{tag}" for tag in ("svg", "title", "style", "path", "text")}


def test_a_longer_word_gets_a_wider_badge_up_to_an_end():
    short, long, longest = (
        int(Xml.fromstring(badge("tasks", "9" * length)).get("width"))  # noqa: S314 - our own picture
        for length in (2, 20, 200)
    )

    assert short < long < longest < 300


def name_of(label: str, value: str) -> str:
    """Return what a screen reader says of a badge."""
    drawn = badge(label, value)
    assert len(drawn.encode()) <= 2048
    root = Xml.fromstring(drawn)  # noqa: S314 - our own picture
    assert root.findtext(f"{SVG}title") == root.get("aria-label")
    assert list(root.iter(f"{SVG}text"))[1].text == value
    return root.get("aria-label") or ""


TITLES = {
    "one": "x",
    "long": "Run a marathon " * 33 + "soon!",
    "as long as it may be": "x" * 75,
    "combining marks": "e\u0301" * 250,
    "marks without end": "e" + "\u0301" * 499,
    "emoji of several parts": "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 100,
    "flags": "\U0001f1e9\U0001f1ea" * 250,
    "right to left": "\u05e8\u05d5\u05e5 \u05de\u05e8\u05ea\u05d5\u05df " * 50,
    "nothing but what cannot be shown": "\x00" * 500,
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES)
@pytest.mark.parametrize("value", ["100 %", "39.6 %", "not within 20 years", "Three Quarters 25 Nov 2026"])
def test_the_accessible_name_keeps_the_value_behind_any_title(title: str, value: str):
    said = name_of(title, value)

    assert said.endswith(f": {value}")
    assert len(said) <= 82


@pytest.mark.parametrize(
    ("title", "cut_to"),
    [
        ("e\u0301" * 250, "e\u0301" * 37),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467" * 100, "\U0001f468\u200d\U0001f469\u200d\U0001f467" * 14),
        ("x" + "\U0001f1e9\U0001f1ea" * 250, "x" + "\U0001f1e9\U0001f1ea" * 36),
        ("\U0001f44b\U0001f3fd" * 250, "\U0001f44b\U0001f3fd" * 37),
    ],
)
def test_a_title_is_cut_between_what_people_read_as_characters(title: str, cut_to: str):
    assert name_of(title, "100 %") == f"{cut_to}…: 100 %"


@settings(max_examples=200)
@given(title=st.text(max_size=500))
def test_whatever_the_title_the_value_is_said(title: str):
    assert name_of(title, "100 %").endswith(": 100 %")
