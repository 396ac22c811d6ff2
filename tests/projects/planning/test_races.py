"""Two at once: halves of a cycle, a start and a refusal of what it needs, a deletion and a new dependant."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from functions.projects import lifecycle as projects
from functions.projects.dependencies.dependencies import Dependency
from functions.projects.milestones import commands, lifecycle, milestones
from functions.projects.milestones.transition import Event
from functions.projects.ownership import owning
from functions.projects.people import members
from functions.projects.people.members import ProjectMember
from functions.projects.planning import lifecycle as planning
from shared import clock, ids
from shared.callers.caller import Caller
from shared.errors import Refusal
from shared.storage import changes, table
from shared.storage.writes import Put
from tests.aws import hooks
from tests.aws.races import at_once
from tests.aws.stack import server, table_at, table_on_locked_moto
from tests.projects.verification.court import belongs

ROUNDS = {"moto": 10, "ministack": 50}
"""moto copies its table for each transaction."""


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("stack")) as address:
        yield address


@pytest.fixture(params=["moto", "ministack"], autouse=True)
def _table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    on_moto = request.param == "moto"
    with table_on_locked_moto() if on_moto else table_at(request.getfixturevalue("endpoint")):
        yield


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    return ROUNDS[request.node.callspec.params["_table"]]


@pytest.fixture
def ada() -> Caller:
    found = Caller(ids.new("user"), ids.new("tenant"), (), frozenset({"projects:admin"}), None, (), None)
    belongs(found.tenant_id, found.user_id)
    return found


@pytest.fixture
def project_id(ada: Caller) -> str:
    return str(projects.create(ada, {"name": "Engine", "currency": "EUR"})["project_id"])


def plans(ada: Caller, project_id: str) -> str:
    draft = {"title": "Mill", "kind": "custom", "acceptance": "manager"}
    return str(lifecycle.create(ada, project_id, draft)["project_milestone_id"])


def outcome(act: Callable[[], Any]) -> str:
    """Return how an act ends: the code of a refusal, or that it was done."""
    try:
        act()
    except Refusal as refused:
        return refused.code
    return "done"


def lets(ada: Caller, milestone_id: str, on: str) -> Callable[[], str]:
    return partial(outcome, partial(planning.add, ada, milestone_id, Dependency(on)))


def moves(ada: Caller, milestone_id: str, *events: Event) -> None:
    for event in events:
        commands.advance(ada, milestone_id, event, if_match=None, reason="So it is.")


def test_of_two_halves_of_a_cycle_one_is_refused(rounds: int, ada: Caller, project_id: str):
    one, two = plans(ada, project_id), plans(ada, project_id)
    for _ in range(rounds):
        halves = at_once(lets(ada, one, two), lets(ada, two, one))

        assert sorted(halves) == ["DependencyCycle", "done"]
        planning.remove(ada, *((one, two) if halves[0] == "done" else (two, one)), if_match=None)


def test_of_two_halves_of_a_cycle_through_a_part_one_is_refused(rounds: int, ada: Caller, project_id: str):
    whole, part, first = (plans(ada, project_id) for _ in range(3))
    planning.add(ada, part, Dependency(first))
    into = partial(lifecycle.change, ada, part, {"parent_id": whole}, if_match=None)
    for _ in range(rounds):
        halves = at_once(lets(ada, first, whole), partial(outcome, into))

        assert sorted(halves) == ["DependencyCycle", "done"]
        if halves[0] == "done":
            planning.remove(ada, first, whole, if_match=None)
        else:
            lifecycle.change(ada, part, {"parent_id": None}, if_match=None)


def test_a_milestone_is_deleted_or_depended_on_and_never_both(ada: Caller, project_id: str):
    then = plans(ada, project_id)
    for _ in range(10):
        first = plans(ada, project_id)
        delete = partial(outcome, partial(lifecycle.delete, ada, first, if_match=None))
        ended = at_once(delete, lets(ada, then, first))

        assert tuple(ended) in {("done", "InvalidInput"), ("DependantsExist", "done")}
        if ended[1] == "done":
            planning.remove(ada, then, first, if_match=None)


def submitted(ada: Caller, project_id: str, user_id: str) -> str:
    """Return a milestone of somebody else's that waits to be accepted."""
    first = plans(ada, project_id)
    owning.assign(ada, first, user_id, "primary", 0)
    owning.accept(replace(ada, user_id=user_id), first)
    moves(ada, first, "activate", "start", "complete")
    return first


def test_a_start_sees_a_refusal_that_comes_between_its_look_and_its_write(ada: Caller, project_id: str):
    ben = joins(ada, project_id)
    first, then = submitted(ada, project_id, ben), plans(ada, project_id)
    owning.assign(ada, then, ada.user_id, "primary", 0)
    planning.add(ada, then, Dependency(first))
    moves(ada, then, "activate")
    between: list[str] = []

    def refuse(**_: Any) -> None:
        if not between:
            between.append("refused")
            moves(ada, first, "reject")

    hooks.register("before-call.dynamodb.TransactWriteItems", refuse)

    assert outcome(partial(moves, ada, then, "start")) == "DependenciesOpen"
    assert [status(ada, each) for each in (first, then)] == ["rejected", "active"]


def test_a_start_and_a_refusal_at_once_never_leave_a_start_after_it(ada: Caller, project_id: str):
    ben = joins(ada, project_id)
    first, then = submitted(ada, project_id, ben), plans(ada, project_id)
    owning.assign(ada, then, ada.user_id, "primary", 0)
    planning.add(ada, then, Dependency(first))
    moves(ada, then, "activate")
    start, refuse = (partial(outcome, partial(moves, ada, *each)) for each in ((then, "start"), (first, "reject")))

    started, refused = at_once(start, refuse)

    assert refused == "done"
    assert started in ("done", "DependenciesOpen")
    assert start() == ("TransitionNotAllowed" if started == "done" else "DependenciesOpen")


def joins(ada: Caller, project_id: str) -> str:
    moment, user_id = clock.to_rfc3339(clock.now()), ids.new("user")
    member = ProjectMember(ada.tenant_id, project_id, user_id, ["creator"], moment, moment, 1)
    table.transact([Put(members.to_item(member))])
    belongs(ada.tenant_id, user_id)
    return user_id


def status(ada: Caller, milestone_id: str) -> str:
    found = milestones.find(ada.tenant_id, milestone_id)
    assert found is not None
    return found.status
