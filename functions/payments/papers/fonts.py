"""The two fonts of the PDF, loaded once for each process; only the function that makes documents has them.

Noto Sans has Latin, Greek and Cyrillic letters, WenQuanYi Micro Hei the Chinese, Japanese and Korean ones. Of each font
a document holds the characters that it has, so it looks the same wherever it is read.
"""

import functools
from importlib import resources
from typing import Final, NamedTuple

import fontpkg_noto_sans
import paperang_p2_fonts_cjk
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from functions.payments import characters

_LETTERS: Final = "Letters"
_IDEOGRAPHS: Final = "Ideographs"


class Run(NamedTuple):
    """A piece of a text in one font."""

    font: str
    text: str


@functools.cache
def load() -> None:
    """Make both fonts known to reportlab."""
    noto = resources.files(fontpkg_noto_sans) / "files" / "NotoSans[wdth,wght].ttf"
    micro_hei = resources.files(paperang_p2_fonts_cjk) / "fonts" / "wqy-microhei.ttc"
    pdfmetrics.registerFont(TTFont(_LETTERS, str(noto)))
    pdfmetrics.registerFont(TTFont(_IDEOGRAPHS, str(micro_hei), subfontIndex=0))


def runs(text: str) -> list[Run]:
    """Return a text that can be printed as pieces of one font each."""
    if text.isascii():
        return [Run(_LETTERS, text)]
    found: list[Run] = []
    for each in text:
        font = _LETTERS if characters.has(characters.LETTERS, each) else _IDEOGRAPHS
        if found and (found[-1].font == font):
            found[-1] = Run(font, found[-1].text + each)
        else:
            found.append(Run(font, each))
    return found


def width(text: str, size: float) -> float:
    """Return how wide a text is, in points."""
    return sum((float(pdfmetrics.stringWidth(each.text, each.font, size)) for each in runs(text)), start=0.0)
