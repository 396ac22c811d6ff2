"""How the layers of an attempt begin: copied from the policy, carried over from the attempt before, and opened."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from functions.projects.layers import applicability, attempt, clocks, policy, seating, subject
from functions.projects.layers.layers import Layer
from functions.projects.layers.policy import Rule
from functions.projects.layers.seating import People
from shared import clock, ids
from shared.clock import Instant


class Submission(NamedTuple):
    """What is submitted: which attempt at which milestone, by whom, its primary owner, its policy, and its subject.

    `facts` is what conditions of layers may name.
    """

    tenant_id: str
    project_id: str
    project_milestone_id: str
    attempt: int
    submitted_by: str
    primary: str | None
    policy: Mapping[str, Any]
    subject: Mapping[str, Any]
    facts: Mapping[str, Any]


def begun(submitted: Submission, earlier: Sequence[Layer], people: People, now: Instant, salt: str) -> list[Layer]:
    """Return the layers of a new attempt; those it begins with are open, those carried over are approved already.

    If nothing is left to decide, no layer is undecided.
    """
    content = subject.content(submitted.subject)
    blank = Layer(
        tenant_id=submitted.tenant_id,
        project_id=submitted.project_id,
        project_milestone_id=submitted.project_milestone_id,
        verification_id="",
        attempt=submitted.attempt,
        rule={},
        status="waiting",
        submitted_by=submitted.submitted_by,
        subject_digest=subject.digest(content, submitted.attempt, salt),
        content=content,
        salt=salt,
        created_at=clock.to_rfc3339(now),
        version=1,
        evidence=submitted.subject["evidence"],
    )
    kept = _carried(earlier, content, submitted, people.uploaders)
    found: list[Layer] = []
    for rule in policy.rules_of(submitted.policy):
        new = blank._replace(verification_id=ids.new("ver", at=now), rule=rule._asdict())
        found.append(_approved_before(new, kept.get((rule.level, rule.name))))
    going = opened_up(found, people, submitted.primary, submitted.facts, now)
    if not attempt.standing(going).is_verified:
        return going
    moment = clock.to_rfc3339(now)
    withdrawn = [each.verification_id for each in attempt.unfinished(going)]
    return [
        each._replace(status="withdrawn", closed_at=moment) if each.verification_id in withdrawn else each
        for each in going
    ]


def opened_up(
    layers: Sequence[Layer], people: People, primary: str | None, facts: Mapping[str, Any], now: Instant
) -> list[Layer]:
    """Return the layers of an attempt with those that are due: open, or skipped where they do not apply.

    Where all layers of a level are skipped, the next level is due.
    """
    found = [*layers]
    while due := attempt.standing(found).opening:
        found = [_due(each, people, primary, facts, now) if each in due else each for each in found]
    return found


def _due(layer: Layer, people: People, primary: str | None, facts: Mapping[str, Any], now: Instant) -> Layer:
    if layer.is_reopened or applicability.applies(layer.policy.applies_when, facts, now):
        return opened(layer, people, primary, now)
    return layer._replace(status="skipped", closed_at=clock.to_rfc3339(now))


def opened(layer: Layer, people: People, primary: str | None, now: Instant) -> Layer:
    """Return a layer as it opens: roles have become people, and its hours begin."""
    rule = layer.policy
    seats = seating.seats(rule, people, seating.barred(rule, people.uploaders, layer.submitted_by, primary))
    asked = layer.telling([each.person for each in seats])
    return clocks.started(asked._replace(status="open", seats=seating.stored(seats)), people.hours, now)


def _carried(
    earlier: Sequence[Layer], content: str, submitted: Submission, uploaders: frozenset[str]
) -> dict[tuple[int, str], Layer]:
    """Return the approved layers below where the attempt begins that hold for what is submitted now."""
    begins = attempt.restart_level(earlier)
    rules = {(rule.level, rule.name): rule for rule in policy.rules_of(submitted.policy)}
    return {
        (each.level, each.policy.name): each
        for each in earlier
        if each.level < begins
        and each.status == "approved"
        and each.content == content
        and all(decision.seen == content for decision in each.counting)
        and rules.get((each.level, each.policy.name)) == each.policy
        and not _is_partial(each, submitted, uploaders)
    }


def _is_partial(layer: Layer, submitted: Submission, uploaders: frozenset[str]) -> bool:
    """Return whether somebody decided in a layer whom the separation of duties keeps from it by now."""
    rule: Rule = layer.policy
    kept_out = seating.barred(rule, uploaders, submitted.submitted_by, submitted.primary)
    return any({each.user_id, each.actor} & kept_out for each in layer.counting)


def _approved_before(new: Layer, before: Layer | None) -> Layer:
    if before is None:
        return new
    return new._replace(
        status="approved",
        seats=before.seats,
        decisions=before.decisions,
        opened_at=before.opened_at,
        due_at=before.due_at,
        closed_at=before.closed_at,
        carried_from=before.carried_from or before.verification_id,
    )
