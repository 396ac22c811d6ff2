"""The command that has the contexts say how their subjects are: it leaves nobody out, and writes nothing of them."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from functions.webhooks import published
from infra.commands import restate, restatements, walks
from infra.commands.migrate import Pace
from infra.commands.restate import Done, Way
from infra.documents import event_schemas
from shared.errors import Unavailable
from shared.messaging import audited, bus
from shared.storage import attributes, events, table
from shared.storage.events import Event
from tests.aws import hooks, troubles
from tests.restating.founding import Subject, founds

TYPES = event_schemas.event_types()
STATED = {name for name in TYPES if name.endswith(events.STATED)}


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


@pytest.mark.parametrize(
    "arguments",
    [["--subject", "x"], ["--tenant", "x"], ["--context", "portal"], ["--subject", "x", "--context", "goals"]],
)
def test_what_cannot_be_meant_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit):
        restate.main(["local", *arguments])
