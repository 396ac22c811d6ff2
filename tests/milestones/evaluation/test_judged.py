"""The evaluator judges: what it calls completed is complete everywhere, whatever the value it reports."""

import pytest

from tests.milestones.people import MILESTONES, Person, reports


def test_the_word_of_the_evaluator_holds_whatever_the_value(ada: Person):
    created = ada.creates(target=135).body
    uid = created["milestone_uid"]
    reports(created["forse_milestone_id"], "completed", current_value=1, target=135)
    listed = ada.get(query="project_id=project_123").body["items"][0]
    exported = ada.get(f"{MILESTONES}/export").body
    asked = ada.ask("trackedMilestone", {"milestoneUid": uid}).data
    project = ada.get("/api/v1/projects/project_123/progress").body
    last = ada.get("/api/v1/projects/project_123/chart").body["samples"][-1]

    assert [(each["progress_percentage"], each["current_value"]) for each in (ada.sees(uid), listed, exported)] == [
        (100.0, 1)
    ] * 3
    assert (asked["progressPercentage"], asked["currentValue"], asked["isCompleted"]) == (100.0, 1, True)
    assert (project["weighted_progress"], last["weighted_progress"]) == (100.0, 100.0)


@pytest.mark.parametrize(("target", "status"), [(134, "completed"), (2, "completed"), (136, "in_progress")])
def test_only_a_raised_target_reopens_what_was_completed_below_it(ada: Person, target: int, status: str):
    created = ada.creates(target=135).body
    reports(created["forse_milestone_id"], "completed", current_value=1, target=135)
    ada.retargets(created["milestone_uid"], target)

    assert ada.sees(created["milestone_uid"])["status"] == status
