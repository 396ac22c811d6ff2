"""The answer that a page is: in its language, with nothing but its own style, and in no index of a search engine."""

from functions.audience.respect import pages, wording
from functions.audience.respect.wording import Texts
from shared.api.request import Response


def page(texts: Texts, html: str) -> Response:
    """Return the answer with a page in the language of these texts."""
    told = {
        "Content-Language": texts.language,
        "Content-Security-Policy": pages.policy(),
        "X-Robots-Tag": "noindex",
    }
    return Response(200, pages.MEDIA_TYPE, html, told)


def no_link() -> Response:
    """Return the answer to a link that is none."""
    texts = wording.of()
    return page(texts, pages.no_link(texts))
