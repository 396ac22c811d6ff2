"""What is lost on the way, refused for its rate, or sent again: a gap at most, and never two of anything."""

import random
from typing import Any

import pytest

from functions.sequences import creation
from functions.sequences.creation import New
from functions.sequences.sequences import Place
from functions.sequences.versions.versions import Draft
from shared.callers.caller import Caller
from shared.errors import Unavailable
from shared.storage.attributes import Item
from tests.aws import hooks
from tests.aws.troubles import counting, losing_answers, throttling
from tests.sequences.people import Person
from tests.sequences.stored import events_of
from tests.soaking import histories, soaks

SCRIPTS = "/sequences/global/script"


class Watch:
    """The monotonic clock, on which time passes by sleeping only."""

    seconds = 0.0

    def monotonic(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds


SENT = {"element_id": "opening"}


@pytest.fixture
def ada(ada: Person) -> Person:
    """Somebody whose sequence is listed already, which takes writes of its own."""
    ada.creates(SCRIPTS, "gone")
    ada.delete(f"{SCRIPTS}/elements/gone")
    return ada


def test_a_number_whose_answer_is_lost_leaves_a_gap_and_no_double(ada: Person):
    ada.creates(SCRIPTS, "first")
    with losing_answers("UpdateItem", takes_effect=True):
        lost = ada.post(f"{SCRIPTS}/elements", SENT)

    again = ada.creates(SCRIPTS, "opening")

    assert (lost.status, lost.headers["Retry-After"]) == (503, "1")
    assert again["sequence_number"] > 2
    assert list(ada.numbers(SCRIPTS)) == ["first", "opening"]


@pytest.mark.parametrize("takes_effect", [True, False])
def test_a_create_whose_answer_is_lost_is_answered_when_it_is_sent_again_with_its_key(
    ada: Person, *, takes_effect: bool
):
    with losing_answers("TransactWriteItems", takes_effect=takes_effect):
        lost = ada.post(f"{SCRIPTS}/elements", SENT, key="once")

    again = ada.post(f"{SCRIPTS}/elements", SENT, key="once")

    assert (lost.status, again.status) == (503, 201)
    assert ada.numbers(SCRIPTS) == {"opening": again.body["sequence_number"]}
    created = [each["element_id"] for each in events_of(ada, "sequences.element.created")]
    assert sorted(created) == ["gone", "opening"]


def test_a_create_whose_answer_is_lost_is_there_when_it_is_sent_again_without_a_key(ada: Person):
    with losing_answers("TransactWriteItems", takes_effect=True):
        lost = ada.post(f"{SCRIPTS}/elements", SENT)

    again = ada.post(f"{SCRIPTS}/elements", SENT)

    assert (lost.status, again.status, again.code) == (503, 409, "ElementExists")
    assert ada.numbers(SCRIPTS) == {"opening": again.body["sequence_number"]}


@pytest.mark.parametrize("key", [None, "once"])
@pytest.mark.parametrize("takes_effect", [True, False])
def test_a_version_whose_answer_is_lost_leaves_no_gap(key: str | None, ada: Person, *, takes_effect: bool):
    versions = f"{SCRIPTS}/elements/{ada.creates(SCRIPTS, 'opening')['element_id']}/versions"
    with losing_answers("TransactWriteItems", takes_effect=takes_effect):
        lost = ada.post(versions, {"comment": "again"}, key=key)

    again = ada.post(versions, {"comment": "again"}, key=key)

    expected = 3 if takes_effect and key is None else 2
    numbers = [each["version_number"] for each in ada.get(versions).body["items"]]
    assert (lost.status, again.body["version_number"]) == (503, expected)
    assert numbers == [*range(expected, 0, -1)]


def test_a_reorder_whose_answer_is_lost_is_answered_when_it_is_sent_again_with_its_key(ada: Person):
    ada.has(SCRIPTS, 3)
    sent = {"element_ids": ["e1", "e2"], "new_order": ["e2", "e1"]}
    with losing_answers("TransactWriteItems", takes_effect=True):
        lost = ada.post(f"{SCRIPTS}/reorder", sent, key="once")

    again = ada.post(f"{SCRIPTS}/reorder", sent, key="once")

    assert (lost.status, again.status, len(again.body["changes"])) == (503, 200, 2)
    assert ada.order(SCRIPTS) == ["e2", "e1", "e3"]


@pytest.mark.parametrize("operation", ["dynamodb:UpdateItem", "dynamodb:TransactWriteItems"])
def test_whoever_is_throttled_is_told_to_come_back_and_creates_nothing_twice(operation: str, ada: Person):
    with throttling(operation):
        refused = ada.post(f"{SCRIPTS}/elements", SENT)

    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (503, "Unavailable", "1")
    assert ada.elements(SCRIPTS) == []
    assert ada.post(f"{SCRIPTS}/elements", SENT).status == 201


def test_a_version_is_made_although_others_were_faster_for_twelve_seconds(ada: Person, monkeypatch: pytest.MonkeyPatch):
    """So slow is a machine with two processors and much else to do, when twenty make versions of one element."""
    versions = f"{SCRIPTS}/elements/{ada.creates(SCRIPTS, 'opening')['element_id']}/versions"
    watch = Watch()
    monkeypatch.setattr("shared.pauses.time", watch)
    others: list[int] = []

    def be_faster(**_: Any) -> None:
        if watch.seconds < 12 and len(others) % 2 == 0:
            others.append(0)
            others.append(ada.post(versions, {}).status)
            watch.sleep(1)

    with hooks.registered("before-call.dynamodb.TransactWriteItems", be_faster):
        made = ada.post(versions, {})

    assert {*others} == {0, 201}
    assert (made.status, made.body["version_number"]) == (201, 2 + len(others) // 2)


def test_whoever_others_keep_from_making_a_version_is_told_so_after_fifteen_seconds(
    ada: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("functions.sequences.versions.versions.PATIENCE_SECONDS", 0)
    versions = f"{SCRIPTS}/elements/{ada.creates(SCRIPTS, 'opening')['element_id']}/versions"
    inner: list[Any] = []

    def be_faster(**_: Any) -> None:
        if not inner:
            inner.append(None)
            inner.append(ada.post(versions, {}))

    hooks.register("before-call.dynamodb.TransactWriteItems", be_faster)
    refused = ada.post(versions, {})
    hooks.unregister("before-call.dynamodb.TransactWriteItems", be_faster)

    assert inner[1].status == 201
    assert (refused.status, refused.code, refused.headers["Retry-After"]) == (503, "TooManyVersionsAtOnce", "1")
    assert ada.get(f"{SCRIPTS}/elements/opening").body["version_number"] == 2


COSTS = {
    "create": ["UpdateItem", "TransactWriteItems"],
    "create with a key": ["UpdateItem", "TransactWriteItems"],
    "create what is there": ["UpdateItem", "TransactWriteItems"],
    "create of a type that was added": ["UpdateItem", "TransactWriteItems"],
    "create 100": ["UpdateItem", *["TransactWriteItems"] * 4],
    "reorder": ["BatchGetItem", "TransactWriteItems"],
    "version": ["GetItem", "TransactWriteItems"],
    "list": ["Query"],
    "read by ids": ["BatchGetItem"],
    "show": ["GetItem"],
    "show a version": ["BatchGetItem"],
}


def test_what_requests_cost_in_calls_of_the_table(ada: Person):
    scenes = ada.adds_type("scene", "rank")
    ada.has(SCRIPTS, 90)
    ada.creates(scenes, "first")
    names = [f"e{number}" for number in range(1, 91)]
    many = {"elements": [{"element_id": f"more-{number}"} for number in range(100)]}
    made: dict[str, list[str]] = {}
    # Whether a token is revoked is read once a minute.
    token = f"Bearer {ada.token()}"
    ada.rest("GET", "/sequences/types", headers={"authorization": token})

    for name, method, path, body, key, query in (
        ("create", "POST", f"{SCRIPTS}/elements", {"element_id": "a"}, None, ""),
        ("create with a key", "POST", f"{SCRIPTS}/elements", {"element_id": "b"}, "once", ""),
        ("create what is there", "POST", f"{SCRIPTS}/elements", {"element_id": "b"}, None, ""),
        ("create of a type that was added", "POST", f"{scenes}/elements", {"element_id": "c"}, None, ""),
        ("create 100", "POST", f"{SCRIPTS}/batch", many, "many", ""),
        ("reorder", "POST", f"{SCRIPTS}/reorder", {"element_ids": names, "new_order": names[::-1]}, "order", ""),
        ("version", "POST", f"{SCRIPTS}/elements/a/versions", {"data": {"a": 1}}, "version", ""),
        ("list", "GET", f"{SCRIPTS}/elements", None, None, "limit=100"),
        ("read by ids", "GET", f"{SCRIPTS}/elements", None, None, "ids=a,b"),
        ("show", "GET", f"{SCRIPTS}/elements/a", None, None, ""),
        ("show a version", "GET", f"{SCRIPTS}/elements/a/versions/2", None, None, ""),
    ):
        headers = {"authorization": token} | ({} if key is None else {"idempotency-key": key})
        with counting() as calls:
            answer = ada.rest(method, path, body, headers=headers, query=query)
        assert answer.status in {200, 201} or name == "create what is there"
        made[name] = [each.removeprefix("dynamodb:") for each in calls]

    assert made == COSTS


class Interleaved:
    """Creates that begin while others are on their way, some of which fail; who had answered when each began."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - which interleaving it is
        self.at = Place("tenant_a", f"run-{seed}", "script")
        self.caller = Caller("user_a", "tenant_a", (), frozenset(), None, (), None)
        self.begun = 0
        self.answered: list[int] = []
        self.wrong: list[tuple[int, int]] = []

    def create(self, depth: int = 0) -> None:
        number = self.begun = self.begun + 1
        before = max(self.answered, default=0)

        def interrupt(**_: Item) -> None:
            if depth < 3 and self.random.random() < 0.4:
                hooks.unregister("before-call.dynamodb", interrupt)
                self.create(depth + 1)
                hooks.register("before-call.dynamodb", interrupt)

        hooks.register("before-call.dynamodb", interrupt)
        try:
            fails = self.random.choice(["", "", "UpdateItem", "TransactWriteItems"])
            with losing_answers(fails, takes_effect=self.random.random() < 0.5):
                given = creation.create(self.caller, self.at, New(f"e{number}", Draft()))["sequence_number"]
        except Unavailable:
            return
        finally:
            hooks.unregister("before-call.dynamodb", interrupt)
        self.answered.append(given)
        if given <= before:
            self.wrong.append((before, given))


@soaks
def test_a_create_that_begins_after_another_has_answered_has_the_higher_number(aws: None):
    creates, runs = 0, histories(40, soaking=1000)
    for seed in range(runs):
        run = Interleaved(seed)
        for _ in range(2):
            run.create()
        creates += run.begun
        assert run.wrong == []
        assert len(set(run.answered)) == len(run.answered)

    assert creates >= 4 * runs
