"""What callers see of the layers of a milestone, and of what is under review."""

from collections.abc import Mapping, Sequence
from typing import Any

from functions.projects.evidence.evidence import Evidence
from functions.projects.layers import attempt, checks
from functions.projects.layers.layers import Decision, Layer
from functions.projects.milestones import submitting
from functions.projects.milestones.milestones import ProjectMilestone
from functions.projects.people.access import Standing
from shared import clock

View = dict[str, Any]

_TOLD_OF_RULE = (
    "level",
    "name",
    "kind",
    "mode",
    "quorum",
    "order",
    "required",
    "min_score",
    "reject_rule",
    "separation_of_duties",
    "require_second_factor",
)
_TOLD_OF_EVIDENCE = (
    "evidence_id",
    "kind",
    "status",
    "file_name",
    "media_type",
    "size_bytes",
    "sha256",
    "url",
    "description",
    "requirement",
    "expires_on",
    "uploaded_by",
)
_TOLD = (
    "verification_id",
    "project_milestone_id",
    "attempt",
    "status",
    "submitted_by",
    "subject_digest",
    "created_at",
    "opened_at",
    "due_at",
    "closed_at",
    "carried_from",
    "version",
)


def layer(shown: Layer, milestone: ProjectMilestone) -> View:
    """Return a layer as everybody sees it who sees its milestone."""
    tally = shown.tally
    return {
        **{name: getattr(shown, name) for name in _TOLD},
        **{name: shown.rule[name] for name in _TOLD_OF_RULE},
        "checklist": [*shown.policy.checklist],
        "allow_delegation": shown.policy.allow_delegation,
        "checks": [dict(each) for each in shown.checks],
        "seats": [_seat(each, shown) for each in shown.seats],
        "keep_approvals": shown.policy.keep_approvals,
        "calendar": shown.policy.calendar,
        "on_timeout": shown.policy.on_timeout,
        "decisions": [_decision(each) for each in shown.decided],
        "approving_weight": tally.approving,
        "rejecting_weight": tally.rejecting,
        "needed_weight": tally.needed,
        "is_stalled": shown.is_stalled,
        "milestone_status": milestone.status,
    }


def _seat(stored: Mapping[str, Any], layer: Layer) -> View:
    found = layer.outside.get(stored["user_id"])
    trouble = layer.troubled.get(layer.links.get(stored["user_id"], ""))
    return {**stored, "name": None if found is None else found.name, "link_mail": trouble}


def _decision(shown: Decision) -> View:
    found = shown._asdict() | {"checklist": [*shown.checklist], "on_behalf_of": shown.on_behalf_of}
    del found["seen"]
    return found


def subject(
    milestone: ProjectMilestone, layers: Sequence[Layer], pieces: Sequence[Evidence], standing: Standing
) -> View:
    """Return what is under review; the amount is for those who see amounts, and for whom a layer asks."""
    asked = {seat.person for each in layers for seat in each.people if attempt.is_allowed(each.status, "approve")}
    found = submitting.subject(milestone, ()) | {"attempt": milestone.attempt}
    found["evidence"] = [piece(each) for each in pieces]
    looked_at = checks.subject(milestone, pieces, clock.now()).analysis
    found["analysis"] = {"score": looked_at.score, "findings": [each._asdict() for each in looked_at.findings]}
    if not standing.sees_amounts and standing.user_id not in asked:
        found |= {"amount_minor_units": None, "currency": None}
    return found


def piece(shown: Evidence) -> View:
    """Return a piece of evidence as those see it who decide."""
    return {name: getattr(shown, name) for name in _TOLD_OF_EVIDENCE}
