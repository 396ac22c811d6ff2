"""Links over REST: made, listed, ended by their owner; what they show is in `public_routes.py`."""

from typing import TYPE_CHECKING, Annotated

from functions.goals import resolver
from functions.goals.goals import GoalNotFound
from functions.goals.links import links
from functions.goals.resolver import BODY, KEYED, READ, WRITE, api
from functions.goals.sharing import shares
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed

if TYPE_CHECKING:
    from functions.goals.links.shapes import LinkDraft

SENT = Body("functions.goals.links.shapes")

replies = Replies("functions.goals.links.replies")

LINKS = "/api/v1/links"


@api.operation(
    "POST",
    LINKS,
    scope=WRITE,
    summary="Make a link to show",
    answers={201: replies.LinkGiven},
    refusals=(*BODY, GoalNotFound, shares.NotYours, links.TooManyLinks, *KEYED),
)
def create_link(draft: Annotated["LinkDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Show a goal of yours as badge, chart and calendar, or the calendar of all of them, to whoever has the address.

    Nobody can change anything by it. The token is shown only now; a request repeated with its `Idempotency-Key`
    answers the same link without it.
    """
    return answer(201, links.create(resolver.caller(), draft, claim=resolver.claim(idempotency_key, draft)))


@api.operation(
    "GET",
    LINKS,
    scope=READ,
    summary="List your links",
    answers={200: replies.Links},
    refusals=(Malformed, InvalidInput),
)
def list_links(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List your links, oldest first, without what it takes to use them."""
    return resolver.page(links.page(resolver.caller(), limit=limit, cursor=cursor))


@api.operation(
    "DELETE",
    f"{LINKS}/<link_id>",
    scope=WRITE,
    summary="End a link",
    answers={204: None},
    refusals=(links.LinkNotFound,),
)
def delete_link(link_id: str) -> Response:
    """End a link at once; what others keep of it, they may show for five minutes more."""
    links.delete(resolver.caller(), link_id)
    return answer(204)
