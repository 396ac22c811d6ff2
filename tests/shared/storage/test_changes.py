import pytest

from shared import clock
from shared.errors import NotFound
from shared.storage import changes, events, idempotency, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan, TooManyChangesAtOnce
from shared.storage.idempotency import Claim, IdempotencyKeyReused
from shared.storage.writes import ABSENT, Put, unchanged
from tests.aws import hooks

pytestmark = pytest.mark.usefixtures("aws")
PLACE = Key("USER#1", "THING#1")


def claimed(request: object = None) -> Claim:
    return idempotency.claim(partition="USER#1", idempotency_key="a key", operation="POST /", request=request)


def put(number: int, condition: object = None) -> Put:
    return Put({"PK": PLACE.pk, "SK": PLACE.sk, "entity": "Thing", "version": number}, condition)


def happened() -> Put:
    return events.occurred(
        "things.thing.made", partition="USER#1", subject_id="1", tenant_id="1", at=clock.now(), data={}
    )


def test_a_change_is_written_and_answered():
    assert changes.make(lambda: Plan({"made": 1}, [put(1, ABSENT)])) == {"made": 1}
    assert table.get(PLACE)["version"] == 1


def test_a_change_without_writes_calls_nothing():
    called = []
    hooks.register("before-call.dynamodb", lambda **_: called.append(1))

    assert changes.make(lambda: Plan({"made": 0})) == {"made": 0}
    assert called == []


def test_a_change_that_answers_nothing_is_made_once():
    plans = [Plan(None, [put(1, ABSENT)])]

    assert changes.make(plans.pop) is None
    assert (plans, table.get(PLACE)["version"]) == ([], 1)


def test_a_change_is_planned_anew_when_somebody_was_faster():
    table.put_many([put(1).item])
    plans = [Plan({"try": 1}, [put(9, unchanged(7))]), Plan({"try": 2}, [put(2, unchanged(1))])]

    assert changes.make(lambda: plans.pop(0)) == {"try": 2}
    assert table.get(PLACE)["version"] == 2


def test_a_change_that_others_keep_from_being_made_gives_up_in_the_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 0.05)

    with pytest.raises(TooManyChangesAtOnce) as refused:
        changes.make(lambda: Plan({}, [put(2, unchanged(7))]))

    assert (refused.value.status, refused.value.headers["Retry-After"]) == (409, "1")
    assert table.get(PLACE) is None


def test_a_change_whose_own_event_is_there_already_has_been_made_before():
    writes = [put(1, ABSENT), happened()]
    table.transact(writes)

    assert changes.make(lambda: Plan({"made": 1}, writes)) == {"made": 1}


def test_a_claim_is_recorded_with_the_change_and_answers_ever_after():
    first = changes.make(lambda: Plan({"made": 1}, [put(1)]), claim=claimed())
    second = changes.make(lambda: Plan({"made": 2}, [put(2)]), claim=claimed())

    assert first == second == {"made": 1}
    assert table.get(PLACE)["version"] == 1


def test_a_claim_is_recorded_by_a_change_that_changes_nothing():
    first = changes.make(lambda: Plan({"made": 0}), claim=claimed())
    second = changes.make(lambda: Plan({"made": 1}, [put(1)]), claim=claimed())

    assert first == second == {"made": 0}
    assert table.get(PLACE) is None


def test_a_claim_answers_even_when_the_change_would_be_refused_by_now():
    changes.make(lambda: Plan({"made": 1}, [put(1)]), claim=claimed())

    assert changes.make(_refused, claim=claimed()) == {"made": 1}


def test_a_refusal_without_an_earlier_answer_is_raised():
    with pytest.raises(NotFound):
        changes.make(_refused, claim=claimed())


def _refused() -> Plan:
    raise NotFound("It is gone.")


def test_a_claim_of_another_request_is_refused_and_nothing_is_written():
    changes.make(lambda: Plan({}, [put(1)]), claim=claimed("one"))

    with pytest.raises(IdempotencyKeyReused):
        changes.make(lambda: Plan({}, [put(2)]), claim=claimed("another"))
    assert table.get(PLACE)["version"] == 1
