"""What a GET answers to whoever has it already: 304 (RFC 9110, sections 8.8.3, 13.1.2 and 15.4.5).

An entity tag is made of what is sent, not of the version alone: time moves progress, texts and charts of an item that
nobody has changed, and 304 must not hide that.
"""

import hashlib
from typing import Final

from shared.api.request import Response
from shared.storage import versions

_AS_OF: Final = '"as_of":"'
_OF_A_BODY: Final = frozenset({"Content-Type", "Content-Disposition"})


def answered(response: Response, if_none_match: str | None) -> Response:
    """Return the answer to a GET with its entity tag, or 304 with the tag when `if_none_match` names it.

    What has a version has a strong tag that `If-Match` takes too. The tag of what says `as_of` is weak: it stays while
    nothing but the instant of asking is another. Answers other than 200 have no tag.
    """
    if response.status != 200:
        return response
    version = response.headers.get("ETag", "").strip('"')
    # In other media types anybody's text may look like a property.
    is_json = response.headers.get("Content-Type") == "application/json"
    response.headers["ETag"] = etag = _tag(response.body, version, is_json=is_json)
    if if_none_match is None or not versions.is_known(if_none_match, etag):
        return response
    kept = {name: value for name, value in response.headers.items() if name not in _OF_A_BODY}
    return Response(304, None, "", kept)


def _tag(body: str, version: str, *, is_json: bool) -> str:
    _, *asked = body.split(_AS_OF)
    if not asked or not is_json:
        return versions.tag(version, _digest(body))
    for instant in {text.partition('"')[0] for text in asked}:
        # The last sample of a chart is at that instant too.
        body = body.replace(f'{_AS_OF}{instant}"', "").replace(f'"at":"{instant}"', "")
    return f"W/{versions.tag(version, _digest(body))}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:24]
