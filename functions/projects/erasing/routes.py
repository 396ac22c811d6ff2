"""Erasing people from outside over REST. The address is in the body, never in a path, so that no log has it."""

from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.erasing import erasures
from functions.projects.resolver import BODY, KEYED, PROJECTS, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IdempotencyKey, answer
from shared.callers.project_members import ADMIN
from shared.jobs.jobs import TooManyJobs

if TYPE_CHECKING:
    from functions.projects.erasing.shapes import OutsiderErasure

replies = Replies("functions.projects.erasing.replies")

SENT = Body("functions.projects.erasing.shapes")


@api.operation(
    "POST",
    f"{PROJECTS}/outsiders/erase",
    scope=ADMIN,
    summary="Erase somebody from outside",
    answers={202: replies.Job},
    refusals=(*BODY, TooManyJobs, *KEYED),
)
def erase_outsider(sent: Annotated["OutsiderErasure", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Erase the name and address of somebody from outside from all projects of the tenant.

    A job does it. Policies and layers name them no more, open seats of theirs are struck, probes that ask them pause,
    and their links end. What they have decided and answered stays.
    """
    begun = erasures.begin(api.caller, sent.address, claim=resolver.claim(idempotency_key, sent))
    return answer(202, begun, headers={"Location": f"/api/v1/jobs/{begun['job_id']}"})
