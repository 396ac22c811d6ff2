"""Milestones of projects that follow goals, on the deployed stage: what one context tells, another acts on."""

from tests.e2e.crew import user_id
from tests.e2e.dashboard import Person
from tests.e2e.endpoints import until


def test_a_goal_that_is_completed_completes_the_milestone_that_follows_it(ada: Person) -> None:
    goal_id = ada.goal("Learn to drive", tasks=("Theory", "Practice"))
    project_id = ada.ask("POST", "projects", {"name": "Move to the country", "currency": "EUR"})["project_id"]
    draft = {"title": "Licence", "kind": "training", "progress_source": "goal", "source_id": goal_id}
    planned = ada.ask("POST", f"projects/{project_id}/project-milestones", draft)
    path = f"project-milestones/{planned['project_milestone_id']}"
    ada.ask("POST", f"{path}/owners", {"user_id": user_id(ada), "role": "primary"})
    ada.ask("POST", f"{path}/activate")
    ada.ask("POST", f"{path}/start")
    ada.ask("POST", f"goals/{goal_id}/complete")

    assert until(lambda: ada.ask("GET", path)["status"] == "approved")
    assert ada.ask("GET", path)["progress"] == 100
