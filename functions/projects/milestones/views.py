"""What callers see of a milestone, by who they are in its project."""

from collections.abc import Sequence
from typing import Any

from functions.projects import requirements
from functions.projects.layers import policy
from functions.projects.milestones import transition
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people.access import Standing
from functions.projects.people.owners import Primary
from functions.projects.requirements import Counts
from functions.projects.sources.sources import Source

View = dict[str, Any]

_NO_EVIDENCE = Counts()
_MOMENTS = ("activated_at", "started_at", "completed_at", "verified_at", "rejected_at", "approved_at", "cancelled_at")


def milestone(
    shown: ProjectMilestone,
    standing: Standing,
    primary: Primary | None,
    counts: Counts = _NO_EVIDENCE,
    *,
    waiting_for: Sequence[str] = (),
    source: Source | None = None,
) -> View:
    """Return a milestone without the amount and the notes that are not for the reader.

    `waiting_for` are the dependencies that keep it from being complete, `source` what it is bound to; one that was
    just bound has asked.
    """
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
    missing = requirements.missing(shown.evidence_requirements, counts)
    blocked_by = [*shown.open_criteria, *missing, *waiting_for] if is_done else []
    return view | {
        **{name: shown.moments.get(name) for name in _MOMENTS},
        "primary_owner_id": None if primary is None else primary.user_id,
        "completion_blocked_by": blocked_by,
        "source_state": _source_state(shown, source),
        "is_source_lost": source is not None and source.is_lost,
        "allowed": transition.allowed(shown.status),
    }


def _source_state(shown: ProjectMilestone, source: Source | None) -> str | None:
    if shown.source_id is None:
        return None
    return "asked" if source is None else source.state
