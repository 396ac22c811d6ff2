"""Text in pictures: inert in XML whatever it holds, and not wider than its place. Pure."""

import re
from collections.abc import Iterator
from typing import Final
from unicodedata import category, east_asian_width

# What XML 1.0 has no way to say (section 2.2), and what turns the direction of the text that follows.
_UNSPEAKABLE: Final = re.compile(
    r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|[\u202a-\u202e\u2066-\u2069]"
)
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;"})
# In thousandths of the font size, as Verdana has them, which is about as wide as what people have gets.
_WIDTHS: Final = {
    character: width
    for width, characters in {
        274: "il",
        364: " fj.,;'|!",
        420: "rtI",
        454: "-:/()[]J",
        522: "csz",
        600: "aevkxyoFLP",
        633: "bdghnpquETY0123456789",
        690: "ABCKRSVXZ",
        770: "DGHNOQU",
        843: "wM",
        989: "mW",
        1076: "%",
    }.items()
    for character in characters
}
_OTHER_WIDTH: Final = 690
_FULL_WIDTH: Final = 1076
_BOLDER: Final = 1.15
_JOINER: Final = "\u200d"
_SKIN_TONES: Final = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS: Final = range(0x1F1E6, 0x1F200)
_ELLIPSIS: Final = "…"


def escaped(text: str) -> str:
    """Return text for an element or a quoted attribute: on one line, and without what XML has no way to say."""
    return on_one_line(text).translate(_ENTITIES)


def on_one_line(text: str) -> str:
    """Return the text without characters that cannot be shown, any white space as one space."""
    return " ".join(_UNSPEAKABLE.sub("", text).split())


def width(text: str, *, size: float) -> float:
    """Return about how wide a line of text is in a sans serif font of this size, in the unit of the size."""
    return sum(map(_thousandths, text)) * size / 1000


def fitted(text: str, *, within: float, size: float, bold: bool = False) -> str:
    """Return the text on one line, with an ellipsis in place of what would be wider than its place."""
    line = on_one_line(text)
    room = within * 1000 / size / (_BOLDER if bold else 1)
    kept = [""]
    for cluster in _clusters(line):
        room -= sum(map(_thousandths, cluster))
        if room < 0:
            return "".join(kept[:-1]).rstrip() + _ELLIPSIS
        kept.append(cluster)
    return line


def shortened(text: str, *, most: int) -> str:
    """Return the text on one line and in at most so many characters, with an ellipsis in place of the rest.

    What people read as one character stays whole, unless it alone is longer.
    """
    line = on_one_line(text)
    if len(line) <= most:
        return line
    kept = ""
    for cluster in _clusters(line):
        if len(kept) + len(cluster) >= most:
            break
        kept += cluster
    return (kept.rstrip() or line[: most - 1]) + _ELLIPSIS


def _clusters(line: str) -> Iterator[str]:
    """Yield what people read as one character: a letter with its marks, an emoji of several parts, a flag.

    A small part of Unicode's rules (UAX 29), for the cuts that people would notice.
    """
    cluster = ""
    for character in line:
        if cluster and not _belongs(character, cluster):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _belongs(character: str, cluster: str) -> bool:
    """Return whether a character is read as part of the cluster before it."""
    if ord(character) in _FLAG_LETTERS:
        return len(cluster) == 1 and ord(cluster) in _FLAG_LETTERS
    is_added = character == _JOINER or ord(character) in _SKIN_TONES or category(character) in {"Mn", "Me", "Mc"}
    return is_added or cluster.endswith(_JOINER)


def _thousandths(character: str) -> int:
    if character == _JOINER or category(character) in {"Mn", "Me"}:
        return 0
    if east_asian_width(character) in "WF":
        return _FULL_WIDTH
    return _WIDTHS.get(character, _OTHER_WIDTH)
