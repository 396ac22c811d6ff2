"""Background work: milestones that are not in step are brought in step from a queue, and every five minutes.

Order does not matter to it: a message only names a milestone, and what there is to do is read from its record. One that
comes twice finds nothing to do.
"""

import json
import random
from collections.abc import Mapping
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.milestones import reconciliation
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import turns
from functions.milestones.evaluation.turns import Outcome
from shared import clock
from shared.clock import SECOND
from shared.errors import Refusal
from shared.messaging import bus, handling, queues
from shared.observability import logger

MAX_RECEIVES: Final = 8
"""After this many receives the queue lets a message go to the dead letters (`infra/constructs/bus.py`)."""
_SECONDS_A_MESSAGE = 4.0
# What a reconciliation keeps of its time-out: for one more call of the evaluator, and what the table needs for it.
_KEPT_MILLISECONDS = 15_000
_FIRST_PAUSE_SECONDS = 5
_LONGEST_PAUSE_SECONDS = 900


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Handle a batch of the queue, and answer which messages failed; or look after what is due in a shard."""
    if "shard" in event:
        with handling.of_run(context, shard=event["shard"]):
            return reconciliation.run(
                event["shard"], lambda: context.get_remaining_time_in_millis() > _KEPT_MILLISECONDS
            )
    failed = [message["messageId"] for message in event["Records"] if not _is_handled(message)]
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in failed]}


def _is_handled(message: Mapping[str, Any]) -> bool:
    """Return whether a message need not come again; one that breaks us holds up no other of its batch."""
    with handling.of_messages([message]) as handled:
        try:
            if _is_done(message):
                return True
            handled.outcome = "postponed"
        except Exception:
            logger.exception("a message that could not be handled", message_id=message["messageId"])
            handled.outcome = "failed"
        return False


def _is_done(message: Mapping[str, Any]) -> bool:
    """Bring the milestone of a message in step; what could not be done comes again later, up to the bounded tries."""
    try:
        asked = bus.read(json.loads(message["body"]))
    except (KeyError, TypeError, ValueError):
        logger.exception("message that is no event", message_id=message["messageId"])
        return False
    receives = int(message["attributes"]["ApproximateReceiveCount"])
    pause = _pause_seconds(receives)
    try:
        outcome = turns.take(asked.tenant_id, asked.subject_id, seconds=_SECONDS_A_MESSAGE, retry_in=pause * SECOND)
        is_last = receives >= MAX_RECEIVES
        if _needs_no_more(outcome, is_last=is_last):
            return True
        if is_last:
            turns.give_up(asked.tenant_id, asked.subject_id)
    except Refusal as refusal:
        logger.warning("a milestone could not be synced", milestone_uid=asked.subject_id, code=refusal.code)
        outcome = None
    queues.postpone(message, seconds=pause if outcome is None else _wait_seconds(outcome, pause))
    return False


def _needs_no_more(outcome: Outcome, *, is_last: bool) -> bool:
    if outcome.state in {"in_step", "gone", "refused"} or not evaluator.is_configured():
        return True
    # Nothing has failed: another is at it, or there is something to confirm later; the hour brings it up again.
    return is_last and outcome.state != "failed"


def _wait_seconds(outcome: Outcome, pause: int) -> int:
    until = outcome.free_at
    if outcome.state == "waiting" and outcome.milestone is not None:
        until = outcome.milestone.sync.next_attempt_at
    if until is None:
        return pause
    return min(max((until - clock.now()) // SECOND + 1, 1), _LONGEST_PAUSE_SECONDS)


def _pause_seconds(receives: int) -> int:
    """Return how long to wait before the next try: exponential with full jitter, 15 minutes at most."""
    longest = min(_FIRST_PAUSE_SECONDS * 2**receives, _LONGEST_PAUSE_SECONDS)
    return random.randint(1, longest)  # noqa: S311 - jitter, not a secret
