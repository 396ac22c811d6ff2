"""Webhooks in: what the evaluator tells us, believed only when it is signed with the secret of the stage.

Standard Webhooks 1.0.0, over the body as it came: a secret or a key pair, five minutes of tolerance, two while one
takes over from the other. A `webhook-id` counts once, in the transaction of what it changes.
"""

import hmac
import json
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.milestones import lookups, milestone_writes, milestones, sync
from functions.milestones.evaluation import client, intents, settings
from functions.milestones.lookups import Early
from functions.milestones.milestones import Milestone
from functions.milestones.report import Report
from shared import actors, clock, config
from shared.actors import EVALUATOR
from shared.api import problems
from shared.callers.challenges import Unauthenticated
from shared.clock import Instant
from shared.egress import signature
from shared.egress.signature import NotVerified
from shared.errors import Malformed, NotFound, TooLarge
from shared.storage import changes, table
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.writes import Write

MAX_BODY_BYTES: Final = 64 * 1024


class WebhookNotVerified(Unauthenticated):
    """401: the webhook is not signed with a secret of this stage, or more than five minutes old or early."""


class MilestoneIdMissing(Malformed):
    """400: the webhook does not say which milestone it is about."""


class UnknownEvaluatorMilestone(NotFound):
    """404: no milestone has this id at the evaluator, or not yet; a signed webhook is kept for the latter."""


class _Received(NamedTuple):
    """The milestone that a webhook is about, and whether it has changed it."""

    milestone_uid: str
    updated: bool


class Came(NamedTuple):
    """A webhook that is believed; `webhook_id` is None when it was not signed."""

    webhook_id: str | None
    evaluator_id: str
    report: Report


def verified(raw: bytes, headers: Mapping[str, str]) -> str | None:
    """Return the id of a webhook that is signed as it should be, None for one that need not be signed in this stage.

    Header names are in lower case. Raises WebhookNotVerified, Unavailable.
    """
    known = settings.evaluator()
    if "webhook-signature" in headers:
        try:
            return signature.verified(
                raw, headers, secrets=known.webhook_secrets, public_keys=known.webhook_public_keys, now=clock.now()
            )
        except NotVerified as error:
            said = "No signature of this webhook is good for one of our keys at this time."
            raise WebhookNotVerified(said) from error
    sent, expected = headers.get("x-api-key", ""), known.webhook_api_key
    if config.allows_unsigned_webhooks() and expected and hmac.compare_digest(sent.encode(), expected.encode()):
        return None
    raise WebhookNotVerified("Sign the webhook: webhook-id, webhook-timestamp, webhook-signature.")


def read(raw: bytes, webhook_id: str | None) -> Came:
    """Return what a verified webhook says. Raises Malformed, MilestoneIdMissing, TooLarge, InvalidInput."""
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(f"A webhook may have {MAX_BODY_BYTES} bytes.")
    try:
        said = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON in UTF-8.") from error
    if not isinstance(said, dict):
        raise Malformed("The body is not a JSON object.")
    if not isinstance(said.get("milestone_id"), str) or not said["milestone_id"]:
        raise MilestoneIdMissing("milestone_id: is required, a text that is not empty.")
    return _read(said, webhook_id)


def _read(said: dict[str, Any], webhook_id: str | None) -> Came:
    # Imported here because nothing else waits for them on a cold start.
    from pydantic import ValidationError  # noqa: PLC0415

    from functions.milestones.shapes import EvaluatorWebhook  # noqa: PLC0415

    try:
        webhook = EvaluatorWebhook.model_validate(said)
    except ValidationError as error:
        raise problems.invalid_input([dict(each) for each in error.errors()]) from error
    return Came(webhook_id, webhook.milestone_id, webhook.report())


def receive(came: Came) -> dict[str, Any]:
    """Apply a webhook to its milestone and return the answer; three calls of DynamoDB.

    Raises UnknownEvaluatorMilestone.
    """
    if not client.is_id(came.evaluator_id):
        raise _unknown()

    def plan() -> Plan[_Received | None]:
        lookup = table.get(lookups.key(came.evaluator_id), consistent=True)
        place = lookups.found(lookup)
        if place is None:
            return Plan(None, _kept(lookup, came))
        item, received = _stored(came, *place)
        found = None if item is None else milestones.from_item(item)
        if found is None or found.deleted_at is not None:
            return Plan(None)
        if received is not None and received["ttl"] > clock.now() // clock.SECOND:
            return Plan(_Received(found.milestone_uid, updated=False))
        now = milestones.present(found)
        after, requested = _applied(found, came.report, now)
        writes = [*milestone_writes.changed(found, after, now), *requested]
        if came.webhook_id is not None:
            writes.append(lookups.received(came.evaluator_id, came.webhook_id, now))
        return Plan(_Received(found.milestone_uid, updated=_is_other(found, after)), writes)

    with actors.acting(EVALUATOR):
        received = changes.make(plan)
    if received is None:
        raise _unknown()
    return {"status": "received", **received._asdict()}


def _applied(found: Milestone, said: Report, now: Instant) -> tuple[Milestone, list[Write]]:
    """Return the milestone after a report; one judged by another target than ours lets the queue send ours again."""
    after = milestones.reported(found, said, now)
    after = after._replace(sync=found.sync._replace(heard_at=now))
    has_drifted = said.target is not None and said.target != found.target and found.sync.known_target == found.target
    if not has_drifted or sync.is_held(found.sync, now):
        return after, []
    after = after._replace(sync=sync.forgotten(after.sync)._replace(state="waiting", next_attempt_at=now))
    return after, intents.requested(after, now)


def _stored(came: Came, tenant_id: str, milestone_uid: str) -> tuple[Item | None, Item | None]:
    """Return the item of the milestone, and the one that is there if the webhook was received before; one call."""
    keys = [milestones.key(tenant_id, milestone_uid)]
    if came.webhook_id is not None:
        keys.append(lookups.received_key(came.evaluator_id, came.webhook_id))
    items = table.get_many(keys, consistent=True)
    return items[0], items[1] if len(items) > 1 else None


def _kept(lookup: Item | None, came: Came) -> list[Write]:
    if came.webhook_id is None:
        return []
    kept = lookups.kept(lookup, came.evaluator_id, Early(came.webhook_id, came.report), clock.now())
    return [] if kept is None else [kept]


def _is_other(before: Milestone, after: Milestone) -> bool:
    return (before.status, before.current_value) != (after.status, after.current_value)


def _unknown() -> UnknownEvaluatorMilestone:
    return UnknownEvaluatorMilestone("No milestone has this id at the evaluator.")
