"""Background work: what follows from changes of projects, milestones and escalations, from links and departures.

An event only says where to look: what is done follows from what is stored now. So one that comes twice, or late, finds
nothing to do.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.projects import escalations
from functions.projects.following import (
    asking,
    calling,
    closing,
    copies,
    departures,
    notices,
    parents,
    probing,
    removals,
    sources,
    teams,
    troubles,
    unblocking,
)
from functions.projects.following.unblocking import Moved
from functions.projects.milestones import milestones
from functions.projects.people import owners
from functions.projects.probe_links import bouncing as probe_bouncing
from functions.projects.probe_links import mailing as probe_mailing
from functions.projects.probe_links.mailing import Kind
from functions.projects.probes import probes
from functions.projects.review_links import bouncing, links, mailing
from functions.projects.teams import leaving
from shared import ids
from shared.callers import project_members
from shared.messaging import batches, bus
from shared.messaging.batches import Message
from shared.sending import feedback
from shared.sending.labels import Label
from shared.storage.events import Event

_LEFT: Final = "projects.member.removed"
_JOINED: Final = "projects.member.added"
_OF_MEMBER: Final = "projects.member."
_LINKED: Final = "projects.layer.linked"
_DELETED: Final = "projects.milestone.deleted"
_EVIDENCE_DELETED: Final = "projects.evidence.deleted"
_BEGUN: Final = frozenset(f"projects.milestone.{what}" for what in ("started", "updated", "cleared"))
"""The events after which a milestone may follow its parts, or its source."""
_CLOSED: Final = frozenset(f"projects.milestone.{what}" for what in ("approved", "cancelled"))
_OF_ESCALATION: Final = "projects.escalation."
_OF_PROBE: Final = "projects.probe."
_ASKING: Final[Mapping[str, Kind]] = {"projects.probe.asked": "asked", "projects.probe.reminded": "reminded"}
_OF_TEAM: Final = "projects.team."
_OF_PEOPLE: Final = (_OF_MEMBER, _OF_TEAM)
_FEEDBACK: Final = "notificationType"
_OF_TENANT: Final = "identity.member."
_OF_PROJECT: Final = "projects.project."
_OF_PAYMENTS: Final = "payments."
_MOVING: Final = ("projects.milestone.", "projects.dependency.")
_OF_SOURCES: Final = ("goals.", "milestones.")


class Changed(NamedTuple):
    """A project that has changed, that somebody has joined, or that is gone."""

    tenant_id: str
    project_id: str


class Reviewed(NamedTuple):
    """A milestone whose layers may ask others than before, or that others wait for."""

    tenant_id: str
    project_milestone_id: str


class Troubled(NamedTuple):
    """An escalation of a milestone that may wait for others than before, or that tells its people something."""

    tenant_id: str
    project_milestone_id: str
    escalation_id: str


class Probed(NamedTuple):
    """A probe that may wait for somebody, or for nobody any more."""

    tenant_id: str
    project_id: str
    project_milestone_id: str
    probe_id: str


class Heard(NamedTuple):
    """A goal or a tracked milestone that milestones may be bound to."""

    tenant_id: str
    source_id: str


class Paid(NamedTuple):
    """A milestone of which something was paid, by Milepost or outside of it, for which others may wait."""

    tenant_id: str
    project_id: str
    project_milestone_id: str


class Left(NamedTuple):
    """Somebody who has other roles in a project, or is a member of it no more."""

    tenant_id: str
    project_id: str
    user_id: str


class Teamed(NamedTuple):
    """A team of a project that has changed, or is gone."""

    tenant_id: str
    project_id: str
    team_id: str


class Linked(NamedTuple):
    """A link for somebody from outside that is to be mailed."""

    link_id: str


class Mailed(NamedTuple):
    """An e-mail of projects of which SES has said something."""

    label: Label


class Struck(NamedTuple):
    """Somebody whose standing in the tenant has changed."""

    tenant_id: str
    user_id: str


Followed = Changed | Reviewed | Troubled | Probed | Heard | Paid | Left | Teamed | Linked | Mailed | Struck


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Follow what the events of a batch are of; answers the messages that failed, to be tried again."""
    return batches.per_subject(event, _subject, _follow)


def _subject(message: Message) -> Followed:
    """Return what an event is of, or a mail. Raises KeyError or ValueError for ids that nothing can have."""
    if _FEEDBACK in message:
        return Mailed(feedback.read(message).label)
    happened = bus.read(message)
    if happened.event_type.startswith(_OF_SOURCES):
        return Heard(happened.tenant_id, str(happened.data.get("goal_id") or happened.data["milestone_uid"]))
    if happened.event_type.startswith(_OF_TENANT):
        return Struck(happened.tenant_id, _valid(happened.subject_id, "user"))
    if happened.event_type == _LINKED:
        return Linked(_valid(happened.data["link_id"], links.ID))
    project_id = _valid(happened.data["project_id"], project_members.ID)
    if happened.event_type.startswith(_OF_PEOPLE):
        return _of_people(happened, project_id)
    if happened.event_type.startswith(_OF_PROJECT):
        return Changed(happened.tenant_id, project_id)
    return _of_milestone(happened, project_id)


def _of_people(happened: Event, project_id: str) -> Changed | Left | Teamed:
    """Return what an event of a member or a team is of."""
    if happened.event_type == _JOINED:
        # Their copy is of what they read when they joined.
        return Changed(happened.tenant_id, project_id)
    if happened.event_type.startswith(_OF_TEAM):
        return Teamed(happened.tenant_id, project_id, _valid(happened.data["team_id"], owners.TEAM))
    return Left(happened.tenant_id, project_id, _valid(happened.data["user_id"], "user"))


def _of_milestone(happened: Event, project_id: str) -> Followed:
    milestone_id = _valid(happened.data["project_milestone_id"], milestones.ID)
    if happened.event_type.startswith(_OF_PAYMENTS):
        return Paid(happened.tenant_id, project_id, milestone_id)
    if happened.event_type.startswith(_OF_ESCALATION):
        return Troubled(happened.tenant_id, milestone_id, _valid(happened.data["escalation_id"], escalations.ID))
    if happened.event_type.startswith(_OF_PROBE):
        return Probed(happened.tenant_id, project_id, milestone_id, _valid(happened.data["probe_id"], probes.ID))
    return Reviewed(happened.tenant_id, milestone_id)


def _valid(text: str, prefix: str) -> str:
    if not ids.is_valid(text, prefix):
        raise ValueError("nothing has such an id")
    return text


def _follow(which: Followed, messages: Sequence[Message]) -> None:
    match which:
        case Changed(tenant_id, project_id):
            copies.follow(tenant_id, project_id)
        case Reviewed(tenant_id, milestone_id):
            asking.follow(tenant_id, milestone_id, _attempts(messages))
            _move(tenant_id, milestone_id, [bus.read(each) for each in messages])
        case Troubled() | Probed():
            _see_to(which, [bus.read(each) for each in messages])
        case Heard(tenant_id, source_id):
            sources.hear(tenant_id, source_id, [bus.read(each) for each in messages])
        case Paid():
            unblocking.follow(Moved(*which))
        case Linked() | Mailed():
            _mail(which, messages)
        case Left() | Struck() | Teamed():
            _lose(which, messages)


def _mail(which: Linked | Mailed, messages: Sequence[Message]) -> None:
    """Mail a link, or keep what SES says of the mail of one."""
    if isinstance(which, Linked):
        mailing.send(which.link_id)
        return
    for each in messages:
        bouncing.hear(feedback.read(each))
        probe_bouncing.hear(feedback.read(each))


def _lose(lost: Left | Struck | Teamed, messages: Sequence[Message]) -> None:
    """Follow that somebody may do less in a tenant or a project, or that a team may."""
    if isinstance(lost, Teamed):
        teams.follow(*lost)
    else:
        _leave(lost, messages)


def _leave(left: Left | Struck, messages: Sequence[Message]) -> None:
    tenant_id, user_id = left.tenant_id, left.user_id
    project_id = left.project_id if isinstance(left, Left) else None
    if project_id is None:
        departures.strike(tenant_id, user_id)
    elif any(bus.read(each).event_type == _LEFT for each in messages):
        departures.give_up(tenant_id, user_id, project_id=project_id)
        leaving.leave_if_gone(tenant_id, project_id, user_id)
    asking.follow_user(tenant_id, user_id, project_id=project_id)
    troubles.follow_user(tenant_id, user_id, project_id=project_id)
    probing.follow_user(tenant_id, user_id, project_id=project_id)


def _see_to(which: Troubled | Probed, happened: Sequence[Event]) -> None:
    """Bring worklists up to date, and mail the questions of probes and the notices of escalations."""
    if isinstance(which, Probed):
        probing.follow(*which)
        for each in happened:
            if calling.is_begun(each):
                calling.send(each)
            elif each.event_type in _ASKING:
                kind = _ASKING[each.event_type]
                probe_mailing.send(which.tenant_id, which.project_milestone_id, which.probe_id, kind)
        return
    troubles.follow(*which)
    for each in happened:
        if each.event_type in notices.NOTICES:
            notices.send(each)


def _move(tenant_id: str, milestone_id: str, happened: Sequence[Event]) -> None:
    """Remove what a deleted milestone has left, and bring up to date what it follows, and what follows it."""
    moved = [each for each in happened if each.event_type.startswith(_MOVING)]
    if moved:
        project_id = str(moved[0].data["project_id"])
        unblocking.follow(Moved(tenant_id, project_id, milestone_id))
        copies.follow_progress(tenant_id, project_id)
    if any(each.event_type in _CLOSED for each in happened):
        closing.unlist(tenant_id, milestone_id)
    _remove(tenant_id, milestone_id, happened)
    has_begun = any(each.event_type in _BEGUN for each in happened)
    if has_begun:
        sources.follow(tenant_id, milestone_id)
    following = {milestone_id} if has_begun else set[str]()
    for each in happened:
        above = (each.data.get(name) for name in ("parent_id", "former_parent_id"))
        following |= {_valid(parent, milestones.ID) for parent in above if parent is not None}
    for each_id in sorted(following):
        parents.follow(tenant_id, each_id)


def _remove(tenant_id: str, milestone_id: str, happened: Sequence[Event]) -> None:
    """Remove what a deleted milestone has left, and the comments on deleted evidence."""
    if any(each.event_type == _DELETED for each in happened):
        removals.remove(tenant_id, milestone_id)
    for each in happened:
        if each.event_type == _EVIDENCE_DELETED:
            removals.remove_comments(tenant_id, milestone_id, str(each.data["evidence_id"]))


def _attempts(messages: Sequence[Message]) -> set[int]:
    """Return the attempts that events are of, and those before: a recall is an event of the attempt that it begins."""
    found = {int(bus.read(each).data["attempt"]) for each in messages}
    return found | {each - 1 for each in found if each > 1}
