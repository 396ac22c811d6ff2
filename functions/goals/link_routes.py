"""Links over REST: made, listed, ended by their owner; what they show is in `shared_routes.py`."""

from aws_lambda_powertools.event_handler import Response

from functions.goals import door, links, shares
from functions.goals.door import BODY, KEYED, READ, WRITE, api
from functions.goals.goals import GoalNotFound
from functions.goals.link_shapes import LinkDraft
from shared.api import Cursor, IdempotencyKey, Limit, answer
from shared.errors import InvalidInput, Malformed
from shared.replies import Replies

replies = Replies("functions.goals.link_replies")

LINKS = "/api/v1/links"


@api.operation(
    "POST",
    LINKS,
    scope=WRITE,
    summary="Make a link to show",
    answers={201: replies.LinkGiven},
    refusals=(*BODY, GoalNotFound, shares.NotYours, links.TooManyLinks, *KEYED),
)
def create_link(draft: LinkDraft, idempotency_key: IdempotencyKey = None) -> Response[str]:
    """Show a goal of yours as badge, chart and calendar, or the calendar of all of them, to whoever has the address.

    Nobody can change anything by it. The token is shown only now; a request repeated with its `Idempotency-Key`
    answers the same link without it.
    """
    return answer(201, links.create(door.caller(), draft, claim=door.claim(idempotency_key, draft)))


@api.operation(
    "GET",
    LINKS,
    scope=READ,
    summary="List your links",
    answers={200: replies.Links},
    refusals=(Malformed, InvalidInput),
)
def list_links(limit: Limit = 20, cursor: Cursor = None) -> Response[str]:
    """List your links, oldest first, without what it takes to use them."""
    return door.page(links.page(door.caller(), limit=limit, cursor=cursor))


@api.operation(
    "DELETE",
    f"{LINKS}/<link_id>",
    scope=WRITE,
    summary="End a link",
    answers={204: None},
    refusals=(links.LinkNotFound,),
)
def delete_link(link_id: str) -> Response[str]:
    """End a link at once; what others keep of it, they may show for five minutes more."""
    links.delete(door.caller(), link_id)
    return answer(204)
