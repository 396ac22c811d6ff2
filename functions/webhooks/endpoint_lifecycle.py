"""What a caller can do with a webhook endpoint, and when it is disabled by itself."""

from collections.abc import Mapping
from typing import Any, Final

from functions.webhooks import endpoints, happenings, retry
from functions.webhooks.endpoints import MAX_ENDPOINTS, Endpoint, EndpointNotFound, Health, Secret, View
from shared import clock, config
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.egress import destination, signature
from shared.errors import Conflict, InvalidInput
from shared.storage import changes, table, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Delete, Put, Write, unchanged

MAX_SECRETS: Final = 3


class TooManyEndpoints(Conflict):
    """409: a tenant may have 20 webhook endpoints; delete one first."""


class TooManySecrets(Conflict):
    """409: the endpoint has three secrets that sign; wait until one has ended, or rotate with `grace_seconds` 0."""


def create(caller: Caller, fields: Item, *, claim: Claim | None = None) -> Answer:
    """Make an endpoint and return it, with `secret` the first time only.

    Raises InvalidInput for a url that is not delivered to, TooManyEndpoints, Unavailable.
    """
    now, text = clock.now(), signature.new_secret()
    _require_reachable(fields["url"])
    endpoint = endpoints.new(caller, fields, at=now)
    made = endpoints.sealed(endpoint.endpoint_id, text, at=now)
    endpoint = endpoint._replace(secrets=[made])

    def plan() -> Plan[View]:
        count = endpoints.count_of(table.get(endpoints.count_key(caller.tenant_id), consistent=True))
        if count is not None and count.endpoints >= MAX_ENDPOINTS:
            raise TooManyEndpoints(f"Your tenant has {MAX_ENDPOINTS} webhook endpoints; delete one first.")
        writes = [
            Put(endpoints.to_item(endpoint), ABSENT),
            endpoints.counted(caller.tenant_id, count, more=1),
            happenings.changed("created", endpoint, now, by=caller.user_id),
        ]
        return Plan(_given(endpoint, None, now), writes)

    return _shown_once(changes.make(plan, claim=claim), made, text)


def patch(caller: Caller, endpoint_id: str, sent: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change fields of an endpoint and return it; enabling one forgets why it was disabled, and that it failed.

    Raises EndpointNotFound, InvalidInput, versions.VersionChanged.
    """
    if "url" in sent:
        _require_reachable(sent["url"])
    now = clock.now()

    def plan() -> Plan[View]:
        endpoint, health = _read(caller, endpoint_id)
        versions.require(if_match, endpoint.version)
        fields = dict(sent) | ({} if sent.get("disabled", True) else {"disabled_reason": None})
        changed = endpoint._replace(**fields)
        if changed == endpoint:
            return Plan(endpoints.view(endpoint, health, now))
        after = endpoints.next_version(changed, now)
        writes: list[Write] = [
            endpoints.written(endpoint, after),
            happenings.changed("updated", after, now, by=caller.user_id),
        ]
        if endpoint.disabled and not after.disabled:
            health = None
            writes.append(endpoints.well(endpoint))
        return Plan(endpoints.view(after, health, now), writes)

    return changes.make(plan)


def rotate(caller: Caller, endpoint_id: str, *, grace_seconds: int, claim: Claim | None = None) -> Answer:
    """Give an endpoint a new secret; those it has sign until the grace is over, if they do not end before.

    Returns what `create` does. Raises EndpointNotFound, TooManySecrets, Unavailable.
    """
    now, text = clock.now(), signature.new_secret()
    ends_at = now + grace_seconds * SECOND
    made = endpoints.sealed(endpoint_id, text, at=now)

    def plan() -> Plan[View]:
        endpoint, health = _read(caller, endpoint_id)
        ending = [(each, min(each.ends_at or ends_at, ends_at)) for each in endpoints.live(endpoint, now)]
        kept = [each._replace(ends_at=end) for each, end in ending if now < end]
        if len(kept) >= MAX_SECRETS:
            raise TooManySecrets(f"The endpoint has {MAX_SECRETS} secrets that sign; end one first.")
        after = endpoints.next_version(endpoint._replace(secrets=[made, *kept]), now)
        writes = [
            endpoints.written(endpoint, after),
            happenings.changed("secret_rotated", after, now, by=caller.user_id),
        ]
        return Plan(_given(after, health, now), writes)

    return _shown_once(changes.make(plan, claim=claim), made, text)


def delete(caller: Caller, endpoint_id: str, *, if_match: str | None) -> None:
    """Delete an endpoint: nothing is sent to it any more. Raises EndpointNotFound, versions.VersionChanged."""
    now = clock.now()

    def plan() -> Plan[None]:
        endpoint, _, (counter,) = endpoints.state(caller.tenant_id, endpoint_id, endpoints.count_key(caller.tenant_id))
        count = endpoints.count_of(counter)
        if endpoint is None or count is None:
            raise EndpointNotFound
        versions.require(if_match, endpoint.version)
        writes: list[Write] = [
            Delete(endpoints.key(caller.tenant_id, endpoint_id), unchanged(endpoint.version)),
            endpoints.well(endpoint),
            endpoints.counted(caller.tenant_id, count, more=-1),
            happenings.removed(endpoint, now, by=caller.user_id),
        ]
        return Plan(None, writes)

    changes.make(plan)


def failed(endpoint: Endpoint, health: Health | None, *, is_gone: bool, now: Instant) -> list[Write]:
    """Return the writes that follow for an endpoint when a delivery to it has failed.

    One that is gone is disabled at once, one that fails after it has been failing for five days.
    """
    earlier, noted_at = (health.failing_since, health.noted_at) if health else (None, None)
    since = retry.failing_since(earlier, noted_at, now=now)
    writes: list[Write] = [endpoints.unwell(endpoint, failing_since=since, at=now)]
    if endpoint.disabled or not (is_gone or now - since >= retry.FAILING):
        return writes
    reason = "gone" if is_gone else "failing"
    after = endpoints.next_version(endpoint._replace(disabled=True, disabled_reason=reason), now)
    told = {"url": endpoint.url, "reason": reason, "failing_since": clock.to_rfc3339(since)}
    return [*writes, endpoints.written(endpoint, after), happenings.changed("disabled", after, now, **told)]


def _read(caller: Caller, endpoint_id: str) -> tuple[Endpoint, Health | None]:
    """Return an endpoint of the caller's tenant, and its health. Raises EndpointNotFound."""
    endpoint, health, _ = endpoints.state(caller.tenant_id, endpoint_id)
    if endpoint is None:
        raise EndpointNotFound
    return endpoint, health


def _shown_once(given: Answer, made: Secret, text: str) -> Answer:
    """Return the answer with the secret, unless it is that of an earlier request: what is recorded has no secret."""
    return given | {"secret": text} if given["secrets"][0]["secret_id"] == made.secret_id else given


def _given(endpoint: Endpoint, health: Health | None, at: Instant) -> Answer:
    return endpoints.view(endpoint, health, at) | {"secret": None}


def _require_reachable(url: str) -> None:
    """Return when a delivery to the address may be tried. Raises InvalidInput."""
    try:
        destination.parse(url, allow_loopback=config.allow_loopback_webhooks())
    except ValueError as error:
        raise InvalidInput.of("url", str(error)) from error
