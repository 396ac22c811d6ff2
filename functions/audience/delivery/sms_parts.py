"""In how many parts a text goes out as SMS, each of which is paid. Pure.

A text of GSM-7 characters has 160 in one part, 153 in each of several; some of them take two places, which are never
divided. Any other character makes the text UCS-2: 70 in one part, 67 in each of several, counted as UTF-16, and no
surrogate pair is divided either. 3GPP TS 23.038, section 6.2.1, and TS 23.040, section 9.2.3.24.1.
"""

from collections.abc import Iterable
from typing import Final, Literal, NamedTuple

_GSM_7: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_GSM_7_TWICE: Final = frozenset("\f^{}\\[~]|€")
_BASIC_PLANE: Final = 0xFFFF


class Parts(NamedTuple):
    """How a text goes out: its encoding, the places it takes, in how many parts, and places left in the last."""

    encoding: Literal["GSM-7", "UCS-2"]
    places: int
    parts: int
    left: int


def of(text: str) -> Parts:
    """Return the parts of a text; an empty one is one part."""
    if all(character in _GSM_7 or character in _GSM_7_TWICE for character in text):
        places = [2 if character in _GSM_7_TWICE else 1 for character in text]
        return Parts("GSM-7", sum(places), *_divided(places, alone=160, each=153))
    places = [2 if ord(character) > _BASIC_PLANE else 1 for character in text]
    return Parts("UCS-2", sum(places), *_divided(places, alone=70, each=67))


def _divided(places: Iterable[int], *, alone: int, each: int) -> tuple[int, int]:
    """Return the number of parts, and what is left in the last one."""
    taken = list(places)
    if sum(taken) <= alone:
        return 1, alone - sum(taken)
    parts, left = 1, each
    for count in taken:
        if count > left:
            parts, left = parts + 1, each
        left -= count
    return parts, left
