"""Badges: two words side by side, small and inert."""

from xml.etree import ElementTree as Xml

import pytest

from shared.badge import badge

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
