"""Out of office over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.identity.absences import absences
from functions.identity.resolver import BODY, READ, WRITE, api
from shared import clock
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IfMatch, answer
from shared.errors import Malformed
from shared.storage.versions import VersionChanged
from shared.teamwork.delegations import DelegationChain, TooManyDelegations

if TYPE_CHECKING:
    from functions.identity.absences.shapes import AbsenceSent

replies = Replies("functions.identity.absences.replies")

SENT = Body("functions.identity.absences.shapes")
OUT_OF_OFFICE: Final = "/api/v1/out-of-office"


@api.operation(
    "GET", OUT_OF_OFFICE, scope=READ, summary="When are you away", answers={200: replies.OutOfOffice}, refusals=()
)
def show_absence() -> Response:
    """Show when you are out of office, and for whom you are the backup."""
    return answer(200, absences.show(api.caller, now=clock.now()))


@api.operation(
    "PUT",
    OUT_OF_OFFICE,
    scope=WRITE,
    summary="Be out of office",
    answers={200: replies.Absence},
    refusals=(*BODY, DelegationChain, TooManyDelegations, VersionChanged),
)
def put_absence(sent: Annotated["AbsenceSent", SENT], if_match: IfMatch = None) -> Response:
    """Say when you are out of office, in the place of what you said before.

    A backup decides in your place meanwhile, where layers of projects ask you; you may still decide yourself. What was
    delegated to you is not handed on.
    """
    return answer(200, absences.put(api.caller, sent.absence(), if_match=if_match))


@api.operation(
    "DELETE",
    OUT_OF_OFFICE,
    scope=WRITE,
    summary="Be back",
    answers={204: None},
    refusals=(Malformed, VersionChanged),
)
def end_absence(if_match: IfMatch = None) -> Response:
    """Say that you are back, or are not going away; your backup decides for you no more."""
    absences.end(api.caller, if_match=if_match)
    return answer(204)
