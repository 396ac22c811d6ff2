"""Where opens and clicks are counted, over REST: programs of readers come here, and nobody is known by them.

Nobody waits for a count: what was seen goes onto the queue of receipts, and where that does not answer, the reader
still gets where the link leads.
"""

from typing import Annotated, Final

from functions.audience.resolver import api
from functions.audience.respect import shown
from functions.audience.tracking import counting, frozen_links, machines, tokens
from functions.audience.tracking.tokens import Token, TrackingNotFound
from shared import clock, config
from shared.api.declarations import Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC
from shared.errors import InvalidInput, Unavailable
from shared.messaging import queues
from shared.messaging.queues import Outgoing
from shared.observability import logger

replies = Replies("functions.audience.tracking.replies")

TrackingToken = Annotated[str, Query(alias="token", max_length=tokens.LONGEST, description="The token in the message.")]

# One transparent pixel, a GIF of 42 bytes.
_PICTURE: Final = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
_UNINDEXED: Final = {"X-Robots-Tag": "noindex"}


@api.operation(
    "GET",
    tokens.OPENS,
    scope=PUBLIC,
    summary="Count that a message was opened",
    answers={200: replies.Pixel},
    refusals=(InvalidInput,),
    ignores_unknown_queries=True,
)
def count_open(token: TrackingToken) -> Response:
    """Answer a picture of one pixel that nobody sees, whatever the token is, and count the message as opened."""
    try:
        _see(tokens.read(token, "open"))
    except TrackingNotFound:
        logger.info("a picture of no message")
    shared = {"Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(200, "image/gif", _PICTURE, {**_UNINDEXED, **shared}, is_base64=True)


@api.operation(
    "GET",
    tokens.CLICKS,
    scope=PUBLIC,
    summary="Follow a link of a message",
    answers={200: replies.NoSuchLink, 302: None},
    refusals=(InvalidInput,),
    ignores_unknown_queries=True,
)
def follow_link(token: TrackingToken) -> Response:
    """Lead to where the link of a message leads, and count it. The address is what the campaign was prepared with.

    What is no link of a message, or was cut off, gets a page that says so.
    """
    try:
        found = tokens.read(token, "click")
        address = _address(found)
    except TrackingNotFound:
        return shown.no_link()
    _see(found)
    return Response(302, None, "", {**_UNINDEXED, "Location": address})


def _address(token: Token) -> str:
    """Return where a link leads. Raises TrackingNotFound."""
    known = frozen_links.find(token.tenant_id, token.campaign_id).addresses
    if token.place >= len(known):
        raise TrackingNotFound
    return known[token.place]


def _see(token: Token) -> None:
    request = api.request
    seen = counting.seen(token, clock.now(), is_machine=machines.says_so(request.method, request.headers))
    try:
        queues.send_all(config.receipts_queue_url(), [Outgoing({"seen": seen._asdict()}, group=token.tenant_id)])
    except Unavailable:
        logger.warning("what was seen of a message is not counted", kind=token.kind)
