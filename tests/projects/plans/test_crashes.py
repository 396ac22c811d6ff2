"""A plan whose job dies at any of its writes: readers see nothing of it or everything, and the next try ends it."""

import contextlib
from collections import Counter

import pytest

from functions.projects import arrivals, consumers
from functions.projects.milestones import entries
from functions.projects.plans import arriving, plans, sweeping
from shared import clock
from shared.jobs import jobs
from shared.storage import table
from shared.storage.table import Page
from tests.aws.entries import Context
from tests.aws.quick.table import QuickTable, everything
from tests.aws.troubles import counting, dying_at
from tests.identity.access_tokens.issuer import Issuer
from tests.projects.plans.arriving import asks, listed, makes, requested, row, works
from tests.projects.team import Person

pytestmark = pytest.mark.usefixtures("queue")
COUNT = 45
WRITES = {"TransactWriteItems"}


@pytest.fixture
def ada(aws: None) -> Person:
    """Somebody who leads projects, on a table that copies nothing."""
    QuickTable().stand_in()
    return Person.new(Issuer().publish(), role="admin")


@pytest.fixture
def asked(ada: Person, project: str) -> str:
    """The job of a plan whose milestones all belong to Ada."""
    ada.plans(project, title="Before")
    begun = asks(ada, makes(ada, **row(COUNT, "engineer")), project, parameters={"engineer": ada.user_id})
    return str(begun.body["job_id"])


def seen(ada: Person, project: str) -> set[int]:
    """Return how many milestones of the plan each reader sees."""
    filtered = ada.get(f"{project}/project-milestones", "kind=deliverable&limit=100").body["items"]
    graph = ada.get(f"{project}/graph").body
    path = ada.get(f"{project}/critical-path").body
    tenant = ada.get("/project-milestones", "status=draft&limit=100").body["items"]
    owned = ada.get("/project-milestones", "limit=100").body["items"]
    stated, _ = entries.of_project(ada.tenant_id, project.rpartition("/")[2], limit=100, cursor=None)
    counts = (listed(ada, project), filtered, graph["milestones"], path["milestones"], tenant, stated)
    total = ada.get(project).body["milestones"]
    edges = graph["dependencies"]
    return {*(len(each) - 1 for each in counts), total - 1, len(owned), len(edges) + bool(edges)}


def created() -> Counter[str]:
    """Return how often each milestone was told of."""
    events = [item for item in everything() if item.get("entity") == "Event"]
    happened = [item for item in events if item["event_type"] == "projects.milestone.created"]
    return Counter(item["data"]["project_milestone_id"] for item in happened)


def steps(ada: Person, job_id: str) -> int:
    """Return how many transactions it takes to do a job."""
    with counting() as made:
        assert works(ada, job_id) == "completed"
    return sum(each.endswith("TransactWriteItems") for each in made)


@pytest.mark.parametrize("takes_effect", [True, False])
def test_readers_see_nothing_or_everything_wherever_a_plan_breaks_off(ada: Person, *, takes_effect: bool):
    project = ada.creates()
    ada.plans(project, title="Before")
    template, parameters = makes(ada, **row(COUNT, "engineer")), {"engineer": ada.user_id}
    begun = asks(ada, template, project, parameters=parameters)
    needed = steps(ada, begun.body["job_id"])
    found = list[int]()
    for number in range(1, needed + 1):
        other = ada.creates()
        ada.plans(other, title="Before")
        job_id = asks(ada, template, other, parameters=parameters).body["job_id"]
        with dying_at(number, takes_effect=takes_effect, among=WRITES), contextlib.suppress(Exception):
            consumers.handler(requested(ada, job_id), Context())
        mine = {*listed_ids(ada, other)}
        found.append(len(mine) - 1)
        assert found[-1] in {0, COUNT}
        assert len(graph_of(ada, other)) == found[-1] + 1 == ada.get(other).body["milestones"]
        assert works(ada, job_id) == "completed"
        assert len(listed(ada, other)) == COUNT + 1

    assert {*created().values()} == {1}
    assert {*found} == {0, COUNT}
    assert not [item for item in everything() if arrivals.PLAN in item]


def listed_ids(ada: Person, project: str) -> list[str]:
    return [each["project_milestone_id"] for each in listed(ada, project)]


def graph_of(ada: Person, project: str) -> list[str]:
    return [each["project_milestone_id"] for each in ada.get(f"{project}/graph").body["milestones"]]


def test_every_reader_waits_for_the_whole_plan(ada: Person, project: str, asked: str):
    job = jobs.find(ada.user_id, asked)
    assert job is not None
    plan = plans.find(arrivals.Arriving(ada.tenant_id, **job.position))
    assert plan is not None
    made = plans.made(plan)
    assert seen(ada, project) == {0}
    assert arriving.stage(plan, made)
    assert seen(ada, project) == {0}
    arriving.publish(plan, made)
    assert seen(ada, project) == {COUNT}
    arriving.tell(plan, made)
    assert seen(ada, project) == {COUNT}
    assert not arriving.stage(plan, made)


def test_a_plan_that_is_dropped_leaves_nothing(ada: Person, project: str, asked: str):
    before = {(item["PK"], item["SK"]) for item in everything()}
    with dying_at(3, takes_effect=True, among=WRITES), contextlib.suppress(Exception):
        consumers.handler(requested(ada, asked), Context())
    [plan] = plans.due(clock.now() + clock.DAY, limit=10)
    arriving.drop(plan, plans.made(plan))
    left = {(item["PK"], item["SK"]) for item in everything()}

    assert {key for key in left - before if "#PMS#" in key[0]} == set()
    assert plans.due(clock.now() + clock.DAY, limit=10) == []
    assert seen(ada, project) == {0}


def test_a_published_plan_is_told_of_by_the_sweep(ada: Person, asked: str, monkeypatch: pytest.MonkeyPatch):
    job = jobs.find(ada.user_id, asked)
    assert job is not None
    plan = plans.find(arrivals.Arriving(ada.tenant_id, **job.position))
    assert plan is not None
    made = plans.made(plan)
    arriving.stage(plan, made)
    arriving.publish(plan, made)
    monkeypatch.setattr(jobs, "STUCK_AFTER", -clock.SECOND)

    assert sweeping.run(lambda: True) == 1
    assert sum(created().values()) == COUNT + 1
    told = [item for item in everything() if item.get("entity") == "Event" and "owner" in item["event_type"]]
    assert {item["actor"]["id"] for item in told} == {ada.user_id}


def test_a_change_between_publishing_and_telling_stays(ada: Person, project: str, asked: str):
    job = jobs.find(ada.user_id, asked)
    assert job is not None
    plan = plans.find(arrivals.Arriving(ada.tenant_id, **job.position))
    assert plan is not None
    made = plans.made(plan)
    arriving.stage(plan, made)
    arriving.publish(plan, made)
    first, *_, last = [f"/project-milestones/{each}" for each in made.milestones]
    assert ada.patch(first, {"title": "Changed"}).status == 200
    assert ada.delete(last).status == 204
    arriving.tell(plan, made)
    titles = Counter(each["title"] for each in listed(ada, project))

    assert titles["Changed"] == 1
    assert titles.total() == COUNT
    assert sum(created().values()) == COUNT


def test_what_was_read_before_a_plan_was_published_is_read_again(ada: Person, project: str, asked: str):
    job = jobs.find(ada.user_id, asked)
    assert job is not None
    plan = plans.find(arrivals.Arriving(ada.tenant_id, **job.position))
    assert plan is not None
    made = plans.made(plan)
    arriving.stage(plan, made)
    project_id, calls = project.rpartition("/")[2], list[int]()

    def read() -> Page:
        found = table.query(entries.place(ada.tenant_id, project_id, "x").pk, entries.PREFIX, limit=500)
        calls.append(len(found.items))
        if len(calls) == 1:
            arriving.publish(plan, made)
            return Page(found.items[:7], None)
        return found

    assert len(arrivals.shown(ada.tenant_id, read).items) == COUNT + 1
    assert len(calls) == 2
