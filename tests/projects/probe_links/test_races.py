"""Links of probes at the same instant: a run has one answer at most, whoever gives it."""

from functools import partial
from typing import Any

import pytest

from functions.projects.milestones import milestones
from functions.projects.probe_links import links, using
from functions.projects.probes import answering, lifecycle, probes
from functions.projects.probes.answering import Sent
from shared.storage import changes, table
from tests.aws.races import at_once
from tests.projects.verification.court import Court, outcome

ROUNDS = 6
ASKED = {"question": "Well?", "schedule": {"every": 1, "unit": "days"}, "time_zone": "UTC"}


@pytest.fixture
def court(aws: None, pepper: str, monkeypatch: pytest.MonkeyPatch) -> Court:
    """A project, and patience for all who try at once."""
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    return Court()


def asked(court: Court) -> tuple[str, str]:
    """Have a probe ask Ada; return its id, and the token of a link."""
    milestone_id = court.begins()
    probe_id = str(lifecycle.create(court.ada, milestone_id, ASKED)["probe_id"])
    run_id = str(lifecycle.run(court.ada, probe_id, if_match=None)["run_id"])
    place = milestones.partition(court.tenant_id, milestone_id)
    probe = probes.of(table.get(probes.key(place), consistent=True)).find(probe_id)
    link = links.new(court.milestone(milestone_id), probe, run_id, court.ada.user_id)
    table.transact([links.born(link)])
    return probe_id, links.url(link).partition("#")[2]


def replies(token: str, state: Any = "on_track", progress: int | None = None) -> Any:
    return partial(outcome, partial(using.answer, token, Sent(state, "So it is.", progress)))


def closed(court: Court, probe_id: str) -> list[str]:
    """Return what became of the runs of a probe."""
    shown, _ = lifecycle.runs(court.ada, probe_id, limit=20, cursor=None)
    return [str(each["outcome"]) for each in shown]


def test_of_two_posts_of_one_link_at_once_one_answers(court: Court):
    for _ in range(ROUNDS):
        probe_id, token = asked(court)
        answers = at_once(replies(token, progress=10), replies(token, "done"))

        assert sorted(answers) == ["ProbeLinkOver", "done"]
        assert closed(court, probe_id) == ["answered"]


def test_a_link_answers_or_somebody_who_is_signed_in(court: Court):
    for _ in range(ROUNDS):
        probe_id, token = asked(court)
        signed_in = partial(answering.answer, court.ada, probe_id, Sent("blocked", "It jams."))
        by_link, by_api = at_once(replies(token), partial(outcome, signed_in))

        assert {by_link, by_api} in ({"done", "ProbeNotOpen"}, {"done", "ProbeLinkOver"})
        assert closed(court, probe_id) == ["answered"]


def test_a_link_answers_or_the_probe_is_paused(court: Court):
    for _ in range(ROUNDS):
        probe_id, token = asked(court)
        pause = partial(lifecycle.pause, court.ada, probe_id, if_match=None)
        by_link, paused = at_once(replies(token), partial(outcome, pause))

        assert paused == "done"
        assert closed(court, probe_id) == (["answered"] if by_link == "done" else ["ended"])
        assert outcome(partial(using.view, token)) == "ProbeLinkOver"
