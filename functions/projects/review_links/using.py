"""What somebody from outside sees and decides by a link: what is under review, and nothing else of the project."""

from functions.projects import link_tokens, projects
from functions.projects.evidence import reading as evidence_reading
from functions.projects.layers.layers import Layer
from functions.projects.milestones import milestones
from functions.projects.milestones.milestones import ProjectMilestone, ProjectMilestoneNotFound
from functions.projects.review_links import links
from functions.projects.review_links.links import ReviewLink, ReviewLinkOver
from functions.projects.verification import deciding, decisions, reading, reviewing, views
from functions.projects.verification.deciding import Sent
from functions.projects.verification.views import View
from shared import clock
from shared.storage import changes, table
from shared.storage.changes import Plan


def view(token: str) -> View:
    """Return what is under review, with addresses of its files that are good for five minutes; three calls.

    A fourth, once a minute, reads the language of the tenant. Changes nothing.

    Raises ReviewLinkForged, ReviewLinkOver, Unavailable.
    """
    link = links.opened(token)
    try:
        milestone, pieces, attempts = reading.read(milestones.partition(link.tenant_id, link.project_milestone_id))
    except ProjectMilestoneNotFound as error:
        raise ReviewLinkOver from error
    layer = next((each for each in attempts if each.verification_id == link.verification_id), None)
    if layer is None or not _is_good(link, layer):
        raise ReviewLinkOver
    [layer] = reading.showing(milestone, pieces, [layer])
    return {
        **_of_layer(link, layer),
        **_of_milestone(milestone),
        "language": link_tokens.language(link.tenant_id),
        "evidence": [views.piece(each) | {"download": evidence_reading.address(each)} for each in pieces],
    }


def decide(token: str, sent: Sent) -> View:
    """Decide by a link, which is spent by that, and return what was decided.

    Raises ReviewLinkForged, ReviewLinkOver, what `deciding.decided` refuses, ChecksFailed, gates.PaymentCommitted,
    Unavailable.
    """

    def plan() -> Plan[View]:
        now = clock.now()
        link = links.opened(token)
        opened = reviewing.by_itself(link.tenant_id, link.verification_id)
        if opened is None or not _is_good(link, opened.layer):
            raise ReviewLinkOver
        after = deciding.decided(opened.layer, link.person, link.person, sent, clock.to_rfc3339(now))
        spent = links.changed(link, link._replace(status="spent"))
        planned = decisions.planned(opened, after, now, sent.reason, [spent])
        return Plan({"decision": sent.decision, "decided_at": clock.to_rfc3339(now)}, planned.writes)

    return changes.make(plan)


def _is_good(link: ReviewLink, layer: Layer) -> bool:
    """Return whether a link may decide: the layer is open, the seat is theirs, and no newer link has its place."""
    seated = [seat.person for seat in layer.people if not seat.is_struck]
    return layer.status == "open" and link.person in seated and layer.links.get(link.person) == link.link_id


def _of_layer(link: ReviewLink, layer: Layer) -> View:
    return {
        "name": layer.outside[link.person].name,
        "layer": layer.policy.name,
        "kind": layer.policy.kind,
        "attempt": layer.attempt,
        "checklist": [*layer.policy.checklist],
        "min_score": layer.policy.min_score,
        "due_at": layer.due_at,
        "expires_at": link.expires_at,
        "subject_digest": layer.subject_digest,
    }


def _of_milestone(milestone: ProjectMilestone) -> View:
    project = table.get(projects.key(milestone.tenant_id, milestone.project_id))
    return {
        "project": None if project is None else projects.from_item(project).name,
        "title": milestone.title,
        "amount_minor_units": milestone.amount_minor_units,
        "currency": milestone.currency,
        "completion_criteria": [dict(each) for each in milestone.completion_criteria],
    }
