"""Background work: after a change of a project or of what lies in it, search is told of it as it is now.

Whatever a message says, the items are read: so it matters neither how often messages come nor in which order.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from functions.projects import projects
from functions.projects.comments import commenting
from functions.projects.evidence import evidence
from functions.projects.finding import findables
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone
from shared import ids
from shared.messaging import batches, bus, search_feed
from shared.messaging.batches import Message
from shared.messaging.search_feed import Fed
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.events import Event
from shared.teamwork import comments

STATED: Final = "projects.milestone.stated"
"""After it search is told of everything of a milestone: nobody may have told of it yet."""
_AT_ONCE: Final = 100


class OfProject(NamedTuple):
    """A project that was changed."""

    tenant_id: str
    project_id: str


class OfMilestone(NamedTuple):
    """A milestone that was changed, `wholly` if its evidence and its comments are told of as well."""

    tenant_id: str
    milestone_id: str
    wholly: bool


class OfEvidence(NamedTuple):
    """A piece of evidence that was changed."""

    tenant_id: str
    milestone_id: str
    evidence_id: str


class OfComment(NamedTuple):
    """A comment that was changed, and the layer or the evidence that it is on."""

    tenant_id: str
    milestone_id: str
    subject_id: str
    comment_id: str


Subject = OfProject | OfMilestone | OfEvidence | OfComment


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Tell search of what the events of a batch are of; answers those that failed, to be tried again."""
    return batches.per_subject(event, _subject, _tell)


def _subject(message: Message) -> Subject:
    """Return what an event is of. Raises KeyError or ValueError for one that is of nothing."""
    happened = bus.read(message)
    found = _of(happened)
    if not ids.is_valid(found.tenant_id, "tenant"):
        raise ValueError("no tenant has this id")
    return found


def _of(happened: Event) -> Subject:
    tenant_id, subject_id, data = happened.tenant_id, happened.subject_id, happened.data
    match happened.event_type.split("."):
        case _, "project", _:
            return OfProject(tenant_id, subject_id)
        case _, "evidence", _:
            return OfEvidence(tenant_id, subject_id, data["evidence_id"])
        case _, "comment", _:
            commented = data.get("verification_id") or data["evidence_id"]
            return OfComment(tenant_id, subject_id, commented, data["comment_id"])
    return OfMilestone(tenant_id, subject_id, happened.event_type == STATED)


def _tell(which: Subject, _messages: Sequence[Message]) -> None:
    match which:
        case OfProject():
            search_feed.send([_project(which)])
        case OfMilestone():
            for some in _milestone(which):
                search_feed.send(some)
        case OfEvidence():
            key = evidence.key(which.tenant_id, which.milestone_id, which.evidence_id)
            search_feed.send([_within(which, key, which.evidence_id)])
        case OfComment():
            partition = commenting.partition(which.tenant_id, which.milestone_id)
            key = comments.key(partition, which.subject_id, which.comment_id)
            search_feed.send([_within(which, key, which.comment_id)])


def _project(which: OfProject) -> Fed:
    project = projects.find(which.tenant_id, which.project_id)
    return search_feed.gone(*which) if project is None else findables.of_project(project)


def _milestone(which: OfMilestone) -> Iterator[list[Fed]]:
    milestone = milestones.find(which.tenant_id, which.milestone_id)
    if milestone is None:
        yield findables.no_milestone(which.tenant_id, which.milestone_id)
        return
    yield findables.of_milestone(milestone)
    if which.wholly:
        yield from below(milestone)


def below(milestone: ProjectMilestone) -> Iterator[list[Fed]]:
    """Yield what search is told of the evidence and the comments of a milestone, a hundred at a time."""
    place = milestones.partition(milestone.tenant_id, milestone.project_milestone_id)
    said = commenting.partition(milestone.tenant_id, milestone.project_milestone_id)
    for partition, prefix in ((place, evidence.PREFIX), (said, comments.PREFIX)):
        cursor: str | None = None
        while True:
            page = table.query(partition, prefix, limit=_AT_ONCE, cursor=cursor, consistent=True)
            yield [findables.of_item(milestone, item) for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break


def _within(which: OfEvidence | OfComment, key: Key, ref: str) -> Fed:
    """Return what search is told of something of a milestone; it is gone with the milestone."""
    milestone, item = table.get_many([milestones.key(which.tenant_id, which.milestone_id), key], consistent=True)
    if milestone is None or item is None:
        return search_feed.gone(which.tenant_id, ref)
    return findables.of_item(milestones.from_item(milestone), item)
