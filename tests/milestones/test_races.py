"""Many at once, on two tables that are not kind: nothing is lost, nothing doubled, and no circle is closed."""

import itertools
import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from typing import Any

import boto3
import pytest
from moto import mock_aws

from examples.evaluator.contract import Evaluator
from examples.evaluator.store import Store
from functions.milestones import dependencies, lifecycle, milestones, reading
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import settings as stage
from functions.milestones.evaluation.breaker import Breaker
from functions.milestones.evaluation.turns import take
from functions.milestones.milestones import Milestone
from functions.milestones.shapes import MilestoneDraft
from shared import ids
from shared.callers.auth import Caller
from shared.storage import changes, idempotency, table
from tests.aws.races import at_once
from tests.aws.stack import server, table_at, table_on_locked_moto
from tests.milestones.conftest import API_KEY
from tests.milestones.evaluation.wire import Wire

SECRET = {"url": "http://evaluator.example/api", "api_key": API_KEY}


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("stack")) as address:
        yield address


@pytest.fixture(params=["moto", "ministack"], autouse=True)
def wire(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Wire]:
    # What is proved here is that nothing is lost, not that it is fast.
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    monkeypatch.setattr(evaluator, "breaker", Breaker())
    with mock_aws():
        made = boto3.client("secretsmanager").create_secret(Name="evaluator", SecretString=json.dumps(SECRET))
        monkeypatch.setenv("EVALUATOR_SECRET_ID", made["ARN"])
        stage.forget()
        stage.evaluator()
    way = Wire(Evaluator(Store(":memory:"), API_KEY))
    monkeypatch.setattr("functions.milestones.evaluation.client.http.client.HTTPConnection", way.connection)
    on_moto = request.param == "moto"
    with table_on_locked_moto() if on_moto else table_at(request.getfixturevalue("endpoint")):
        yield way
    stage.forget()
    way.evaluator.store.close()


@pytest.fixture
def ada() -> Caller:
    return Caller(ids.new("user"), ids.new("tenant"), ("owner",), frozenset(), None, ("pwd",), None)


def draft(number: int = 0) -> MilestoneDraft:
    return MilestoneDraft(project_id="project_123", kpi_id=f"kpi_{number}", target=number + 1)


def all_of(ada: Caller) -> list[Milestone]:
    found, cursor = [], None
    while True:
        entries, cursor = milestones.entries(ada.tenant_id, None, limit=100, cursor=cursor)
        found += milestones.of_entries(ada.tenant_id, entries)
        if cursor is None:
            return found


def there(wire: Wire) -> dict[str, Any]:
    return {each["id"]: json.loads(each["target"]) for each in wire.evaluator.store.all()}


@pytest.mark.parametrize(
    "mishaps", [(), ("lost after",), ("lost after", "refused", None, "late", "down", "wrong", None)]
)
def test_50_creates_at_once_are_50_here_and_50_there_each_once(ada: Caller, wire: Wire, mishaps: tuple[Any, ...]):
    evaluator.breaker.failed = lambda _: None  # type: ignore[method-assign]
    wire.mishaps.extend(itertools.islice(itertools.cycle(mishaps), 50) if mishaps else ())

    answers = at_once(*(partial(lifecycle.create, ada, draft(number)) for number in range(50)))
    left = [each for each in all_of(ada) if not each.is_synced]
    if left:
        at_once(*(partial(take, ada.tenant_id, each.milestone_uid, seconds=4, retry_in=1) for each in left * 2))
    wire.arrive()

    stored = all_of(ada)
    assert len({answer.answer["milestone_uid"] for answer in answers}) == 50
    assert len(stored) == 50
    assert all(each.is_synced for each in stored)
    assert there(wire) == {each.sync.evaluator_id: int(each.target) for each in stored}
    assert len({each.kpi_id for each in stored}) == 50


def test_two_halves_of_a_circle_at_once_are_one(ada: Caller):
    for _ in range(10):
        first, second = (lifecycle.create(ada, draft()).answer["milestone_uid"] for _ in range(2))
        answers = at_once(partial(dependencies.add, ada, first, second), partial(dependencies.add, ada, second, first))

        edges = [uid for each in (first, second) for uid in milestones.read(ada.tenant_id, each).depends_on]
        refused = [answer for answer in answers if isinstance(answer, dependencies.DependencyCycle)]
        assert (len(refused), len(edges)) == (1, 1)


def test_eight_links_of_a_circle_at_once_leave_seven(ada: Caller):
    uids = [lifecycle.create(ada, draft()).answer["milestone_uid"] for _ in range(8)]

    pairs = zip(uids, [*uids[1:], uids[0]], strict=True)
    answers = at_once(*(partial(dependencies.add, ada, *pair) for pair in pairs))

    assert sum(isinstance(answer, dependencies.DependencyCycle) for answer in answers) == 1
    assert sum(len(each.depends_on) for each in all_of(ada)) == 7


def test_a_dependency_on_a_milestone_that_is_deleted_meanwhile_is_in_no_graph(ada: Caller):
    for _ in range(10):
        first, second = (lifecycle.create(ada, draft()).answer["milestone_uid"] for _ in range(2))
        at_once(
            partial(dependencies.add, ada, first, second),
            partial(lifecycle.delete, ada, second, from_evaluator=True),
        )

    item = table.get(dependencies.key(ada.tenant_id, "project_123"), consistent=True)
    known = {each.milestone_uid for each in all_of(ada)}
    named = set() if item is None else {uid for others in item["edges"].values() for uid in others}
    assert named <= known


def test_targets_and_a_deletion_at_once_end_in_step(ada: Caller, wire: Wire):
    uid, gone = (lifecycle.create(ada, draft()).answer["milestone_uid"] for _ in range(2))
    calls: list[Callable[[], Any]] = [partial(lifecycle.retarget, ada, uid, Decimal(n)) for n in range(2, 10)]
    calls += [partial(lifecycle.retarget, ada, gone, Decimal(5)) for _ in range(3)]
    at_once(*calls, partial(lifecycle.delete, ada, gone, from_evaluator=True))
    for each in (uid, gone):
        take(ada.tenant_id, each, seconds=4, retry_in=1)

    (left,) = all_of(ada)
    assert left.is_synced
    assert there(wire) == {left.sync.evaluator_id: int(left.target)}
    assert milestones.find(ada.tenant_id, gone) is None


def test_one_key_at_once_creates_one(ada: Caller, wire: Wire):
    claim = idempotency.claim(partition="USER#u", idempotency_key="once", operation="POST", request="the same")
    answers = at_once(*[partial(lifecycle.create, ada, draft(), claim=claim)] * 12)

    assert len({answer.answer["milestone_uid"] for answer in answers}) == 1
    assert len(there(wire)) == len(all_of(ada)) == 1
    assert reading.page(ada, limit=20, cursor=None)[0][0]["forse_synced"] is True
