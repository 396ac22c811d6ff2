"""A badge: two words side by side, as small as a line of text, as an SVG of at most 2 KB. Pure.

As a burn-up picture it has no script and no font in it, its text is inert, and its one style is a constant.
"""

from typing import Final, Literal

from shared.charts.lettering import escaped, fitted, on_one_line, shortened, width
from shared.charts.themes import BADGE_STYLES, Theme

State = Literal["good", "fair", "poor", "plain"]
"""How it looks: `good` green, `fair` amber, `poor` red, `plain` blue. The words say it too."""

_SIZE: Final = 11
_PADDING: Final = 6
_WIDEST: Final = 200
_LONGEST: Final = 80
"""So many characters of label and value together: what they are at most keeps a badge below 2 KB."""
_LONGEST_VALUE: Final = 40
"""No value is longer: they are a few words of ours."""


def badge(label: str, value: str, state: State = "plain", *, theme: Theme = "auto") -> str:
    """Return the badge as an SVG document, 20 units high; what is too long for it ends in an ellipsis.

    The accessible name has the value whole: of a name that is too long, the label is cut.
    """
    told = on_one_line(value)[:_LONGEST_VALUE]
    named = shortened(label, most=_LONGEST - len(told))
    left, right = (fitted(text, within=_WIDEST, size=_SIZE) for text in (named, told))
    label_width, value_width = (round(width(text, size=_SIZE)) + 2 * _PADDING for text in (left, right))
    whole = label_width + value_width
    said = escaped(f"{named}: {told}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="k" width="{whole}" height="20" viewBox="0 0 {whole} 20"'
        f' role="img" aria-label="{said}"><title>{said}</title><style>{BADGE_STYLES[theme]}</style>'
        f'<path class="l" d="M{label_width} 0H3a3 3 0 0 0-3 3v14a3 3 0 0 0 3 3H{label_width}z"/>'
        f'<path class="{state}" d="M{label_width} 0H{whole - 3}a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H{label_width}z"/>'
        f'<text x="{label_width / 2:g}" y="14">{escaped(left)}</text>'
        f'<text x="{label_width + value_width / 2:g}" y="14">{escaped(right)}</text></svg>'
    )
