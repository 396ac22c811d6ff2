"""The mill of the demo: its milestones stand where they are to, once, however often it is loaded."""

from dataclasses import replace

import pytest

from functions.projects.evidence import content
from infra.demo import mill
from infra.demo.account import Account, NotDone
from infra.demo.projects import MILESTONES, PROJECTS, Crew
from infra.stage.client import Answer


def milestones(account: Account) -> dict[str, tuple[str, str, int]]:
    """Return the status and the version of each milestone that somebody sees, by its title."""
    projects = [each["project_id"] for each in account.every(PROJECTS)]
    found = [each for one in projects for each in account.every(f"{PROJECTS}/{one}/project-milestones")]
    return {each["title"]: (each["project_milestone_id"], each["status"], each["version"]) for each in found}


def test_the_milestones_stand_where_they_are_to_and_a_second_load_changes_nothing(crew: Crew) -> None:
    assert not mill.is_there(crew.manager)
    mill.bring(crew)
    loaded = milestones(crew.client)

    assert mill.is_there(crew.manager)
    assert {title: status for title, (_, status, _) in loaded.items()} == {
        "Survey of the building": "approved",
        "Roof covered": "completed",
        "Windows fitted": "rejected",
        "Millstone running": "in_progress",
        "Opening day": "draft",
    }

    mill.bring(crew)

    assert milestones(crew.manager) == loaded


def test_the_roof_waits_for_the_manager_with_a_report_that_is_there(crew: Crew) -> None:
    mill.bring(crew)
    path = f"{MILESTONES}/{milestones(crew.manager)['Roof covered'][0]}"
    (layer,) = crew.manager.get(f"{path}/verifications")["items"]
    (evidence,) = crew.manager.get(f"{path}/evidence")["items"]

    assert (layer["status"], layer["approving_weight"], layer["needed_weight"], len(layer["seats"])) == (
        "open",
        1,
        2,
        2,
    )
    assert (evidence["status"], evidence["file_name"]) == ("uploaded", mill.FILE)


def test_the_report_is_talked_about_once(crew: Crew) -> None:
    for _ in range(2):
        mill.bring(crew)
    (evidence,) = crew.manager.get(f"{MILESTONES}/{milestones(crew.manager)['Roof covered'][0]}/evidence")["items"]
    comments = crew.manager.get(f"/api/v1/evidence/{evidence['evidence_id']}/comments")["items"]

    assert [each["text"] for each in comments] == [
        "Were the gutters looked at while it rained?",
        "Yes, on Tuesday morning: not a drop came through.",
    ]


def test_a_load_that_was_interrupted_goes_on(crew: Crew) -> None:
    def broken(*_: object, **__: object) -> Answer:
        return Answer(503, {}, "the bucket does not answer")

    interrupted = replace(crew, builder=replace(crew.builder, put_file=broken))
    with pytest.raises(NotDone, match="503: the bucket"):
        mill.bring(interrupted)
    assert not mill.is_there(crew.manager)

    mill.bring(crew)

    assert mill.is_there(crew.manager)


def test_the_report_is_a_pdf_and_the_same_every_time() -> None:
    assert mill.report() == mill.report()
    assert content.is_of("application/pdf", mill.report())
