"""Probes over REST."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated, Final

from functions.projects import resolver
from functions.projects.milestones.command_routes import replies as milestone_replies
from functions.projects.milestones.guards import (
    CriteriaOpen,
    DependenciesOpen,
    ProgressDecreased,
    ProgressDerived,
    TransitionNotAllowed,
)
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.people.access import RoleRequired
from functions.projects.probes import answering, lifecycle
from functions.projects.probes.answering import ProbeCallsAddress, ProbeNotOpen, ProbeNotYours
from functions.projects.probes.lifecycle import ProbeKindFixed, ProbeNotPossible, ProbeTooOften, ProbeTooSoon
from functions.projects.probes.probes import ProbeNotFound, TooManyProbes
from functions.projects.resolver import BODY, KEYED, READ, WRITE, api
from shared.api.declarations import Body, Query
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.errors import InvalidInput, Malformed, Unavailable
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.probes.shapes import ProbeAnswerSent, ProbeDraft, ProbePatch

replies = Replies("functions.projects.probes.replies")

SENT = Body("functions.projects.probes.shapes")
PROBES: Final = "/api/v1/probes"
PROBE: Final = f"{PROBES}/<probe_id>"
MOVING: Final = (Malformed, ProbeNotFound, RoleRequired, VersionChanged, ProbeNotPossible, *KEYED)
PROBLEMS = ProblemForm(attrgetter("members"), milestone_replies.TransitionProblem)
OfMilestone = Annotated[str, Query(max_length=64, description="The milestone whose probes are listed.")]


@api.operation(
    "POST",
    PROBES,
    scope=WRITE,
    summary="Create a probe",
    answers={201: replies.Probe},
    refusals=(
        *BODY,
        ProjectMilestoneNotFound,
        RoleRequired,
        TooManyProbes,
        ProbeNotPossible,
        ProbeTooOften,
        Unavailable,
        *KEYED,
    ),
)
def create_probe(draft: Annotated["ProbeDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Have the primary owner of a milestone, or somebody from outside, asked on a schedule, or an address called.

    For managers and the primary owner.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.create(api.caller, draft.project_milestone_id, draft.fields(), claim=claim))


@api.operation(
    "GET",
    PROBES,
    scope=READ,
    summary="List the probes of a milestone",
    answers={200: replies.Probes},
    refusals=(InvalidInput, ProjectMilestoneNotFound),
)
def list_probes(project_milestone_id: OfMilestone) -> Response:
    """List the probes of a milestone."""
    return answer(200, {"items": lifecycle.listed(api.caller, project_milestone_id), "next_cursor": None})


@api.operation(
    "GET", PROBE, scope=READ, summary="Show a probe", answers={200: replies.Probe}, refusals=(ProbeNotFound,)
)
def show_probe(probe_id: str) -> Response:
    """Show a probe, when it asks next, and whose answer it waits for."""
    return answer(200, lifecycle.show(api.caller, probe_id))


@api.operation(
    "PATCH",
    PROBE,
    scope=WRITE,
    summary="Change a probe",
    answers={200: replies.Probe},
    refusals=(*BODY, ProbeNotFound, RoleRequired, VersionChanged, ProbeTooOften, ProbeKindFixed, Unavailable),
)
def change_probe(probe_id: str, patch: Annotated["ProbePatch", SENT], if_match: IfMatch = None) -> Response:
    """Change what a probe asks, when and whom, or what it calls; for managers and the primary owner."""
    return answer(200, lifecycle.change(api.caller, probe_id, patch.fields(), if_match=if_match))


@api.operation(
    "DELETE",
    PROBE,
    scope=WRITE,
    summary="Delete a probe",
    answers={204: None},
    refusals=(Malformed, ProbeNotFound, RoleRequired, VersionChanged),
)
def delete_probe(probe_id: str, if_match: IfMatch = None) -> Response:
    """Delete a probe; for managers and the primary owner."""
    lifecycle.delete(api.caller, probe_id, if_match=if_match)
    return answer(204)


@api.operation(
    "POST",
    f"{PROBE}/run",
    scope=WRITE,
    summary="Let a probe ask now",
    answers={200: replies.Probe},
    refusals=(*MOVING, ProbeTooSoon),
)
def run_probe(probe_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Let a probe ask or call now, also a paused one; for managers and the primary owner. Its schedule goes on."""
    claim = resolver.claim(idempotency_key)
    return answer(200, lifecycle.run(api.caller, probe_id, if_match=if_match, claim=claim))


@api.operation(
    "POST", f"{PROBE}/pause", scope=WRITE, summary="Pause a probe", answers={200: replies.Probe}, refusals=MOVING
)
def pause_probe(probe_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Let a probe ask no more until it is resumed; it waits for no answer any more."""
    claim = resolver.claim(idempotency_key)
    return answer(200, lifecycle.pause(api.caller, probe_id, if_match=if_match, claim=claim))


@api.operation(
    "POST", f"{PROBE}/resume", scope=WRITE, summary="Resume a probe", answers={200: replies.Probe}, refusals=MOVING
)
def resume_probe(probe_id: str, idempotency_key: IdempotencyKey = None, if_match: IfMatch = None) -> Response:
    """Let a paused probe ask again, at the next time of its schedule."""
    claim = resolver.claim(idempotency_key)
    return answer(200, lifecycle.resume(api.caller, probe_id, if_match=if_match, claim=claim))


@api.operation(
    "GET",
    f"{PROBE}/runs",
    scope=READ,
    summary="List what a probe was answered",
    answers={200: replies.ProbeRuns},
    refusals=(Malformed, InvalidInput, ProbeNotFound),
)
def list_probe_runs(probe_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List when a probe has asked whom, and what became of that, the newest first."""
    return resolver.page(lifecycle.runs(api.caller, probe_id, limit=limit, cursor=cursor))


@api.operation(
    "POST",
    f"{PROBE}/answer",
    scope=WRITE,
    summary="Answer a probe",
    answers={200: replies.Probe},
    refusals=(
        *BODY,
        ProbeNotFound,
        ProbeCallsAddress,
        ProbeNotYours,
        ProbeNotOpen,
        RoleRequired,
        TransitionNotAllowed,
        CriteriaOpen,
        DependenciesOpen,
        ProgressDerived,
        ProgressDecreased,
        *KEYED,
    ),
    problems=PROBLEMS,
)
def answer_probe(
    probe_id: str, sent: Annotated["ProbeAnswerSent", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Answer a probe that has asked you, or as the primary owner of now.

    `done` completes the milestone and `progress` sets its progress, by the same rules as their own routes.
    """
    claim = resolver.claim(idempotency_key, sent)
    return answer(200, answering.answer(api.caller, probe_id, sent.sent(), claim=claim))
