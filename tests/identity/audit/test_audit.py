"""The audit log: what gets in, once and in a chain, who may read it, and that tampering is noticed."""

import hashlib
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functions.identity.audit import consumers as audit_consumers
from functions.identity.audit import log as audit
from functions.identity.audit import verification
from functions.identity.audit.log import Head
from shared import ids
from shared.aws.client import NoAnswer
from shared.storage import table
from shared.storage.events import stored as stored_event
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.identity.api_keys.key_holders import service_of
from tests.identity.audit.logs import AUDIT, faults, stored, stream
from tests.identity.people import Person, SignedIn, registered


@pytest.fixture(autouse=True)
def _pepper(pepper: str) -> None:
    """Let every test make keys."""


@pytest.fixture
def owner(ada: Person) -> SignedIn:
    return ada.signs_in()


def happened(person: Person) -> list[dict[str, Any]]:
    """Return the events of a person and their tenant in the order in which they happened."""
    partitions = (f"USER#{person.user_id}", f"TENANT#{person.tenant_id}")
    events = [event for partition in partitions for event in table.query_all(partition, "EVENT#")]
    return sorted(events, key=lambda event: event["event_id"])


def digest(item: dict[str, Any]) -> str:
    """Return the hash of an entry as the versions made it that named no request."""
    names = ("tenant_id", "sequence", "previous_hash", "event_id", "event_type", "occurred_at", "data")
    told = json.dumps([item[name] for name in names], sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def streamed(person: Person) -> list[dict[str, Any]]:
    events = happened(person)
    stream(events)
    return events


@pytest.fixture
def log(owner: SignedIn) -> list[dict[str, Any]]:
    """A log of four events and more."""
    service = service_of(owner)
    owner.post(f"{service.path}/rotate")
    owner.delete(service.path)
    streamed(owner.person)
    return stored(owner.person)


def test_security_events_are_shown_newest_first(owner: SignedIn):
    service_of(owner)
    streamed(owner.person)

    items = owner.get(AUDIT).body["items"]
    assert [item["event_type"] for item in items] == [
        "identity.key.created",
        "identity.session.started",
        "identity.user.registered",
    ]
    assert [item["sequence"] for item in items] == [3, 2, 1]


def test_an_entry_names_the_request_that_brought_it_about(owner: SignedIn, log: list):
    shown = owner.get(AUDIT).body["items"]

    assert {item["request_id"] for item in shown} == {"Hs7dXhQ4joEEMbg="}
    assert faults(owner.person) == []


def test_an_entry_of_before_requests_were_named_is_as_whole_as_it_was(owner: SignedIn):
    service_of(owner)
    events = happened(owner.person)
    later = {"correlation", "actor", "version", "concerns", "state"}
    stream([{name: value for name, value in event.items() if name not in later} for event in events[:-1]])
    stream(events)
    log = stored(owner.person)

    assert ["request_id" in item for item in log] == [False, False, True]
    assert log[0]["hash"] == digest(log[0])
    assert faults(owner.person) == []
    assert [item["request_id"] for item in owner.get(AUDIT).body["items"]] == ["Hs7dXhQ4joEEMbg=", None, None]


def test_the_log_comes_in_pages(owner: SignedIn, log: list):
    first = owner.get(AUDIT, "limit=2").body
    second = owner.get(AUDIT, f"limit=100&cursor={first['next_cursor']}").body

    assert [item["event_id"] for item in first["items"] + second["items"]] == [
        item["event_id"] for item in reversed(log)
    ]


def test_the_log_holds_no_secret(owner: SignedIn):
    key = service_of(owner).key
    streamed(owner.person)

    text = str(owner.get(AUDIT).body)
    assert not any(secret in text for secret in (key, key[-49:], owner.access_token, owner.refresh_token, "password"))


def test_what_the_stream_brings_twice_is_in_the_log_once(owner: SignedIn):
    events = streamed(owner.person)
    stream(events)
    stream([*events, *events])

    assert len(stored(owner.person)) == len(events)
    assert faults(owner.person) == []


@pytest.mark.usefixtures("one_call_at_a_time")
def test_32_appends_at_once_make_one_unbroken_chain(owner: SignedIn):
    event = happened(owner.person)[0]
    many = [[stored_event(event | {"event_id": ids.new("evt")})] for _ in range(32)]
    with ThreadPoolExecutor(32) as threads:
        appended = list(threads.map(lambda batch: audit.append(owner.person.tenant_id, batch), many))

    assert appended == [1] * 32
    assert [item["sequence"] for item in stored(owner.person)] == list(range(1, 33))
    assert faults(owner.person) == []


@pytest.mark.usefixtures("one_call_at_a_time")
def test_an_event_that_32_append_at_once_is_there_once(owner: SignedIn):
    event = stored_event(happened(owner.person)[0])
    with ThreadPoolExecutor(32) as threads:
        appended = list(threads.map(lambda _: audit.append(owner.person.tenant_id, [event]), range(32)))

    assert sum(appended) == 1
    assert [item["event_id"] for item in stored(owner.person)] == [event.event_id]
    assert faults(owner.person) == []


def test_only_security_events_of_a_tenant_get_in(owner: SignedIn):
    event = happened(owner.person)[0]
    other = {"event_type": "goals.goal.created"}
    refreshed = {"event_type": "identity.session.refreshed"}
    stream([event | other, event | refreshed, event | {"tenant_id": "nobody"}])

    assert stored(owner.person) == []


def test_many_batches_are_one_chain(owner: SignedIn):
    event = happened(owner.person)[0]
    events = [event | {"event_id": f"evt_01KAFX4B1H6M9P2R5S8T0V3{n:03}"} for n in range(120)]
    for start in range(0, 120, 10):
        stream(events[start : start + 10])

    assert [item["sequence"] for item in stored(owner.person)] == list(range(1, 121))
    assert faults(owner.person) == []


def test_a_whole_log_has_no_faults(owner: SignedIn, log: list):
    assert len(log) > 4
    assert faults(owner.person) == []
    assert faults(owner.person, Head(2, log[1]["hash"])) == []


@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_removed_item_is_noticed(owner: SignedIn, log: list, place: int):
    table.delete_many([audit.key(owner.person.tenant_id, log[place]["event_id"])])

    assert faults(owner.person) != []


@pytest.mark.parametrize(
    "change",
    [
        {"data": {}},
        {"event_type": "identity.key.created2"},
        {"occurred_at": "2020"},
        {"request_id": "another"},
        {"request_id": None},
    ],
)
@pytest.mark.parametrize("place", [0, 1, -1])
def test_a_changed_item_is_noticed(owner: SignedIn, log: list, place: int, change: dict):
    table.put_many([log[place] | change])

    assert faults(owner.person) == [f"{log[place]['event_id']} was changed"]


def test_a_changed_item_with_a_new_hash_is_noticed(owner: SignedIn, log: list):
    changed = log[1] | {"data": {}}
    table.put_many([changed | {"hash": audit.hashed(audit.from_item(changed))}])

    assert faults(owner.person) == [f"{log[2]['event_id']} does not follow on the item before it"]


def test_an_inserted_item_is_noticed(owner: SignedIn, log: list):
    event_id = "evt_01KAFX4B1H6M9P2R5S8T0V3WXY"
    pk, sk = audit.key(owner.person.tenant_id, event_id)
    inserted_one = log[1] | {"PK": pk, "SK": sk, "event_id": event_id}
    table.put_many([inserted_one | {"hash": audit.hashed(audit.from_item(inserted_one))}])

    assert faults(owner.person) != []


def test_an_end_that_was_cut_off_with_its_head_is_noticed_by_what_was_noted(owner: SignedIn, log: list):
    last, before = log[-1], log[-2]
    table.delete_many([audit.key(owner.person.tenant_id, last["event_id"])])
    pk, sk = audit.head_key(owner.person.tenant_id)
    table.put_many([{"PK": pk, "SK": sk, "sequence": before["sequence"], "hash": before["hash"], "version": 9}])

    assert faults(owner.person) == []
    assert faults(owner.person, Head(last["sequence"], last["hash"])) != []


def test_the_command_says_what_it_found(owner: SignedIn, log: list, capsys: pytest.CaptureFixture[str]):
    tenant_id, last = owner.person.tenant_id, log[-1]
    whole = verification.main([tenant_id])
    noted = capsys.readouterr().out.strip().removeprefix("whole; note ")
    again = verification.main([tenant_id, noted])
    table.delete_many([audit.key(tenant_id, log[0]["event_id"])])
    broken = verification.main([tenant_id])

    assert (whole, again, broken) == (0, 0, 1)
    assert noted == f"{last['sequence']}:{last['hash']}"


def test_the_log_of_another_tenant_is_not_shown(owner: SignedIn, log: list):
    stranger = registered("eve").signs_in()

    assert stranger.get(AUDIT).body["items"] == []


@pytest.mark.parametrize(("role", "status"), [("admin", 200), ("member", 403), ("viewer", 403)])
def test_the_log_is_for_admins(owner: SignedIn, role: str, status: int):
    assert owner.person.invites("bob", role).signs_in().get(AUDIT).status == status


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "cursor=x"])
def test_a_wrong_page_is_refused(owner: SignedIn, query: str):
    assert owner.get(AUDIT, query).status in {400, 422}


def test_what_is_no_event_comes_again_and_its_neighbours_do_not(owner: SignedIn):
    service_of(owner)
    events = happened(owner.person)
    messages = delivered(stored_event(event) for event in events)
    messages["Records"].insert(1, batch(["not an event"])["Records"][0] | {"messageId": "poison"})
    answer = audit_consumers.handler(messages, Context())

    assert answer == {"batchItemFailures": [{"itemIdentifier": "poison"}]}
    assert {item["event_id"] for item in stored(owner.person)} == {event["event_id"] for event in events}


def test_a_log_that_cannot_be_appended_to_keeps_only_its_own_messages(owner: SignedIn):
    other = registered("grace")
    events = [*happened(owner.person), *happened(other)]
    hers = [number for number, event in enumerate(events) if event["tenant_id"] == other.tenant_id]

    def busy(params: dict[str, Any], **_: Any) -> None:
        if other.tenant_id.encode() in params["body"]:
            raise NoAnswer("unreachable")

    hooks.register("before-call.dynamodb", busy)
    answer = audit_consumers.handler(delivered(stored_event(event) for event in events), Context())
    hooks.unregister("before-call.dynamodb", busy)

    assert answer == {"batchItemFailures": [{"itemIdentifier": f"message-{number}"} for number in hers]}
    assert stored(other) == []
    assert len(stored(owner.person)) == len(events) - len(hers)
