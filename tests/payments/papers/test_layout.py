"""Where the texts of a document stand: on as many pages as it takes, nothing beyond their edges, nothing left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.billing.totals import Line
from functions.payments.papers import content, layout
from functions.payments.papers.layout import Placed
from tests.payments.papers.paperwork import issued


def width(text: str, size: float) -> float:
    """Return the width of a text in a font whose characters are all half as wide as they are high."""
    return len(text) * size / 2


def texts(page: layout.Page) -> list[Placed]:
    return [each for each in page if isinstance(each, Placed)]


def test_a_long_list_goes_over_several_pages_and_each_says_which_it_is():
    lines = [Line(f"Part {each} " + "of a long description " * 5, 1000, "standard", 0) for each in range(120)]
    pages = layout.pages(content.invoice(issued(*lines, retention=0)), width)

    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        said = [each.text for each in texts(page)]
        assert f"Page {number} of {len(pages)}" in said
        assert "Description" in said or page is pages[-1]
        assert all(layout.TOP <= each.y <= layout.BOTTOM or each.size == layout.SMALL for each in texts(page))
    written = {each.text for page in pages for each in texts(page)}
    assert {str(number) for number in range(1, 121)} <= written


def test_no_text_is_beyond_the_edges_of_the_page():
    long = "W" * 400
    lines = [Line(long, 10**15 // 2, "standard", 180_000), Line("龙" * 200, 1, "exempt", 0)]
    invoice = issued(*lines, retention=0, note=long, seller={"name": long, "address": [long]}, currency="CLF")
    for page in layout.pages(content.invoice(invoice), width):
        for each in texts(page):
            begin = each.x if each.at == "begin" else each.x - width(each.text, each.size)
            assert begin >= 0
            assert begin + width(each.text, each.size) <= layout.PAGE[0]


@given(st.text("ab 龙", max_size=80), st.integers(1, 12))
def test_wrapping_loses_only_blanks_and_is_never_wider(text: str, most: int):
    lines = layout.wrap(text, most, len)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= most for line in lines)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("one two three", ["one two", "three"]),
        ("incomprehensible", ["incompre", "hensible"]),
        ("北京龙机械有限公司", ["北京龙机械有限公", "司"]),
        ("", [""]),
    ],
)
def test_lines_break_at_blanks_and_anywhere_in_what_has_none(text: str, lines: list[str]):
    assert layout.wrap(text, 8, len) == lines


def test_a_document_says_that_characters_are_missing():
    said = [each.text for each in texts(layout.pages(content.invoice(issued(note="شكرا")), width)[0])]

    assert "????" in said
    assert any("cannot be printed" in each for each in said)
