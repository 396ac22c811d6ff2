"""What a decision makes of a layer, and of the layers beside and above it; refusals first. No I/O."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.projects.layers import layers
from functions.projects.layers.layers import Choice, Decision, Layer
from functions.projects.verification.refusals import (
    AlreadyDecided,
    ChecklistOpen,
    LayerClosed,
    LayerNotOpen,
    NotAnApprover,
    NotYourTurn,
    SamePerson,
    ScoreTooLow,
    SubjectChanged,
)
from shared import tally
from shared.errors import InvalidInput


class Sent(NamedTuple):
    """What somebody decides: with a reason for a rejection, what the layer asks for, and what they say besides."""

    decision: Choice
    subject_digest: str
    reason: str | None = None
    score: int | None = None
    checklist: Sequence[str] = ()
    on_behalf_of: str | None = None
    comment: str | None = None


def earlier(layer: Layer, user_id: str, actor: str, choice: Choice) -> Decision | None:
    """Return the decision that this one repeats, None without one. Raises AlreadyDecided, SamePerson."""
    for each in layer.counting:
        if each.user_id == user_id:
            if (each.actor, each.decision) == (actor, choice):
                return each
            raise AlreadyDecided
    if actor in [each.actor for each in layer.counting]:
        raise SamePerson
    return None


def require_open(layer: Layer) -> None:
    """Require that a layer takes decisions. Raises LayerNotOpen, LayerClosed."""
    if layer.status == "waiting":
        raise LayerNotOpen
    if layer.status != "open":
        raise LayerClosed(layer.status)


def decided(
    layer: Layer, user_id: str, actor: str, sent: Sent, moment: str, *, delegation_id: str | None = None
) -> Layer:
    """Return an open layer with one more decision for the seat of a user, tallied.

    Raises NotAnApprover, SubjectChanged, NotYourTurn, InvalidInput, ScoreTooLow, ChecklistOpen.
    """
    if user_id not in [seat.person for seat in layer.people if not seat.is_struck]:
        raise NotAnApprover
    if sent.subject_digest != layer.subject_digest:
        raise SubjectChanged
    if layer.policy.order == "sequential" and tally.turn(layer.people, layer.votes) != user_id:
        raise NotYourTurn
    _require_sound(layer, sent)
    new = Decision(
        user_id,
        actor,
        sent.decision,
        moment,
        sent.reason,
        sent.score,
        [*sent.checklist],
        seen=layer.content,
        delegation_id=delegation_id,
        comment=sent.comment,
    )
    return tallied(layer._replace(decisions=[*layer.decisions, layers.stored(new)]), moment)


def tallied(layer: Layer, moment: str) -> Layer:
    """Return an open layer as its tally makes it: still open, approved or rejected."""
    outcome = layer.tally.outcome
    return layer if outcome == "open" else layer._replace(status=outcome, closed_at=moment)


def withdrawn(layer: Layer, actor: str) -> tuple[Layer, Decision | None]:
    """Return an open layer without the decision of somebody, and that decision, which is kept and does not count.

    It is the one that they made, or that was made in their place.
    """
    every, found = list[Decision](), None
    for each in layer.decided:
        is_theirs = actor in {each.actor, each.user_id} and not each.is_withdrawn
        found = each if is_theirs else found
        every.append(each._replace(is_withdrawn=True) if is_theirs else each)
    return layer._replace(decisions=layers.kept(every)), found


def _require_sound(layer: Layer, sent: Sent) -> None:
    rule = layer.policy
    unknown = sorted({*sent.checklist} - {*rule.checklist})
    if unknown:
        raise InvalidInput.of("checklist", f"must only name points of the layer, not {', '.join(unknown)}")
    if sent.decision == "reject":
        if sent.reason is None:
            raise InvalidInput.of("reason", "must say why it is rejected")
        return
    if rule.min_score is not None and (sent.score is None or sent.score < rule.min_score):
        raise ScoreTooLow(rule.min_score)
    missing = [point for point in rule.checklist if point not in sent.checklist]
    if missing:
        raise ChecklistOpen(missing)
