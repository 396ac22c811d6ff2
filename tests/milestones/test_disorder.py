"""What comes to the consumers of milestones in any order, in any pieces and with names that are none."""

import itertools
import json
import random
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest

from functions.milestones import consumers, schedule_consumers
from functions.milestones.projects import consumers as history_consumers
from shared.storage import events
from tests.aws import scheduler
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.goals.conftest import Stored
from tests.milestones.evaluation.wire import Wire
from tests.milestones.people import Person, happened, in_step

Handler = Callable[[dict[str, Any], Any], dict[str, Any]]
HANDLERS: dict[str, Handler] = {
    "the queue to the evaluator": consumers.handler,
    "the schedules": schedule_consumers.handler,
    "the history": history_consumers.handler,
}
every_handler = pytest.mark.parametrize("handler", HANDLERS.values(), ids=HANDLERS)
NAMES: list[Any] = [None, "", 7, [], {}, "a#b", "#", "__proto__", "550e8400", "x" * 3000, "é", "\ud800", "\x00"]
BODIES = ["", "no JSON", "null", "[]", "7", '"text"', "{}", '{"detail": null}', '{"detail": []}', '{"detail": {}}']


@pytest.fixture(autouse=True)
def _scheduler(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the stage a group of schedules, and the function its queue."""
    scheduler.make_surroundings(monkeypatch)


def bodies(person: Person, *uids: str) -> list[str]:
    """Return the messages of everything that has happened to milestones."""
    heard = [events.stored(item) for uid in uids for item in happened(person.tenant_id, uid)]
    return [record["body"] for record in delivered(heard)["Records"]]


def failed(handler: Handler, messages: Sequence[str]) -> list[str]:
    return [each["itemIdentifier"] for each in handler(batch(messages), Context())["batchItemFailures"]]


def without_events(items: Mapping[Any, Mapping[str, Any]]) -> dict[Any, Any]:
    """Return the items but for when somebody looked last."""
    return {
        key: {name: value for name, value in item.items() if name != "seen_at"}
        for key, item in items.items()
        if item["entity"] != "Event"
    }


def misnamed(body: str, field: str, name: Any) -> str:
    message = json.loads(body)
    message["detail"][field] = name
    return json.dumps(message)


@every_handler
def test_what_nobody_can_read_comes_again_and_holds_up_no_other(ada: Person, wire: Wire, handler: Handler):
    wire.mishaps.append("down")
    good = bodies(ada, ada.created(timeframe_to="2026-11-25"))

    assert failed(handler, [*BODIES, *good]) == [f"message-{number}" for number in range(len(BODIES))]


@every_handler
def test_a_name_that_is_none_changes_nothing_and_holds_up_no_other(
    ada: Person, wire: Wire, stored: Stored, handler: Handler
):
    good = bodies(ada, ada.created(timeframe_to="2026-11-25"))
    assert failed(handler, good) == []
    before, sent = without_events(stored()), len(wire.sent)
    wrong = [misnamed(good[0], field, name) for field in ("tenant_id", "subject_id") for name in NAMES]
    again = failed(handler, [*wrong, *good])

    assert set(again) <= {f"message-{number}" for number in range(len(wrong))}
    assert (without_events(stored()), len(wire.sent)) == (before, sent)


@every_handler
def test_a_batch_in_any_order_and_in_two_pieces_comes_to_the_same(
    ada: Person, wire: Wire, stored: Stored, handler: Handler
):
    wire.mishaps.extend(["down", "down"])
    uids = [ada.created(timeframe_to="2026-11-25") for _ in range(3)]
    ada.retargets(uids[0], 7)
    ada.deletes(uids[1])
    messages = bodies(ada, *uids)
    assert failed(handler, messages) == []
    expected = without_events(stored())
    luck = random.Random(7)  # noqa: S311 - repeatable, not secret
    for _ in range(5):
        luck.shuffle(messages)
        cut = luck.randint(0, len(messages))
        assert failed(handler, messages[:cut]) + failed(handler, messages[cut:]) == []

    assert without_events(stored()) == expected


def test_requests_to_sync_are_taken_in_every_order(ada: Person, wire: Wire):
    for order in itertools.permutations(range(3)):
        wire.mishaps.extend(["down", "refused", "lost after"])
        uids = [ada.created() for _ in range(3)]
        asked = [bodies(ada, uid)[-1] for uid in uids]
        assert failed(consumers.handler, [asked[number] for number in order]) == []
        assert all(ada.sees(uid)["forse_synced"] for uid in uids)
        for uid in uids:
            ada.deletes(uid)

    assert in_step(ada, wire, ada.created())
