"""Who may bind a milestone to what, and what is refused."""

from typing import Any

import pytest

from shared import ids
from shared.storage import table
from tests.projects.sources.world import Goal, Kpi, World, follows, tracks
from tests.projects.team import Person

DRAFT = {"title": "Mill assembled", "kind": "deliverable"}


def test_a_goal_is_bound_by_its_owner_and_whom_it_is_shared_with(world: World, ada: Person, ben: Person, project: str):
    mine, his = Goal.of(ada), Goal.of(ben)
    assert ada.post(f"{project}/project-milestones", {**DRAFT, **follows(mine)}).status == 201
    assert ada.post(f"{project}/project-milestones", {**DRAFT, **follows(his)}).fields == ["source_id"]
    his.shares(ada)

    made = ada.post(f"{project}/project-milestones", {**DRAFT, **follows(his, 25)})
    assert (made.body["source_id"], made.body["source_threshold"]) == (his.goal_id, 25)


def test_nobody_binds_what_they_do_not_see(world: World, ada: Person, ben: Person, eve: Person, project: str):
    foreign, foreign_kpi = Goal.of(eve), Kpi.of(eve)
    hidden = Kpi.of(ben, project_id=ben.creates().removeprefix("/projects/"))
    milestone = ada.plans(project)
    unseen: list[dict[str, Any]] = [
        follows(foreign),
        {"progress_source": "goal", "source_id": ids.new("goal")},
        {"progress_source": "goal", "source_id": "goal_1#2"},
        {"progress_source": "goal", "source_id": ""},
        tracks(foreign_kpi),
        tracks(hidden),
        {"progress_source": "kpi", "source_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"},
        {"progress_source": "kpi", "source_id": "tvl"},
    ]

    for each in unseen:
        assert ada.patch(milestone, each).fields == ["source_id"], each
    assert ada.get(milestone).body["version"] == 1


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"progress_source": "goal"}, "source_id"),
        ({"progress_source": "kpi"}, "source_id"),
        ({"source_id": "goal_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"}, "source_id"),
        ({"source_threshold": 50}, "source_threshold"),
        ({"progress_source": "goal", "source_id": "x", "source_threshold": 60}, "source_threshold"),
        ({"progress_source": "goal", "source_id": "x", "source_threshold": "50"}, "source_threshold"),
        ({"progress_source": "goal", "source_id": 5}, "source_id"),
        (
            {
                "progress_source": "kpi",
                "source_id": "6f9619ff-8b86-4d01-b42d-00cf4fc964ff",
                "source_threshold": 50,
            },
            "source_threshold",
        ),
    ],
)
def test_a_source_goes_with_what_is_followed(sent: dict[str, Any], field: str, ada: Person, project: str):
    refused = ada.post(f"{project}/project-milestones", {**DRAFT, **sent})

    assert (refused.status, refused.fields) == (422, [field])
    assert ada.get(project).body["milestones"] == 0


def test_a_token_that_does_not_read_goals_binds_none(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.plans(project)
    guest = ada.brings(project, ada.colleague("guest"), "client")

    assert guest.patch(milestone, follows(goal)).status == 403
    assert ada.patch(milestone, follows(goal)).status == 200


def test_what_was_submitted_stays_bound(world: World, ada: Person, project: str):
    goal, other = Goal.of(ada), Goal.of(ada)
    milestone = ada.begins(project, ada, acceptance="manager", **follows(goal))
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])

    assert ada.patch(milestone, {"progress_source": "manual", "source_id": None}).code == "SubjectFrozen"
    assert ada.patch(milestone, follows(other)).code == "SubjectFrozen"
    assert ada.patch(milestone, {"source_threshold": 25}).code == "SubjectFrozen"


def test_another_source_takes_the_place_of_the_first(world: World, ada: Person, project: str):
    one, two = Goal.of(ada), Goal.of(ada)
    milestone = ada.begins(project, ada, **follows(one))
    one.does(0)
    world.settles(milestone, by=[one])
    assert ada.patch(milestone, follows(two)).body["source_state"] == "asked"
    one.does(1, 2, 3)
    two.does(0, 1)
    world.settles(milestone, by=[one, two])

    shown = ada.get(milestone).body
    assert (shown["status"], shown["progress"], shown["source_id"]) == ("in_progress", 50, two.goal_id)


def test_a_lower_threshold_of_the_same_goal_asks_again(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, **follows(goal))
    goal.does(0, 1)
    world.settles(milestone, by=[goal])
    assert ada.patch(milestone, {"source_threshold": 50}).status == 200
    world.settles(milestone)

    assert ada.status(milestone) == "approved"


def test_nothing_is_left_of_what_was_bound(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    freed, gone = ada.plans(project, **follows(goal)), ada.plans(project, **follows(goal))
    place = f"TENANT#{ada.tenant_id}#SOURCE#{goal.goal_id}"
    assert len(list(table.query_all(place, "BOUND#"))) == 2
    ada.patch(freed, {"progress_source": "manual", "source_id": None})
    ada.delete(gone)

    assert list(table.query_all(place, "BOUND#")) == []


def test_a_copy_is_bound_to_nothing(world: World, ada: Person, project: str):
    milestone = ada.plans(project, **follows(Goal.of(ada)))

    copied = ada.post(f"{milestone}/duplicate").body
    assert (copied["progress_source"], copied["source_id"], copied["source_state"]) == ("manual", None, None)


def test_a_cancelled_milestone_hears_no_more(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    milestone = ada.begins(project, ada, **follows(goal))
    ada.post(f"{milestone}/cancel", {"reason": "Not needed."})
    before = ada.get(milestone).body
    goal.does(0, 1, 2, 3)
    world.settles(milestone, by=[goal])

    assert ada.get(milestone).body == before


def test_graphql_binds_and_shows_the_same(world: World, ada: Person, project: str):
    goal = Goal.of(ada)
    sent = {
        "title": "Mill",
        "kind": "custom",
        "progressSource": "goal",
        "sourceId": goal.goal_id,
        "sourceThreshold": 50,
    }
    made = ada.ask("createProjectMilestone", projectId=project.removeprefix("/projects/"), input=sent).data

    shown = ada.ask("projectMilestone", projectMilestoneId=made["projectMilestoneId"]).data
    assert (shown["progressSource"], shown["sourceId"]) == ("goal", goal.goal_id)
    assert (shown["sourceThreshold"], shown["sourceState"], shown["isSourceLost"]) == (50, "asked", False)
