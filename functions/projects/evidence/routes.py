"""Evidence over REST: how it comes, how it is looked at, and how it goes."""

from operator import attrgetter
from typing import TYPE_CHECKING, Annotated

from functions.projects import resolver
from functions.projects.evidence import labelling, links, reading, removal, uploads, usage
from functions.projects.evidence.drafting import TooMuchEvidence
from functions.projects.evidence.evidence import EvidenceNotFound, EvidenceStatusNotPossible
from functions.projects.evidence.reading import EvidenceNotReadable
from functions.projects.evidence.uploads import (
    DuplicateEvidence,
    EvidenceNotPending,
    EvidenceTooLarge,
    EvidenceTypeNotAccepted,
)
from functions.projects.evidence.usage import EvidenceQuotaExceeded, UsageNotForGuests
from functions.projects.milestones.milestones import ProjectMilestoneNotFound
from functions.projects.milestones.refusals import MilestoneFinal, SubjectFrozen, UnderReview
from functions.projects.people.access import RoleRequired
from functions.projects.resolver import BODY, KEYED, MILESTONE, READ, WRITE, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.errors import InvalidInput, Malformed
from shared.storage.files import NotUploaded
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.projects.evidence.shapes import EvidenceDraft, EvidenceLinkDraft, EvidencePatch

replies = Replies("functions.projects.evidence.replies")

SENT = Body("functions.projects.evidence.shapes")
EVIDENCE = "/api/v1/evidence/<evidence_id>"
OF_MILESTONE = f"{MILESTONE}/evidence"
PROBLEMS = ProblemForm(attrgetter("members"), replies.DuplicateProblem)
_ROOM = (RoleRequired, MilestoneFinal, TooMuchEvidence)
_GOING = (EvidenceStatusNotPossible, UnderReview, SubjectFrozen)
_FILE = (EvidenceTypeNotAccepted, EvidenceTooLarge, DuplicateEvidence, EvidenceQuotaExceeded)


@api.operation(
    "POST",
    OF_MILESTONE,
    scope=WRITE,
    summary="Announce a file as evidence",
    answers={201: replies.AnnouncedEvidence},
    refusals=(*BODY, ProjectMilestoneNotFound, *_ROOM, *_FILE, *KEYED),
    problems=PROBLEMS,
)
def announce_evidence(
    project_milestone_id: str, draft: Annotated["EvidenceDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Announce a file, and send it by PUT to `upload.url` with the headers named; for whoever works on the milestone.

    Its bytes count towards the quota of the tenant from now on. What has not come after 24 hours is given up.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, uploads.begin(api.caller, project_milestone_id, draft.fields(), claim=claim))


@api.operation(
    "POST",
    f"{OF_MILESTONE}/links",
    scope=WRITE,
    summary="Add a link as evidence",
    answers={201: replies.Evidence},
    refusals=(*BODY, ProjectMilestoneNotFound, *_ROOM, *KEYED),
)
def add_evidence_link(
    project_milestone_id: str, draft: Annotated["EvidenceLinkDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Add an https address, which is shown and never fetched; for whoever works on the milestone."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, links.add(api.caller, project_milestone_id, draft.fields(), claim=claim))


@api.operation(
    "GET",
    OF_MILESTONE,
    scope=READ,
    summary="List the evidence of a milestone",
    answers={200: replies.EvidencePage},
    refusals=(Malformed, InvalidInput, ProjectMilestoneNotFound),
)
def list_evidence(project_milestone_id: str, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the evidence of a milestone, the oldest first."""
    return resolver.page(reading.page(api.caller, project_milestone_id, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    EVIDENCE,
    scope=READ,
    summary="Show a piece of evidence",
    answers={200: replies.Evidence},
    refusals=(EvidenceNotFound,),
)
def show_evidence(evidence_id: str) -> Response:
    """Show a piece of evidence."""
    return answer(200, reading.piece(api.caller, evidence_id))


@api.operation(
    "PATCH",
    EVIDENCE,
    scope=WRITE,
    summary="Change the tags of evidence",
    answers={200: replies.Evidence},
    refusals=(*BODY, EvidenceNotFound, RoleRequired, VersionChanged),
)
def update_evidence(evidence_id: str, sent: Annotated["EvidencePatch", SENT], if_match: IfMatch = None) -> Response:
    """Give evidence other tags, whatever its status; for managers and whoever brought it."""
    return answer(200, labelling.label(api.caller, evidence_id, sent.tags, if_match=if_match))


@api.operation(
    "DELETE",
    EVIDENCE,
    scope=WRITE,
    summary="Delete a piece of evidence",
    answers={204: None},
    refusals=(Malformed, EvidenceNotFound, RoleRequired, VersionChanged, *_GOING),
)
def delete_evidence(evidence_id: str, if_match: IfMatch = None) -> Response:
    """Delete evidence that was never verified; for managers and whoever brought it. Its bytes are free again."""
    removal.delete(api.caller, evidence_id, if_match=if_match)
    return answer(204)


@api.operation(
    "POST",
    f"{EVIDENCE}/upload-url",
    scope=WRITE,
    summary="Ask once more where a file is to be sent",
    answers={200: replies.AnnouncedEvidence},
    refusals=(EvidenceNotFound, RoleRequired, EvidenceNotPending),
)
def renew_evidence_upload(evidence_id: str) -> Response:
    """Return another address for the file of pending evidence; for managers and whoever brought it."""
    return answer(200, uploads.renew(api.caller, evidence_id))


@api.operation(
    "POST",
    f"{EVIDENCE}/complete",
    scope=WRITE,
    summary="Say that a file is there",
    answers={200: replies.Evidence},
    refusals=(EvidenceNotFound, RoleRequired, NotUploaded),
)
def complete_evidence(evidence_id: str) -> Response:
    """Have the file compared with what was declared: the evidence is `uploaded` then, or `rejected` with a reason.

    On a stage with a scanner it is `scanning` first, until there is a verdict. S3 says by itself that a file is there,
    too, a moment later; whichever comes first counts.
    """
    return answer(200, uploads.complete(api.caller, evidence_id))


@api.operation(
    "POST",
    f"{EVIDENCE}/new-version",
    scope=WRITE,
    summary="Announce a new version of evidence",
    answers={201: replies.AnnouncedEvidence},
    refusals=(*BODY, EvidenceNotFound, *_GOING, *_ROOM, *_FILE, *KEYED),
    problems=PROBLEMS,
)
def announce_evidence_version(
    evidence_id: str, draft: Annotated["EvidenceDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Announce a file that takes the place of this one, which is `superseded` once the new one is there."""
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, uploads.replace(api.caller, evidence_id, draft.fields(), claim=claim))


@api.operation(
    "GET",
    f"{EVIDENCE}/download",
    scope=READ,
    summary="Fetch the file of evidence",
    answers={200: replies.EvidenceFile},
    refusals=(EvidenceNotFound, EvidenceNotReadable),
)
def download_evidence(evidence_id: str) -> Response:
    """Return an address that is good for five minutes; a browser saves the file and does not show it.

    The audit log says who asked.
    """
    return answer(200, reading.download(api.caller, evidence_id))


@api.operation(
    "GET",
    "/api/v1/evidence-usage",
    scope=READ,
    summary="Show how much evidence takes",
    answers={200: replies.EvidenceUsage},
    refusals=(UsageNotForGuests,),
)
def show_evidence_usage() -> Response:
    """Show how many bytes the files of your tenant take, and may take; not for guests."""
    return answer(200, usage.view(api.caller))
