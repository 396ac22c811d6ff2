"""Who is away and has no backup: a layer that cannot be approved without them is escalated while they are."""

import json

import pytest
import time_machine

from functions.projects.following import asking
from shared.storage import events, table
from tests.aws import scheduler
from tests.projects.delegation.away import DAY, HOUR, asks, is_away
from tests.projects.team import Person
from tests.projects.timers.clockwork import escalations, fire, follow_time, hand_over, id_of, scheduled, tell
from tests.projects.verification.review import Review, layer


def asked(review: Review, **more: object) -> str:
    """Have a layer ask its people, and return the milestone."""
    milestone = review.submits(layer(due_hours=1000, **more))
    tell(review.ada, milestone)
    asking.follow(review.ada.tenant_id, id_of(milestone))
    return milestone


def hear_of(person: Person) -> int:
    """Deliver what somebody has said last of their absence, and what that asks for; return how much that was."""
    place = f"USER#{person.user_id}"
    found = [events.stored(item) for item in table.query_all(place, f"EVENT#{person.user_id}#")]
    follow_time(found[-1])
    sent = [json.dumps(each) for each in scheduler.waiting()]
    if sent:
        hand_over(*sent)
    return len(sent)


def triggers(review: Review, milestone: str) -> list[tuple[str, str]]:
    return [(each["trigger"], each["status"]) for each in escalations(review.ada, milestone)]


def test_a_layer_is_escalated_while_the_only_approver_is_away(review: Review, time: time_machine.Traveller):
    cleo = review.verifiers[0]
    milestone = asked(review, approvers=[{"user": cleo.user_id}])
    is_away(cleo, after=HOUR, lasts=DAY)
    assert (hear_of(cleo), triggers(review, milestone)) == (1, [])
    assert scheduled(milestone) == "2026-11-20T16:30:00Z"
    time.shift(HOUR)
    fire(milestone, times=2)

    assert triggers(review, milestone) == [("approver_unavailable", "pending")]
    time.shift(DAY)
    fire(milestone)
    assert triggers(review, milestone) == [("approver_unavailable", "resolved")]


@pytest.mark.parametrize("how", ["back", "a backup"])
def test_it_is_resolved_by_who_is_back_or_names_a_backup(how: str, review: Review):
    cleo, dana, _ = review.verifiers
    milestone = asked(review, approvers=[{"user": cleo.user_id}])
    is_away(cleo)
    hear_of(cleo)
    assert triggers(review, milestone) == [("approver_unavailable", "pending")]
    if how == "back":
        asks(cleo, "DELETE")
    else:
        is_away(cleo, dana)
    hear_of(cleo)

    assert triggers(review, milestone) == [("approver_unavailable", "resolved")]


def test_a_layer_that_opens_while_its_approver_is_away_is_escalated(review: Review):
    cleo = review.verifiers[0]
    is_away(cleo)
    milestone = asked(review, approvers=[{"user": cleo.user_id}])

    assert triggers(review, milestone) == [("approver_unavailable", "pending")]


def test_a_backup_who_may_not_decide_in_the_layer_is_none(review: Review):
    cleo, dana, _ = review.verifiers
    is_away(cleo, dana)
    milestone = asked(review, approvers=[{"user": cleo.user_id}], allow_delegation=False)

    assert triggers(review, milestone) == [("approver_unavailable", "pending")]


def test_where_others_can_approve_nobody_is_missed(review: Review):
    is_away(review.verifiers[0])

    assert triggers(review, asked(review)) == []


@pytest.mark.parametrize("more", [{"mode": "all"}, {"mode": "quorum", "quorum": 3}])
def test_where_everybody_must_approve_each_is_missed(more: dict[str, object], review: Review):
    is_away(review.verifiers[0])

    assert triggers(review, asked(review, **more)) == [("approver_unavailable", "pending")]


def test_who_has_approved_before_they_went_is_not_missed(review: Review):
    cleo = review.verifiers[0]
    milestone = asked(review, mode="all")
    review.decides(cleo, *review.layers(milestone))
    is_away(cleo)
    hear_of(cleo)
    tell(review.ada, milestone)

    assert triggers(review, milestone) == []


def test_in_a_sequence_whose_turn_it_is_is_missed(review: Review):
    cleo, dana, _ = review.verifiers
    is_away(dana)
    people = [{"user": cleo.user_id}, {"user": dana.user_id}]
    milestone = asked(review, mode="all", order="sequential", approvers=people)
    before = triggers(review, milestone)
    review.decides(cleo, *review.layers(milestone))
    tell(review.ada, milestone)

    assert before == []
    assert triggers(review, milestone) == [("approver_unavailable", "pending")]
