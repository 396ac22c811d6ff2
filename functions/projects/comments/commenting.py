"""How members of a project comment on evidence and on layers: at any time, also when all is decided.

Comments lie in a partition of their own beside the milestone, so that they never weigh on reading it.
"""

from collections.abc import Callable
from typing import NamedTuple

from functions.projects.evidence import evidence
from functions.projects.evidence import opening as evidence_opening
from functions.projects.layers import layers
from functions.projects.milestones import happenings, milestones
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people.access import Standing
from functions.projects.verification import reviewing
from shared import clock, ids
from shared.callers.caller import Caller
from shared.clock import Instant
from shared.storage import changes, versions
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.events import Concern
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import PRESENT, Check, Write
from shared.teamwork import comments
from shared.teamwork.comments import Comment, View


class Subject(NamedTuple):
    """What is commented on, for somebody who may see it.

    `place` is where it is stored, `named` how events call it, `concerned` the user who submitted the layer or brought
    the evidence, and why.
    """

    subject_id: str
    place: Key
    named: str
    milestone: ProjectMilestone
    standing: Standing
    is_primary: bool
    concerned: Concern

    @property
    def partition(self) -> str:
        """The partition of the comments."""
        return partition(self.milestone.tenant_id, self.milestone.project_milestone_id)

    def require_writer(self) -> None:
        """Require that the caller may comment: viewers only look on. Raises RoleRequired."""
        if not self.is_primary:
            self.standing.require("manager", "creator", "verifier", "finance", "client")


Open = Callable[[Caller, str], Subject]
"""What opens a subject by its id. Raises VerificationNotFound or EvidenceNotFound."""


def partition(tenant_id: str, milestone_id: str) -> str:
    """Return the partition of the comments on the layers and the evidence of a milestone."""
    return f"{milestones.partition(tenant_id, milestone_id)}#COMMENTS"


def on_layer(caller: Caller, verification_id: str) -> Subject:
    """Return a layer that the caller may see; two calls. Raises VerificationNotFound."""
    opened = reviewing.layer(caller, verification_id, consistent=False)
    concerned = Concern(opened.layer.submitted_by, "owner")
    is_primary = opened.primary == caller.user_id
    place = layers.key(opened.partition, opened.layer)
    return Subject(verification_id, place, "verification_id", opened.milestone, opened.standing, is_primary, concerned)


def on_evidence(caller: Caller, evidence_id: str) -> Subject:
    """Return a piece of evidence that the caller may see; three calls. Raises EvidenceNotFound."""
    opened = evidence_opening.piece(caller, evidence_id, consistent=False)
    within, concerned = opened.place.within, Concern(opened.piece.uploaded_by, "owner")
    place = evidence.key_of(opened.piece)
    return Subject(evidence_id, place, "evidence_id", within.milestone, within.standing, within.is_primary, concerned)


def page(
    caller: Caller, subject_id: str, opens: Open, *, limit: int, cursor: str | None
) -> tuple[list[View], str | None]:
    """Return a page of the comments on a subject, the oldest first; one query after it is opened."""
    subject = opens(caller, subject_id)
    found, next_cursor = comments.page(subject.partition, subject_id, limit=limit, cursor=cursor)
    return [comments.view(each) for each in found], next_cursor


def add(caller: Caller, subject_id: str, opens: Open, text: str, *, claim: Claim | None = None) -> Answer:
    """Comment on a subject, and return the comment. Raises RoleRequired."""
    comment_id = ids.new(comments.ID, at=clock.now())

    def plan() -> Plan[View]:
        now, subject = clock.now(), opens(caller, subject_id)
        subject.require_writer()
        moment = clock.to_rfc3339(now)
        new = Comment(caller.tenant_id, subject_id, comment_id, caller.user_id, text, moment, 1)
        writes = [comments.added(subject.partition, new), *_told("added", subject, new, caller, now)]
        return Plan(comments.view(new), writes)

    return changes.make(plan, claim=claim)


def edit(
    caller: Caller, subject_id: str, opens: Open, comment_id: str, text: str, *, if_match: str | None = None
) -> View:
    """Give a comment of the caller another text, and return it.

    Raises CommentNotFound, NotTheAuthor, RoleRequired, versions.VersionChanged.
    """

    def plan() -> Plan[View]:
        now, subject = clock.now(), opens(caller, subject_id)
        before = comments.find(subject.partition, subject_id, comment_id)
        before.require_author(caller.user_id)
        subject.require_writer()
        versions.require(if_match, before.version)
        if before.text == text:
            return Plan(comments.view(before))
        after = before._replace(text=text, edited_at=clock.to_rfc3339(now), version=before.version + 1)
        writes = [
            comments.edited(subject.partition, before, after),
            *_told("edited", subject, after, caller, now),
        ]
        return Plan(comments.view(after), writes)

    return changes.make(plan)


def delete(caller: Caller, subject_id: str, opens: Open, comment_id: str, *, if_match: str | None = None) -> None:
    """Delete a comment; for its author, and for managers.

    Raises CommentNotFound, NotTheAuthor, versions.VersionChanged.
    """

    def plan() -> Plan[None]:
        subject = opens(caller, subject_id)
        found = comments.find(subject.partition, subject_id, comment_id)
        if not subject.standing.is_any("manager"):
            found.require_author(caller.user_id)
        versions.require(if_match, found.version)
        told = _told("deleted", subject, found, caller, clock.now())
        return Plan(None, [comments.deleted(subject.partition, found), *told])

    changes.make(plan)


def _told(what: str, subject: Subject, comment: Comment, caller: Caller, at: Instant) -> list[Write]:
    """Return the writes of the event `projects.comment.<what>`, which has no text, of a subject that is still there."""
    milestone = subject.milestone
    concerns = [subject.concerned] if what == "added" and subject.concerned.user_id != caller.user_id else []
    more = {"comment_id": comment.comment_id, subject.named: subject.subject_id}
    places = (milestones.key(milestone.tenant_id, milestone.project_milestone_id), subject.place)
    told = happenings.happened(what, milestone, at, noun="comment", more=more, concerns=concerns)
    return [*[Check(place, PRESENT) for place in places], *told]
