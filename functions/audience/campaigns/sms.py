"""How many parts an SMS is sent in. Pure.

GSM 03.38: 160 characters, or 153 a part; what is not in its alphabet makes the whole message UCS-2, with 70 or 67.
"""

from typing import Final

_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
_GSM_LENGTHS: Final = (160, 153)
_UCS2_LENGTHS: Final = (70, 67)


def parts(text: str) -> int:
    """Return how many parts a text has, at least one."""
    if all(each in _GSM or each in _EXTENDED for each in text):
        length, (alone, part) = sum(2 if each in _EXTENDED else 1 for each in text), _GSM_LENGTHS
    else:
        length, (alone, part) = len(text.encode("utf-16-be")) // 2, _UCS2_LENGTHS
    return 1 if length <= alone else -(-length // part)
