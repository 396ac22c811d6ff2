"""Links that answer a probe over REST, for whoever has one: they need no account.

The token of a link is in the body, never in a path or query, so that no log has it. Nothing here answers a GET or HEAD.
"""

from typing import TYPE_CHECKING, Annotated, Final

from functions.projects.milestones.guards import (
    CriteriaOpen,
    DependenciesOpen,
    ProgressDecreased,
    ProgressDerived,
    TransitionNotAllowed,
)
from functions.projects.people.access import RoleRequired
from functions.projects.probe_links import using
from functions.projects.probe_links.links import ProbeLinkForged, ProbeLinkOver
from functions.projects.probes.routes import PROBLEMS
from functions.projects.resolver import BODY, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, answer

if TYPE_CHECKING:
    from functions.projects.probe_links.shapes import LinkedAnswerSent, ProbeLinkShown

replies = Replies("functions.projects.probe_links.replies")

SENT = Body("functions.projects.probe_links.shapes")
REPLIES: Final = "/api/v1/probe-replies"
_OPENING = (ProbeLinkForged, ProbeLinkOver)
_MOVING = (RoleRequired, TransitionNotAllowed, CriteriaOpen, DependenciesOpen, ProgressDerived, ProgressDecreased)


@api.operation(
    "POST",
    f"{REPLIES}/view",
    scope=PUBLIC,
    summary="See what a probe asks by a link",
    answers={200: replies.LinkedQuestion},
    refusals=(*BODY, *_OPENING),
)
def view_probe_link(sent: Annotated["ProbeLinkShown", SENT]) -> Response:
    """Show what is asked to whoever has the link. This changes nothing."""
    return answer(200, using.view(sent.token))


@api.operation(
    "POST",
    f"{REPLIES}/answer",
    scope=PUBLIC,
    summary="Answer a probe by a link",
    answers={200: replies.LinkedAnswer},
    refusals=(*BODY, *_OPENING, *_MOVING),
    problems=PROBLEMS,
)
def answer_by_probe_link(sent: Annotated["LinkedAnswerSent", SENT]) -> Response:
    """Answer what is asked. The link is spent by that.

    The answer of whoever may work on the milestone moves it as `POST /api/v1/probes/{probe_id}/answer` does.
    """
    return answer(200, using.answer(sent.token, sent.sent()))
