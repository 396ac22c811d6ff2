"""What tests of plan templates ask for most."""

from typing import Any

import pytest

from functions.projects import consumers
from shared.jobs import jobs
from shared.storage import events
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.platform.held import stored
from tests.projects.team import Person

TEMPLATES = "/plan-templates"


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name the queue of the parts of jobs, which has nothing to do: a plan is one part."""
    monkeypatch.setenv("PROJECT_JOBS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/ProjectJobs")


def planned(key: str, **more: Any) -> dict[str, Any]:
    """Return a milestone of a template."""
    return {"key": key, "title": f"Milestone {key}", "kind": "deliverable", **more}


def template(**more: Any) -> dict[str, Any]:
    """Return a small template: drawings, and the mill that depends on them."""
    drawings = planned("drawings", kind="documentation", duration_days=10, percentage=37.5)
    criteria = [{"key": "wheel", "text": "The wheel of {{site}} turns", "is_met": True}]
    mill = planned("mill", title="Mill at {{ site }}", offset_days=10, duration_days=3, percentage=62.5)
    owners = [{"role": "primary", "person": "engineer", "workload_percent": 40}]
    return {
        "name": "Mill",
        "industry": "manufacturing",
        "parameters": [{"name": "site", "default": "Mill Lane"}, {"name": "engineer", "kind": "person"}],
        "milestones": [drawings, mill | {"completion_criteria": criteria, "owners": owners}],
        "dependencies": [{"from_key": "drawings", "to_key": "mill", "lag_days": 2}],
        **more,
    }


def makes(person: Person, **more: Any) -> str:
    """Create a template and return its path."""
    made = person.post(TEMPLATES, template(**more))
    assert made.status == 201, made.body
    return f"{TEMPLATES}/{made.body['plan_template_id']}"


def row(count: int, person: str | None = None) -> dict[str, Any]:
    """Return the content of a template whose milestones depend on each other in a row."""
    owners = [] if person is None else [{"role": "primary", "person": person}]
    edges = [{"from_key": f"m{place}", "to_key": f"m{place + 1}"} for place in range(count - 1)]
    parameters = [] if person is None else [{"name": person, "kind": "person"}]
    shares = [10_000 * 100 // count] * (count - 1)
    percentages = [each / 10_000 for each in [*shares, 1_000_000 - sum(shares)]]
    milestones = [
        planned(f"m{place}", offset_days=place, percentage=percentage, owners=owners)
        for place, percentage in enumerate(percentages)
    ]
    return {"parameters": parameters, "milestones": milestones, "dependencies": edges}


def asks(person: Person, path: str, project: str, key: str | None = None, **more: Any) -> Any:
    """Ask for a plan of a template."""
    body = {"project_id": project.rpartition("/")[2], "start_on": "2027-03-01", **more}
    return person.post(f"{path}/instantiate", body, key=key)


def requested(person: Person, job_id: str) -> dict[str, Any]:
    """Return the batch with the event that asks for a job, as stored, which nothing but a test reads so."""
    mine = {(jobs.partition(person.user_id), "jobs.job.requested", job_id)}
    found = [item for item in stored().values() if item.get("entity") == "Event"]
    told = [each for each in found if (each["PK"], each["event_type"], each["data"].get("job_id")) in mine]
    return delivered([events.stored(each) for each in told])


def works(person: Person, job_id: str) -> str:
    """Have a job done, and return how it has ended, or why it has failed."""
    assert consumers.handler(requested(person, job_id), Context()) == {"batchItemFailures": []}
    job = jobs.find(person.user_id, job_id)
    assert job is not None
    return job.reason or job.status


def plans(person: Person, path: str, project: str, **more: Any) -> list[dict[str, Any]]:
    """Have a plan made of a template, and return the milestones that the project then lists."""
    begun = asks(person, path, project, **more)
    assert begun.status == 202, begun.body
    assert works(person, begun.body["job_id"]) == "completed"
    return listed(person, project)


def listed(person: Person, project: str) -> list[dict[str, Any]]:
    found, query = [], "limit=100"
    while True:
        page = person.get(f"{project}/project-milestones", query).body
        found += page["items"]
        if page["next_cursor"] is None:
            return found
        query = f"limit=100&cursor={page['next_cursor']}"
