"""The links of an HTML template, and a message in which they are counted. Pure.

A link is counted where the template writes its whole address: what a value of a lead would complete is left as it is,
so nobody is sent to an address that the tenant did not write.
"""

import re
from collections.abc import Callable, Sequence
from html import escape, unescape
from typing import Final

LONGEST: Final = 2_048
MOST: Final = 500
"""How many links of a campaign are counted; those behind them are left as they are."""

_HREF: Final = re.compile(r"""(<a\s(?:[^<>]*?\s)?href\s*=\s*)(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"https?://[!-~]+")
_LIQUID: Final = re.compile(r"{[{%]")
_END: Final = re.compile(r"</body\s*>", re.IGNORECASE)


def links(*templates: str | None) -> list[str]:
    """Return the addresses of links that HTML templates write out whole, each once, in the order of their coming."""
    found = dict[str, None]()
    for template in templates:
        for _, doubly, singly in _HREF.findall(template or ""):
            address = unescape(doubly or singly).strip()
            if _is_counted(address):
                found.setdefault(address)
    return [*found][:MOST]


def with_links(html: str, known: Sequence[str], url: Callable[[int], str]) -> str:
    """Return HTML whose links to what is known lead to `url` of their place in it."""
    places = {address: place for place, address in enumerate(known)}

    def replaced(found: re.Match[str]) -> str:
        place = places.get(unescape(found[2] or found[3] or "").strip())
        return found[0] if place is None else f'{found[1]}"{escape(url(place))}"'

    return _HREF.sub(replaced, html)


def with_picture(html: str, url: str) -> str:
    """Return HTML with a picture that nobody sees, at the end of its body."""
    picture = f'<img src="{escape(url)}" width="1" height="1" alt="">'
    ends = [each.start() for each in _END.finditer(html)]
    at = ends[-1] if ends else len(html)
    return html[:at] + picture + html[at:]


def _is_counted(address: str) -> bool:
    return len(address) <= LONGEST and bool(_ADDRESS.fullmatch(address)) and not _LIQUID.search(address)
