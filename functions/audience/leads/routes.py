"""Leads over REST: one at a time, and lists of them."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Final

from functions.audience import money, resolver
from functions.audience.leads import changing, leads, lifecycle, reading
from functions.audience.leads.lifecycle import LeadExists, LeadUnidentified
from functions.audience.resolver import BODY, KEYED, LEAD, LEADS, READ, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, IfMatch, answer
from shared.api.routes import ProblemForm
from shared.errors import Malformed
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.audience.leads.shapes import LeadDraft

replies = Replies("functions.audience.leads.replies")

SENT: Final = Body("functions.audience.leads.shapes")
VALUES: Final = (money.CurrencyNotSet, money.TotalTooLarge, changing.TooManyIdentifiers)
"""What the values of a lead may be refused for."""


EXISTING: Final = ProblemForm(attrgetter("members"), replies.LeadProblem)
"""A refused lead names the leads that are there."""


@api.operation(
    "POST",
    LEADS,
    scope=WRITE,
    summary="Create a lead",
    answers={201: replies.Lead},
    refusals=(*BODY, *VALUES, LeadExists, *KEYED),
    problems=EXISTING,
)
def create_lead(draft: Annotated["LeadDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Create a lead. If another has one of its identifiers, nothing is written and `lead_ids` says who it is."""
    claim, tenant_id = resolver.claim(idempotency_key, draft), api.caller.tenant_id
    return answer(201, lifecycle.create(tenant_id, draft.sent(tenant_id), claim=claim))


@api.operation(
    "GET",
    LEAD,
    scope=READ,
    summary="Show a lead",
    answers={200: replies.Lead},
    refusals=(leads.LeadNotFound,),
)
def show_lead(lead_id: str) -> Response:
    """Show a lead as it is now. The id of one that was merged shows the lead that it was merged into."""
    return answer(200, reading.show(api.caller.tenant_id, lead_id))


@api.operation(
    "PATCH",
    LEAD,
    scope=WRITE,
    summary="Change a lead",
    answers={200: replies.Lead},
    refusals=(*BODY, *VALUES, leads.LeadNotFound, LeadExists, LeadUnidentified, VersionChanged),
    problems=EXISTING,
)
def change_lead(lead_id: str, draft: Annotated["LeadDraft", SENT], if_match: IfMatch = None) -> Response:
    """Change the fields that are sent. Lists replace those that were there; metadata are merged; an opt-out stays."""
    tenant_id = api.caller.tenant_id
    return answer(200, lifecycle.update(tenant_id, lead_id, draft.sent(tenant_id), if_match=if_match))


@api.operation(
    "DELETE",
    LEAD,
    scope=WRITE,
    summary="Erase a lead",
    answers={204: None},
    refusals=(Malformed, leads.LeadNotFound, VersionChanged),
)
def erase_lead(lead_id: str, if_match: IfMatch = None) -> Response:
    """Erase a lead with everything that is known of it. Its orders, visits and consents follow within minutes."""
    lifecycle.erase(api.caller.tenant_id, lead_id, if_match=if_match)
    return answer(204)
