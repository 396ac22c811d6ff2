"""Sending a delivery: claim it, post it, write down what came of it and what follows.

At an endpoint that takes only so many a minute, an attempt begins in its slot (`pacing.py`): who comes before it waits,
who was held up until it was over gets another one.

At least once: when the sender dies between the post and the record, the message goes out again, with the same
`webhook-id`. Two never send the same at the same time, for a claim is longer than an attempt can take.
"""

import random
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from functions.webhooks import deliveries, endpoint_lifecycle, endpoints, metrics, pacing, retry
from functions.webhooks.deliveries import Attempt, Delivery
from functions.webhooks.endpoints import Endpoint, Health
from functions.webhooks.pacing import Turn
from shared import clock, config
from shared.clock import SECOND, Instant
from shared.egress import client, signature
from shared.egress.client import Limits, NotAnswered, Request
from shared.messaging import queues
from shared.messaging.queues import Outgoing
from shared.observability import logger
from shared.storage import changes, table
from shared.storage.changes import Plan
from shared.storage.table import ConditionFailed
from shared.storage.writes import Delete, Put, Write

CLAIMED_SECONDS: Final = 60
SLOW_SECONDS: Final = 5.0
LOOK_AFTER: Final = 3600 * SECOND
"""How long after it was due a delivery is looked after whose message never came."""
# Not X-Request-Id, which is the receiver's own: its servers may give every request another one.
REQUEST_ID: Final = "Milepost-Request-Id"
USER_AGENT: Final = "Milepost-Webhooks/1"
LIMITS: Final = Limits(seconds=15.0, max_bytes=2048)
"""What an attempt may take, and how much of an answer is kept."""


class Result(NamedTuple):
    """What came of an attempt: a status, or the reason why there is none."""

    at: Instant
    took_ms: int
    status: int | None
    error: str | None = None
    answer: str | None = None
    retry_after: str | None = None

    @property
    def is_success(self) -> bool:
        """Tell whether the endpoint has taken the message: 2xx and nothing else."""
        return self.status is not None and 200 <= self.status < 300

    def attempt(self, number: int) -> Attempt:
        """Return what is kept of it as the attempt of this number."""
        return Attempt(number, clock.to_rfc3339(self.at), self.took_ms, self.status, self.error, self.answer)


class _Claimed(NamedTuple):
    """A delivery that only its claimer sends, and its endpoint."""

    delivery: Delivery
    endpoint: Endpoint


class _Early(NamedTuple):
    """A delivery whose message came before it is due, before its slot, or before the claim of another is over."""

    delivery: Delivery


def send(tenant_id: str, endpoint_id: str, event_id: str) -> None:
    """Make the next attempt of a delivery, if one is due and nobody else makes it. Raises Unavailable."""
    claimed = _claim(tenant_id, endpoint_id, event_id)
    if claimed is None:
        return
    if isinstance(claimed, _Early):
        come_again([claimed.delivery], now=clock.now())
        return
    if not pacing.may_begin(claimed.endpoint, claimed.delivery, clock.now()):
        _let_go(claimed.delivery)
        return
    result = _attempt(claimed.endpoint, claimed.delivery)
    after = _record(claimed.delivery, result)
    logger.info(
        "delivery attempted",
        endpoint_id=endpoint_id,
        event_id=event_id,
        status=result.status,
        error=result.error,
        took_ms=result.took_ms,
    )
    if after is not None:
        metrics.count(after, now=clock.now())
        come_again([after], now=clock.now())


def come_again(waiting: Sequence[Delivery], *, now: Instant) -> None:
    """Send the messages that bring waiting deliveries back, but for those so far away that a sweep will.

    Raises Unavailable.
    """
    messages = [
        message(each, delay_seconds=max(-(-(each.due_at - now) // SECOND), 0)) for each in waiting if each.due_at
    ]
    near = [each for each in messages if each.delay_seconds <= queues.MAX_DELAY_SECONDS]
    queues.send_all(config.retries_queue_url(), near)


def message(delivery: Delivery, *, delay_seconds: int = 0) -> Outgoing:
    """Return the message that says which delivery is to be sent, in the group of its tenant.

    So a tenant whose endpoints fail waits by itself: SQS gives the messages of the others first (fair queues).
    """
    asked = {
        "tenant_id": delivery.tenant_id,
        "endpoint_id": delivery.endpoint_id,
        "event_id": delivery.event_id,
    }
    return Outgoing(asked, delivery.tenant_id, delay_seconds, belongs_to=delivery.belongs_to)


def _claim(tenant_id: str, endpoint_id: str, event_id: str) -> _Claimed | _Early | None:
    """Claim a delivery and return it with its endpoint.

    Returns None when it is finished, or when its endpoint is gone or disabled. Who has claimed it may have died, and
    this may be the one message that there is of it: it comes again when the claim is over.
    """

    turn = Turn()

    def plan() -> Plan[_Claimed | _Early | None]:
        now = clock.now()
        endpoint, _, found = deliveries.state(tenant_id, endpoint_id, event_id)
        if found is None or found.due_at is None:
            return Plan(None)
        if found.is_claimed(now):
            return Plan(_Early(found._replace(due_at=found.claimed_until)))
        if endpoint is None or endpoint.disabled:
            over = deliveries.ended(found._replace(last_error="endpoint_disabled"), "failed", at=now)
            return Plan(None, [deliveries.written(found, over)])
        if found.due_at > now:
            return Plan(_Early(found))
        paced = turn.of(endpoint, found, now)
        if paced.due_at is not None and paced.due_at > now:
            early = _waiting(paced, due_at=paced.due_at, now=now)
            return Plan(_Early(early), [deliveries.written(found, early)])
        claimed = paced._replace(claimed_until=now + CLAIMED_SECONDS * SECOND, version=found.version + 1)
        return Plan(_Claimed(claimed, endpoint), [deliveries.written(found, claimed)])

    return changes.make(plan)


def _let_go(claimed: Delivery) -> None:
    """Have a delivery come again whose slot was over before its attempt began. Raises Unavailable."""
    now = clock.now()
    after = _waiting(pacing.without_slot(claimed), due_at=now, now=now)
    try:
        table.transact([deliveries.written(claimed, after)])
    except ConditionFailed:
        return
    come_again([after], now=now)


def _attempt(endpoint: Endpoint, delivery: Delivery) -> Result:
    """Post a delivery once and return what came of it."""
    at, begun = clock.now(), time.monotonic()
    keys, body = endpoints.signing_keys(endpoint, at), delivery.payload.encode()
    signed = signature.headers(keys, webhook_id=delivery.event_id, at=at, payload=body)
    headers = {"Content-Type": "application/json", "User-Agent": USER_AGENT, **_traced(delivery), **signed}
    request = Request("POST", endpoint.url, headers, body)
    try:
        reply = client.ask(request, LIMITS, allow_loopback=config.allow_loopback_webhooks())
    except NotAnswered as failure:
        return Result(at, _milliseconds_since(begun), None, error=failure.reason)
    answer = reply.body.decode(errors="replace")
    return Result(at, _milliseconds_since(begun), reply.status, None, answer, reply.retry_after)


def _traced(delivery: Delivery) -> dict[str, str]:
    """Return the headers that say which request brought the event about."""
    belongs_to = delivery.belongs_to
    return {} if belongs_to is None else {REQUEST_ID: belongs_to.request_id, "traceparent": belongs_to.traceparent}


def _record(claimed: Delivery, result: Result) -> Delivery | None:
    """Write what came of an attempt and return the delivery as it is then, None when the claim was over."""
    spread = random.random()  # noqa: S311 - jitter, not a secret

    def plan() -> Plan[Delivery | None]:
        endpoint, health, found = deliveries.state(claimed.tenant_id, claimed.endpoint_id, claimed.event_id)
        if found is None or found.version != claimed.version:
            return Plan(None)
        now = clock.now()
        after = _after(found, result, now=now, spread=spread)
        writes: list[Write] = [
            deliveries.written(found, after),
            deliveries.attempted(after, result.attempt(after.attempts), at=result.at),
            *(_followed(endpoint, health, result, now=now, is_test=found.is_test) if endpoint else ()),
        ]
        return Plan(after, writes)

    return changes.make(plan)


def _after(delivery: Delivery, result: Result, *, now: Instant, spread: float) -> Delivery:
    """Return the delivery after an attempt: delivered, failed for good, or waiting for the next one."""
    counted = pacing.without_slot(delivery)._replace(
        last_status=result.status,
        last_error=result.error,
        attempts=delivery.attempts + 1,
        tries=delivery.tries + 1,
    )
    if result.is_success:
        return deliveries.ended(counted, "delivered", at=now)
    due_at = retry.due(counted.tries, now=now, spread=spread, retry_after=result.retry_after)
    if due_at is None or delivery.is_test or result.status == 410:
        return deliveries.ended(counted, "failed", at=now)
    return _waiting(counted, due_at=due_at, now=now)


def _waiting(delivery: Delivery, *, due_at: Instant, now: Instant) -> Delivery:
    """Return the delivery as it waits for a message, which is sent behind the write of it, or for the sweep."""
    # For what is too far away for a message, the sweep is the message.
    is_near = due_at - now <= queues.MAX_DELAY_SECONDS * SECOND
    return deliveries.waiting(delivery, due_at=due_at, look_at=due_at + LOOK_AFTER if is_near else due_at)


def _followed(
    endpoint: Endpoint, health: Health | None, result: Result, *, now: Instant, is_test: bool
) -> Sequence[Write]:
    """Return the writes that follow for the endpoint."""
    if not result.is_success:
        is_gone = result.status == 410
        return endpoint_lifecycle.failed(endpoint, health, is_gone=is_gone, now=now) if is_gone or not is_test else ()
    if result.took_ms > SLOW_SECONDS * 1000:
        return [endpoints.unwell(endpoint, failing_since=None, at=now)]
    recovered: list[Put | Delete] = [endpoints.well(endpoint)] if health else []
    return recovered


def _milliseconds_since(begun: float) -> int:
    return round((time.monotonic() - begun) * 1000)
