"""A principal and their delegate at the same instant, in 50 orders of what both ask of the table."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import pytest

from functions.projects.delegation import lifecycle as delegation
from functions.projects.layers.layers import Layer
from shared.callers.caller import Caller
from shared.storage import table
from shared.teamwork import delegations
from tests.aws.races import shuffled
from tests.projects.verification.court import Court, only, outcome, told

ROUNDS = 50


@pytest.fixture
def court(aws: None) -> Court:
    return Court()


def test_of_a_principal_and_their_delegate_at_once_one_decides(court: Court):
    cleo, dana, fred = (court.joins() for _ in range(3))
    court.delegates(cleo, fred)
    ends = Counter[tuple[str, ...]]()
    for seed in range(ROUNDS):
        milestone_id = court.submits({"mode": "all", "approvers": _people(cleo, dana)})
        layer = only(court, milestone_id)
        themselves = partial(court.decides, cleo, layer)
        delegated = partial(court.decides, fred, layer, "approve", cleo.user_id)
        ended = shuffled(seed, partial(outcome, themselves), partial(outcome, delegated))
        ends[tuple(ended)] += 1

        assert [each.user_id for each in only(court, milestone_id).counting] == [cleo.user_id]
        assert only(court, milestone_id).status == "open"
        assert told(court, milestone_id)["projects.verification.decided"] == 1
    assert {*ends} == {("done", "AlreadyDecided"), ("AlreadyDecided", "done")}


def test_a_delegation_is_revoked_before_a_decision_or_after_it(court: Court):
    cleo, fred = (court.joins() for _ in range(2))
    ends = Counter[str]()
    for seed in range(ROUNDS):
        given = court.delegates(cleo, fred)
        milestone_id = court.submits({"approvers": _people(cleo)})
        layer, order = only(court, milestone_id), list[str]()

        def revokes(given: str = given, order: list[str] = order) -> None:
            delegation.revoke(cleo, given)
            order.append("revoked")

        def decides(layer: Layer = layer, order: list[str] = order) -> None:
            court.decides(fred, layer, "approve", cleo.user_id)
            order.append("decided")

        ended = outcomes(seed, revokes, decides)
        ends[ended[1]] += 1

        assert order == (["decided", "revoked"] if ended[1] == "done" else ["revoked"])
    assert {*ends} == {"done", "DelegationNotInForce"}


def test_two_halves_of_a_chain_or_of_a_circle_at_once_are_one_delegation(court: Court):
    for seed in range(ROUNDS):
        one, two, three = (court.joins() for _ in range(3))
        last = three if seed % 2 else one
        ended = outcomes(seed, partial(court.delegates, one, two), partial(court.delegates, two, last))

        assert sorted(ended) == ["DelegationChain", "done"]
        found = [given_by(each) for each in (one, two)]
        assert found == ([1, 0] if ended[0] == "done" else [0, 1])


def given_by(somebody: Caller) -> int:
    """Return how many delegations somebody has given."""
    item = table.get(delegations.head_key(somebody.user_id))
    return len(delegations.head_of(somebody.user_id, item).delegations)


def outcomes(seed: int, *acts: Callable[[], object]) -> list[str]:
    return shuffled(seed, *(partial(outcome, each) for each in acts))


def _people(*people: Caller) -> list[dict[str, object]]:
    return [{"user": each.user_id, "role": None, "owner_role": None, "weight": 1} for each in people]
