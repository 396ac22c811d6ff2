"""Links from outside at the same instant: one link decides once, and never beside a newer one or a recall."""

from functools import partial
from typing import Any

import pytest

from functions.projects.layers.layers import Layer
from functions.projects.review_links import making, using
from functions.projects.verification import reassigning
from functions.projects.verification.deciding import Sent
from shared.storage import changes
from tests.aws.races import at_once
from tests.projects.verification.court import Court, only, outcome, told

MARY = {"name": "Mary Somerville", "address": "mary@example.com"}
NOBODY = {"user": None, "role": None, "owner_role": None, "weight": 1}
OUTSIDE: dict[str, Any] = {"kind": "external_audit", "approvers": [{**NOBODY, "external": MARY}]}
ROUNDS = 6


@pytest.fixture
def court(aws: None, pepper: str, monkeypatch: pytest.MonkeyPatch) -> Court:
    """A project, and patience for all who try at once."""
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    return Court()


def token(court: Court, layer: Layer) -> str:
    """Have another manager make a link; return its token."""
    made = making.make(court.joins("manager"), layer.verification_id, MARY["address"], 7)
    return str(made["url"]).partition("#")[2]


def decides(given: str, layer: Layer, choice: Any = "approve") -> Any:
    return partial(outcome, partial(using.decide, given, Sent(choice, layer.subject_digest, "So it is.")))


def test_of_two_posts_of_one_link_at_once_one_decides(court: Court):
    for choice in ["approve"] * ROUNDS + ["reject"] * ROUNDS:
        milestone_id = court.submits(OUTSIDE)
        layer = only(court, milestone_id)
        given = token(court, layer)
        answers = at_once(decides(given, layer), decides(given, layer, choice))

        assert sorted(answers) == ["ReviewLinkOver", "done"]
        assert len(only(court, milestone_id).decided) == 1
        assert told(court, milestone_id)["projects.verification.decided"] == 1


def test_a_link_decides_or_a_newer_one_takes_its_place(court: Court):
    for _ in range(ROUNDS):
        milestone_id = court.submits(OUTSIDE)
        layer, manager = only(court, milestone_id), court.joins("manager")
        given = token(court, layer)
        newer = partial(making.make, manager, layer.verification_id, MARY["address"], 7)
        decided, made = at_once(decides(given, layer), partial(outcome, newer))
        found = only(court, milestone_id)

        assert (decided == "done") == (found.status == "approved") == (made != "done")
        assert outcome(partial(using.view, given)) == "ReviewLinkOver"


def test_a_link_decides_or_its_seat_is_given_away(court: Court):
    for _ in range(ROUNDS):
        milestone_id = court.submits(OUTSIDE)
        layer, manager, other = only(court, milestone_id), court.joins("manager"), court.joins()
        given = token(court, layer)
        person = layer.people[0].person
        away = partial(reassigning.reassign, manager, layer.verification_id, other.user_id, person)
        decided, reassigned = at_once(decides(given, layer), partial(outcome, away))

        assert {decided, reassigned} in ({"done", "LayerClosed"}, {"done", "ReviewLinkOver"})
        assert (decided == "done") == (only(court, milestone_id).status == "approved")
        assert outcome(partial(using.view, given)) == "ReviewLinkOver"


def test_a_link_decides_or_the_milestone_is_recalled(court: Court):
    for _ in range(ROUNDS):
        milestone_id = court.submits(OUTSIDE)
        layer = only(court, milestone_id)
        given = token(court, layer)
        recall = partial(court.moves, milestone_id, "recall")
        decided, recalled = at_once(decides(given, layer), partial(outcome, recall))

        assert {decided, recalled} in ({"done", "TransitionNotAllowed"}, {"done", "ReviewLinkOver"})
        status = court.milestone(milestone_id).status
        assert (decided == "done") == (status == "verified")
