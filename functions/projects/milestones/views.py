"""What callers see of a milestone, by who they are in its project."""

from typing import Any

from functions.projects.layers import policy
from functions.projects.milestones import progress, transition
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.milestones.opening import Opened
from functions.projects.sources.sources import Source
from shared.instants import Instant

View = dict[str, Any]

_MOMENTS = ("activated_at", "started_at", "completed_at", "verified_at", "rejected_at", "approved_at", "cancelled_at")


def milestone(shown: ProjectMilestone, opened: Opened, now: Instant) -> View:
    """Return a milestone, as it was opened or as a command has made it, without what is not for the reader.

    One that was just bound to a source has asked: it was opened with another or with none.
    """
    standing, source = opened.standing, opened.source
    view = shown._asdict()
    for hidden in ("tenant_id", "moments", "dependencies", "depth", "approved_by", "held_for", "secondary_owners"):
        del view[hidden]
    view["completion_criteria"] = [dict(each) for each in shown.completion_criteria]
    view["evidence_requirements"] = [dict(each) for each in shown.evidence_requirements]
    view["tags"], view["held_by"] = [*shown.tags], [*shown.held_by]
    view["metadata"], view["custom_fields"] = dict(shown.metadata), dict(shown.custom_fields)
    if not standing.sees_amounts:
        view["amount_minor_units"] = view["currency"] = None
        if shown.verification_policy is not None:
            view["verification_policy"] = policy.without_amounts(shown.verification_policy)
    if not standing.sees_internal_notes:
        view["internal_notes"] = None
    is_done = shown.status == "in_progress" and shown.progress == 100
    is_overdue, risks = progress.outlook(shown, now, opened.time_zone)
    return view | {
        **{name: shown.moments.get(name) for name in _MOMENTS},
        "primary_owner_id": None if opened.primary is None else opened.primary.user_id,
        "completion_blocked_by": opened.blocked_by(shown) if is_done else [],
        "open_dependencies": [each.view for each in opened.blocking(shown)],
        "is_overdue": is_overdue,
        "is_at_risk": bool(risks),
        "risks": [*risks],
        "source_state": _source_state(shown, source),
        "is_source_lost": source is not None and source.is_lost,
        "allowed": transition.allowed(shown.status),
    }


def _source_state(shown: ProjectMilestone, source: Source | None) -> str | None:
    if shown.source_id is None:
        return None
    return "asked" if source is None else source.state
