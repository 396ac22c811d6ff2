"""Numbers of documents: none left out and none given twice, at once, when calls fail, and around the end of a month."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from types import SimpleNamespace
from typing import Any, cast

import pytest
import time_machine

from functions.payments.billing import gates, series
from functions.payments.credits import crediting
from functions.payments.invoices import lifecycle
from functions.payments.invoices.asking import Asked
from functions.projects.milestones.gates import InvoiceOpen, require_uninvoiced
from functions.projects.milestones.milestones import ProjectMilestone
from shared import clock
from shared.aws.client import AwsRefused, NoAnswer
from shared.errors import Unavailable
from shared.storage import idempotency, table
from shared.storage.writes import Put
from tests.aws import hooks
from tests.aws.quick.table import QuickTable
from tests.aws.races import at_once, shuffled
from tests.payments.invoices.ground import Ground

AT_ONCE = 50
ORDERS = 20
"""In how many orders two ask the table at once."""


@pytest.fixture
def quick(aws: None, quick_table: QuickTable) -> QuickTable:
    return quick_table


@contextmanager
def troubled(seed: int) -> Iterator[None]:
    """Have every third transaction conflict with another."""
    chosen, lock = random.Random(seed), threading.Lock()  # noqa: S311 - which calls it hits

    def before(model: Any, **_: Any) -> None:
        with lock:
            conflicts = chosen.random() < 1 / 3
        if conflicts:
            reasons = [{"Code": "TransactionConflict"}]
            fields = {"CancellationReasons": reasons}
            raise AwsRefused(model.name, 400, "TransactionCanceledException", fields)

    with hooks.registered("before-call.dynamodb.TransactWriteItems", before):
        yield


def test_50_at_once_are_numbered_without_a_gap(quick: QuickTable, monkeypatch: pytest.MonkeyPatch):
    ground = Ground()
    milestones = [ground.milestone() for _ in range(AT_ONCE)]
    month = clock.to_rfc3339(clock.now())[:7].replace("-", "")
    with troubled(7):
        made = at_once(*(partial(ground.issues, each) for each in milestones))

    assert [each for each in made if isinstance(each, Exception)] == []
    assert ground.numbers(month) == [*range(1, AT_ONCE + 1)]
    assert len({each["number"] for each in made}) == AT_ONCE


@contextmanager
def dying(seed: int) -> Iterator[None]:
    """Have every third transaction conflict, every third die before it, and every third of the others after it."""
    chosen, lock = random.Random(seed), threading.Lock()  # noqa: S311 - which calls it hits

    def is_hit() -> bool:
        with lock:
            return chosen.random() < 1 / 3

    def dies(**_: Any) -> None:
        if is_hit():
            raise NoAnswer("dead")

    writes = "dynamodb.TransactWriteItems"
    with (
        troubled(seed),
        hooks.registered(f"before-call.{writes}", dies),
        hooks.registered(f"after-call.{writes}", dies),
    ):
        yield


def test_50_at_once_that_die_before_and_after_their_writes_have_a_number_each(quick: QuickTable):
    ground = Ground()
    month = clock.to_rfc3339(clock.now())[:7].replace("-", "")
    died: list[str] = []

    def issues(milestone: str) -> Any:
        claim = idempotency.claim(partition="USER#ada", idempotency_key=milestone, operation="issue", request={})
        while True:
            try:
                return lifecycle.create(ground.ada, milestone, Asked(), claim=claim)
            except Unavailable:
                died.append(milestone)

    milestones = [ground.milestone() for _ in range(AT_ONCE)]
    with dying(11):
        made = at_once(*(partial(issues, each) for each in milestones))

    assert len(died) > AT_ONCE / 3
    assert ground.numbers(month) == [*range(1, AT_ONCE + 1)]
    assert len({each["number"] for each in made}) == AT_ONCE
    assert {ground.billing(each)["share"] for each in milestones} == {1_000_000}


def test_of_40_and_70_percent_at_once_one_is_issued(quick: QuickTable):
    ground, issued = Ground(), set()
    for seed in range(ORDERS):
        milestone = ground.milestone()
        made = shuffled(seed, *(partial(ground.issues, milestone, share) for share in (400_000, 700_000)))
        refused = [each.code for each in made if isinstance(each, Exception)]
        issued.add(ground.billing(milestone)["share"])

        assert refused == ["OverInvoiced"]
    assert issued == {400_000, 700_000}


def test_a_milestone_cancelled_at_once_is_not_invoiced(quick: QuickTable):
    ground, ends = Ground(), set()
    for seed in range(ORDERS):
        milestone = ground.milestone()
        made, _ = shuffled(seed, partial(ground.issues, milestone), partial(cancelled_by_projects, ground, milestone))
        is_issued = not isinstance(made, Exception)
        ends.add("issued" if is_issued else made.code)

        assert is_issued == bool(ground.billing(milestone))
    assert ends == {"issued", "MilestoneNotReady"}


def cancelled_by_projects(ground: Ground, milestone_id: str) -> None:
    """Cancel a milestone as projects does, unless an invoice of it is open."""
    place = gates.key(ground.tenant_id, milestone_id)
    item = table.get(place, consistent=True)
    assert item is not None
    milestone = SimpleNamespace(tenant_id=ground.tenant_id, project_milestone_id=milestone_id)
    with suppress(table.ConditionFailed, InvoiceOpen):
        billing = table.get(place._replace(sk="0BILLING"), consistent=True)
        unbilled = require_uninvoiced(cast(ProjectMilestone, milestone), billing)
        table.transact([Put(item | {"status": "cancelled"}), unbilled])


def test_a_call_that_dies_leaves_a_whole_invoice_or_none(quick: QuickTable):
    ground = Ground()
    milestone = ground.milestone()
    month = clock.to_rfc3339(clock.now())[:7].replace("-", "")
    claim = idempotency.claim(partition="USER#ada", idempotency_key="k", operation="issue", request={})
    create = partial(lifecycle.create, ground.ada, milestone, Asked(400_000), claim=claim)

    def dies(**_: Any) -> None:
        raise NoAnswer("dead")

    with hooks.registered("before-call.dynamodb.TransactWriteItems", dies), pytest.raises(Unavailable):
        create()
    assert (ground.numbers(month), ground.billing(milestone)) == ([], {})
    first = create()
    assert create() == first
    assert ground.numbers(month) == [1]
    assert ground.billing(milestone)["share"] == 400_000


@pytest.mark.parametrize(
    ("zone", "instant", "number"),
    [
        ("Pacific/Kiritimati", "2026-11-30T09:59:59", "INV-202611-0001"),
        ("Pacific/Kiritimati", "2026-11-30T10:00:00", "INV-202612-0001"),
        ("Pacific/Niue", "2026-12-01T10:59:59", "INV-202611-0001"),
        ("Pacific/Niue", "2026-12-01T11:00:00", "INV-202612-0001"),
        ("Europe/Berlin", "2026-10-31T22:59:59", "INV-202610-0001"),
        ("Europe/Berlin", "2026-10-31T23:00:00", "INV-202611-0001"),
        ("Europe/Berlin", "2026-03-31T21:59:59", "INV-202603-0001"),
        ("Europe/Berlin", "2026-03-31T22:00:00", "INV-202604-0001"),
    ],
)
def test_the_month_is_that_of_the_zone_of_the_tenant(quick: QuickTable, zone: str, instant: str, number: str):
    with time_machine.travel(datetime.fromisoformat(instant).replace(tzinfo=UTC), tick=False):
        assert Ground(zone).issues_one() == number


def test_the_ten_thousandth_has_five_digits(quick: QuickTable):
    ground = Ground()
    with time_machine.travel(datetime(2026, 11, 20, 12, tzinfo=UTC), tick=False):
        place = series.counter_key(ground.tenant_id, "INV", "202611")
        table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "Series", "count": 9998}])
        found = [ground.issues_one() for _ in range(3)]

    assert found == ["INV-202611-9999", "INV-202611-10000", "INV-202611-10001"]
    assert ground.numbers("202611") == [9999, 10000, 10001]


def test_credit_notes_at_once_have_numbers_of_their_own(quick: QuickTable):
    ground = Ground()
    month = clock.to_rfc3339(clock.now())[:7].replace("-", "")
    made = [ground.issues(ground.milestone())["invoice_id"] for _ in range(8)]
    cancel = partial(crediting.cancel, ground.ada, reason="Withdrawn.", if_match=None)
    at_once(*(partial(cancel, each) for each in made))

    assert ground.numbers(month) == ground.numbers(month, "CN") == [*range(1, 9)]


def test_two_notes_at_once_credit_no_more_than_there_is(quick: QuickTable):
    ground, first = Ground(), set()
    for seed in range(ORDERS):
        invoice_id = ground.issues(ground.milestone())["invoice_id"]
        note = partial(crediting.issue, ground.ada, invoice_id, {1: 600}, "A wheel less.", if_match=None, claim=None)
        made = shuffled(seed, note, note)
        first.update(place for place, each in enumerate(made) if not isinstance(each, Exception))

        assert [each.code for each in made if isinstance(each, Exception)] == ["CreditTooHigh"]
    assert first == {0, 1}
