"""What whoever a probe has asked sees and answers by a link: the question, and nothing else of the project.

People of the project who may work on the milestone move it by their answer, as they would signed in.
An answer of anybody else is kept and moves nothing.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from functions.projects import link_tokens, projects
from functions.projects.layers import outsiders
from functions.projects.milestones import milestones, transition
from functions.projects.milestones import opening as milestone_opening
from functions.projects.people import access, members
from functions.projects.people.access import RoleRequired, Standing
from functions.projects.probe_links import links
from functions.projects.probe_links.links import ProbeLink, ProbeLinkOver
from functions.projects.probes import answering, probes
from functions.projects.probes.answering import Moved, Sent
from functions.projects.probes.opening import Opened
from functions.projects.probes.probes import Probe
from shared import clock
from shared.callers import auth, project_members
from shared.storage import changes, table
from shared.storage.attributes import Item, Key
from shared.storage.changes import Plan
from shared.storage.writes import Check, Write, unchanged

View = dict[str, Any]


class _Asked(NamedTuple):
    """A probe that waits for whoever has a link, and what says who they are: nothing of people from outside."""

    opened: Opened
    is_working: bool
    still: Sequence[Write]


def view(token: str) -> View:
    """Return what is asked; five calls, and once a minute one for the language of the tenant. Changes nothing.

    Raises ProbeLinkForged, ProbeLinkOver, Unavailable.
    """
    link = links.opened(token)
    found = _asked(link)
    probe, milestone = found.opened.probe, found.opened.milestone
    project = table.get(projects.key(milestone.tenant_id, milestone.project_id))
    return {
        "name": None if probe.outsider is None else probe.outsider.name,
        "project": None if project is None else projects.from_item(project).name,
        "title": milestone.title,
        "question": probe.question,
        "asked_at": probe.asked_at,
        "expires_at": link.expires_at,
        "progress": milestone.progress if found.is_working else None,
        "moves_milestone": found.is_working,
        "language": link_tokens.language(link.tenant_id),
    }


def answer(token: str, sent: Sent) -> View:
    """Answer by a link, which is spent by that, and return what was answered.

    Raises ProbeLinkForged, ProbeLinkOver, RoleRequired, what guards the events `complete` and `progress`, Unavailable.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        link = links.opened(token)
        found = _asked(link)
        moved = _moved(found, sent, now)
        _, writes = answering.answered(found.opened, link.person, sent, moved, now)
        spent = links.changed(link, link._replace(status="spent"))
        return Plan({"answer": sent.state, "answered_at": clock.to_rfc3339(now)}, [*writes, *found.still, spent])

    return changes.make(plan)


def _moved(found: _Asked, sent: Sent, now: clock.Instant) -> Moved:
    if found.is_working:
        return answering.moved(found.opened, sent, now)
    if sent.progress is not None:
        raise RoleRequired("manager", "primary owner")
    return Moved(found.opened.milestone)


def _asked(link: ProbeLink) -> _Asked:
    """Return what a link may answer. Raises ProbeLinkOver: asked again, answered, or asked of somebody else."""
    place = milestones.partition(link.tenant_id, link.project_milestone_id)
    is_outside = outsiders.is_outside(link.person)
    found = milestone_opening.by_itself(link.tenant_id, link.project_milestone_id)
    item, *people = table.get_many([probes.key(place), *([] if is_outside else _keys(link))], consistent=True)
    every = probes.of(item)
    probe = next((each for each in every.probes if each.run_id == link.run_id), None)
    if found is None or probe is None or found.milestone.status in transition.FINAL:
        raise ProbeLinkOver
    opened = Opened(probe, every, found)
    if is_outside:
        _require_asked(link, probe)
        return _Asked(opened, False, [])
    return _asked_member(link, opened, *people)


def _asked_member(link: ProbeLink, opened: Opened, member: Item | None, of_tenant: Item | None) -> _Asked:
    """Return what a member of the project may answer. Raises ProbeLinkOver for whoever is none any more."""
    if opened.probe.outside is not None or member is None or of_tenant is None or not auth.is_member(of_tenant):
        raise ProbeLinkOver
    roles = frozenset(members.from_item(member).roles)
    standing = Standing(link.person, roles, is_guest=of_tenant["role"] == "guest")
    still = [Check(key, unchanged(item["version"])) for key, item in zip(_keys(link), (member, of_tenant), strict=True)]
    return _Asked(opened._replace(of=opened.of._replace(standing=standing)), of_tenant["role"] in access.WORKING, still)


def _require_asked(link: ProbeLink, probe: Probe) -> None:
    """Require that whoever has a link is still whom the probe asks outside. Raises ProbeLinkOver."""
    found = probe.outsider
    if found is None or link.person != outsiders.id_of(link.project_milestone_id, found.address):
        raise ProbeLinkOver


def _keys(link: ProbeLink) -> list[Key]:
    """Return where the memberships of whoever was asked lie, that of the project first."""
    in_project = project_members.key(link.tenant_id, link.project_id, link.person)
    return [in_project, auth.membership_key(link.tenant_id, link.person)]
