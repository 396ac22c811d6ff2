"""Which characters the fonts of the documents have, as ranges, so that a preview needs no font. Pure.

What has to be shaped or runs from right to left is left out, though a font may have its glyphs: it would be printed
wrongly. tests/payments/papers/test_fonts.py holds the ranges to the fonts.
"""

import bisect
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

REPLACEMENT: Final = "?"
"""What a document prints for a character that no font has."""

Ranges = Sequence[tuple[int, int]]
"""First and last code points, in their order."""


def _read(text: str) -> Ranges:
    ends = [each.partition("-") for each in text.split()]
    return [(int(first, 16), int(last or first, 16)) for first, _, last in ends]


LETTERS: Final = _read(
    "20-7e a0-ac ae-2ff 370-377 37a-37f 384-38a 38c 38e-3a1 3a3-3e1 3f0-482 48a-52f 10fb 1c80-1c88 "
    "1d00-1dbf 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59 1f5b 1f5d 1f5f-1f7d 1f80-1fb4 "
    "1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4 1ff6-1ffe 2010-2027 2030-205e 2070-2071 2074-208e "
    "2090-209c 20a0-20c0 2100-215f 2183-2184 2189 2212 2c60-2c7f 2e00-2e5d a640-a66e a673 a67e-a69d "
    "a700-a7ca a7d0-a7d1 a7d3 a7d5-a7d9 a7f2-a7ff a92e ab30-ab6b fb00-fb06 10780-10785 10787-107b0 "
    "107b2-107ba 1df00-1df1e"
)
"""Latin, Greek and Cyrillic letters, and signs: of Noto Sans."""
IDEOGRAPHS: Final = _read(
    "e3f 2160-216b 2170-2179 2190-2200 2202-2203 2205-2209 220b-220c 220f 2211 2215 2217 221a 221d-2220 "
    "2223 2225 2227-222c 222e 2234-2237 223c-223d 2245 2248 224c 2252 2260-2261 2264-2267 226a-226b "
    "226e-226f 2282-2287 2295 2297 2299 22a5 22bf 22c5 2308-230b 2312 23af 2460-24b5 24d0-24e9 2500-254b "
    "2550-2574 2581-258f 2592-2595 25a0-25a1 25a3-25aa 25b2-25b3 25b6-25b7 25bc-25bd 25c0-25c1 25c6-25c8 "
    "25ca-25cb 25ce-25d1 25e2-25e6 25ef 2605-2606 260e-260f 261c 261e 2640 2642 2654-266a 266c-266d 266f "
    "2680-2685 2713-2716 2718 2727 3001-3003 3005-3017 301d-301f 3021-3029 3041-3094 309b-309e 30a1-30f6 "
    "30fb-30fe 3105-3129 3131-318e 3200-321c 3220-3229 3231-3232 3239 3260-327b 327f 32a3-32a8 3303 330d "
    "3314 3318 3322-3323 3326-3327 332b 3336 333b 3349-334a 334d 3351 3357 337b-337e 3380-3384 3388-33ca "
    "33cd-33d3 33d5-33d6 33d8 33db-33dd 4d00 4db5 4e00-9fc3 ac00-d7a3 f900-fa2d fe30-fe31 fe33-fe44 "
    "fe49-fe52 fe54-fe57 fe59-fe66 fe68-fe6b ff01-ff5e ff61-ff9f ffe0-ffe6 10400 10428 1044d-1044f 1d30c"
)
"""Chinese, Japanese and Korean, and what else Noto Sans has not: of WenQuanYi Micro Hei."""


def has(ranges: Ranges, character: str) -> bool:
    """Return whether a font of these ranges has a character."""
    code = ord(character)
    place = bisect.bisect_right(ranges, (code, 0x110000)) - 1
    return place >= 0 and ranges[place][0] <= code <= ranges[place][1]


def missing(text: str) -> str:
    """Return the characters of a text that no font has, each once; line breaks are not printed."""
    if text.isascii():
        return ""
    return "".join(each for each in dict.fromkeys(text) if not _is_printable(each))


def printable(text: str) -> str:
    """Return a text as it can be printed, with a `?` for each character that no font has."""
    return text if text.isascii() else "".join(each if _is_printable(each) else REPLACEMENT for each in text)


def unprintable(texts: Mapping[str, Iterable[str]]) -> list[dict[str, str]]:
    """Return the fields whose texts have characters that no font has, with these."""
    found = {field: missing("".join(parts)) for field, parts in texts.items()}
    return [{"field": field, "characters": lacks} for field, lacks in found.items() if lacks]


def _is_printable(character: str) -> bool:
    return character in "\n\t" or has(LETTERS, character) or has(IDEOGRAPHS, character)
