"""Decisions at the same instant: exactly one closes a layer, and none is lost."""

from collections import Counter
from functools import partial

import pytest

from shared.storage import changes
from tests.aws.races import at_once
from tests.projects.verification.court import Court, only, outcome, told

ROUNDS = 8


@pytest.fixture
def court(aws: None, monkeypatch: pytest.MonkeyPatch) -> Court:
    """A project, and patience for all who try at once."""
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    return Court()


def test_of_two_verifiers_of_any_one_closes_the_layer(court: Court):
    first, second = court.joins(), court.joins()
    for _ in range(ROUNDS):
        milestone_id = court.submits({})
        layer = only(court, milestone_id)
        decided = at_once(*(partial(outcome, partial(court.decides, each, layer)) for each in (first, second)))

        assert sorted(decided) == ["LayerClosed", "done"]
        assert len(only(court, milestone_id).counting) == 1
        assert told(court, milestone_id)["projects.milestone.verified"] == 1


def test_an_approval_and_a_rejection_at_once_leave_one(court: Court):
    first, second = court.joins(), court.joins()
    for _ in range(ROUNDS):
        milestone_id = court.submits({})
        layer = only(court, milestone_id)
        at_once(
            partial(outcome, partial(court.decides, first, layer)),
            partial(outcome, partial(court.decides, second, layer, "reject")),
        )
        found = only(court, milestone_id)

        assert len(found.counting) == 1
        expected = {"approved": "verified", "rejected": "rejected"}
        assert court.milestone(milestone_id).status == expected[found.status]


def test_of_fifty_posts_at_once_exactly_one_closes_a_quorum(court: Court):
    people = [court.joins() for _ in range(50)]
    milestone_id = court.submits({"mode": "quorum", "quorum": 30})
    layer = only(court, milestone_id)

    decided = at_once(*(partial(outcome, partial(court.decides, each, layer)) for each in people))

    assert Counter(decided) == {"done": 30, "LayerClosed": 20}
    found = only(court, milestone_id)
    assert (found.status, len(found.counting), found.version) == ("approved", 30, layer.version + 30)
    happened = told(court, milestone_id)
    assert (happened["projects.layer.approved"], happened["projects.milestone.verified"]) == (1, 1)
    assert happened["projects.verification.decided"] == 30


def test_two_layers_that_close_at_once_open_the_next_level(court: Court):
    somebody = court.joins()
    for _ in range(ROUNDS):
        milestone_id = court.submits({"level": 1}, {"level": 1}, {"level": 2})
        first, second, _ = court.layers(milestone_id)
        decided = at_once(*(partial(outcome, partial(court.decides, somebody, each)) for each in (first, second)))

        assert decided == ["done", "done"]
        assert [each.status for each in court.layers(milestone_id)] == ["approved", "approved", "open"]
        assert told(court, milestone_id)["projects.layer.opened"] == 3


def test_a_milestone_is_recalled_or_approved_and_never_both(court: Court):
    somebody = court.joins()
    for _ in range(ROUNDS):
        milestone_id = court.submits({})
        layer = only(court, milestone_id)
        recalled, decided = at_once(
            partial(outcome, partial(court.moves, milestone_id, "recall")),
            partial(outcome, partial(court.decides, somebody, layer)),
        )

        assert sorted([recalled == "done", decided == "done"]) == [False, True]
        expected = ("in_progress", "withdrawn") if recalled == "done" else ("verified", "approved")
        assert (court.milestone(milestone_id).status, only(court, milestone_id).status) == expected
