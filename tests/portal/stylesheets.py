"""What a style sheet is held to: colours, spaces, type, corners and lines are tokens. A check returns what is not."""

import re
from collections.abc import Iterator

_COLOR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color|light-dark)\("
    r"|\b(?:black|white|gr[ae]y|silver|red|green|blue|yellow|orange|purple|pink|brown|teal|navy)\b",
    re.IGNORECASE,
)
_LENGTH = re.compile(
    r"(?<![\w.-])-?(?:\d+\.\d+|\.?\d+)(?:px|rem|em|ex|ch|pt|pc|cm|mm|in|v[wh]|v(?:min|max)|[sld]v[wh])\b"
)
_WEIGHT = re.compile(r"\b(?:[1-9]\d\d(?!%)|bold|bolder|lighter)\b")
_PIXELS = re.compile(r"\dpx\b")
# How large a thing is, is its own matter; how far it stands from others, and how it is drawn, is not.
_OF_TOKENS = re.compile(
    r"(?:margin|padding|gap|row-gap|column-gap|inset|top|right|bottom|left|border|outline|box-shadow|letter-spacing)(?:-.+)?"
    r"|font|font-size"
)
_DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;{}]+)(?=[;}])")


def declarations(css: str) -> Iterator[tuple[str, str]]:
    """Yield each property with its value."""
    for name, value in _DECLARATION.findall(re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)):
        yield name, value.strip()


def raw_values(css: str) -> list[str]:
    """Return the declarations with a colour, a space, a size of type, a weight, a corner or a line that is no token."""
    return [
        f"{name}: {value}" for name, value in declarations(css) if _is_raw(name, re.sub(r"var\([^()]*\)", "", value))
    ]


def _is_raw(name: str, value: str) -> bool:
    if name.startswith("--"):
        return bool(_COLOR.search(value) or _LENGTH.search(value))
    return bool(
        _COLOR.search(value)
        or _PIXELS.search(value)
        or (_OF_TOKENS.fullmatch(name) and _LENGTH.search(value))
        or (name in {"font", "font-weight"} and _WEIGHT.search(value))
    )


def defined(css: str) -> dict[str, str]:
    """Return the tokens of a style sheet with their values."""
    return {name: value for name, value in reversed(list(declarations(css))) if name.startswith("--")}


def used(css: str) -> set[str]:
    """Return the names of all tokens that a style sheet asks for."""
    return set(re.findall(r"var\((--[\w-]+)", css))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (`#rrggbb` or `#rgb`), from 1 to 21 (WCAG 2.2, 1.4.3)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    digits = color.removeprefix("#")
    pairs = [digits[at : at + 2] for at in (0, 2, 4)] if len(digits) == 6 else [2 * digit for digit in digits]
    red, green, blue = (_linear(int(pair, 16) / 255) for pair in pairs)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
