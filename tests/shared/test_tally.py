"""The tally of approval layers: tables of cases, and laws that hold for all votes."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import tally
from shared.tally import Mode, RejectRule, Rules, Seat, Vote

FIRST = "first_reject"
UNREACHABLE = "quorum_unreachable"
THREE = [Seat("a"), Seat("b"), Seat("c")]


def votes(text: str) -> list[Vote]:
    """Return votes written as `a+ b-`; `a+x` is one that x gives for a."""
    found = []
    for each in text.split():
        person, sign, actor = each[0], each[1], each[2:] or each[0]
        found.append(Vote(person, actor, sign == "+"))
    return found


CASES = [
    ("any", 1, FIRST, "", "open"),
    ("any", 1, FIRST, "a+", "approved"),
    ("any", 1, FIRST, "a-", "rejected"),
    ("any", 1, UNREACHABLE, "a-", "open"),
    ("any", 1, UNREACHABLE, "a- b-", "open"),
    ("any", 1, UNREACHABLE, "a- b- c-", "rejected"),
    ("any", 1, UNREACHABLE, "a- b+", "approved"),
    ("all", 1, FIRST, "a+ b+", "open"),
    ("all", 1, FIRST, "a+ b+ c+", "approved"),
    ("all", 1, UNREACHABLE, "a+ b-", "rejected"),
    ("quorum", 2, FIRST, "a+", "open"),
    ("quorum", 2, FIRST, "a+ b+", "approved"),
    ("quorum", 2, FIRST, "a+ b-", "rejected"),
    ("quorum", 2, UNREACHABLE, "a+ b-", "open"),
    ("quorum", 2, UNREACHABLE, "a- b-", "rejected"),
    ("quorum", 2, UNREACHABLE, "a- b+ c+", "approved"),
]


@pytest.mark.parametrize(("mode", "quorum", "reject_rule", "given_votes", "outcome"), CASES)
def test_three_seats_come_to_this(mode: Mode, quorum: int, reject_rule: RejectRule, given_votes: str, outcome: str):
    assert tally.count(Rules(mode, quorum, reject_rule), THREE, votes(given_votes)).outcome == outcome


def test_a_quorum_counts_weights():
    heavy = [Seat("a", 3), Seat("b"), Seat("c")]

    assert tally.count(Rules("quorum", 3), heavy, votes("a+")).outcome == "approved"
    assert tally.count(Rules("quorum", 3), heavy, votes("b+ c+")).outcome == "open"
    assert tally.count(Rules("quorum", 3, UNREACHABLE), heavy, votes("a-")).outcome == "rejected"


def test_a_layer_without_seats_is_never_approved():
    for mode in get_args(Mode):
        counted = tally.count(Rules(mode, 2), [], [])

        assert (counted.outcome, counted.is_stalled) == ("open", True)


def test_all_of_three_with_one_struck_takes_the_other_two():
    seats = [Seat("a"), Seat("b"), Seat("c", is_struck=True)]

    assert tally.count(Rules("all"), seats, votes("a+")).outcome == "open"
    assert tally.count(Rules("all"), seats, votes("a+ b+")).outcome == "approved"


def test_a_vote_stands_when_its_seat_is_struck_later():
    assert tally.count(Rules("any"), [Seat("a", is_struck=True)], votes("a+")).outcome == "approved"
    assert tally.count(Rules("all"), [Seat("a", is_struck=True), Seat("b")], votes("a-")).outcome == "rejected"


def test_striking_rejects_nothing_and_says_that_too_few_are_left():
    seats = [Seat("a"), Seat("b"), Seat("c", is_struck=True)]
    counted = tally.count(Rules("quorum", 2, UNREACHABLE), seats, votes("a-"))

    assert (counted.outcome, counted.is_stalled) == ("open", True)


def test_one_person_votes_once_for_whichever_seat():
    counted = tally.count(Rules("all"), THREE[:2], votes("a+ b+a"))

    assert (counted.outcome, counted.approving) == ("open", 1)


def test_a_person_with_two_seats_has_the_heavier_one():
    assert tally.seated([Seat("a"), Seat("b"), Seat("a", 3)]) == [Seat("a", 3), Seat("b")]


def test_those_who_vote_in_turn_are_asked_as_they_are_seated():
    seats = [Seat("a", is_struck=True), Seat("b"), Seat("c")]

    assert tally.turn(seats, []) == "b"
    assert tally.turn(seats, votes("b+")) == "c"
    assert tally.turn(seats, votes("b+ c+")) is None


SEATS = st.lists(
    st.builds(Seat, st.sampled_from("abcdef"), st.integers(1, 5), st.booleans()),
    max_size=6,
    unique_by=lambda s: s.person,
)
VOTES = st.lists(st.builds(Vote, st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.booleans()), max_size=8)
RULES = st.builds(Rules, st.sampled_from(get_args(Mode)), st.integers(1, 12), st.sampled_from(get_args(RejectRule)))


@given(RULES, SEATS, VOTES)
def test_only_approvals_approve_and_only_rejections_reject(rules: Rules, seats: list[Seat], cast: list[Vote]):
    counted = tally.count(rules, seats, cast)

    if counted.outcome == "approved":
        assert counted.approving >= counted.needed >= 1
    if counted.outcome == "rejected":
        assert counted.rejecting >= 1
    assert counted.approving + counted.rejecting <= sum(seat.weight for seat in seats)
    if counted.is_stalled:
        assert counted.outcome == "open"


@given(
    RULES, SEATS, st.lists(st.tuples(st.sampled_from("abcdef"), st.booleans()), max_size=6, unique_by=lambda v: v[0])
)
def test_the_order_of_votes_makes_no_difference(rules: Rules, seats: list[Seat], cast: list[tuple[str, bool]]):
    own = [Vote(person, person, is_approval) for person, is_approval in cast]

    assert tally.count(rules, seats, own) == tally.count(rules, seats, own[::-1])


@given(RULES, SEATS, VOTES, st.sampled_from("abcdef"))
def test_striking_a_seat_never_rejects(rules: Rules, seats: list[Seat], cast: list[Vote], gone: str):
    before = tally.count(rules, seats, cast)
    struck = [seat._replace(is_struck=True) if seat.person == gone else seat for seat in seats]

    assert before.outcome == "rejected" or tally.count(rules, struck, cast).outcome != "rejected"


@given(RULES, SEATS, VOTES)
def test_a_layer_that_is_not_stalled_is_approved_when_everybody_left_approves(
    rules: Rules, seats: list[Seat], cast: list[Vote]
):
    before = tally.count(rules, seats, cast)
    voted = {vote.person for vote in cast} | {vote.actor for vote in cast}
    left = [Vote(each.person, each.person, True) for each in seats if not each.is_struck and each.person not in voted]
    if before.outcome == "open" and not before.is_stalled and len(voted) == 0:
        assert tally.count(rules, seats, left).outcome == "approved"
