"""The ranges of characters are those of the fonts, and each character is printed in a font that has it."""

import pytest
from reportlab.pdfbase import pdfmetrics

from functions.payments import characters
from functions.payments.papers import fonts


@pytest.mark.parametrize(("font", "ranges"), [("Letters", characters.LETTERS), ("Ideographs", characters.IDEOGRAPHS)])
def test_a_font_has_all_characters_of_its_ranges(font: str, ranges: characters.Ranges):
    fonts.load()
    glyphs = pdfmetrics.getFont(font).face.charToGlyph
    claimed = [code for first, last in ranges for code in range(first, last + 1)]

    assert len(claimed) > 2000
    assert [hex(code) for code in claimed if not glyphs.get(code)] == []


@pytest.mark.parametrize(
    "name",
    [
        "Ada Lovelace",
        "Łódź Möbel Çağ",
        "Ελληνική Εταιρεία",
        "«Мельница» Їжак",
        "北京龙机械有限公司",
        "株式会社の",
        "한국",
    ],
)
def test_names_of_many_scripts_can_be_printed(name: str):
    assert characters.missing(name) == ""
    assert characters.printable(name) == name


@pytest.mark.parametrize(
    ("text", "lacks"),
    [("شركة Ada", "شركة"), ("Ada 🙂🙂", "🙂"), ("हिन्दी", "हिन्दी"), ("𠮷野家", "𠮷"), ("a\u202eb", "\u202e")],
)
def test_what_no_font_has_is_named_once_and_never_printed_as_it_is(text: str, lacks: str):
    assert characters.missing(text) == lacks
    assert characters.missing(characters.printable(text)) == ""


def test_a_text_of_two_scripts_is_in_two_fonts():
    assert fonts.runs("Ada 龙 Ж") == [("Letters", "Ada "), ("Ideographs", "龙"), ("Letters", " Ж")]
