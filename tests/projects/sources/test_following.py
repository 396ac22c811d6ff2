"""Milestones that follow a goal, one of its thresholds, or a tracked milestone."""

import pytest

from tests.projects.billing import bills
from tests.projects.sources.world import Goal, Kpi, World, follows, tracks
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer

NEVER_DONE = {"key": "sign", "text": "The acceptance is signed"}


def state(person: Person, milestone: str) -> tuple[str, int, str, int]:
    shown = person.get(milestone).body
    return shown["status"], shown["progress"], shown["source_state"], shown["attempt"]


def told(world: World, milestone: str) -> list[str]:
    shown = world.ada.get(f"{milestone}/history", "limit=100").body["items"]
    return [each["event_type"].rpartition(".")[2] for each in reversed(shown)]


def test_the_progress_follows_a_goal_which_completes_it(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, **follows(goal))
    assert state(ada, milestone) == ("in_progress", 0, "asked", 1)
    assert ada.put(f"{milestone}/progress", {"progress": 10}).code == "ProgressDerived"
    goal.does(0)
    world.settles(milestone, by=[goal])
    assert state(ada, milestone) == ("in_progress", 25, "open", 1)
    goal.does(1, 2, 3)
    world.settles(milestone, by=[goal])

    assert state(ada, milestone) == ("approved", 100, "reached", 1)
    assert told(world, milestone).count("source_reached") == 1
    assert ada.get(project).body["progress_percent"] == 100


def test_a_threshold_of_a_goal_is_enough(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    half, three = (ada.begins(project, ada, **follows(goal, threshold)) for threshold in (50, 75))
    goal.does(0, 1)
    world.settles(half, three, by=[goal])

    assert state(ada, half) == ("approved", 100, "reached", 1)
    assert state(ada, three) == ("in_progress", 66, "open", 1)


def test_a_tracked_milestone_completes_it_when_it_is_judged_complete(world: World, ada: Person, project: str):
    kpi = Kpi.of(ada)
    milestone = ada.begins(project, ada, **tracks(kpi))
    for value, status, progress in ((500, "in_progress", 50), (1000, "in_progress", 99)):
        kpi.stands(value, status)
        world.settles(milestone, by=[kpi])
        assert state(ada, milestone) == ("in_progress", progress, "open", 1)
    kpi.stands(1000, "completed")
    world.settles(milestone, by=[kpi])

    assert state(ada, milestone) == ("approved", 100, "reached", 1)


@pytest.mark.parametrize("kind", ["goal", "kpi"])
def test_binding_to_what_is_reached_asks_for_its_state(kind: str, world: World, ada: Person, project: str):
    goal, kpi = Goal.of(ada), Kpi.of(ada)
    goal.does(0, 1, 2, 3)
    kpi.stands(1000, "completed")
    world.settles(by=[goal, kpi])
    milestone = ada.begins(project, ada)
    bound = ada.patch(milestone, follows(goal) if kind == "goal" else tracks(kpi))
    assert (bound.status, bound.body["source_state"]) == (200, "asked")
    world.settles(milestone)

    assert state(ada, milestone) == ("approved", 100, "reached", 1)


def test_what_is_reached_before_the_start_is_applied_at_the_start(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.plans(project, **follows(goal))
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])
    assert state(ada, milestone) == ("draft", 0, "reached", 1)
    ada.assigns(milestone, ada)
    for what in ("activate", "start"):
        assert ada.post(f"{milestone}/{what}").status == 200
    world.settles(milestone, by=[goal])

    assert state(ada, milestone) == ("approved", 100, "reached", 1)
    assert told(world, milestone).count("source_reached") == 1


def test_the_progress_of_before_the_start_is_there_after_it(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.plans(project, **follows(goal))
    goal.does(0, 1)
    world.settles(milestone, by=[goal])
    ada.assigns(milestone, ada)
    for what in ("activate", "start"):
        ada.post(f"{milestone}/{what}")
    world.settles(milestone)

    assert state(ada, milestone) == ("in_progress", 50, "open", 1)


def test_open_criteria_keep_it_in_progress_and_the_last_one_completes_it(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, completion_criteria=[NEVER_DONE], **follows(goal))
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])
    assert state(ada, milestone) == ("in_progress", 100, "reached", 1)
    assert ada.get(milestone).body["completion_blocked_by"] == ["sign"]

    assert ada.put(f"{milestone}/checklist/sign", {"is_met": True}).body["status"] == "approved"


@pytest.mark.parametrize("kind", ["goal", "threshold", "kpi"])
def test_layers_decide_on_all_three_and_a_loss_before_approval_asks_again(
    kind: str, world: World, ada: Person, review: Review
):
    goal, kpi = Goal.of(ada), Kpi.of(ada)
    bound = {"goal": follows(goal), "threshold": follows(goal, 75), "kpi": tracks(kpi)}[kind]
    milestone = review.begins(layer(), **bound, acceptance="manager")
    goal.does(0, 1, 2, 3)
    kpi.stands(1000, "completed")
    world.settles(milestone, by=[goal, kpi])
    assert ada.get(milestone).body["submitted_by"] == review.ben.user_id
    assert review.statuses(milestone) == ["open"]
    assert review.decides(review.verifiers[0], review.layers(milestone)[0]).status == 200
    assert ada.status(milestone) == "verified"
    goal.undoes(0)
    goal.undoes(1)
    assert kpi.tracker.retargets(kpi.uid, 2000).status == 200
    world.settles(milestone, by=[goal, kpi])

    progress = {"goal": 50, "threshold": 66, "kpi": 50}[kind]
    assert state(ada, milestone) == ("in_progress", progress, "open", 2)
    assert review.statuses(milestone) == ["approved"]
    goal.does(0, 1)
    kpi.stands(2000, "completed")
    world.settles(milestone, by=[goal, kpi])
    assert review.statuses(milestone, 2) == ["open"]


def test_a_loss_during_review_withdraws_the_layers(world: World, ada: Person, review: Review):
    goal = Goal.of(ada)
    milestone = review.begins(layer(), **follows(goal))
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])
    goal.undoes(3)
    world.settles(milestone, by=[goal])

    assert state(ada, milestone) == ("in_progress", 75, "open", 2)
    assert review.statuses(milestone) == ["withdrawn"]


def test_a_rejected_milestone_is_not_completed_by_what_was_reached_before(world: World, ada: Person, review: Review):
    goal = Goal.of(ada)
    milestone = review.begins(layer(), **follows(goal))
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])
    review.decides(review.verifiers[0], review.layers(milestone)[0], "reject")
    assert review.ben.post(f"{milestone}/rework").status == 200
    world.settles(milestone, by=[goal])
    assert state(ada, milestone) == ("in_progress", 90, "reached", 2)
    goal.undoes(0)
    goal.does(0)
    world.settles(milestone, by=[goal])

    assert state(ada, milestone) == ("completed", 100, "reached", 2)


def test_a_loss_after_approval_is_said_and_escalated_and_over_when_it_is_reached_again(
    world: World, ada: Person, project: str
):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, **follows(goal))
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])
    goal.undoes(0)
    world.settles(milestone, by=[goal])
    assert state(ada, milestone) == ("approved", 100, "open", 1)
    assert ada.get(milestone).body["is_source_lost"] is True
    raised = ada.get("/escalations", f"project_milestone_id={milestone.rpartition('/')[2]}").body["items"]
    assert [(each["kind"], each["raised_by"], each["status"]) for each in raised] == [("quality", "system", "pending")]
    goal.does(0)
    world.settles(milestone, by=[goal])

    assert ada.get(milestone).body["is_source_lost"] is False
    assert ada.get(f"/escalations/{raised[0]['escalation_id']}").body["status"] == "resolved"


def test_a_committed_amount_keeps_it_where_it_is(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, acceptance="manager", amount_minor_units=5000, **follows(goal))
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])
    assert ada.status(milestone) == "verified"
    bills(ada, milestone, is_committed=True)
    goal.undoes(0)
    world.settles(milestone, by=[goal])

    assert state(ada, milestone) == ("verified", 100, "open", 1)
    assert ada.get(milestone).body["is_source_lost"] is True


def test_what_people_completed_before_its_source_is_reached_is_not_taken_back(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, acceptance="manager", **follows(goal))
    assert ada.post(f"{milestone}/complete").status == 200
    goal.does(0)
    world.settles(milestone, by=[goal])

    assert state(ada, milestone) == ("verified", 100, "open", 1)


def test_nothing_moves_while_it_is_escalated(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, **follows(goal))
    trouble = {"kind": "technical", "severity": "high", "reason_code": "supplier", "blocks_work": True}
    raised = ada.post("/escalations", {**trouble, "project_milestone_id": milestone.rpartition("/")[2]})
    assert raised.status == 201, raised.body
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])
    assert state(ada, milestone) == ("escalated", 0, "reached", 1)
    resolved = ada.post(f"/escalations/{raised.body['escalation_id']}/resolve", {"resolution": "Another wheel."})
    assert resolved.status == 200, resolved.body
    world.settles(milestone, by=[goal])

    assert state(ada, milestone) == ("approved", 100, "reached", 1)


def test_several_milestones_follow_one_goal_each_by_itself(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    every = [ada.begins(project, ada, **follows(goal, threshold)) for threshold in (25, 50, 75, 100)]
    goal.does(0, 1)
    world.settles(*every, by=[goal])

    assert [ada.status(each) for each in every] == ["approved", "approved", "in_progress", "in_progress"]


@pytest.mark.parametrize("kind", ["goal", "kpi"])
def test_a_source_that_is_deleted_is_lost_for_good(kind: str, world: World, ada: Person, project: str):
    goal, kpi = Goal.of(ada), Kpi.of(ada)
    bound = follows(goal) if kind == "goal" else tracks(kpi)
    begun, done = (ada.begins(project, ada, acceptance="manager", **bound) for _ in range(2))
    goal.does(0)
    kpi.stands(250)
    world.settles(begun, done, by=[goal, kpi])
    ada.patch(begun, {"acceptance": "none"})
    goal.does(1, 2, 3)
    kpi.stands(1000, "completed")
    world.settles(done, by=[goal, kpi])
    goal.owner.delete(f"/goals/{goal.goal_id}")
    kpi.tracker.deletes(kpi.uid)
    world.settles(begun, done, by=[goal, kpi])

    assert state(ada, done) == ("in_progress", 99, "gone", 2)
    assert ada.get(begun).body["source_state"] == "gone"
    free = ada.patch(done, {"progress_source": "manual", "source_id": None})
    assert (free.status, free.body["source_state"]) == (200, None)


def test_an_archived_goal_stays_as_far_as_it_was(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, acceptance="manager", **follows(goal, 50))
    goal.does(0, 1)
    world.settles(milestone, by=[goal])
    assert goal.owner.post(f"/goals/{goal.goal_id}/archive").status == 200
    world.settles(milestone, by=[goal])

    assert state(ada, milestone) == ("verified", 100, "reached", 1)


def test_a_share_that_is_taken_back_ends_what_it_had_bound(world: World, ada: Person, ben: Person, project: str):
    goal = Goal.of(ben)
    goal.shares(ada)
    mine = ada.begins(project, ada, acceptance="manager", **follows(goal))
    ada.brings(project, ben, "manager")
    his = ben.begins(project, ben, **follows(goal))
    goal.does(0, 1, 2)
    world.settles(mine, his, by=[goal])
    goal.withdraws(ada)
    goal.does(3)
    world.settles(mine, his, by=[goal])

    assert state(ada, mine) == ("in_progress", 75, "gone", 1)
    assert state(ada, his) == ("approved", 100, "reached", 1)
    goal.shares(ada)
    assert ada.patch(mine, follows(goal)).body["source_state"] == "asked"
    world.settles(mine, by=[goal])
    assert state(ada, mine) == ("verified", 100, "reached", 1)
