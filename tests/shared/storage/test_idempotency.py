import json

import pytest

from shared import clock
from shared.storage import idempotency, table
from shared.storage.attributes import Item
from shared.storage.idempotency import Claim, IdempotencyKeyReused
from shared.storage.table import ConditionFailed
from shared.storage.writes import Put
from tests.aws import hooks
from tests.aws.stored_items import readable, size_of

pytestmark = pytest.mark.usefixtures("aws")


def claimed(key: str = "a key", operation: str = "POST /goals", request: object = None) -> Claim:
    return idempotency.claim(partition="USER#1", idempotency_key=key, operation=operation, request=request)


def record(claim: Claim, answer: dict) -> None:
    table.transact([idempotency.recorded(claim, answer, at=clock.now())])


def stored() -> Item:
    item = table.get(claimed().record)
    assert item is not None
    return item


def test_a_key_that_was_not_used_has_no_answer():
    assert idempotency.earlier_answer(claimed()) is None


def test_a_key_that_was_used_has_the_answer_of_then():
    record(claimed(request={"b": 1, "a": [None, "ä"]}), {"goal_id": "goal_1", "percent": 66.67, "none": None})

    assert idempotency.earlier_answer(claimed(request={"a": [None, "ä"], "b": 1})) == {
        "goal_id": "goal_1",
        "percent": 66.67,
        "none": None,
    }


LONG = {"items": [{"name": "Läufe", "percent": 66.67, "none": None, "number": number} for number in range(40)]}


def test_a_long_answer_comes_back_as_it_was():
    record(claimed(), LONG)

    assert idempotency.earlier_answer(claimed()) == LONG


def test_a_long_answer_is_stored_in_a_part_of_its_length():
    record(claimed(), LONG)

    assert len(json.dumps(LONG)) > 2500
    assert size_of(stored()) < 600


def test_an_answer_that_fits_into_a_kb_is_stored_as_it_is():
    fitting = {"text": "x" * (idempotency.PACKED_ABOVE_BYTES - len('{"text": ""}'))}
    record(claimed(), fitting)

    assert stored()["answer"] == json.dumps(fitting)
    assert size_of(stored()) <= 1024


def test_a_long_answer_stored_before_answers_were_packed_is_read():
    item = idempotency.recorded(claimed(), {}, at=clock.now()).item
    table.transact([Put({**item, "answer": json.dumps(LONG)})])

    assert idempotency.earlier_answer(claimed()) == LONG


@pytest.mark.parametrize("around", [{}, LONG])
def test_a_text_in_an_answer_is_found_by_tests_that_look_for_one(around: dict):
    record(claimed(), {"secret": "whsec_1", **around})

    assert "whsec_1" in str(readable(stored()))


@pytest.mark.parametrize("other", [claimed(request={"title": "Swim"}), claimed(operation="POST /goals/import")])
def test_a_key_that_was_used_for_something_else_is_refused(other: Claim):
    record(claimed(), {})

    with pytest.raises(IdempotencyKeyReused):
        idempotency.earlier_answer(other)


def test_a_key_is_recorded_once():
    record(claimed(), {"first": True})

    with pytest.raises(ConditionFailed):
        record(claimed(), {"first": False})
    assert idempotency.earlier_answer(claimed()) == {"first": True}


def test_an_earlier_answer_is_read_strongly():
    # An eventually consistent read may miss an answer of a moment ago, and the effect would come twice.
    consistent: list[bool] = []
    hooks.register(
        "provide-client-params.dynamodb.GetItem", lambda params, **_: consistent.append(params["ConsistentRead"])
    )

    idempotency.earlier_answer(claimed())

    assert consistent == [True]


def test_the_key_itself_is_not_stored():
    record(claimed(key="my secret key"), {})

    assert "my secret key" not in str(table.get(claimed(key="my secret key").record))
