"""The command that has the contexts say how their subjects are: it leaves nobody out, and writes nothing of them."""

import json
import uuid
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from functions.goals import goals, progress
from functions.goals.goals import Goal
from functions.identity.accounts import memberships, tenants
from functions.identity.api_keys import records as api_keys
from functions.identity.api_keys.records import Principal, Service
from functions.milestones import milestone_writes
from functions.milestones.milestones import Milestone
from functions.milestones.sync import Sync
from functions.webhooks import endpoints, published
from functions.webhooks.endpoints import Endpoint
from infra.commands import restate, restatements, walks
from infra.commands.migrate import Pace
from infra.commands.restate import Done, Way
from infra.documents import event_schemas
from shared import clock, ids
from shared.errors import Unavailable
from shared.messaging import audited, bus
from shared.storage import attributes, events, table
from shared.storage.events import Event
from tests.aws import hooks, troubles

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")
TYPES = event_schemas.event_types()
STATED = {name for name in TYPES if name.endswith(events.STATED)}
Subject = tuple[str, str]


class Bus:
    """The bus: what it has taken, and what it is to refuse next."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.refusals: list[int] = []

    def put(self, params: dict[str, Any], **_: object) -> dict[str, Any]:
        sent = json.loads(params["body"])["Entries"]
        taken = self.refusals.pop(0) if self.refusals else len(sent)
        self.entries.extend(sent[:taken])
        refused = {"ErrorCode": "ThrottlingException", "ErrorMessage": "slower"}
        return {"Entries": [{"EventId": "1"}] * taken + [refused] * (len(sent) - taken)}

    def told(self) -> list[Event]:
        return [bus.read({"detail": json.loads(each["Detail"])}) for each in self.entries]

    def subjects(self) -> list[Subject]:
        return [(each.event_type, each.subject_id) for each in self.told()]


@pytest.fixture
def the_bus(aws: None, monkeypatch: pytest.MonkeyPatch) -> Bus:
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    stands = Bus()
    hooks.register("before-call.eventbridge.PutEvents", stands.put)
    return stands


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every list have many pages, and the place be remembered often."""
    monkeypatch.setattr(restatements, "_TOGETHER", 2)
    monkeypatch.setattr(walks, "TENANTS_AT_ONCE", 2)
    monkeypatch.setattr(restate, "REMEMBERED_EVERY", 3)


def founds(*, people: int = 1, each_has: int = 1) -> tuple[str, set[Subject]]:
    """Found a tenant whose people have so many goals each, and it so many of everything else; return what it has."""
    tenant_id = ids.new("tenant")
    table.transact(tenants.founded(tenant_id=tenant_id, name="Engines", at=NOON))
    has: set[Subject] = set()
    for _ in range(people):
        user_id = ids.new("user")
        table.transact([memberships.joined(tenant_id=tenant_id, user_id=user_id, role="member", at=NOON)])
        has |= {("identity.member.stated", user_id), *(sets_goal(tenant_id, user_id) for _ in range(each_has))}
    for number in range(each_has):
        has |= {tracks(tenant_id, number), serves(tenant_id, f"service-{number}"), listens(tenant_id)}
    return tenant_id, has


def sets_goal(tenant_id: str, user_id: str) -> Subject:
    ledger = progress.open_ledger(start=NOON, end=None, task_share=100, opened_at=NOON)
    goal = Goal(ids.new("goal"), user_id, tenant_id, "Run", "active", "UTC", ledger, NOON, NOON, 1)
    table.put_many([goals.to_item(goal)])
    return "goals.goal.stated", goal.goal_id


def tracks(tenant_id: str, number: int) -> Subject:
    uid, target = str(uuid.uuid4()), Decimal(number + 1)
    sync = Sync(is_wanted=False, first_target=target, heard_at=NOON)
    milestone = Milestone(uid, tenant_id, "project_1", "tvl", target, Decimal(0), "pending", sync, NOON, NOON, 1)
    table.transact(milestone_writes.born(milestone))
    return "milestones.milestone.stated", uid


def serves(tenant_id: str, name: str) -> Subject:
    """Give a tenant a service, which is a member of it as well."""
    user_id = ids.new("user")
    service = Service(
        tenant_id, name, user_id, ["goals:read"], None, False, None, (), ids.new("user"), clock.to_rfc3339(NOON), 3
    )
    table.put_many([api_keys.to_item(service)])
    table.transact([api_keys.acting(tenant_id, name, Principal(user_id)), api_keys.joined(service, at=NOON)])
    return "identity.key.stated", user_id


def listens(tenant_id: str) -> Subject:
    at, endpoint_id = clock.to_rfc3339(NOON), ids.new("endpoint")
    who = ids.new("user")
    endpoint = Endpoint(tenant_id, endpoint_id, "https://h.example", "", [], False, None, (), who, at, at, 1)
    table.put_many([endpoints.to_item(endpoint)])
    return "webhooks.endpoint.stated", endpoint_id


def run(
    tenant_id: str | None = None,
    context: str | None = None,
    *,
    wait: Callable[[float], None] = lambda _: None,
    pace: int = 1_000_000,
) -> Done:
    with restate.asked_by_operator():
        return restate.run(restate.walk(tenant_id, context, anew=False), context, Way(Pace(pace), wait))


def test_everything_that_every_tenant_has_is_said_once(the_bus: Bus, small_pages: None) -> None:
    has = set().union(*(founds(people=people, each_has=3)[1] for people in (1, 2, 5)))
    done = run()

    assert Counter(the_bus.subjects()) == Counter(has)
    assert {event_type for event_type, _ in has} == STATED
    assert (done.tenants, done.events) == (3, len(has))


def test_what_is_said_is_as_declared_of_an_operator_and_concerns_nobody(the_bus: Bus) -> None:
    tenant_id, _ = founds(each_has=2)
    run()
    told = the_bus.told()

    for event in told:
        declared = TYPES[event.event_type]
        declared.data.model_validate(event.data)
        assert declared.state is not None
        declared.state.model_validate(event.state)
        # It is no item, but as short as if it were one.
        assert attributes.measured({**events.told(event)})[1] <= 1024
    assert {(event.version, event.tenant_id, *event.concerns) for event in told} == {(2, tenant_id)}
    assert [event.actor for event in told] == [{"kind": "system", "id": "operator"}] * len(told)
    assert len({event.event_id for event in told}) == len(told)
    assert len({event.correlation["request_id"] for event in told if event.correlation}) == 1


def test_a_run_is_one_request_and_each_page_a_trace_of_its_own(the_bus: Bus, small_pages: None) -> None:
    founds(people=1, each_has=6)
    run(context="goals")
    told = [event.correlation or {} for event in the_bus.told()]

    assert len({each["request_id"] for each in told}) == 1
    assert len({each["traceparent"] for each in told}) == 3


def test_the_types_are_told_to_no_webhook_and_kept_in_no_audit_log(the_bus: Bus) -> None:
    founds()
    run()
    told = the_bus.told()

    assert {event.event_type for event in told} == STATED
    assert {name for name in STATED if TYPES[name].is_published or TYPES[name].is_audited} == set()
    assert [event.event_type for event in told if audited.takes(event)] == []
    assert [event.event_type for event in told if published.is_published(event.event_type)] == []
    assert {TYPES[name].state for name in STATED} == {
        each.state for name, each in TYPES.items() if each.state and not name.startswith("jobs.")
    }


def test_nothing_is_written_of_what_is_restated(the_bus: Bus, small_pages: None) -> None:
    founds(people=2, each_has=3)
    with troubles.counting() as calls:
        run()
    written = [call for call in calls if call.startswith("dynamodb:") and "Write" in call]

    # Only the place in the list is kept.
    assert set(written) == {"dynamodb:BatchWriteItem"}
    assert table.get(restate.walk(None, None, anew=True).key) is None


def test_one_tenant_and_one_context_are_said_alone(the_bus: Bus) -> None:
    _, others = founds()
    tenant_id, has = founds(people=2)
    run(tenant_id)
    whole = the_bus.subjects()
    the_bus.entries.clear()
    run(tenant_id, "identity")

    assert Counter(whole) == Counter(has)
    assert not {*whole} & others
    assert set(the_bus.subjects()) == {each for each in has if each[0].startswith("identity.")}


@pytest.mark.parametrize("context", restatements.CONTEXTS)
def test_every_context_has_its_lists(the_bus: Bus, context: str) -> None:
    _, has = founds()
    run(context=context)

    assert set(the_bus.subjects()) == {each for each in has if each[0].startswith(f"{context}.")}


@pytest.mark.parametrize("stopped_at", [1, 4, 9, 17])
@pytest.mark.parametrize("of_one_tenant", [False, True])
def test_it_goes_on_where_it_was_stopped(
    the_bus: Bus, small_pages: None, stopped_at: int, *, of_one_tenant: bool
) -> None:
    tenant_id, has = founds(people=3, each_has=5)
    has |= set() if of_one_tenant else founds(people=2, each_has=3)[1] | founds()[1]
    asked = tenant_id if of_one_tenant else None
    waits: list[float] = []

    def stop(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == stopped_at:
            raise KeyboardInterrupt

    run_until(stop, asked)
    run(asked)
    again = len(the_bus.subjects()) - len(has)

    assert set(the_bus.subjects()) == has
    # What was said since the place was remembered last, and the page it was at.
    assert again <= restate.REMEMBERED_EVERY + 2 * restatements._TOGETHER
    assert table.get(restate.walk(asked, None, anew=True).key) is None


def run_until(stop: Callable[[float], None], tenant_id: str | None) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(tenant_id, wait=stop)


def test_what_is_asked_for_otherwise_has_another_place(the_bus: Bus, small_pages: None) -> None:
    tenant_id, has = founds(people=3, each_has=5)

    def stop(_: float) -> None:
        if len(the_bus.entries) > 20:
            raise KeyboardInterrupt

    run_until(stop, tenant_id)
    the_bus.entries.clear()
    run()

    assert Counter(the_bus.subjects()) == Counter(has)
    assert "goes on in the tenant" in restate.walk(tenant_id, None, anew=False).told()
    assert restate.walk(tenant_id, None, anew=True).told() == "begins with the first subjects"


def test_what_the_bus_refuses_is_put_again_and_waited_for(the_bus: Bus) -> None:
    _, has = founds(each_has=4)
    the_bus.refusals = [0, 3, 0]
    waits: list[float] = []
    run(wait=waits.append)

    assert Counter(the_bus.subjects()) == Counter(has)
    assert max(waits) >= 1


def test_a_bus_that_takes_nothing_ends_the_run_and_the_next_one_goes_on(the_bus: Bus, small_pages: None) -> None:
    tenant_id, has = founds(people=4, each_has=5)
    the_bus.refusals = [10] * 5 + [0] * 4
    with pytest.raises(Unavailable):
        run(tenant_id)
    said = len(the_bus.entries)
    run(tenant_id)

    assert set(the_bus.subjects()) == has
    assert said > 0
    assert len(the_bus.entries) < said + len(has)


def test_it_keeps_to_its_pace(the_bus: Bus) -> None:
    founds(each_has=25)
    pauses: list[float] = []
    run(context="goals", wait=pauses.append, pace=10)

    assert [round(each) for each in pauses] == [1, 2, 2]


@pytest.fixture
def tenant(the_bus: Bus) -> tuple[str, set[Subject]]:
    founds()
    return founds(people=3, each_has=2)


def test_one_subject_of_every_kind_is_found_by_its_id(tenant: tuple[str, set[Subject]]) -> None:
    tenant_id, has = tenant
    found = [restatements.of_subject(tenant_id, subject_id) for _, subject_id in sorted(has)]

    assert [(each.event_type, each.subject_id) for each in found if each] == sorted(has)


def test_one_subject_takes_a_few_calls(tenant: tuple[str, set[Subject]]) -> None:
    tenant_id, has = tenant
    most = 0
    for _, subject_id in has:
        with troubles.counting() as calls:
            restatements.of_subject(tenant_id, subject_id)
        most = max(most, len(calls))

    # A goal: who there is (three lists), then all of them in one call.
    assert most == 4


@pytest.mark.parametrize("kind", ["goal", "endpoint", "user", "session", ""])
def test_of_what_is_not_there_nothing_is_said(tenant: tuple[str, set[Subject]], kind: str) -> None:
    assert restatements.of_subject(tenant[0], ids.new(kind) if kind else "550e8400-e29b-41d4-a716-446655440000") is None


def test_a_subject_of_another_tenant_is_not_found(tenant: tuple[str, set[Subject]]) -> None:
    tenant_id, _ = founds()

    assert [restatements.of_subject(tenant_id, subject_id) for _, subject_id in sorted(tenant[1])] == [None] * len(
        tenant[1]
    )


@pytest.mark.parametrize(
    "arguments",
    [["--subject", "x"], ["--tenant", "x"], ["--context", "portal"], ["--subject", "x", "--context", "goals"]],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        restate.main(["local", *arguments])
