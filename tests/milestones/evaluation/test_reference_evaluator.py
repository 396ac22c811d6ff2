"""The rules of the reference evaluator itself."""

import itertools
import json
from datetime import date
from decimal import Decimal

import pytest

from examples.evaluator.contract import Evaluator
from examples.evaluator.deliveries import RETRIES_AFTER_SECONDS, deliver_due
from examples.evaluator.evaluation import Verdict, judge, read_series
from examples.evaluator.store import Store
from tests.milestones.people import SECRET

SERIES = read_series(["date,value", "2026-01-03,12", "2026-01-01,1", "2026-01-02,5.5"])
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("target", "last_day", "today", "expected"),
    [
        ("12", None, TODAY, Verdict("completed", Decimal(12), date(2026, 1, 3))),
        ("12", "2026-01-02", TODAY, Verdict("missed", Decimal("5.5"), None)),
        ("12", "2026-01-02", date(2026, 1, 2), Verdict("in_progress", Decimal("5.5"), None)),
        ("12", None, date(2025, 12, 31), Verdict("pending", Decimal(0), None)),
        ("1", None, TODAY, Verdict("completed", Decimal(12), date(2026, 1, 1))),
    ],
)
def test_a_milestone_is_judged_by_its_series(target: str, last_day: str | None, today: date, expected: Verdict):
    assert judge(SERIES, Decimal(target), first_day=None, last_day=last_day, today=today) == expected


def test_a_webhook_that_is_not_taken_comes_again_by_the_schedule():
    moment = [0.0]
    evaluator = Evaluator(Store(":memory:"), "key", {"tvl": SERIES}, now=lambda: 1795176000 + moment[0])
    headers = {"x-api-key": "key", "idempotency-key": "1"}
    evaluator.answer("POST", "/milestones", headers, json.dumps({"project_id": "p", "kpi_id": "tvl", "target": 12}))
    sent: list[float] = []

    def post(_: dict[str, str], __: str) -> int:
        sent.append(moment[0])
        return 503

    for moment[0] in range(0, 90 * 3600, 5):
        deliver_due(evaluator, post, secret=SECRET)

    pauses = [later - earlier for earlier, later in itertools.pairwise(sent)]
    assert pauses == list(RETRIES_AFTER_SECONDS)
    assert evaluator.store.promised() == []
    evaluator.store.close()


@pytest.mark.parametrize("body", [None, "{", "{}", '{"project_id": "p", "kpi_id": "k", "target": 0}'])
def test_the_evaluator_refuses_what_the_contract_does_not_have(body: str | None):
    evaluator = Evaluator(Store(":memory:"), "key")
    statuses = [
        evaluator.answer("POST", "/milestones", {"x-api-key": "key"}, body)[0],
        evaluator.answer("POST", "/milestones", {"x-api-key": "another"}, body)[0],
        evaluator.answer("PATCH", "/milestones/m_1?target=5", {"x-api-key": "key"}, None)[0],
        evaluator.answer("GET", "/milestones", {"x-api-key": "key"}, None)[0],
    ]
    evaluator.store.close()

    assert statuses == [400, 401, 404, 404]


def test_it_loses_a_milestone_or_all_but_remembers_the_request():
    store = Store(":memory:")
    evaluator = Evaluator(store, "key")
    ids = [store.add({"kpi_id": "tvl", "target": 1}, idempotency_key=key) for key in ("a", "b", "c")]
    evaluator.forget(ids[0])
    left = [each["id"] for each in store.all()]
    evaluator.forget()

    assert (left, store.all()) == (ids[1:], [])
    assert store.add({"kpi_id": "tvl", "target": 1}, idempotency_key="a") == ids[0]
    store.close()
